// Facts by hand, as inference would give them.
#ifndef ONNX_REINIT_TESTS_PLAN_FACTS_H_
#define ONNX_REINIT_TESTS_PLAN_FACTS_H_

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "infer/facts.h"

namespace onnx_reinit::plan {

// Owns the tensors that its facts point to.
class FactsMaker {
 public:
  // A learned FLOAT tensor.
  infer::TensorFacts Make(Role role, wire::Dims dims) {
    wire::Tensor& tensor = tensors_.emplace_back();
    tensor.name = "tensor" + std::to_string(tensors_.size());
    tensor.data_type = 1;
    tensor.dims = std::move(dims);
    infer::TensorFacts facts;
    facts.tensor = &tensor;
    facts.name = tensor.name;
    facts.role = role;
    facts.learned = IsLearned(role);
    return facts;
  }

  // W [fan_out, fan_in], as PyTorch stores it.
  infer::TensorFacts Linear(int64_t fan_in, int64_t fan_out) {
    infer::TensorFacts facts = Make(Role::kLinear, {fan_out, fan_in});
    facts.fan_in = fan_in;
    facts.fan_out = fan_out;
    facts.axes = {.output = {0}, .input = {1}};
    return facts;
  }

  // W [outputs, inputs, size, size].
  infer::TensorFacts Conv(int64_t inputs, int64_t outputs, int64_t size) {
    infer::TensorFacts facts = Make(Role::kConv, {outputs, inputs, size, size});
    facts.fan_in = inputs * size * size;
    facts.fan_out = outputs * size * size;
    facts.axes = {.output = {0}, .input = {1}, .kernel = {2, 3}};
    return facts;
  }

  wire::Tensor& tensor(const infer::TensorFacts& facts) {
    for (wire::Tensor& tensor : tensors_) {
      if (&tensor == facts.tensor) return tensor;
    }
    return tensors_.front();
  }

 private:
  std::deque<wire::Tensor> tensors_;
};

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_TESTS_PLAN_FACTS_H_
