// What `plan` prints.
#ifndef ONNX_REINIT_REPORT_PLAN_TABLE_H_
#define ONNX_REINIT_REPORT_PLAN_TABLE_H_

#include <string>

#include "onnx_reinit/plan.h"
#include "report/table.h"

namespace onnx_reinit::report {

// One line per tensor, in the order of the file within each block, then a line of totals:
//
//   tensor        shape     type   role  fan_in  fan_out  activation  scheme          values
//   conv1.weight  16x3x3x3  float  conv      27      144  relu        kaiming_normal  std 0.272
//   conv1.bias    16        float  bias                               zeros           0
//
// Tensors that are not learned and stay as they are (shapes, masks, tables) are only counted;
// style.verbose lists them too, and puts each tensor's reason below it.
std::string PlanTable(const Plan& plan, const TextStyle& style);

// "24 tensors get new values, 6 stay; seed 42, preset auto"
std::string TotalsLine(const Plan& plan);

}  // namespace onnx_reinit::report

#endif  // ONNX_REINIT_REPORT_PLAN_TABLE_H_
