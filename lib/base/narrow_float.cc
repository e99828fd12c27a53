#include "base/narrow_float.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace onnx_reinit {
namespace {

constexpr int kFloatMantissaBits = 23;
constexpr int kFloatBias = 127;
constexpr uint32_t kFloatMagnitude = 0x7FFFFFFF;
constexpr uint32_t kFloatInfinity = 0x7F800000;
constexpr uint32_t kFloatImplicitBit = 1u << kFloatMantissaBits;

// Facts: IEEE 754 for the first two; onnx/docs/docsgen/source/technical/float8.md and float4.md.
constexpr auto kFormats = std::to_array<NarrowFloatFormat>({
    // type, exponent, mantissa, bias, highest, nan, negative zero
    {ElementType::kFloat16, 5, 10, 15, 0x7BFF, 0x7E00, true},
    {ElementType::kBfloat16, 8, 7, 127, 0x7F7F, 0x7FC0, true},
    {ElementType::kFloat8E4M3FN, 4, 3, 7, 0x7E, 0x7F, true},
    {ElementType::kFloat8E4M3FNUZ, 4, 3, 8, 0x7F, 0x80, false},
    {ElementType::kFloat8E5M2, 5, 2, 15, 0x7B, 0x7F, true},
    {ElementType::kFloat8E5M2FNUZ, 5, 2, 16, 0x7F, 0x80, false},
    {ElementType::kFloat4E2M1, 2, 1, 1, 0x7, 0, true},
});

// `value` / 2^shift to the nearest, ties to even; shift from 1 to 31.
constexpr uint32_t RoundShift(uint32_t value, int shift) {
  const uint32_t half = 1u << (shift - 1);
  return (value + (half - 1) + ((value >> shift) & 1u)) >> shift;
}

// Magnitude bits of a finite float32 magnitude, before saturation. A mantissa that rounds up
// carries into the exponent, which is what it should do.
uint32_t RoundMagnitude(uint32_t magnitude, const NarrowFloatFormat& format) {
  const int shift = kFloatMantissaBits - format.mantissa_bits;
  const int exponent = static_cast<int>(magnitude >> kFloatMantissaBits) - kFloatBias + format.bias;
  if (exponent > 0) {
    const auto rebase = static_cast<uint32_t>(kFloatBias - format.bias) << kFloatMantissaBits;
    return RoundShift(magnitude - rebase, shift);
  }
  const bool normal = magnitude >= kFloatImplicitBit;
  const uint32_t mantissa = magnitude & (kFloatImplicitBit - 1);
  const uint32_t significand = normal ? mantissa | kFloatImplicitBit : mantissa;
  const int subnormal_shift = shift + (normal ? 1 - exponent : -exponent);
  return subnormal_shift > kFloatMantissaBits + 1 ? 0 : RoundShift(significand, subnormal_shift);
}

}  // namespace

const NarrowFloatFormat* FindNarrowFloatFormat(ElementType type) {
  const auto* row = std::ranges::find(kFormats, type, &NarrowFloatFormat::type);
  return row == kFormats.end() ? nullptr : row;
}

uint32_t EncodeNarrowFloat(float value, const NarrowFloatFormat& format) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const uint32_t magnitude = bits & kFloatMagnitude;
  if (magnitude > kFloatInfinity) return format.nan;
  uint32_t narrow = format.highest;
  if (magnitude < kFloatInfinity) {
    narrow = std::min(RoundMagnitude(magnitude, format), format.highest);
  }
  if (narrow == 0 && !format.negative_zero) return 0;
  const uint32_t sign = bits >> 31;
  return narrow | sign << (format.exponent_bits + format.mantissa_bits);
}

float DecodeNarrowFloat(uint32_t bits, const NarrowFloatFormat& format) {
  const int magnitude_bits = format.exponent_bits + format.mantissa_bits;
  const uint32_t magnitude = bits & ((1u << magnitude_bits) - 1);
  const bool negative = ((bits >> magnitude_bits) & 1u) != 0;
  const bool zero_of_nan = !format.negative_zero && negative && magnitude == 0;
  if (zero_of_nan) return std::numeric_limits<float>::quiet_NaN();
  float value = 0;
  if (magnitude > format.highest) {
    const bool infinite =
        magnitude == format.highest + 1 && magnitude != (format.nan & ~(1u << magnitude_bits));
    value =
        infinite ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
  } else {
    const auto exponent = static_cast<int>(magnitude >> format.mantissa_bits);
    const uint32_t mantissa = magnitude & ((1u << format.mantissa_bits) - 1);
    const uint32_t significand = exponent == 0 ? mantissa : mantissa | 1u << format.mantissa_bits;
    value = std::ldexp(static_cast<float>(significand),
                       std::max(exponent, 1) - format.bias - format.mantissa_bits);
  }
  return negative ? -value : value;
}

}  // namespace onnx_reinit
