// Quantised tensors: where their scales are, and what they are.
#ifndef ONNX_REINIT_PLAN_QUANTIZATION_H_
#define ONNX_REINIT_PLAN_QUANTIZATION_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/quantization.h"
#include "infer/facts.h"
#include "onnx_reinit/fill.h"
#include "onnx_reinit/plan.h"
#include "wire/payload.h"

namespace onnx_reinit::plan {

// A fill without pieces for a tensor of this shape and type. Packed bytes [N, ...] are rows of
// numbers: [N, numbers in a row] of the type that has so many bits. InvalidArgument where a grid's
// numbers are none.
absl::StatusOr<Fill> EmptyFill(absl::Span<const int64_t> dims, int32_t data_type,
                               const std::optional<Grid>& grid);

// What a grid can hold; 0 where its scales cannot be read.
struct GridRange {
  double step = 0;   // the largest of its scales
  double reach = 0;  // with that scale, half of what lies between its ends
};

// FailedPrecondition says why the tensor's grid cannot be filled: inference found that it cannot,
// or there are not as many scales or zero points as it needs.
absl::Status CheckGrid(const infer::QuantizationFacts& facts, absl::Span<const int64_t> dims,
                       int32_t data_type);

// Of a grid that passes CheckGrid. FailedPrecondition where a scale is 0 or no number; scales that
// cannot be read (external data that is missing) pass.
absl::StatusOr<GridRange> ReadRange(const infer::QuantizationFacts& grid, int32_t data_type,
                                    const wire::ValueReader* values);

// The scales and zero points themselves; `zero_point` is nullptr where there is none. `fill` is the
// tensor's. FailedPrecondition where they are too few or too many.
absl::StatusOr<Quantization> ReadQuantization(const Grid& grid, const Fill& fill,
                                              const wire::Tensor& scale,
                                              const wire::Tensor* zero_point,
                                              const wire::ValueReader& values);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_QUANTIZATION_H_
