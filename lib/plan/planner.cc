#include "plan/planner.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_join.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "plan/fill_maker.h"
#include "plan/rules.h"
#include "plan/summary.h"
#include "re2/re2.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;

// The patterns of --keep and --only. A pattern may match anywhere in a name.
class NamePatterns {
 public:
  static absl::StatusOr<NamePatterns> Compile(std::string_view flag,
                                              const std::vector<std::string>& patterns) {
    NamePatterns compiled;
    for (const std::string& pattern : patterns) {
      auto re = std::make_unique<RE2>(pattern, RE2::Quiet);
      if (!re->ok()) {
        return absl::InvalidArgumentError(
            Text(flag, " ", Quote(pattern), " is no RE2 pattern: ", re->error()));
      }
      compiled.patterns_.push_back(std::move(re));
    }
    return compiled;
  }

  bool empty() const { return patterns_.empty(); }
  bool Match(const std::string& name) const {
    return std::any_of(patterns_.begin(), patterns_.end(),
                       [&](const auto& re) { return RE2::PartialMatch(name, *re); });
  }

 private:
  std::vector<std::unique_ptr<RE2>> patterns_;
};

struct Decisions {
  NamePatterns keep;
  NamePatterns only;
  std::vector<Rule> rules;
  FanConvention convention = FanConvention::kExact;
};

TensorPlan Describe(const TensorFacts& facts) {
  TensorPlan planned;
  planned.name = facts.name;
  planned.scope = facts.scope;
  planned.source = facts.source;
  planned.data_type = facts.tensor->data_type;
  planned.dims = facts.tensor->dims;
  planned.role = facts.role;
  planned.block_role = facts.block_role;
  planned.uses = facts.uses;
  planned.fan_in = facts.fan_in;
  planned.fan_out = facts.fan_out;
  if (IsWeight(facts.role)) {
    planned.preceding_activation = facts.preceding.name;
    planned.following_activation = facts.following.name;
  }
  planned.residual_output = facts.residual_output;
  planned.block_index = facts.block_index;
  planned.block_count = facts.block_count;
  planned.reason = absl::StrJoin(facts.chain, "; ");
  return planned;
}

// What training changes, and the statistics that are reset with it.
bool IsState(const TensorFacts& facts) {
  return facts.learned || facts.role == Role::kNormMean || facts.role == Role::kNormVar;
}

FillChoice Decide(const TensorFacts& facts, const Decisions& decisions,
                  const wire::ValueReader* values) {
  if (decisions.keep.Match(facts.name)) return {.reason = "kept: --keep names it"};
  if (!decisions.only.empty() && !decisions.only.Match(facts.name)) {
    return {.reason = "kept: --only does not name it"};
  }
  return ChooseFill(facts, decisions.rules, decisions.convention, values);
}

void Carry(FillChoice choice, TensorPlan& planned) {
  planned.reason += Text(planned.reason.empty() ? "" : "; ", choice.reason);
  if (!choice.fill) return;
  const Summary summary = Summarize(*choice.fill);
  planned.action = Action::kReinitialize;
  planned.scheme = std::move(choice.scheme);
  planned.gain = choice.gain;
  planned.distribution = summary.distribution;
  planned.mean = summary.mean;
  planned.std = summary.std;
  planned.bound = summary.bound;
  planned.fill = std::move(choice.fill);
}

}  // namespace

absl::StatusOr<Plan> MakePlan(const std::vector<TensorFacts>& facts, const PlanOptions& options,
                              const wire::ValueReader* values) {
  Decisions decisions{.convention = options.fan_convention};
  ASSIGN_OR_RETURN(decisions.keep, NamePatterns::Compile("--keep", options.keep));
  ASSIGN_OR_RETURN(decisions.only, NamePatterns::Compile("--only", options.only));
  ASSIGN_OR_RETURN(decisions.rules, MakeRules(options));
  Plan plan{.seed = options.seed, .preset = options.preset};
  plan.tensors.reserve(facts.size());
  for (const TensorFacts& tensor : facts) {
    TensorPlan planned = Describe(tensor);
    if (IsState(tensor)) Carry(Decide(tensor, decisions, values), planned);
    plan.tensors.push_back(std::move(planned));
  }
  return plan;
}

}  // namespace onnx_reinit::plan
