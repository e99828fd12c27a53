// What `apply` prints: one screen, whatever the size of the model.
#ifndef ONNX_REINIT_REPORT_SUMMARY_H_
#define ONNX_REINIT_REPORT_SUMMARY_H_

#include <string>

#include "onnx_reinit/plan.h"
#include "report/table.h"

namespace onnx_reinit::report {

// A line of totals; a row for each role and scheme with the number of tensors and the range of
// their standard deviations; a row for each role that was kept, with the reason of its first
// tensor.
std::string Summary(const Plan& plan, const TextStyle& style);

}  // namespace onnx_reinit::report

#endif  // ONNX_REINIT_REPORT_SUMMARY_H_
