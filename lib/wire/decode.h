// Bytes as raw_data has them -> numbers.
#ifndef ONNX_REINIT_WIRE_DECODE_H_
#define ONNX_REINIT_WIRE_DECODE_H_

#include <cstdint>

#include "absl/types/span.h"
#include "base/element_type.h"

namespace onnx_reinit::wire {

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
