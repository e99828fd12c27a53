// Where text goes: the result to stdout, everything else to stderr.
#ifndef ONNX_REINIT_TOOLS_CONSOLE_H_
#define ONNX_REINIT_TOOLS_CONSOLE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "onnx_reinit/report.h"

namespace onnx_reinit::tools {

struct Console {
  bool quiet = false;    // nothing on stderr but errors, no summary
  bool verbose = false;  // reasons
};

// https://no-color.org: NO_COLOR is set and not empty.
bool ColorIsUnwanted();

// How the result looks on stdout: colour only on a terminal, and never with NO_COLOR.
TextStyle ResultStyle(const Console& console);

// Writes the command's result to stdout. Unavailable where stdout cannot take it (disk full).
absl::Status PrintResult(std::string_view text);

// Writes what would be a result to stderr: stdout carries the model itself.
void PrintAside(std::string_view text);

// One line on stderr each.
void PrintWarning(const Console& console, std::string_view sentence);
void PrintError(std::string_view sentence);

}  // namespace onnx_reinit::tools

#endif  // ONNX_REINIT_TOOLS_CONSOLE_H_
