#include "wire/decode.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace onnx_reinit::wire {
namespace {

using Specials = SmallFloat::Specials;

constexpr SmallFloat kHalf = {5, 10, 15, Specials::kIeee};
constexpr SmallFloat kE4M3Fn = {4, 3, 7, Specials::kNan};
constexpr SmallFloat kE4M3Fnuz = {4, 3, 8, Specials::kNegativeZeroIsNan};
constexpr SmallFloat kE5M2 = {5, 2, 15, Specials::kIeee};
constexpr SmallFloat kE5M2Fnuz = {5, 2, 16, Specials::kNegativeZeroIsNan};
constexpr SmallFloat kE2M1 = {2, 1, 1, Specials::kNone};

// The little-endian unsigned number in element `index`.
template <typename Unsigned>
Unsigned Load(const uint8_t* raw, size_t index) {
  static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");
  Unsigned value;
  std::memcpy(&value, raw + index * sizeof(Unsigned), sizeof(Unsigned));
  return value;
}

template <int kBits>
uint32_t LoadPart(const uint8_t* raw, size_t index) {
  constexpr size_t kPerByte = 8 / kBits;
  return static_cast<uint32_t>(raw[index / kPerByte]) >> (kBits * (index % kPerByte)) &
         ((1U << kBits) - 1);
}

template <int kBits>
int32_t LoadSignedPart(const uint8_t* raw, size_t index) {
  const auto value = static_cast<int32_t>(LoadPart<kBits>(raw, index));
  constexpr int32_t kHalfRange = 1 << (kBits - 1);
  return value < kHalfRange ? value : value - 2 * kHalfRange;
}

// 2^(bits - 127); 255 is NaN.
double DecodeE8M0(uint8_t bits) {
  return bits == 0xFF ? std::numeric_limits<double>::quiet_NaN() : std::ldexp(1.0, bits - 127);
}

// Calls visit(load), where load(raw, index) gives an element as a number; false for other types.
template <typename Visit>
bool WithIntegerLoad(ElementType type, Visit visit) {
  switch (type) {
    case ElementType::kUint8:
      return visit(Load<uint8_t>);
    case ElementType::kInt8:
      return visit(Load<int8_t>);
    case ElementType::kUint16:
      return visit(Load<uint16_t>);
    case ElementType::kInt16:
      return visit(Load<int16_t>);
    case ElementType::kInt32:
      return visit(Load<int32_t>);
    case ElementType::kInt64:
      return visit(Load<int64_t>);
    case ElementType::kBool:
      return visit([](const uint8_t* raw, size_t i) { return raw[i] != 0 ? 1 : 0; });
    case ElementType::kUint32:
      return visit(Load<uint32_t>);
    case ElementType::kUint64:
      return visit(Load<uint64_t>);
    case ElementType::kUint4:
      return visit(LoadPart<4>);
    case ElementType::kInt4:
      return visit(LoadSignedPart<4>);
    case ElementType::kUint2:
      return visit(LoadPart<2>);
    case ElementType::kInt2:
      return visit(LoadSignedPart<2>);
    default:
      return false;
  }
}

template <const SmallFloat& kFormat, typename Bits>
double LoadSmall(const uint8_t* raw, size_t index) {
  return DecodeSmallFloat(kFormat, Load<Bits>(raw, index));
}

template <typename Visit>
bool WithFloatLoad(ElementType type, Visit visit) {
  switch (type) {
    case ElementType::kFloat:
      return visit(Load<float>);
    case ElementType::kDouble:
      return visit(Load<double>);
    case ElementType::kFloat16:
      return visit(LoadSmall<kHalf, uint16_t>);
    case ElementType::kBfloat16:
      return visit([](const uint8_t* raw, size_t i) {
        return std::bit_cast<float>(uint32_t{Load<uint16_t>(raw, i)} << 16);
      });
    case ElementType::kFloat8E4M3FN:
      return visit(LoadSmall<kE4M3Fn, uint8_t>);
    case ElementType::kFloat8E4M3FNUZ:
      return visit(LoadSmall<kE4M3Fnuz, uint8_t>);
    case ElementType::kFloat8E5M2:
      return visit(LoadSmall<kE5M2, uint8_t>);
    case ElementType::kFloat8E5M2FNUZ:
      return visit(LoadSmall<kE5M2Fnuz, uint8_t>);
    case ElementType::kFloat4E2M1:
      return visit([](const uint8_t* raw, size_t i) {
        return DecodeSmallFloat(kE2M1, LoadPart<4>(raw, i));
      });
    case ElementType::kFloat8E8M0:
      return visit([](const uint8_t* raw, size_t i) { return DecodeE8M0(raw[i]); });
    default:
      return false;
  }
}

// Fills `out` from `raw` with the given load.
template <typename Number>
auto Filler(absl::Span<const uint8_t> raw, int skip, absl::Span<Number> out) {
  return [=](auto load) {
    const auto first = static_cast<size_t>(skip);
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] = static_cast<Number>(load(raw.data(), first + i));
    }
    return true;
  };
}

constexpr auto kOnlyAsk = [](auto) { return true; };

}  // namespace

double DecodeSmallFloat(const SmallFloat& format, uint32_t bits) {
  const uint32_t mantissa_mask = (1U << format.mantissa_bits) - 1;
  const uint32_t top = (1U << format.exponent_bits) - 1;
  const uint32_t mantissa = bits & mantissa_mask;
  const uint32_t exponent = bits >> format.mantissa_bits & top;
  const bool negative = (bits >> (format.mantissa_bits + format.exponent_bits) & 1) != 0;
  const double sign = negative ? -1.0 : 1.0;
  const bool zero = exponent == 0 && mantissa == 0;
  const bool is_nan =
      (format.specials == Specials::kNegativeZeroIsNan && negative && zero) ||
      (format.specials == Specials::kNan && exponent == top && mantissa == mantissa_mask) ||
      (format.specials == Specials::kIeee && exponent == top && mantissa != 0);
  if (is_nan) return std::numeric_limits<double>::quiet_NaN();
  if (format.specials == Specials::kIeee && exponent == top) {
    return sign * std::numeric_limits<double>::infinity();
  }
  const uint32_t implicit = exponent == 0 ? 0 : mantissa_mask + 1;
  const int scale = (exponent == 0 ? 1 : static_cast<int>(exponent)) - format.bias;
  return sign * std::ldexp(mantissa + implicit, scale - format.mantissa_bits);
}

bool IsIntegerType(ElementType type) { return WithIntegerLoad(type, kOnlyAsk); }

bool IsDecodable(ElementType type) { return IsIntegerType(type) || WithFloatLoad(type, kOnlyAsk); }

void DecodeNumbers(ElementType type, absl::Span<const uint8_t> raw, int skip,
                   absl::Span<double> out) {
  const auto fill = Filler(raw, skip, out);
  if (!WithIntegerLoad(type, fill)) WithFloatLoad(type, fill);
}

void DecodeIntegers(ElementType type, absl::Span<const uint8_t> raw, int skip,
                    absl::Span<int64_t> out) {
  WithIntegerLoad(type, Filler(raw, skip, out));
}

}  // namespace onnx_reinit::wire
