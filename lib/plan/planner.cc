#include "plan/planner.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/checked_math.h"
#include "base/element_type.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "plan/fan_convention.h"
#include "plan/fill_maker.h"
#include "plan/name_patterns.h"
#include "plan/native.h"
#include "plan/network.h"
#include "plan/quantization.h"
#include "plan/rules.h"
#include "plan/summary.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;

TensorPlan Describe(const TensorFacts& facts, FanConvention convention) {
  TensorPlan planned;
  planned.name = facts.name;
  planned.scope = facts.scope;
  planned.source = facts.source;
  planned.data_type = facts.tensor->data_type;
  planned.dims = facts.tensor->dims;
  planned.role = facts.role;
  planned.block_role = facts.block_role;
  planned.uses = facts.uses;
  const Fans fans = FansBy(convention, facts);
  planned.fan_in = static_cast<int64_t>(fans.fan_in);
  planned.fan_out = static_cast<int64_t>(fans.fan_out);
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

void AddReason(std::string_view reason, TensorPlan& planned) {
  if (!reason.empty()) planned.reason.append(planned.reason.empty() ? "" : "; ").append(reason);
}

void Carry(FillChoice choice, std::optional<Grid> grid, TensorPlan& planned) {
  AddReason(choice.reason, planned);
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
  planned.grid = std::move(grid);
}

// Of each of the slices of `drawn` that an element of a tensor of `dims` stands for: that of n
// numbers whose root mean square is r is r sqrt(n). 0 where it keeps its values or is all zeros.
double NormOfSlices(const TensorPlan& drawn, const std::vector<int64_t>& dims) {
  const auto elements = static_cast<double>(ElementCount(drawn.dims).value_or(0));
  const auto slices = static_cast<double>(ElementCount(dims).value_or(0));
  return std::hypot(drawn.mean, drawn.std) * std::sqrt(elements / std::max(slices, 1.0));
}

// Finds the identity of a tensor that facts point to.
class Identities {
 public:
  explicit Identities(const std::vector<TensorFacts>& facts) : facts_(facts) {}

  // `tensor` is one of the model's.
  const TensorFacts* Find(const wire::Tensor* tensor) {
    if (by_tensor_.empty()) {
      for (const TensorFacts& facts : facts_) by_tensor_.emplace(facts.tensor, &facts);
    }
    return by_tensor_.find(tensor)->second;
  }

 private:
  const std::vector<TensorFacts>& facts_;
  absl::flat_hash_map<const wire::Tensor*, const TensorFacts*> by_tensor_;  // made when asked for
};

class Planner {
 public:
  Planner(const std::vector<TensorFacts>& facts, const PlanSources& sources)
      : facts_(facts), sources_(sources), network_(NetworkOf(facts)), identities_(facts) {}

  absl::StatusOr<Plan> Make(const PlanOptions& options) {
    Plan plan{.seed = options.seed, .preset = options.preset};
    if (plan.preset == kNativePreset)
      plan.preset = NativePreset(facts_, sources_.producer, plan.preset_reason);
    ASSIGN_OR_RETURN(rules_, MakeRules(options, plan.preset));
    ASSIGN_OR_RETURN(keep_, NamePatterns::Compile("--keep", options.keep));
    ASSIGN_OR_RETURN(only_, NamePatterns::Compile("--only", options.only));
    uses_.resize(rules_.sources.size());
    // The fans of a plan are the graph's, whatever a family's code counts.
    const FanConvention convention = options.fan_convention.value_or(FanConvention::kExact);
    plan.tensors.reserve(facts_.size());
    for (const TensorFacts& tensor : facts_) {
      TensorPlan& planned = plan.tensors.emplace_back(Describe(tensor, convention));
      RETURN_IF_ERROR(Decide(tensor, planned));
    }
    for (const TensorFacts* gain : gains_) {
      RETURN_IF_ERROR(FollowDirection(*gain, plan.tensors));
    }
    RETURN_IF_ERROR(CheckRules(plan.warnings));
    AddMisfits(plan.warnings);
    AddUnknown(plan.warnings);
    keep_.AddUnmatched(plan.warnings);
    only_.AddUnmatched(plan.warnings);
    if (options.require_all) RETURN_IF_ERROR(CheckAllDrawn(plan));
    return plan;
  }

 private:
  absl::Status Decide(const TensorFacts& tensor, TensorPlan& planned) {
    if (keep_.Match(tensor.name)) return KeepState(tensor, "kept: --keep names it", planned);
    if (!only_.empty() && !only_.Match(tensor.name)) {
      return KeepState(tensor, "kept: --only does not name it", planned);
    }
    if (!HoldsRealNumbers(planned.data_type)) {
      return KeepState(tensor,
                       Text("kept: no values can be generated for elements of type ",
                            ElementTypeName(planned.data_type)),
                       planned);
    }
    if (!tensor.unfillable.empty()) {
      return KeepState(tensor, Text("kept: ", tensor.unfillable), planned);
    }
    std::optional<Grid> grid;
    GridRange range;
    if (tensor.quantization && IsState(tensor)) {
      const absl::StatusOr<GridRange> found = RangeOf(*tensor.quantization, planned);
      if (!found.ok()) {
        return KeepState(tensor, Text("kept: ", found.status().message()), planned);
      }
      range = *found;
      grid = FindGrid(*tensor.quantization);
    }
    ASSIGN_OR_RETURN(FillChoice choice, ChooseFill(tensor, network_, rules_, grid, uses_));
    const bool follows = tensor.direction != nullptr && IsFloatingType(planned.data_type);
    if (follows && !choice.fill && !choice.is_users) {
      gains_.push_back(&tensor);
      return absl::OkStatus();
    }
    if (choice.fill || IsState(tensor)) Carry(std::move(choice), std::move(grid), planned);
    NoteRange(range, planned);
    return absl::OkStatus();
  }

  // The gain of a weight normalisation is the norm of its direction, as torch's weight_norm starts
  // it. A direction that is kept keeps it.
  absl::Status FollowDirection(const TensorFacts& gain, std::vector<TensorPlan>& tensors) {
    const TensorFacts* direction = identities_.Find(gain.direction);
    const TensorPlan& drawn = tensors[static_cast<size_t>(direction - facts_.data())];
    TensorPlan& planned = tensors[static_cast<size_t>(&gain - facts_.data())];
    const double norm = NormOfSlices(drawn, planned.dims);
    if (!(norm > 0)) {
      return KeepState(
          gain, Text("kept: ", Quote(drawn.name), ", which it scales, has no new norm"), planned);
    }
    FillChoice choice{
        .scheme = "constant",
        .reason = absl::StrFormat("the norm of %s as it is drawn: %.4g", Quote(drawn.name), norm)};
    ASSIGN_OR_RETURN(choice.fill, EmptyFill(planned.dims, planned.data_type, std::nullopt));
    choice.fill->pieces.push_back({.values = {.mean = norm}});
    Carry(std::move(choice), std::nullopt, planned);
    return absl::OkStatus();
  }

  absl::StatusOr<GridRange> RangeOf(const infer::QuantizationFacts& grid,
                                    const TensorPlan& planned) const {
    RETURN_IF_ERROR(CheckGrid(grid, planned.dims, planned.data_type));
    return ReadRange(grid, planned.data_type, sources_.values);
  }

  // A grid was made for the trained values. Where the new ones reach beyond its ends or fall
  // between two of its steps, they are not what the plan says.
  void NoteRange(const GridRange& range, const TensorPlan& planned) {
    const bool is_drawn = planned.fill.has_value() && planned.std > 0 && range.reach > 0;
    if (!is_drawn || (range.reach >= 2 * planned.std && range.step <= 2 * planned.std)) return;
    ++misfits_;
    if (misfits_ > 1) return;
    first_misfit_ = Text("tensor ", Quote(planned.name), ", whose new values have std ",
                         planned.std, " on steps of ", range.step, " up to ", range.reach);
  }

  void AddMisfits(std::vector<std::string>& warnings) const {
    if (misfits_ == 0) return;
    warnings.push_back(
        Text("quantised tensors on a grid that is too narrow or too coarse for the "
             "new values: ",
             misfits_, "; the first is ", first_misfit_,
             "; quantise the float model anew for a better one"));
  }

  void AddUnknown(std::vector<std::string>& warnings) const {
    const auto is_unknown = [](const TensorFacts& facts) { return !facts.unknown_reader.empty(); };
    const auto first = std::find_if(facts_.begin(), facts_.end(), is_unknown);
    if (first == facts_.end()) return;
    warnings.push_back(
        Text("tensors that only operators read of which nothing is known, and that "
             "keep their values, whether they are weights or not: ",
             std::count_if(facts_.begin(), facts_.end(), is_unknown), "; the first is ",
             Quote(first->name), ", which ", first->unknown_reader, " reads"));
  }

  // Whatever else stays needs no reason of its own.
  static absl::Status KeepState(const TensorFacts& tensor, std::string_view why,
                                TensorPlan& planned) {
    if (IsState(tensor)) AddReason(why, planned);
    return absl::OkStatus();
  }

  Grid FindGrid(const infer::QuantizationFacts& facts) {
    Grid grid{.axis = facts.axis, .block_size = facts.block_size, .packed_bits = facts.packed_bits};
    const TensorFacts* scale = identities_.Find(facts.scale);
    grid.scale_scope = scale->scope;
    grid.scale_name = scale->name;
    if (facts.zero_point == nullptr) return grid;
    const TensorFacts* zero_point = identities_.Find(facts.zero_point);
    grid.zero_point_scope = zero_point->scope;
    grid.zero_point_name = zero_point->name;
    return grid;
  }

  // A rule that the user wrote for nothing is a mistake.
  absl::Status CheckRules(std::vector<std::string>& warnings) const {
    for (size_t i = 0; i < uses_.size(); ++i) {
      const RuleSource& source = rules_.sources[i];
      const RuleUse& use = uses_[i];
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

  const std::vector<TensorFacts>& facts_;
  PlanSources sources_;
  Network network_;
  Identities identities_;
  RuleSet rules_;
  NamePatterns keep_;
  NamePatterns only_;
  std::vector<const TensorFacts*> gains_;  // that wait for their directions
  int misfits_ = 0;  // quantised tensors on a grid that does not suit their values
  std::string first_misfit_;
  std::vector<RuleUse> uses_;  // one for each source of rules
};

}  // namespace

absl::StatusOr<Plan> MakePlan(const std::vector<TensorFacts>& facts, const PlanOptions& options,
                              const PlanSources& sources) {
  return Planner(facts, sources).Make(options);
}

}  // namespace onnx_reinit::plan
