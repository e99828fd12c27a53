// Text from a file, made safe for a terminal.
#ifndef ONNX_REINIT_BASE_PRINTABLE_H_
#define ONNX_REINIT_BASE_PRINTABLE_H_

#include <string>
#include <string_view>

namespace onnx_reinit {

bool IsUtf8(std::string_view text);

// `text` with every byte that could steer a terminal or hide what stands there written as \xNN:
// control characters (C0, DEL, C1), marks that change the direction of writing, and bytes that are
// no UTF-8. Other UTF-8 stays as it is.
//
// Names in a model may hold any bytes, so all that is printed for people goes through here.
std::string Printable(std::string_view text);

// The same in single quotes, for sentences. What is longer than 200 bytes is cut and ends in "...".
std::string Quote(std::string_view text);

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_BASE_PRINTABLE_H_
