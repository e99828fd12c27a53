#include "infer/padded_blocks.h"

#include <algorithm>
#include <cstdint>

#include "absl/types/span.h"
#include "base/checked_math.h"

namespace onnx_reinit::infer {
namespace {

// Of a block as large as the largest filters have, the end tells enough.
constexpr int64_t kMaxRead = int64_t{1} << 16;

bool AreZeros(absl::Span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return value == 0; });
}

// `size` elements of the end of `tensor`, in groups of `channels` runs of `run` elements: the last
// run of every group.
bool IsLastChannelZero(const wire::Tensor& tensor, const wire::ValueReader& values, int64_t size,
                       int64_t channels, int64_t run) {
  const int64_t count = ElementCount(tensor.dims).value_or(0);
  const int64_t group = channels * run;
  size = std::min({size, count, kMaxRead}) / group * group;
  if (size == 0) return false;
  const auto read =
      values.Read(tensor, static_cast<uint64_t>(count - size), static_cast<uint64_t>(size));
  if (!read.ok()) return false;
  const absl::Span<const double> end = *read;
  for (int64_t last = group - run; last < size; last += group) {
    if (!AreZeros(end.subspan(static_cast<size_t>(last), static_cast<size_t>(run)))) return false;
  }
  return true;
}

// In blocks of that many channels.
bool IsPaddedTo(int64_t block, const wire::Tensor& tensor, const wire::ValueReader& values) {
  const int64_t outputs = tensor.dims[0];
  const int64_t inputs = tensor.dims[1];
  const int64_t count = ElementCount(tensor.dims).value_or(0);
  if (count == 0 || outputs % block != 0) return false;
  if (IsLastChannelZero(tensor, values, count / outputs * block, block, 1)) return true;
  const int64_t kernel = std::min(count / outputs / inputs, kMaxRead);
  return inputs % block == 0 &&
         IsLastChannelZero(tensor, values, kernel * block * block, block, block);
}

}  // namespace

bool IsPadded(const wire::Tensor& tensor, const wire::ValueReader* values) {
  if (values == nullptr || tensor.dims.size() < 3) return false;
  return IsPaddedTo(8, tensor, *values) || IsPaddedTo(16, tensor, *values);
}

}  // namespace onnx_reinit::infer
