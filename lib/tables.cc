#include "onnx_reinit/tables.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "infer/activation_forms.h"
#include "infer/activation_operators.h"
#include "infer/attribute_slots.h"
#include "infer/normalizations.h"
#include "infer/operator_versions.h"
#include "infer/see_through.h"
#include "infer/slot.h"
#include "plan/native.h"
#include "plan/presets.h"
#include "plan/schemes.h"
#include "report/table.h"

namespace onnx_reinit {
namespace {

using report::Emphasis;
using report::TableRow;

std::string OperatorText(std::string_view domain, std::string_view op_type) {
  return domain.empty() ? std::string(op_type) : Text(domain, ".", op_type);
}

// A row holds for all versions of its operator.
template <typename Row>
std::string VersionsText(const Row& row) {
  return std::string(infer::VersionsOf(row.domain, row.op_type));
}

std::string InputText(int input) { return input < 0 ? "any" : Text(input); }

// Where the layout of a domain's operators is written down.
std::string SourceOf(std::string_view domain) {
  if (domain.empty()) return "onnx docs/Operators.md";
  if (domain == "ai.onnx.ml") return "onnx docs/Operators-ml.md";
  if (domain == "onnx.brevitas" || domain.starts_with("qonnx")) return "fastmachinelearning/qonnx";
  return domain == "border" ? "" : "onnxruntime docs/ContribOperators.md";
}

void AddTitle(std::string_view title, std::vector<TableRow>& rows) {
  rows.push_back({{std::string(title)}, Emphasis::kStrong});
}

void AddSlots(std::vector<TableRow>& rows) {
  AddTitle("what an input holds", rows);
  for (const infer::SlotRow& row : infer::SlotRows()) {
    rows.push_back({{OperatorText(row.domain, row.op_type), VersionsText(row), InputText(row.input),
                     std::string(row.holds), std::string(row.fans), SourceOf(row.domain)}});
  }
  AddTitle("what an attribute holds", rows);
  for (const infer::AttributeRow& row : infer::AttributeRows()) {
    rows.push_back(
        {{OperatorText(row.domain, row.op_type), VersionsText(row), std::string(row.attribute),
          std::string(row.holds), "", SourceOf(row.domain)}});
  }
}

void AddSeeThrough(std::vector<TableRow>& rows) {
  AddTitle("seen through, where a stored tensor passes", rows);
  for (const infer::SeeThroughRow& row : infer::SeeThroughRows()) {
    rows.push_back({{OperatorText(row.domain, row.op_type), VersionsText(row), InputText(row.input),
                     std::string(row.effect), "", SourceOf(row.domain)}});
  }
}

void AddActivations(std::vector<TableRow>& rows) {
  AddTitle("nonlinearities", rows);
  for (const infer::ActivationOperator& row : infer::ActivationOperators()) {
    rows.push_back({{OperatorText(row.domain, row.op_type), VersionsText(row), "", infer::Says(row),
                     "", SourceOf(row.domain)}});
  }
  AddTitle("nonlinearities in pieces, by what they compute", rows);
  for (const infer::ActivationForm& form : infer::ActivationForms()) {
    rows.push_back({{std::string(form.name), "", "", std::string(form.formula), "",
                     std::string(form.source)}});
  }
  AddTitle("normalisations in pieces", rows);
  for (const infer::NormalizationForm& form : infer::NormalizationForms()) {
    rows.push_back({{std::string(form.name), "", "", std::string(form.formula), "",
                     std::string(form.source)}});
  }
}

std::string RulesText(const TextStyle& style) {
  std::vector<TableRow> rows = {
      {{"operator", "versions", "input", "holds", "fans", "source"}, Emphasis::kStrong}};
  AddSlots(rows);
  AddSeeThrough(rows);
  AddActivations(rows);
  return report::AlignTable(std::move(rows), style);
}

std::string StandardValue(const plan::ParameterRow& parameter) {
  if (parameter.words.empty() && parameter.standard < parameter.lowest) return "none";
  if (parameter.words.empty()) return Text(parameter.standard);
  return std::string(parameter.words[static_cast<size_t>(parameter.standard)]);
}

std::string Signature(const plan::SchemeRow& row) {
  std::string arguments;
  for (const plan::ParameterRow& parameter : row.parameters) {
    arguments += Text(arguments.empty() ? "" : ",", parameter.name, "=", StandardValue(parameter));
  }
  return arguments.empty() ? std::string(row.name) : Text(row.name, "(", arguments, ")");
}

std::string ChoicesText(const plan::ParameterRow& parameter) {
  std::string words;
  for (const std::string_view word : parameter.words) {
    words.append(words.empty() ? "" : "|").append(word);
  }
  return words.empty() ? "number" : words;
}

// Parameters of the same name mean the same in every scheme.
void AddParameters(std::vector<TableRow>& rows) {
  std::vector<std::string_view> listed;
  for (const plan::SchemeRow& row : plan::SchemeRows()) {
    for (const plan::ParameterRow& parameter : row.parameters) {
      const bool is_listed =
          std::find(listed.begin(), listed.end(), parameter.name) != listed.end();
      if (is_listed || parameter.summary.empty()) continue;
      listed.push_back(parameter.name);
      rows.push_back(
          {{Text("  ", parameter.name), std::string(parameter.summary), ChoicesText(parameter)}});
    }
  }
}

std::string SchemesText(const TextStyle& style) {
  std::vector<TableRow> rows = {{{"scheme", "values", "source"}, Emphasis::kStrong}};
  for (const plan::SchemeRow& row : plan::SchemeRows()) {
    rows.push_back({{Signature(row), std::string(row.formula), std::string(row.source)}});
  }
  rows.push_back({{"where"}});
  AddParameters(rows);
  return report::AlignTable(std::move(rows), style);
}

std::string PlaceText(const plan::PresetRow& row) {
  std::string place = plan::NamesOf(row.block_roles);
  if (!place.empty() && !row.when->text.empty()) place += ", ";
  return place.append(row.when->text);
}

void AddNative(std::vector<TableRow>& rows) {
  rows.push_back(
      {{"native: one of these, by the architecture that is recognised"}, Emphasis::kStrong});
  for (const plan::NativeRow& row : plan::NativeRows()) {
    rows.push_back({{"", std::string(row.preset), std::string(row.why)}});
  }
}

std::string PresetsText(const TextStyle& style) {
  std::vector<TableRow> rows = {{{"roles", "scheme", "only for"}, Emphasis::kStrong}};
  AddNative(rows);
  for (const plan::PresetTable& preset : plan::PresetTables()) {
    rows.push_back(
        {{Text(preset.name, ": ", preset.summary, " (", preset.source, ")")}, Emphasis::kStrong});
    for (const plan::PresetRow& row : preset.rows) {
      rows.push_back({{plan::NamesOf(row.roles), std::string(row.scheme), PlaceText(row)}});
    }
  }
  return report::AlignTable(std::move(rows), style);
}

}  // namespace

std::string ListText(Listing listing, const TextStyle& style) {
  switch (listing) {
    case Listing::kRules:
      return RulesText(style);
    case Listing::kSchemes:
      return SchemesText(style);
    case Listing::kPresets:
      return PresetsText(style);
  }
  return {};
}

}  // namespace onnx_reinit
