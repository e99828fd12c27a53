// How many groups of elements a quantised tensor has.
#ifndef ONNX_REINIT_BASE_GROUPS_H_
#define ONNX_REINIT_BASE_GROUPS_H_

#include <cstdint>
#include <optional>

#include "absl/types/span.h"

namespace onnx_reinit {

// With axis and block_size as Quantization (quantization.h) has them: that many scales are
// needed. Nothing where the tensor has no such axis, or the size is negative.
std::optional<uint64_t> GroupCount(absl::Span<const int64_t> dims, int axis, int64_t block_size);

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_BASE_GROUPS_H_
