#include "console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/printable.h"

namespace onnx_reinit::tools {
namespace {

int TerminalWidth(int descriptor) {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void PrintLine(std::string_view kind, std::string_view sentence) {
  const std::string line = std::string(kind) + Printable(sentence) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

bool ColorIsUnwanted() {
  const char* no_color = std::getenv("NO_COLOR");
  return no_color != nullptr && *no_color != '\0';
}

TextStyle ResultStyle(const Console& console) {
  if (isatty(STDOUT_FILENO) == 0) return {.verbose = console.verbose};
  return {.color = !ColorIsUnwanted(),
          .verbose = console.verbose,
          .width = TerminalWidth(STDOUT_FILENO)};
}

absl::Status PrintResult(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return absl::OkStatus();
  return absl::UnavailableError(std::string("writing to the standard output failed: ") +
                                std::strerror(errno));
}

void PrintAside(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

void PrintWarning(const Console& console, std::string_view sentence) {
  if (!console.quiet) PrintLine("warning: ", sentence);
}

void PrintError(std::string_view sentence) { PrintLine("error: ", sentence); }

}  // namespace onnx_reinit::tools
