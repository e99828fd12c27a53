// Small arrays of numbers and the ways to rearrange them.
#ifndef ONNX_REINIT_INFER_ARRAY_H_
#define ONNX_REINIT_INFER_ARRAY_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

namespace onnx_reinit::infer {

// No array has more elements, nor would an empty one with extents of 1 for 0: what is larger is no
// shape, limit, scale or axis.
inline constexpr int64_t kMaxArrayElements = 4096;
// Nor more axes.
inline constexpr size_t kMaxArrayRank = 32;

// Row-major numbers. A dims list of {} is a scalar with one value.
struct Array {
  std::vector<int64_t> dims;
  std::vector<double> values;
  bool is_integer = false;  // of an integer type or bool: division truncates

  size_t rank() const { return dims.size(); }
};

// Zeros; nothing where a dim is negative or one of the limits is exceeded.
std::optional<Array> MakeArray(absl::Span<const int64_t> dims, bool is_integer);

// 0 <= result < rank; nothing where `axis` is not in [-rank, rank).
std::optional<size_t> AxisOf(int64_t axis, size_t rank);

// Elements of `dims` before and after `axis`.
struct Extents {
  int64_t outer = 1;
  int64_t inner = 1;
};
Extents ExtentsAround(absl::Span<const int64_t> dims, size_t axis);

// The array of `dims` whose element at an index is that of `from` at source(index), an index of
// from's rank and within its dims.
using IndexMap =
    absl::FunctionRef<void(absl::Span<const int64_t> index, absl::Span<int64_t> source)>;
std::optional<Array> Rearranged(const Array& from, absl::Span<const int64_t> dims, IndexMap source);

// The same elements under other dims; nothing where their numbers differ.
std::optional<Array> WithDims(const Array& from, std::vector<int64_t> dims);

// Numpy's rules.
std::optional<std::vector<int64_t>> CommonDims(absl::Span<const int64_t> a,
                                               absl::Span<const int64_t> b);
std::optional<Array> BroadcastTo(const Array& from, absl::Span<const int64_t> dims);

// What ONNX's Slice takes of an axis: `count` indices from `start`, `step` apart.
struct SliceRange {
  int64_t start = 0;
  int64_t step = 1;
  int64_t count = 0;
};
// `start` and `end` as the operator has them: negative ones count from the end, and what lies
// beyond the axis is cut. A step of 0 takes nothing.
SliceRange SliceOf(int64_t extent, int64_t start, int64_t end, int64_t step);

// Nearest integer; the ends of int64 for what lies beyond them, 0 for NaN.
int64_t RoundedInteger(double value);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_ARRAY_H_
