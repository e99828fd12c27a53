// The grid of a quantised tensor.
#ifndef ONNX_REINIT_PLAN_QUANTIZATION_H_
#define ONNX_REINIT_PLAN_QUANTIZATION_H_

#include "absl/status/statusor.h"
#include "infer/facts.h"
#include "onnx_reinit/fill.h"
#include "wire/payload.h"

namespace onnx_reinit::plan {

// Reads the scales and zero points. FailedPrecondition says why the grid cannot be filled.
absl::StatusOr<Quantization> ReadGrid(const infer::TensorFacts& facts,
                                      const wire::ValueReader* values);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_QUANTIZATION_H_
