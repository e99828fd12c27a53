#include "infer/sample.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/checked_math.h"
#include "base/element_type.h"
#include "base/narrow_float.h"

namespace onnx_reinit::infer {
namespace {

constexpr double kFloatUnit = 0x1p-24;
// Enough rows to see a recurrence, enough elements to see few rows well.
constexpr int64_t kRowsWanted = 16;
constexpr int64_t kElementsWanted = 16'384;

struct Block {
  std::vector<int64_t> dims;
  size_t cut_axis = 0;
  int64_t elements = 0;
  int64_t begin_in_middle = 0;  // along the cut axis
  int64_t first_element_in_middle = 0;
};

double UnitOf(int32_t data_type) {
  const NarrowFloatFormat* format = FindNarrowFloatFormat(static_cast<ElementType>(data_type));
  return format == nullptr ? kFloatUnit : std::ldexp(1, -format->mantissa_bits - 1);
}

Block BlockOf(const std::vector<int64_t>& dims, int64_t count) {
  Block block{.dims = dims, .elements = count};
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
    block.begin_in_middle = (dims[axis] - rows) / 2;
    block.first_element_in_middle = (outer / 2 * dims[axis] + block.begin_in_middle) * inner;
    return block;
  }
  return block;
}

std::optional<Sample> Take(const wire::Tensor& tensor, const wire::ValueReader& values,
                           const Block& block, bool is_middle) {
  const int64_t first = is_middle ? block.first_element_in_middle : 0;
  auto read =
      values.Read(tensor, static_cast<uint64_t>(first), static_cast<uint64_t>(block.elements));
  if (!read.ok()) return std::nullopt;
  Sample sample{.dims = block.dims,
                .values = *std::move(read),
                .cut_axis = block.cut_axis,
                .cut_begin = static_cast<size_t>(is_middle ? block.begin_in_middle : 0),
                .unit = UnitOf(tensor.data_type)};
  for (const double value : sample.values) {
    if (std::isfinite(value)) sample.largest = std::max(sample.largest, std::fabs(value));
  }
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

bool ForEachLine(const Sample& sample, size_t axis, absl::FunctionRef<bool(const Line&)> visit) {
  const size_t stride = sample.Stride(axis);
  const size_t size = sample.Extent(axis);
  const size_t position = axis == sample.cut_axis ? sample.cut_begin : 0;
  for (size_t begin = 0; begin < sample.values.size(); begin += stride * size) {
    for (size_t i = 0; i < stride; ++i) {
      if (!visit({sample.values.data() + begin + i, size, stride, position})) return false;
    }
  }
  return true;
}

bool IsEvidence(size_t relations, const Sample& sample) {
  constexpr double kBitsWanted = 20;
  const double bits = std::min(10.0, -std::log2(16 * sample.unit));
  return static_cast<double>(relations) * bits >= kBitsWanted;
}

std::vector<Sample> TakeSamples(const wire::Tensor& tensor, const wire::ValueReader& values) {
  const int64_t count = ElementCount(tensor.dims).value_or(0);
  if (count == 0) return {};
  const Block block = BlockOf(tensor.dims, count);
  std::vector<Sample> samples;
  for (const bool is_middle : {false, true}) {
    if (is_middle && block.elements == count) break;
    std::optional<Sample> sample = Take(tensor, values, block, is_middle);
    if (!sample) return {};
    samples.push_back(*std::move(sample));
  }
  return samples;
}

std::optional<Sample> Coarser(const Sample& sample) {
  constexpr ElementType kNarrowTypes[] = {ElementType::kBfloat16, ElementType::kFloat16};
  for (const ElementType type : kNarrowTypes) {
    const NarrowFloatFormat& format = *FindNarrowFloatFormat(type);
    const double unit = UnitOf(static_cast<int32_t>(type));
    if (unit <= sample.unit) continue;
    const bool is_narrow =
        std::all_of(sample.values.begin(), sample.values.end(), [&](double value) {
          const auto number = static_cast<float>(value);
          return DecodeNarrowFloat(EncodeNarrowFloat(number, format), format) == number;
        });
    if (!is_narrow) continue;
    Sample coarser = sample;
    coarser.unit = unit;
    return coarser;
  }
  return std::nullopt;
}

}  // namespace onnx_reinit::infer
