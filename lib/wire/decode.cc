#include "wire/decode.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/narrow_float.h"

namespace onnx_reinit::wire {
namespace {

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

// The same for the formats of 16, 8 and 4 bits.
template <typename Visit>
bool WithNarrowLoad(const NarrowFloatFormat& format, Visit visit) {
  switch (1 + format.exponent_bits + format.mantissa_bits) {
    case 16:
      return visit([&](const uint8_t* raw, size_t i) {
        return DecodeNarrowFloat(Load<uint16_t>(raw, i), format);
      });
    case 8:
      return visit([&](const uint8_t* raw, size_t i) { return DecodeNarrowFloat(raw[i], format); });
    default:
      return visit([&](const uint8_t* raw, size_t i) {
        return DecodeNarrowFloat(LoadPart<4>(raw, i), format);
      });
  }
}

template <typename Visit>
bool WithFloatLoad(ElementType type, Visit visit) {
  const NarrowFloatFormat* narrow = FindNarrowFloatFormat(type);
  if (narrow != nullptr) return WithNarrowLoad(*narrow, visit);
  switch (type) {
    case ElementType::kFloat:
      return visit(Load<float>);
    case ElementType::kDouble:
      return visit(Load<double>);
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
      // int8 is a number here, and keeps its sign. NOLINTNEXTLINE(bugprone-signed-char-misuse)
      out[i] = static_cast<Number>(load(raw.data(), first + i));
    }
    return true;
  };
}

constexpr auto kOnlyAsk = [](auto) { return true; };

}  // namespace

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
