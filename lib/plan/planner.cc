#include "plan/planner.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "base/checked_math.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "base/threads.h"
#include "plan/decider.h"
#include "plan/fill_maker.h"
#include "plan/name_patterns.h"
#include "plan/native.h"
#include "plan/network.h"
#include "plan/quantization.h"
#include "plan/rules.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;

// Of each of the slices of `drawn` that an element of a tensor of `dims` stands for: that of n
// numbers whose root mean square is r is r sqrt(n). 0 where it keeps its values or is all zeros.
double NormOfSlices(const TensorPlan& drawn, const std::vector<int64_t>& dims) {
  const auto elements = static_cast<double>(ElementCount(drawn.dims).value_or(0));
  const auto slices = static_cast<double>(ElementCount(dims).value_or(0));
  return std::hypot(drawn.mean, drawn.std) * std::sqrt(elements / std::max(slices, 1.0));
}

// Of consecutive tensors.
struct Decided {
  Notices notices;
  absl::Status status;
};

Decided DecideShare(const Grounds& grounds, absl::Span<TensorFacts> facts,
                    absl::Span<TensorPlan> plans) {
  Decider decider(grounds);
  for (size_t i = 0; i < facts.size(); ++i) {
    absl::Status status = decider.Decide(facts[i], plans[i]);
    if (!status.ok()) return {.status = std::move(status)};
  }
  return {decider.notices(), absl::OkStatus()};
}

class Planner {
 public:
  Planner(std::vector<TensorFacts> facts, const PlanSources& sources)
      : facts_(std::move(facts)),
        sources_(sources),
        network_(NetworkOf(facts_)),
        tensors_(facts_) {}

  absl::StatusOr<Plan> Make(const PlanOptions& options) {
    Plan plan{.seed = options.seed, .preset = options.preset};
    if (plan.preset == kNativePreset)
      plan.preset = NativePreset(facts_, sources_.producer, plan.preset_reason);
    ASSIGN_OR_RETURN(rules_, MakeRules(options, plan.preset));
    ASSIGN_OR_RETURN(keep_, NamePatterns::Compile("--keep", options.keep));
    ASSIGN_OR_RETURN(only_, NamePatterns::Compile("--only", options.only));
    RETURN_IF_ERROR(DecideAll(options, plan.tensors));
    for (TensorFacts* gain : notices_.gains) {
      RETURN_IF_ERROR(FollowDirection(*gain, plan.tensors));
    }
    RETURN_IF_ERROR(CheckRules(plan.warnings));
    AddMisfits(plan.warnings);
    AddUnknown(plan.warnings);
    keep_.AddUnmatched(plan.warnings);
    only_.AddUnmatched(plan.warnings);
    AddAbsence(plan.warnings);
    if (options.require_all) RETURN_IF_ERROR(CheckAllDrawn(plan));
    return plan;
  }

 private:
  // As each tensor is decided by itself, several threads can do it.
  absl::Status DecideAll(const PlanOptions& options, std::vector<TensorPlan>& tensors) {
    // The fans of a plan are the graph's, whatever a family's code counts.
    const Grounds grounds{network_,       tensors_,
                          rules_,         keep_,
                          only_,          options.fan_convention.value_or(FanConvention::kExact),
                          sources_.values};
    tensors.resize(facts_.size());
    std::vector<Decided> shares(ShareCount(facts_.size()));
    ForEachShare(options.threads, facts_.size(), [&](const Share& share) {
      const size_t count = share.end - share.begin;
      shares[share.index] = DecideShare(grounds, absl::MakeSpan(facts_).subspan(share.begin, count),
                                        absl::MakeSpan(tensors).subspan(share.begin, count));
    });
    notices_.uses.resize(rules_.sources.size());
    for (const Decided& share : shares) {
      RETURN_IF_ERROR(share.status);
      notices_.Add(share.notices);
    }
    return absl::OkStatus();
  }

  // The gain of a weight normalisation is the norm of its direction, as torch's weight_norm starts
  // it. A direction that is kept keeps it.
  absl::Status FollowDirection(TensorFacts& gain, std::vector<TensorPlan>& tensors) {
    const TensorFacts& direction = tensors_.Find(gain.direction);
    const TensorPlan& drawn = tensors[static_cast<size_t>(&direction - facts_.data())];
    TensorPlan& planned = tensors[static_cast<size_t>(&gain - facts_.data())];
    const double norm = NormOfSlices(drawn, planned.dims);
    if (!(norm > 0)) {
      KeepState(gain, Text("kept: ", Quote(drawn.name), ", which it scales, has no new norm"),
                planned);
      return absl::OkStatus();
    }
    FillChoice choice{
        .scheme = "constant",
        .reason = absl::StrFormat("the norm of %s as it is drawn: %.4g", Quote(drawn.name), norm)};
    ASSIGN_OR_RETURN(choice.fill, EmptyFill(planned.dims, planned.data_type, std::nullopt));
    choice.fill->pieces.push_back({.values = {.mean = norm}});
    Carry(gain, std::move(choice), std::nullopt, planned);
    return absl::OkStatus();
  }

  void AddMisfits(std::vector<std::string>& warnings) const {
    if (notices_.misfits == 0) return;
    warnings.push_back(
        Text("quantised tensors on a grid that is too narrow or too coarse for the "
             "new values: ",
             notices_.misfits, "; the first is ", notices_.first_misfit,
             "; quantise the float model anew for a better one"));
  }

  void AddUnknown(std::vector<std::string>& warnings) const {
    if (notices_.unknown == 0) return;
    const TensorFacts& first = *notices_.first_unknown;
    warnings.push_back(
        Text("tensors that only operators read of which nothing is known, and that "
             "keep their values, whether they are weights or not: ",
             notices_.unknown, "; the first is ", Quote(first.name), ", which ",
             first.unknown_reader, " reads"));
  }

  void AddAbsence(std::vector<std::string>& warnings) const {
    const auto is_learned = [](const TensorFacts& facts) { return facts.learned; };
    if (std::any_of(facts_.begin(), facts_.end(), is_learned)) return;
    warnings.emplace_back(
        "the model stores no weights, so nothing gets new values; weights that are inputs of the "
        "graph (exported without parameters) have no values in the file");
  }

  // A rule that the user wrote for nothing is a mistake.
  absl::Status CheckRules(std::vector<std::string>& warnings) const {
    for (size_t i = 0; i < notices_.uses.size(); ++i) {
      const RuleSource& source = rules_.sources[i];
      const RuleUse& use = notices_.uses[i];
      if (source.is_scheme) AddIdleScheme(source, use, warnings);
      if (!source.is_users) continue;
      if (use.fits == 0) {
        return absl::InvalidArgumentError(
            Text(source.text, ": the rule fits no tensor of this model that may change"));
      }
      if (use.decides == 0 && use.failure.empty()) {
        return absl::InvalidArgumentError(Text(
            source.text, ": the rule never decides: rules before it do, for all that it fits"));
      }
      if (use.decides == 0) {
        return absl::InvalidArgumentError(
            Text(source.text, ": the rule cannot be carried out: ", use.failure));
      }
      if (!use.failure.empty()) {
        warnings.push_back(Text(source.text, ": left to the rules after it: ", use.failure));
      }
    }
    return absl::OkStatus();
  }

  static void AddIdleScheme(const RuleSource& source, const RuleUse& use,
                            std::vector<std::string>& warnings) {
    if (use.decides > 0) return;
    const std::string why =
        use.failure.empty() ? "no tensor of this model is of the kind that it is for" : use.failure;
    warnings.push_back(Text(source.text, " decides for no tensor: ", why));
  }

  absl::Status CheckAllDrawn(const Plan& plan) const {
    for (size_t i = 0; i < facts_.size(); ++i) {
      const TensorPlan& planned = plan.tensors[i];
      if (!IsState(facts_[i]) || planned.action == Action::kReinitialize) continue;
      return absl::FailedPreconditionError(Text("tensor ", Quote(planned.name),
                                                " would keep its values, which --require-all "
                                                "forbids: ",
                                                planned.reason));
    }
    return absl::OkStatus();
  }

  std::vector<TensorFacts> facts_;
  PlanSources sources_;
  Network network_;
  TensorIndex tensors_;
  RuleSet rules_;
  NamePatterns keep_;
  NamePatterns only_;
  Notices notices_;
};

}  // namespace

absl::StatusOr<Plan> MakePlan(std::vector<TensorFacts> facts, const PlanOptions& options,
                              const PlanSources& sources) {
  return Planner(std::move(facts), sources).Make(options);
}

}  // namespace onnx_reinit::plan
