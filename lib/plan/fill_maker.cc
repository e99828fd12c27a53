#include "plan/fill_maker.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "base/element_type.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "plan/distributions.h"
#include "plan/layer.h"
#include "plan/quantization.h"
#include "plan/schemes.h"

namespace onnx_reinit::plan {
namespace {

// Multiplying what is drawn by `factor` changes every number that has its unit.
void Scale(double factor, Values& values) {
  for (double* number :
       {&values.mean, &values.std, &values.bound, &values.parent_std, &values.low, &values.high}) {
    *number *= factor;
  }
  if (NeedsMatrix(values.distribution)) values.gain *= factor;
}

// A weight that is used times a constant is drawn so that the product is as the scheme wants it.
void UndoStoredScale(const infer::TensorFacts& facts, Values& values) {
  if (IsWeight(facts.role) && facts.stored_scale != 0 && facts.stored_scale != 1) {
    Scale(1 / std::abs(facts.stored_scale), values);
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

struct Chosen {
  const Rule* rule = nullptr;  // nullptr: none fits
  Drawn drawn;                 // where the rule has a scheme
  std::string notes;           // rules that fit but could not be carried out
};

Chosen Choose(const Layer& layer, absl::Span<const Rule> rules) {
  Chosen chosen;
  for (const Rule& rule : rules) {
    if (!Fits(rule, layer)) continue;
    if (!rule.scheme) return {&rule, {}, std::move(chosen.notes)};
    absl::StatusOr<Drawn> drawn = Draw(*rule.scheme, layer);
    if (drawn.ok()) return {&rule, *std::move(drawn), std::move(chosen.notes)};
    chosen.notes += Text(drawn.status().message(), "; ");
  }
  return chosen;
}

std::string Describe(const Layer& layer, const SchemeCall& call, const Drawn& drawn) {
  std::string text = layer.label.empty() ? ToText(call) : Text(layer.label, " ", ToText(call));
  if (call.row->needs == Needs::kFans) {
    text += absl::StrFormat(": gain %.4g, fan_in %.0f, fan_out %.0f", drawn.gain, layer.fan_in,
                            layer.fan_out);
  }
  return text;
}

FillChoice Keep(std::string reason) { return {.reason = std::move(reason)}; }

// Empty where elements of the tensor's type can be written.
std::string WhyUnwritable(const infer::TensorFacts& facts) {
  if (facts.quantization || IsFloatingType(facts.tensor->data_type)) return "";
  return Text("kept: elements of type ", ElementTypeName(facts.tensor->data_type),
              " stand for no real numbers");
}

bool HasNoElements(const infer::TensorFacts& facts) {
  const std::vector<int64_t>& dims = facts.tensor->dims;
  return std::find(dims.begin(), dims.end(), 0) != dims.end();
}

absl::Status AddGrid(const infer::TensorFacts& facts, const wire::ValueReader* values, Fill& fill) {
  if (!facts.quantization) return absl::OkStatus();
  ASSIGN_OR_RETURN(fill.quantization, ReadGrid(facts, values));
  return absl::OkStatus();
}

void Append(std::string text, std::string& reason) {
  reason.append(reason.empty() ? "" : ", ").append(text);
}

}  // namespace

FillChoice ChooseFill(const infer::TensorFacts& facts, absl::Span<const Rule> rules,
                      FanConvention convention, const wire::ValueReader* values) {
  if (HasNoElements(facts)) return Keep("kept: it has no elements");
  if (std::string why = WhyUnwritable(facts); !why.empty()) return Keep(std::move(why));
  FillChoice choice{.fill = Fill{facts.tensor->dims, facts.tensor->data_type, {}, {}}};
  for (const Layer& layer : LayersOf(facts, convention)) {
    Chosen chosen = Choose(layer, rules);
    if (chosen.rule == nullptr) return Keep(Text("kept: ", chosen.notes, "no rule fits it"));
    if (!chosen.rule->scheme) return Keep(Text("kept: ", chosen.notes, "so the preset says"));
    UndoStoredScale(facts, chosen.drawn.values);
    Append(chosen.notes + Describe(layer, *chosen.rule->scheme, chosen.drawn), choice.reason);
    if (choice.fill->pieces.empty()) {
      choice.scheme = std::string(chosen.rule->scheme->row->name);
      choice.gain = chosen.drawn.gain;
    }
    choice.fill->pieces.push_back(PieceOf(layer, chosen.drawn.values));
  }
  if (absl::Status status = AddGrid(facts, values, *choice.fill); !status.ok()) {
    return Keep(Text("kept: ", status.message()));
  }
  return choice;
}

}  // namespace onnx_reinit::plan
