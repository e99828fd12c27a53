#include <cmath>

#include "absl/strings/str_format.h"
#include "onnx_reinit/report.h"
#include "report/format.h"

namespace onnx_reinit {

std::string ProgressLine(uint64_t done, uint64_t total, double seconds) {
  constexpr int kBarWidth = 20;
  const double share = total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total);
  const double rate = static_cast<double>(done) / seconds;
  const auto filled = static_cast<size_t>(share * kBarWidth);
  std::string line =
      absl::StrFormat("[%s%s] %3d%%  %s of %s, %s/s", std::string(filled, '#'),
                      std::string(kBarWidth - filled, ' '), static_cast<int>(share * 100),
                      report::FormatBytes(done), report::FormatBytes(total),
                      report::FormatBytes(static_cast<uint64_t>(rate)));
  if (done > 0 && done < total) {
    absl::StrAppendFormat(&line, ", %.0f s left",
                          std::ceil(static_cast<double>(total - done) / rate));
  }
  return line;
}

}  // namespace onnx_reinit
