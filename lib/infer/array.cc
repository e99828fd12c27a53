#include "infer/array.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/checked_math.h"

namespace onnx_reinit::infer {
namespace {

// Steps to the next index in row-major order.
void Advance(absl::Span<const int64_t> dims, std::vector<int64_t>& index) {
  for (size_t i = dims.size(); i-- > 0;) {
    if (++index[i] < dims[i]) return;
    index[i] = 0;
  }
}

int64_t Offset(absl::Span<const int64_t> dims, absl::Span<const int64_t> index) {
  int64_t offset = 0;
  for (size_t i = 0; i < dims.size(); ++i) offset = offset * dims[i] + index[i];
  return offset;
}

// The extents of an empty array too have a small product, so that no product of some overflows.
bool AreSmall(absl::Span<const int64_t> dims) {
  if (dims.size() > kMaxArrayRank) return false;
  int64_t product = 1;
  for (const int64_t dim : dims) {
    if (dim < 0 || dim > kMaxArrayElements) return false;
    product *= std::max<int64_t>(dim, 1);
    if (product > kMaxArrayElements) return false;
  }
  return true;
}

}  // namespace

std::optional<Array> MakeArray(absl::Span<const int64_t> dims, bool is_integer) {
  if (!AreSmall(dims)) return std::nullopt;
  const auto count = static_cast<size_t>(*ElementCount(dims));
  return Array{{dims.begin(), dims.end()}, std::vector<double>(count), is_integer};
}

std::optional<size_t> AxisOf(int64_t axis, size_t rank) {
  const auto signed_rank = static_cast<int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank) return std::nullopt;
  return static_cast<size_t>(axis < 0 ? axis + signed_rank : axis);
}

Extents ExtentsAround(absl::Span<const int64_t> dims, size_t axis) {
  Extents extents;
  for (size_t i = 0; i < axis; ++i) extents.outer *= dims[i];
  for (size_t i = axis + 1; i < dims.size(); ++i) extents.inner *= dims[i];
  return extents;
}

std::optional<Array> Rearranged(const Array& from, absl::Span<const int64_t> dims,
                                IndexMap source) {
  std::optional<Array> to = MakeArray(dims, from.is_integer);
  if (!to) return std::nullopt;
  std::vector<int64_t> index(dims.size());
  std::vector<int64_t> picked(from.rank());
  for (double& value : to->values) {
    source(index, absl::MakeSpan(picked));
    value = from.values[static_cast<size_t>(Offset(from.dims, picked))];
    Advance(dims, index);
  }
  return to;
}

std::optional<Array> WithDims(const Array& from, std::vector<int64_t> dims) {
  if (!AreSmall(dims) || ElementCount(dims) != static_cast<int64_t>(from.values.size())) {
    return std::nullopt;
  }
  return Array{std::move(dims), from.values, from.is_integer};
}

std::optional<std::vector<int64_t>> CommonDims(absl::Span<const int64_t> a,
                                               absl::Span<const int64_t> b) {
  if (a.size() < b.size()) std::swap(a, b);
  std::vector<int64_t> dims(a.begin(), a.end());
  const size_t lead = a.size() - b.size();
  for (size_t i = 0; i < b.size(); ++i) {
    int64_t& dim = dims[lead + i];
    if (dim != b[i] && dim != 1 && b[i] != 1) return std::nullopt;
    if (dim == 1) dim = b[i];
  }
  return dims;
}

std::optional<Array> BroadcastTo(const Array& from, absl::Span<const int64_t> dims) {
  if (CommonDims(from.dims, dims) != std::vector<int64_t>(dims.begin(), dims.end())) {
    return std::nullopt;
  }
  const size_t lead = dims.size() - from.rank();
  return Rearranged(from, dims, [&](absl::Span<const int64_t> index, absl::Span<int64_t> source) {
    for (size_t i = 0; i < source.size(); ++i) {
      source[i] = from.dims[i] == 1 ? 0 : index[lead + i];
    }
  });
}

SliceRange SliceOf(int64_t extent, int64_t start, int64_t end, int64_t step) {
  if (step == 0 || extent <= 0) return {};
  const auto from_begin = [&](int64_t at) {
    return at < 0 ? std::max(at, -extent - 1) + extent : at;
  };
  // Backwards, the place before the first element is an end; forwards, the one after the last.
  const int64_t lowest = step > 0 ? 0 : -1;
  const int64_t highest = step > 0 ? extent : extent - 1;
  const int64_t first = std::clamp<int64_t>(from_begin(start), 0, highest);
  const int64_t last = std::clamp<int64_t>(from_begin(end), lowest, highest);
  const int64_t distance = step > 0 ? last - first : first - last;
  if (distance <= 0) return {first, step, 0};
  const uint64_t stride = step > 0 ? static_cast<uint64_t>(step) : -static_cast<uint64_t>(step);
  return {first, step, static_cast<int64_t>((static_cast<uint64_t>(distance) - 1) / stride + 1)};
}

int64_t RoundedInteger(double value) {
  if (std::isnan(value)) return 0;
  if (value >= 0x1p63) return std::numeric_limits<int64_t>::max();
  if (value <= -0x1p63) return std::numeric_limits<int64_t>::min();
  return std::llround(value);
}

}  // namespace onnx_reinit::infer
