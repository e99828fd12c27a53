// Protobuf's wire format as text that people can read, for files that no serializer writes.
//
//   # The first dimension is negative.
//   1: 8                     # ir_version: field 1, a varint
//   7: {                     # graph: field 7, length-delimited
//     5: {                   # an initializer
//       1: ^-1               # ^ marks the byte that an error should name
//       8: "w"
//       9: `00 00 80 3f`     # bytes
//     }
//   }
//
//   N: x          a field; the wire type is that of x: a number, or {...}, "..." or `...` with its
//   length N:T           the bare tag of field N with wire type T (0 to 5), nothing else 12  -1 a
//   varint                  {...}   a length, and what is in the braces "text"        bytes; \n,
//   \", \\, \xNN   `0a ff` bytes in hex 3 * (...)     the same three times      (...)   what is in
//   the parentheses, without a length nest 3 (a @ b)   three times around itself, without a length:
//   a a a b b b
#ifndef ONNX_REINIT_TESTS_SUPPORT_WIRE_TEXT_H_
#define ONNX_REINIT_TESTS_SUPPORT_WIRE_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace onnx_reinit::test {

struct WireText {
  std::string bytes;
  std::optional<size_t> mark;  // where ^ stands
};

// The test fails, and the result is empty, where the text is wrong.
WireText AssembleWireText(std::string_view text);

}  // namespace onnx_reinit::test

#endif  // ONNX_REINIT_TESTS_SUPPORT_WIRE_TEXT_H_
