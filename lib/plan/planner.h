// Facts + options -> Plan.
#ifndef ONNX_REINIT_PLAN_PLANNER_H_
#define ONNX_REINIT_PLAN_PLANNER_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "infer/facts.h"
#include "onnx_reinit/options.h"
#include "onnx_reinit/plan.h"
#include "wire/payload.h"

namespace onnx_reinit::plan {

// What decisions may read besides the facts.
struct PlanSources {
  const wire::ValueReader* values = nullptr;  // quantisation scales; nullptr: none can be read
  std::string_view producer;                  // the program that wrote the model, as the file says
};

// One TensorPlan for every entry of `facts`, in its order. InvalidArgument for a wrong option or
// recipe (with line and column).
absl::StatusOr<Plan> MakePlan(std::vector<infer::TensorFacts> facts, const PlanOptions& options,
                              const PlanSources& sources);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_PLANNER_H_
