#include "plan/decider.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/element_type.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "plan/fan_convention.h"
#include "plan/summary.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;

bool PointsToOthers(const TensorFacts& facts) {
  return facts.quantization.has_value() || facts.direction != nullptr;
}

std::vector<Use> UsesOf(const TensorFacts& tensor) {
  std::vector<Use> uses;
  uses.reserve(tensor.uses.size());
  for (const auto& [node, op_type, domain, input] : tensor.uses) {
    uses.push_back({std::string(node), std::string(op_type), std::string(domain), input});
  }
  return uses;
}

void Describe(const TensorFacts& facts, FanConvention convention, TensorPlan& planned) {
  planned.name = std::string(facts.name);
  planned.scope = std::string(facts.scope);
  planned.source = facts.source;
  planned.data_type = facts.tensor->data_type;
  planned.dims.assign(facts.tensor->dims.begin(), facts.tensor->dims.end());
  planned.role = facts.role;
  if (facts.is_explained) planned.uses = UsesOf(facts);
  planned.block_role = facts.block_role;
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
}

// How the role was found, then `why` the tensor gets what it gets.
void Explain(TensorFacts& facts, std::string_view why, TensorPlan& planned) {
  planned.reason = std::move(facts.reason);
  if (!planned.reason.empty() && !why.empty()) planned.reason.append("; ");
  planned.reason.append(why);
}

// Why it keeps its values before any rule is asked; empty where rules decide.
std::string WhyNoRuleDecides(const TensorFacts& tensor, const Grounds& grounds) {
  if (grounds.keep.Match(tensor.name)) return "kept: --keep names it";
  if (!grounds.only.empty() && !grounds.only.Match(tensor.name)) {
    return "kept: --only does not name it";
  }
  const int32_t type = tensor.tensor->data_type;
  if (!HoldsRealNumbers(type)) {
    return Text("kept: no values can be generated for elements of type ", ElementTypeName(type));
  }
  return tensor.unfillable.empty() ? "" : Text("kept: ", tensor.unfillable);
}

}  // namespace

TensorIndex::TensorIndex(const std::vector<TensorFacts>& facts) {
  if (std::none_of(facts.begin(), facts.end(), PointsToOthers)) return;
  for (const TensorFacts& each : facts) by_tensor_.emplace(each.tensor, &each);
}

const TensorFacts& TensorIndex::Find(const wire::Tensor* tensor) const {
  return *by_tensor_.find(tensor)->second;
}

void Notices::Add(const Notices& later) {
  for (size_t i = 0; i < uses.size(); ++i) {
    uses[i].fits += later.uses[i].fits;
    uses[i].decides += later.uses[i].decides;
    if (uses[i].failure.empty()) uses[i].failure = later.uses[i].failure;
  }
  gains.insert(gains.end(), later.gains.begin(), later.gains.end());
  misfits += later.misfits;
  if (first_misfit.empty()) first_misfit = later.first_misfit;
  unknown += later.unknown;
  if (first_unknown == nullptr) first_unknown = later.first_unknown;
}

void Carry(TensorFacts& tensor, FillChoice&& choice, std::optional<Grid>&& grid,
           TensorPlan& planned) {
  if (tensor.is_explained) Explain(tensor, choice.reason, planned);
  const Summary summary = Summarize(*choice.fill);
  planned.action = Action::kReinitialize;
  planned.scheme = std::move(choice.scheme);
  planned.gain = choice.gain;
  planned.distribution = std::string(summary.distribution);
  planned.mean = summary.mean;
  planned.std = summary.std;
  planned.bound = summary.bound;
  planned.fill = std::move(choice.fill);
  planned.grid = std::move(grid);
}

void KeepState(TensorFacts& tensor, std::string_view why, TensorPlan& planned) {
  Explain(tensor, IsState(tensor) ? why : "", planned);
}

absl::Status Decider::Decide(TensorFacts& tensor, TensorPlan& planned) {
  Describe(tensor, grounds_.convention, planned);
  const std::string why_kept = WhyNoRuleDecides(tensor, grounds_);
  if (why_kept.empty()) {
    RETURN_IF_ERROR(Choose(tensor, planned));
  } else {
    KeepState(tensor, why_kept, planned);
  }
  if (tensor.unknown_reader.empty()) return absl::OkStatus();
  ++notices_.unknown;
  if (notices_.first_unknown == nullptr) notices_.first_unknown = &tensor;
  return absl::OkStatus();
}

absl::Status Decider::Choose(TensorFacts& tensor, TensorPlan& planned) {
  std::optional<Grid> grid;
  GridRange range;
  if (tensor.quantization && IsState(tensor)) {
    const absl::StatusOr<GridRange> found = RangeOf(*tensor.quantization, planned);
    if (!found.ok()) {
      KeepState(tensor, Text("kept: ", found.status().message()), planned);
      return absl::OkStatus();
    }
    range = *found;
    grid = FindGrid(*tensor.quantization);
  }
  FillChoice choice;
  RETURN_IF_ERROR(
      ChooseFill(tensor, grounds_.network, grounds_.rules, grid, notices_.uses, choice));
  const bool follows = tensor.direction != nullptr && IsFloatingType(planned.data_type);
  if (follows && !choice.fill && !choice.is_users) {
    notices_.gains.push_back(&tensor);
    return absl::OkStatus();
  }
  if (!choice.fill) {
    KeepState(tensor, choice.reason, planned);
    return absl::OkStatus();
  }
  Carry(tensor, std::move(choice), std::move(grid), planned);
  NoteRange(range, planned);
  return absl::OkStatus();
}

absl::StatusOr<GridRange> Decider::RangeOf(const infer::QuantizationFacts& grid,
                                           const TensorPlan& planned) const {
  RETURN_IF_ERROR(CheckGrid(grid, planned.dims, planned.data_type));
  return ReadRange(grid, planned.data_type, grounds_.values);
}

Grid Decider::FindGrid(const infer::QuantizationFacts& facts) const {
  Grid grid{.axis = facts.axis, .block_size = facts.block_size, .packed_bits = facts.packed_bits};
  const TensorFacts& scale = grounds_.tensors.Find(facts.scale);
  grid.scale_scope = std::string(scale.scope);
  grid.scale_name = std::string(scale.name);
  if (facts.zero_point == nullptr) return grid;
  const TensorFacts& zero_point = grounds_.tensors.Find(facts.zero_point);
  grid.zero_point_scope = std::string(zero_point.scope);
  grid.zero_point_name = std::string(zero_point.name);
  return grid;
}

// A grid was made for the trained values. Where the new ones reach beyond its ends or fall between
// two of its steps, they are not what the plan says.
void Decider::NoteRange(const GridRange& range, const TensorPlan& planned) {
  const bool is_drawn = planned.fill.has_value() && planned.std > 0 && range.reach > 0;
  if (!is_drawn || (range.reach >= 2 * planned.std && range.step <= 2 * planned.std)) return;
  ++notices_.misfits;
  if (notices_.misfits > 1) return;
  notices_.first_misfit = Text("tensor ", Quote(planned.name), ", whose new values have std ",
                               planned.std, " on steps of ", range.step, " up to ", range.reach);
}

}  // namespace onnx_reinit::plan
