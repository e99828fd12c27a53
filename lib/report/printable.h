// Printable text (base/printable.h) measured and cut for tables.
#ifndef ONNX_REINIT_REPORT_PRINTABLE_H_
#define ONNX_REINIT_REPORT_PRINTABLE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "base/printable.h"

namespace onnx_reinit::report {

// Columns that printable `text` takes: its code points.
size_t Columns(std::string_view text);

// The last `columns` columns of printable `text` with "..." in front where it is longer: the end of
// a tensor's name says more than its beginning. `columns` is at least 4.
std::string Shorten(std::string_view text, size_t columns);
// The first `columns` columns likewise, for sentences.
std::string ShortenEnd(std::string_view text, size_t columns);

}  // namespace onnx_reinit::report

#endif  // ONNX_REINIT_REPORT_PRINTABLE_H_
