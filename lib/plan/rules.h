// What decides: an ordered list of rules, made of the options and a preset.
#ifndef ONNX_REINIT_PLAN_RULES_H_
#define ONNX_REINIT_PLAN_RULES_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "onnx_reinit/options.h"
#include "plan/conditions.h"
#include "plan/layer.h"
#include "plan/scheme_call.h"
#include "plan/selector.h"

namespace onnx_reinit::plan {

// Where rules come from: one --set, one rule of a recipe, --scheme, a preset.
struct RuleSource {
  std::string text;        // "--set 'role=bias:ones'", "recipe.txt:3:1", "preset gpt2"
  bool is_users = false;   // it must decide for at least one tensor
  bool is_scheme = false;  // --scheme: that it decides for none is worth a warning
  bool is_family = false;  // a family's own code, which knows nothing of constants in the graph
};

struct Rule {
  size_t source = 0;  // index into RuleSet::sources
  Roles roles;        // empty: any
  BlockRoles block_roles;
  const Condition* when = &kAlways;
  std::shared_ptr<const Selector> selector;  // nullptr: any
  std::optional<SchemeCall> scheme;          // nullopt: keep
  std::string text;                          // of a scheme, with its source, for reasons
};

struct RuleSet {
  std::vector<RuleSource> sources;
  std::vector<Rule> rules;
  FanConvention convention = FanConvention::kExact;
};

bool Fits(const Rule& rule, const Layer& layer);

// --set, then the recipe, then --scheme for the tensors that it makes sense for, then the rows of
// `preset` and those of `auto`. InvalidArgument for what no table has, with line and column.
absl::StatusOr<RuleSet> MakeRules(const PlanOptions& options, const std::string& preset);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_RULES_H_
