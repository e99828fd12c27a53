// Plans as JSON (proto/plan.proto), and back.
#ifndef ONNX_REINIT_PLAN_PLAN_JSON_H_
#define ONNX_REINIT_PLAN_PLAN_JSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "onnx_reinit/plan.h"

namespace onnx_reinit::plan {

std::string ToJson(const Plan& plan);

// What ToJson wrote gives the same plan. InvalidArgument for text that is no JSON of a plan, and
// for words that no table has; it names the tensor.
absl::StatusOr<Plan> FromJson(const std::string& json);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_PLAN_JSON_H_
