// How far a long run is: a bar on a terminal, a line now and then in a log.
#ifndef ONNX_REINIT_TOOLS_PROGRESS_H_
#define ONNX_REINIT_TOOLS_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "console.h"

namespace onnx_reinit::tools {

enum class ProgressStyle {
  kNone,
  kBar,  // on the same line of a terminal, several times a second, from the first second on
  kLog,  // a line every few seconds
};

// A bar on a terminal, unless --quiet or NO_COLOR asks for none; lines elsewhere with --verbose.
ProgressStyle ProgressStyleOf(const Console& console);

// What to print, and when. Time is the caller's, in seconds since the start.
class ProgressText {
 public:
  explicit ProgressText(ProgressStyle style) : style_(style) {}

  // Empty where nothing is due.
  std::string Update(uint64_t done, uint64_t total, double seconds);
  // What takes the bar away; empty where there is none.
  std::string End();

 private:
  ProgressStyle style_;
  bool is_shown_ = false;
  double last_ = 0;
};

// Prints to stderr; the bar is gone when this object is.
class ProgressPrinter {
 public:
  explicit ProgressPrinter(const Console& console) : text_(ProgressStyleOf(console)) {}
  ~ProgressPrinter();
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

  // For WriteOptions::progress; the printer must outlive it.
  std::function<void(uint64_t done, uint64_t total)> Callback();

 private:
  ProgressText text_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace onnx_reinit::tools

#endif  // ONNX_REINIT_TOOLS_PROGRESS_H_
