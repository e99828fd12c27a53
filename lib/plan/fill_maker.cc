#include "plan/fill_maker.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "base/element_type.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "plan/distributions.h"
#include "plan/layer.h"
#include "plan/number_text.h"
#include "plan/quantization.h"
#include "plan/schemes.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;

// Multiplying what is drawn by `factor` changes every number that has its unit.
void Scale(double factor, Values& values) {
  for (double* number :
       {&values.mean, &values.std, &values.bound, &values.parent_std, &values.low, &values.high}) {
    *number *= factor;
  }
  if (NeedsMatrix(values.distribution)) values.gain *= factor;
}

// A weight that is used times a constant is drawn so that the product is as the scheme wants it.
void UndoStoredScale(const TensorFacts& facts, Values& values) {
  if (IsWeight(facts.role) && facts.stored_scale != 0 && facts.stored_scale != 1) {
    Scale(1 / std::fabs(facts.stored_scale), values);
  }
}

Piece PieceOf(const Layer& layer, const Values& values) {
  Piece piece{.label = layer.label,
              .axis = layer.axis,
              .begin = layer.begin,
              .end = layer.end,
              .values = values};
  if (NeedsMatrix(values.distribution)) piece.matrix = layer.facts->axes;
  return piece;
}

// The axis that stacks the groups of a convolution.
int GroupAxis(const TensorFacts& facts) {
  const MatrixAxes& axes = facts.axes;
  return facts.role == Role::kConvTranspose ? axes.input.front() : axes.output.front();
}

// Each group of a convolution is a matrix of its own. A piece that is cut along another axis, or
// groups that do not divide theirs, stay one matrix.
void AppendPieces(const Layer& layer, const Values& values, Fill& fill) {
  const TensorFacts& facts = *layer.facts;
  const bool is_matrix = NeedsMatrix(values.distribution) && HasMatrix(layer);
  if (!is_matrix || facts.groups <= 1 || layer.end >= 0) {
    fill.pieces.push_back(PieceOf(layer, values));
    return;
  }
  Layer group = layer;
  group.axis = GroupAxis(facts);
  const int64_t extent = fill.dims[static_cast<size_t>(group.axis)] / facts.groups;
  for (int64_t i = 0; i < facts.groups; ++i) {
    group.begin = i * extent;
    group.end = group.begin + extent;
    fill.pieces.push_back(PieceOf(group, values));
  }
}

// Of tensors that are no state, only those whose role a rule of the user names are its business.
bool MayDecide(const Rule& rule, const RuleSource& source, const TensorFacts& facts) {
  return IsState(facts) || (source.is_users && !rule.roles.IsEmpty());
}

bool IsFor(const Rule& rule, const RuleSet& set, const Layer& layer) {
  return Fits(rule, layer) && MayDecide(rule, set.sources[rule.source], *layer.facts);
}

// Also of the rules that come too late to decide.
void CountFits(const Layer& layer, const RuleSet& set, std::vector<RuleUse>& uses) {
  for (const Rule& rule : set.rules) {
    if (!set.sources[rule.source].is_users) return;  // those of the user come first
    if (IsFor(rule, set, layer)) ++uses[rule.source].fits;
  }
}

struct Chosen {
  const Rule* rule = nullptr;  // nullptr: none fits
  Drawn drawn;                 // where the rule has a scheme
  std::string notes;           // rules that fit but could not be carried out
};

Chosen Choose(const Layer& layer, const RuleSet& set, std::vector<RuleUse>& uses) {
  CountFits(layer, set, uses);
  Chosen chosen;
  for (const Rule& rule : set.rules) {
    if (!IsFor(rule, set, layer)) continue;
    RuleUse& use = uses[rule.source];
    absl::StatusOr<Drawn> drawn = rule.scheme ? Draw(*rule.scheme, layer) : Drawn{};
    if (drawn.ok()) {
      ++use.decides;
      return {&rule, *std::move(drawn), std::move(chosen.notes)};
    }
    const std::string failure{drawn.status().message()};
    chosen.notes += failure + "; ";
    if (use.failure.empty()) use.failure = Text("tensor ", Quote(layer.facts->name), ": ", failure);
  }
  return chosen;
}

// Fans that differ from those that the plan lists.
bool IsCountedOtherwise(const Layer& layer, FanConvention convention) {
  const TensorFacts& facts = *layer.facts;
  return convention != FanConvention::kExact &&
         (layer.fan_in != static_cast<double>(facts.fan_in) ||
          layer.fan_out != static_cast<double>(facts.fan_out));
}

std::string Describe(const Layer& layer, const Chosen& chosen, FanConvention convention) {
  const auto& [values, gain] = chosen.drawn;
  if (!IsWeight(layer.facts->role) || values.distribution == Distribution::kConstant) {
    return Text(chosen.notes, chosen.rule->text);
  }
  // Of a matrix that is made as a whole, the std follows from its shape.
  return Text(chosen.notes, chosen.rule->text, ", gain ", FourDigits(gain), ", fan_in ",
              NoFraction(layer.fan_in), ", fan_out ", NoFraction(layer.fan_out),
              IsCountedOtherwise(layer, convention) ? " as the framework counts them" : "",
              values.std > 0 ? ", std " : "", values.std > 0 ? FourDigits(values.std) : "",
              layer.stacked == 1 ? "" : Text(", for each of ", layer.stacked, " layers in it"));
}

// What is said of a tensor's parts, where the same is true of several, once.
class Reasons {
 public:
  void Add(const Layer& layer, std::string text) {
    if (!all_.empty() && std::string_view(all_).substr(last_) == text) return;
    if (!all_.empty()) all_.append(", ");
    if (!layer.label.empty()) all_.append("from ").append(layer.label).append(" on ");
    last_ = all_.size();
    if (last_ == 0) {
      all_ = std::move(text);
    } else {
      all_.append(text);
    }
  }
  std::string Take() { return std::move(all_); }

 private:
  std::string all_;
  size_t last_ = 0;  // where the last one begins
};

absl::Status Keep(std::string reason, FillChoice& choice) {
  choice = {.reason = std::move(reason)};
  return absl::OkStatus();
}

bool HasNoElements(const TensorFacts& facts) {
  const wire::Dims& dims = facts.tensor->dims;
  return std::find(dims.begin(), dims.end(), 0) != dims.end();
}

bool IsZero(const Fill& fill) {
  return std::all_of(fill.pieces.begin(), fill.pieces.end(), [](const Piece& piece) {
    return piece.values.distribution == Distribution::kConstant && piece.values.mean == 0;
  });
}

// True where elements of the tensor's type can hold the fill. Integers without a grid stand for
// unknown multiples of something; but 0 is 0.
bool CanHold(const TensorFacts& facts, const std::optional<Grid>& grid, const Fill& fill) {
  const ElementTypeInfo* type = FindElementType(facts.tensor->data_type);
  if (grid || IsFloatingType(facts.tensor->data_type)) return true;
  return type != nullptr && type->kind == NumberKind::kSigned && IsZero(fill);
}

std::string WhyKept(const Layer& layer, const RuleSource& source) {
  if (source.is_users) return source.text;
  const std::string_view role = ToString(layer.role);
  return Text(source.text, " leaves a ", role, " as it is; --set role=", role,
              ":SCHEME would draw it");
}

absl::Status PartlyKept(const TensorFacts& facts, const RuleSource& source) {
  return absl::InvalidArgumentError(Text(source.text, ": tensor ", Quote(facts.name),
                                         " is stored in one piece, so that it cannot be kept in "
                                         "part and drawn in part"));
}

void Take(const Layer& layer, const Chosen& chosen, const RuleSet& set, FillChoice& choice) {
  const SchemeRow& scheme = *chosen.rule->scheme->row;
  Values values = chosen.drawn.values;
  if (scheme.needs != Needs::kNothing && !set.sources[chosen.rule->source].is_family) {
    UndoStoredScale(*layer.facts, values);
  }
  if (choice.fill->pieces.empty()) {
    choice.scheme = std::string(scheme.name);
    choice.gain = chosen.drawn.gain;
  }
  AppendPieces(layer, values, *choice.fill);
}

}  // namespace

bool IsState(const TensorFacts& facts) {
  return facts.learned || facts.role == Role::kNormMean || facts.role == Role::kNormVar;
}

absl::Status ChooseFill(const TensorFacts& facts, const Network& network, const RuleSet& set,
                        const std::optional<Grid>& grid, std::vector<RuleUse>& uses,
                        FillChoice& choice) {
  if (HasNoElements(facts)) return Keep("kept: it has no elements", choice);
  ASSIGN_OR_RETURN(choice.fill, EmptyFill(facts.tensor->dims, facts.tensor->data_type, grid));
  Reasons reasons;
  const Rule* keeper = nullptr;
  for (const Layer& layer : LayersOf(facts, network, set.convention)) {
    const Chosen chosen = Choose(layer, set, uses);
    if (chosen.rule == nullptr) {
      return Keep(Text("kept: ", chosen.notes, "no rule is for it"), choice);
    }
    if (chosen.rule->scheme) {
      if (facts.is_explained) reasons.Add(layer, Describe(layer, chosen, set.convention));
      Take(layer, chosen, set, choice);
    } else {
      keeper = chosen.rule;
      reasons.Add(layer, Text("kept: ", chosen.notes, WhyKept(layer, set.sources[keeper->source])));
    }
  }
  if (keeper == nullptr && !CanHold(facts, grid, *choice.fill)) {
    return Keep(Text("kept: elements of type ", ElementTypeName(facts.tensor->data_type),
                     " stand for no real numbers"),
                choice);
  }
  choice.reason = reasons.Take();
  if (keeper == nullptr) return absl::OkStatus();
  if (!choice.fill->pieces.empty()) return PartlyKept(facts, set.sources[keeper->source]);
  choice.fill.reset();
  choice.is_users = set.sources[keeper->source].is_users;
  return absl::OkStatus();
}

}  // namespace onnx_reinit::plan
