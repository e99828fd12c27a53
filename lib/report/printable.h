// Text from a file, made safe for a terminal.
#ifndef ONNX_REINIT_REPORT_PRINTABLE_H_
#define ONNX_REINIT_REPORT_PRINTABLE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace onnx_reinit::report {

// `text` with every byte that could steer a terminal or hide what stands there written as \xNN:
// control characters (C0, DEL, C1), marks that change the direction of writing, and bytes that are
// no UTF-8. Other UTF-8 stays as it is.
//
// Names in a model may hold any bytes, so all that is printed for people goes through here.
std::string Printable(std::string_view text);

// Columns that printable `text` takes: its code points.
size_t Columns(std::string_view text);

// The last `columns` columns of printable `text` with "..." in front where it is longer: the end of
// a tensor's name says more than its beginning. `columns` is at least 4.
std::string Shorten(std::string_view text, size_t columns);

}  // namespace onnx_reinit::report

#endif  // ONNX_REINIT_REPORT_PRINTABLE_H_
