#include "gen/encode.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/checked_math.h"
#include "base/groups.h"

namespace onnx_reinit::gen {
namespace {

static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");

template <typename T>
void Put(T value, size_t index, uint8_t* out) {
  std::memcpy(out + index * sizeof(T), &value, sizeof(T));
}

// The nearest integer to `value` within [low, high], ties to even; |low|, |high| <= 2^51. The sum
// has no bits left for a fraction, so the addition itself rounds: faster than std::nearbyint.
double Saturate(double value, double low, double high) {
  constexpr double kNoFraction = 0x1.8p52;
  return std::min(std::max(value, low), high) + kNoFraction - kNoFraction;
}

template <typename Integer>
Integer ToInteger(double value) {
  constexpr auto kLow = static_cast<double>(std::numeric_limits<Integer>::min());
  constexpr auto kHigh = static_cast<double>(std::numeric_limits<Integer>::max());
  if constexpr (sizeof(Integer) < sizeof(int64_t)) {
    using Wide = std::conditional_t<std::is_same_v<Integer, uint32_t>, int64_t, int32_t>;
    return static_cast<Integer>(static_cast<Wide>(Saturate(value, kLow, kHigh)));
  } else {
    // kHigh is one more than the type's largest number.
    if (value >= kHigh) return std::numeric_limits<Integer>::max();
    return static_cast<Integer>(std::nearbyint(std::max(value, kLow)));
  }
}

uint64_t Product(absl::Span<const int64_t> dims) {
  return static_cast<uint64_t>(ElementCount(dims).value_or(0));
}

absl::Status CheckScales(const Quantization& quantization, uint64_t groups) {
  const size_t zero_points = quantization.zero_point.size();
  if (quantization.scale.size() != groups || (zero_points != groups && zero_points != 1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the quantization has ", quantization.scale.size(), " scales and ",
                     zero_points, " zero points for ", groups, " groups"));
  }
  for (size_t i = 0; i < quantization.scale.size(); ++i) {
    const float scale = quantization.scale[i];
    const float zero_point = quantization.zero_point[zero_points == 1 ? 0 : i];
    if (!(std::fabs(scale) > 0) || !std::isfinite(scale) || !std::isfinite(zero_point)) {
      return absl::InvalidArgumentError(absl::StrCat("scale ", i, " of the quantization is ", scale,
                                                     ", zero point ", zero_point));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Encoder> Encoder::Create(int32_t data_type, absl::Span<const int64_t> dims,
                                        std::optional<Quantization> quantization) {
  const ElementTypeInfo* info = FindElementType(data_type);
  if (info == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("type ", data_type, " is no element type"));
  }
  if (!HoldsRealNumbers(data_type)) {
    return absl::UnimplementedError(absl::StrCat("no values can be generated for elements of type ",
                                                 ElementTypeName(data_type)));
  }
  Encoder encoder;
  encoder.type_ = info->type;
  encoder.bits_ = info->bits;
  encoder.is_signed_ = info->kind == NumberKind::kSigned;
  encoder.format_ = FindNarrowFloatFormat(info->type);
  if (!quantization) return encoder;

  const int axis = quantization->axis;
  const std::optional<uint64_t> groups = GroupCount(dims, axis, quantization->block_size);
  if (!groups) {
    return absl::InvalidArgumentError(absl::StrCat("the quantization's axis ", axis,
                                                   " or block size ", quantization->block_size,
                                                   " does not fit ", dims.size(), " dimensions"));
  }
  if (absl::Status status = CheckScales(*quantization, *groups); !status.ok()) return status;
  if (axis >= 0) {
    const auto place = static_cast<size_t>(axis);
    encoder.inner_ = Product(dims.subspan(place + 1));
    encoder.extent_ = static_cast<uint64_t>(dims[place]);
    encoder.blocked_ = quantization->block_size > 0;
    encoder.block_ = encoder.blocked_ ? static_cast<uint64_t>(quantization->block_size) : 1;
  } else {
    encoder.inner_ = std::max<uint64_t>(Product(dims), 1);
  }
  encoder.scale_ = std::move(quantization->scale);
  encoder.zero_point_ = std::move(quantization->zero_point);
  return encoder;
}

Encoder::Group Encoder::GroupOf(uint64_t element) const {
  const uint64_t row = element / inner_;
  const uint64_t column = element % inner_;
  const uint64_t index = row % extent_;
  if (!blocked_) return {index, inner_ - column};
  const uint64_t blocks = (extent_ + block_ - 1) / block_;
  const uint64_t group = ((row / extent_) * blocks + index / block_) * inner_ + column;
  const uint64_t rest = std::min(block_ - index % block_, extent_ - index);
  return {group, inner_ == 1 ? rest : 1};
}

template <typename Store>
void Encoder::ForEachOnGrid(uint64_t first, absl::Span<const float> values, Store store) const {
  if (!quantized()) {
    for (size_t i = 0; i < values.size(); ++i) store(i, static_cast<double>(values[i]));
    return;
  }
  size_t i = 0;
  while (i < values.size()) {
    const Group group = GroupOf(first + i);
    const double scale = scale_[group.index];
    const double zero_point = zero_point_[zero_point_.size() == 1 ? 0 : group.index];
    const size_t end = i + static_cast<size_t>(std::min<uint64_t>(group.run, values.size() - i));
    for (; i < end; ++i) store(i, static_cast<double>(values[i]) / scale + zero_point);
  }
}

template <typename Integer>
void Encoder::EncodeIntegers(uint64_t first, absl::Span<const float> values, uint8_t* out) const {
  ForEachOnGrid(first, values,
                [out](size_t i, double value) { Put(ToInteger<Integer>(value), i, out); });
}

void Encoder::EncodePacked(uint64_t first, absl::Span<const float> values, uint8_t* out) const {
  const auto per_byte = static_cast<size_t>(Granularity());
  const uint32_t mask = (1u << bits_) - 1;
  const double low = is_signed_ ? -std::ldexp(1.0, bits_ - 1) : 0;
  const double high = low + mask;
  std::fill_n(out, Bytes(values.size()), uint8_t{0});
  ForEachOnGrid(first, values, [&](size_t i, double value) {
    const uint32_t bits =
        format_ != nullptr
            ? EncodeNarrowFloat(static_cast<float>(value), *format_)
            : static_cast<uint32_t>(static_cast<int32_t>(Saturate(value, low, high)));
    const size_t shift = i % per_byte * static_cast<size_t>(bits_);
    out[i / per_byte] = static_cast<uint8_t>(out[i / per_byte] | (bits & mask) << shift);
  });
}

void Encoder::EncodeNarrow(uint64_t first, absl::Span<const float> values, uint8_t* out) const {
  ForEachOnGrid(first, values, [&](size_t i, double value) {
    const uint32_t bits = EncodeNarrowFloat(static_cast<float>(value), *format_);
    if (bits_ == 16) {
      Put(static_cast<uint16_t>(bits), i, out);
    } else {
      out[i] = static_cast<uint8_t>(bits);
    }
  });
}

void Encoder::Encode(uint64_t first, absl::Span<const float> values,
                     absl::Span<uint8_t> out) const {
  if (bits_ < 8) return EncodePacked(first, values, out.data());
  if (format_ != nullptr) return EncodeNarrow(first, values, out.data());
  switch (type_) {
    case ElementType::kFloat:
      return ForEachOnGrid(first, values, [&](size_t i, double value) {
        Put(static_cast<float>(value), i, out.data());
      });
    case ElementType::kDouble:
      return ForEachOnGrid(first, values,
                           [&](size_t i, double value) { Put(value, i, out.data()); });
    case ElementType::kInt8:
      return EncodeIntegers<int8_t>(first, values, out.data());
    case ElementType::kUint8:
      return EncodeIntegers<uint8_t>(first, values, out.data());
    case ElementType::kInt16:
      return EncodeIntegers<int16_t>(first, values, out.data());
    case ElementType::kUint16:
      return EncodeIntegers<uint16_t>(first, values, out.data());
    case ElementType::kInt32:
      return EncodeIntegers<int32_t>(first, values, out.data());
    case ElementType::kUint32:
      return EncodeIntegers<uint32_t>(first, values, out.data());
    case ElementType::kInt64:
      return EncodeIntegers<int64_t>(first, values, out.data());
    default:  // the only other type that Create lets pass
      return EncodeIntegers<uint64_t>(first, values, out.data());
  }
}

}  // namespace onnx_reinit::gen
