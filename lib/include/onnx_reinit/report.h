// Plans as text for people. All names and reasons in it are printable (base/printable.h).
#ifndef ONNX_REINIT_REPORT_H_
#define ONNX_REINIT_REPORT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "onnx_reinit/plan.h"

namespace onnx_reinit {

// How text looks where it is shown.
struct TextStyle {
  bool color = false;    // with terminal escape sequences
  bool verbose = false;  // with reasons, and with what is left out otherwise
  int width = 0;         // columns of the terminal; 0: lines may be of any length
};

// One line per tensor, in the order of the file within each block, then a line of totals:
//
//   tensor        shape     type   role  fan_in  fan_out  activation  scheme          values
//   conv1.weight  16x3x3x3  float  conv      27      144  relu        kaiming_normal  std 0.272
//   conv1.bias    16        float  bias                               zeros           0
//
// Tensors that are not learned and stay as they are (shapes, masks, tables) are only counted;
// style.verbose lists them too, and puts each tensor's reason below it.
std::string PlanTable(const Plan& plan, const TextStyle& style);

// One screen, whatever the size of the model: a line of totals; a row for each role and scheme with
// the number of tensors and the range of their standard deviations; a row for each role that was
// kept and each reason for that, the last part of what the plan says.
std::string PlanSummary(const Plan& plan, const TextStyle& style);

// "[########            ]  41%  1.2 GiB of 2.9 GiB, 800.0 MiB/s, 2 s left", no line end. The time
// left is that at the mean rate so far. `done` <= `total`, `seconds` > 0.
std::string ProgressLine(uint64_t done, uint64_t total, double seconds);

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_REPORT_H_
