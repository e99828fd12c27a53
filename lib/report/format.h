// Numbers and shapes as people read them.
#ifndef ONNX_REINIT_REPORT_FORMAT_H_
#define ONNX_REINIT_REPORT_FORMAT_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "onnx_reinit/plan.h"

namespace onnx_reinit::report {

std::string FormatCount(int64_t count);                  // 1,234,567
std::string FormatBytes(uint64_t bytes);                 // 512 B, 1.5 KiB, 2.0 GiB
std::string FormatReal(double value);                    // three significant digits: 0.0589
std::string FormatDims(absl::Span<const int64_t> dims);  // 64x3x7x7; "scalar"
std::string FormatPlural(int64_t count, const std::string& noun);  // 1 tensor, 2,000 tensors

// "scope/name" as printable text; the name alone in the main graph.
std::string FormatIdentity(const TensorPlan& tensor);
// The role, with the block role where there is one: "linear query".
std::string FormatRole(const TensorPlan& tensor);
// What the elements will be: "0", "std 0.0589", "std 0.02 within 0.06"; empty when kept.
std::string FormatValues(const TensorPlan& tensor);
// "24 tensors (1,234 elements) with new values, 6 kept; seed 42, preset auto"
std::string FormatTotals(const Plan& plan);
// Elements of the tensor; 0 for dims that no tensor can have.
int64_t ElementsOf(const TensorPlan& tensor);

}  // namespace onnx_reinit::report

#endif  // ONNX_REINIT_REPORT_FORMAT_H_
