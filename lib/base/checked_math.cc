#include "base/checked_math.h"

#include <limits>

namespace onnx_reinit {

std::optional<int64_t> ElementCount(absl::Span<const int64_t> dims) {
  bool empty = false;
  for (const int64_t dim : dims) {
    if (dim < 0) return std::nullopt;
    empty = empty || dim == 0;
  }
  if (empty) return 0;  // [0, 2^62, 2^62] is empty, not too large
  int64_t count = 1;
  for (const int64_t dim : dims) {
    if (__builtin_mul_overflow(count, dim, &count)) return std::nullopt;
  }
  return count;
}

std::optional<uint64_t> PackedBytes(uint64_t count, int bits) {
  const std::optional<uint64_t> total = CheckedMultiply(count, static_cast<uint64_t>(bits));
  if (!total) return std::nullopt;
  return *total / 8 + (*total % 8 != 0 ? 1 : 0);
}

}  // namespace onnx_reinit
