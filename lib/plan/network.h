// What the tensors of a model say of it as a whole.
#ifndef ONNX_REINIT_PLAN_NETWORK_H_
#define ONNX_REINIT_PLAN_NETWORK_H_

#include <cstdint>
#include <vector>

#include "infer/facts.h"

namespace onnx_reinit::plan {

struct Network {
  int blocks = 0;          // of the longest stack of residual blocks
  int64_t vocabulary = 0;  // rows of the longest table that is looked up
  int64_t width = 0;       // length of that table's entries
  int64_t heads = 0;       // that a table of relative positions has a column for; 0: no such table
};

Network NetworkOf(const std::vector<infer::TensorFacts>& facts);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_NETWORK_H_
