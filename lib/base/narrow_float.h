// float32 to and from the narrower floating types: float16, bfloat16, and those of 8 and 4 bits.
#ifndef ONNX_REINIT_BASE_NARROW_FLOAT_H_
#define ONNX_REINIT_BASE_NARROW_FLOAT_H_

#include <cstdint>

#include "base/element_type.h"

namespace onnx_reinit {

// How a type narrower than float32 lays out sign, exponent and mantissa, from the top bit down.
struct NarrowFloatFormat {
  ElementType type;
  int exponent_bits;
  int mantissa_bits;
  int bias;
  uint32_t highest;  // bits of the largest finite number
  uint32_t nan;      // bits of a NaN; 0 where the type has none
  bool negative_zero;
};

// The format of FLOAT16, BFLOAT16, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ or
// FLOAT4E2M1; nullptr for any other type.
const NarrowFloatFormat* FindNarrowFloatFormat(ElementType type);

// The nearest number of the format, ties to even, in the low bits. Beyond the largest finite number
// (infinity included) its bits: saturated. NaN becomes the format's NaN, or 0 where it has none.
uint32_t EncodeNarrowFloat(float value, const NarrowFloatFormat& format);

// The number that `bits` stand for, exactly. The high bits beyond the format's are ignored.
float DecodeNarrowFloat(uint32_t bits, const NarrowFloatFormat& format);

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_BASE_NARROW_FLOAT_H_
