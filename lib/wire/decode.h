// Bytes as raw_data has them -> numbers.
#ifndef ONNX_REINIT_WIRE_DECODE_H_
#define ONNX_REINIT_WIRE_DECODE_H_

#include <cstdint>

#include "absl/types/span.h"
#include "base/element_type.h"

namespace onnx_reinit::wire {

// A floating-point format of at most 16 bits: sign, exponent, mantissa, from the highest bit down.
struct SmallFloat {
  int exponent_bits;
  int mantissa_bits;
  int bias;
  // What the bit patterns with the highest exponent mean, and whether there is a negative zero.
  enum class Specials {
    kIeee,               // infinity with mantissa 0, else NaN
    kNan,                // NaN with all mantissa bits set, else a number (E4M3FN)
    kNone,               // numbers (E2M1)
    kNegativeZeroIsNan,  // numbers; NaN is the pattern of negative zero (FNUZ)
  } specials;
};

double DecodeSmallFloat(const SmallFloat& format, uint32_t bits);

// True for all types but strings, complex types and unknown ones.
bool IsDecodable(ElementType type);
// Fills `out` with the elements that begin `skip` elements after the first byte of `raw` (skip is
// below 8 / bits for sub-byte types and 0 for others). `raw` holds at least their bytes.
void DecodeNumbers(ElementType type, absl::Span<const uint8_t> raw, int skip,
                   absl::Span<double> out);
// The same for integer and bool types, without rounding. uint64 wraps beyond 2^63.
void DecodeIntegers(ElementType type, absl::Span<const uint8_t> raw, int skip,
                    absl::Span<int64_t> out);
bool IsIntegerType(ElementType type);

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_DECODE_H_
