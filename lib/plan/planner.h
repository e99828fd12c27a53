// Facts + options -> Plan.
#ifndef ONNX_REINIT_PLAN_PLANNER_H_
#define ONNX_REINIT_PLAN_PLANNER_H_

#include <vector>

#include "absl/status/statusor.h"
#include "infer/facts.h"
#include "onnx_reinit/options.h"
#include "onnx_reinit/plan.h"
#include "wire/payload.h"

namespace onnx_reinit::plan {

// One TensorPlan for every entry of `facts`, in its order. InvalidArgument for a wrong option or
// recipe (with line and column). `values` reads quantisation scales and the few constants that a
// plan depends on; may be nullptr.
absl::StatusOr<Plan> MakePlan(const std::vector<infer::TensorFacts>& facts,
                              const PlanOptions& options, const wire::ValueReader* values);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_PLANNER_H_
