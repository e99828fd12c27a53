// What decides: an ordered list of rules, made of the options and a preset.
#ifndef ONNX_REINIT_PLAN_RULES_H_
#define ONNX_REINIT_PLAN_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "onnx_reinit/options.h"
#include "plan/conditions.h"
#include "plan/layer.h"
#include "plan/scheme_call.h"

namespace onnx_reinit::plan {

struct Rule {
  Roles roles;
  BlockRoles block_roles;  // empty: any
  const Condition* when = &kAlways;
  std::optional<SchemeCall> scheme;  // nullopt: keep
};

bool Fits(const Rule& rule, const Layer& layer);

// --scheme for the tensors that it makes sense for, then the rows of the preset. InvalidArgument
// for a name that no table has.
absl::StatusOr<std::vector<Rule>> MakeRules(const PlanOptions& options);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_RULES_H_
