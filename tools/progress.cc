#include "progress.h"

#include <unistd.h>

#include <cstdio>

#include "onnx_reinit/report.h"

namespace onnx_reinit::tools {
namespace {

// Shorter runs show nothing.
constexpr double kBarDelay = 1;
constexpr double kBarInterval = 0.1;
constexpr double kLogInterval = 5;

constexpr const char* kToLineStart = "\r";
constexpr const char* kEraseToLineEnd = "\x1b[K";

void Print(const std::string& text) {
  if (text.empty()) return;
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

ProgressStyle ProgressStyleOf(const Console& console) {
  if (console.quiet) return ProgressStyle::kNone;
  if (isatty(STDERR_FILENO) != 0 && !ColorIsUnwanted()) return ProgressStyle::kBar;
  return console.verbose ? ProgressStyle::kLog : ProgressStyle::kNone;
}

std::string ProgressText::Update(uint64_t done, uint64_t total, double seconds) {
  if (style_ == ProgressStyle::kNone) return "";
  const double interval = style_ == ProgressStyle::kLog ? kLogInterval
                          : is_shown_                   ? kBarInterval
                                                        : kBarDelay;
  if (seconds < last_ + interval) return "";
  last_ = seconds;
  is_shown_ = true;
  const std::string line = ProgressLine(done, total, seconds);
  return style_ == ProgressStyle::kLog ? line + "\n" : kToLineStart + line + kEraseToLineEnd;
}

std::string ProgressText::End() {
  if (style_ != ProgressStyle::kBar || !is_shown_) return "";
  is_shown_ = false;
  return std::string(kToLineStart) + kEraseToLineEnd;
}

ProgressPrinter::~ProgressPrinter() { Print(text_.End()); }

std::function<void(uint64_t done, uint64_t total)> ProgressPrinter::Callback() {
  return [this](uint64_t done, uint64_t total) {
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start_;
    Print(text_.Update(done, total, taken.count()));
  };
}

}  // namespace onnx_reinit::tools
