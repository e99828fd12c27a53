// The only overflow arithmetic of the project. Every length, product and offset that a file
// supplies goes through here before it is used.
#ifndef ONNX_REINIT_BASE_CHECKED_MATH_H_
#define ONNX_REINIT_BASE_CHECKED_MATH_H_

#include <cstdint>
#include <optional>

#include "absl/types/span.h"

namespace onnx_reinit {

inline std::optional<uint64_t> CheckedAdd(uint64_t a, uint64_t b) {
  uint64_t sum;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

inline std::optional<int64_t> CheckedSignedAdd(int64_t a, int64_t b) {
  int64_t sum;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

inline std::optional<uint64_t> CheckedMultiply(uint64_t a, uint64_t b) {
  uint64_t product;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

// Product of dims; 1 for a scalar. Nothing where a dim is negative or the product exceeds int64.
std::optional<int64_t> ElementCount(absl::Span<const int64_t> dims);

// Bytes of `count` elements of `bits` each, packed, the last byte padded.
std::optional<uint64_t> PackedBytes(uint64_t count, int bits);

// True where [offset, offset + length) lies within [0, size); no sum is formed that could wrap.
inline bool Fits(uint64_t offset, uint64_t length, uint64_t size) {
  return length <= size && offset <= size - length;
}

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_BASE_CHECKED_MATH_H_
