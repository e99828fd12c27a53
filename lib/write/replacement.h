// One tensor that gets new bytes.
#ifndef ONNX_REINIT_WRITE_REPLACEMENT_H_
#define ONNX_REINIT_WRITE_REPLACEMENT_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "gen/generator.h"
#include "wire/skeleton.h"

namespace onnx_reinit::write {

struct Replacement {
  const wire::Tensor* tensor = nullptr;  // of the skeleton that is passed along
  // Called when the tensor's turn comes, so that structured tensors are not all in memory at once.
  // Calls for different tensors may run at the same time.
  std::function<absl::StatusOr<std::unique_ptr<gen::Generator>>()> make_generator;
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_REPLACEMENT_H_
