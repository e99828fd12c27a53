#include "infer/sample.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "base/checked_math.h"
#include "base/element_type.h"

namespace onnx_reinit::infer {
namespace {

// Enough rows to see a recurrence, enough elements to see few rows well.
constexpr int64_t kRowsWanted = 16;
constexpr int64_t kElementsWanted = 16'384;

struct Block {
  Dims dims;
  size_t cut_axis = 0;
  int64_t elements = 0;
  int64_t second_begin = 0;    // along the cut axis
  int64_t second_element = 0;  // where the second block begins in the tensor
};

// A double is often a widened float.
double UnitOf(int32_t data_type) {
  switch (static_cast<ElementType>(data_type)) {
    case ElementType::kFloat16:
      return kFloat16Unit;
    case ElementType::kBfloat16:
      return kBfloat16Unit;
    default:
      return kFloatUnit;
  }
}

// n * 3 / 7, which would overflow.
int64_t ThreeSevenths(int64_t n) { return n / 7 * 3 + n % 7 * 3 / 7; }

Block BlockOf(const Dims& dims, int64_t count) {
  Block block{.dims = Dims(dims.begin(), dims.end()), .elements = count};
  if (count <= kMaxSampled) return block;
  int64_t inner = count;
  int64_t outer = 1;
  for (size_t axis = 0; axis < dims.size(); ++axis) {
    inner /= dims[axis];
    if (inner * std::min(dims[axis], kRowsWanted) > kMaxSampled) {
      block.dims[axis] = 1;
      outer *= dims[axis];
      continue;
    }
    const int64_t rows = std::min(dims[axis], std::max(kRowsWanted, kElementsWanted / inner));
    block.dims[axis] = rows;
    block.cut_axis = axis;
    block.elements = rows * inner;
    // Not half way, where stacked tables meet, and by whole blocks, as grids repeat.
    block.second_begin = ThreeSevenths(dims[axis] - rows) / rows * rows;
    block.second_element = (outer / 2 * dims[axis] + block.second_begin) * inner;
    return block;
  }
  return block;
}

double LargestFinite(absl::Span<const double> values) {
  double largest = 0;
  for (const double value : values) {
    if (std::isfinite(value)) largest = std::max(largest, std::fabs(value));
  }
  return largest;
}

void Measure(Sample& sample) {
  // In two lanes: each waits for its own numbers only. NaN is larger than nothing.
  double even = 0;
  double odd = 0;
  const absl::Span<const double> values = sample.values;
  for (size_t i = 0; i + 1 < values.size(); i += 2) {
    even = std::max(even, std::fabs(values[i]));
    odd = std::max(odd, std::fabs(values[i + 1]));
  }
  sample.largest = std::max({even, odd, std::fabs(values.back())});
  sample.has_infinity = std::isinf(sample.largest);
  if (sample.has_infinity) sample.largest = LargestFinite(values);
}

std::optional<Sample> Take(const wire::Tensor& tensor, const wire::ValueReader& values,
                           const Block& block, bool is_second) {
  const int64_t first = is_second ? block.second_element : 0;
  auto read =
      values.Read(tensor, static_cast<uint64_t>(first), static_cast<uint64_t>(block.elements));
  if (!read.ok()) return std::nullopt;
  Sample sample{.dims = block.dims,
                .values = *std::move(read),
                .cut_axis = block.cut_axis,
                .cut_begin = static_cast<size_t>(is_second ? block.second_begin : 0),
                .unit = UnitOf(tensor.data_type)};
  Measure(sample);
  return sample;
}

}  // namespace

size_t Sample::Stride(size_t axis) const {
  size_t stride = 1;
  for (size_t i = axis + 1; i < rank(); ++i) stride *= Extent(i);
  return stride;
}

size_t Sample::WideAxes() const {
  return static_cast<size_t>(
      std::count_if(dims.begin(), dims.end(), [](int64_t dim) { return dim > 1; }));
}

bool IsEvidence(size_t relations, const Sample& sample) {
  constexpr double kBitsWanted = 20;
  const double bits = std::min(10.0, -std::log2(16 * sample.unit));
  return static_cast<double>(relations) * bits >= kBitsWanted;
}

Samples TakeSamples(const wire::Tensor& tensor, const wire::ValueReader& values) {
  const int64_t count = ElementCount(tensor.dims).value_or(0);
  if (count == 0) return {};
  const Block block = BlockOf(tensor.dims, count);
  Samples samples;
  for (const bool is_second : {false, true}) {
    if (is_second && block.elements == count) break;
    std::optional<Sample> sample = Take(tensor, values, block, is_second);
    if (!sample) return {};
    samples.push_back(*std::move(sample));
  }
  return samples;
}

std::optional<Sample> TakeProbes(const wire::Tensor& tensor, const wire::ValueReader& values) {
  constexpr uint64_t kPlaces = 16;
  constexpr uint64_t kLength = 64;
  const auto count = static_cast<uint64_t>(ElementCount(tensor.dims).value_or(0));
  if (count <= static_cast<uint64_t>(kMaxSampled)) return std::nullopt;
  Sample sample{.dims = {kPlaces * kLength}, .unit = UnitOf(tensor.data_type)};
  for (uint64_t place = 1; place <= kPlaces; ++place) {
    // The last of them are the tensor's last.
    const uint64_t end = place == kPlaces ? count : count / kPlaces * place;
    const auto read = values.Read(tensor, end - kLength, kLength);
    if (!read.ok()) return std::nullopt;
    sample.values.insert(sample.values.end(), read->begin(), read->end());
  }
  Measure(sample);
  return sample;
}

bool HasUnit(const Sample& sample, double unit) {
  constexpr int kFractionBits = 52;  // of a double
  const int spare_bits = kFractionBits + 1 + std::ilogb(unit);
  const uint64_t spare = (uint64_t{1} << spare_bits) - 1;
  return std::all_of(sample.values.begin(), sample.values.end(), [spare](double value) {
    return (std::bit_cast<uint64_t>(value) & spare) == 0;
  });
}

}  // namespace onnx_reinit::infer
