#include "onnx_reinit/tables.h"

#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
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

std::string InputText(int input) { return input < 0 ? "any" : Text(input); }

std::string RulesText(const TextStyle& style) {
  std::vector<TableRow> rows = {{{"operator", "input", "holds", "fans"}, Emphasis::kStrong}};
  for (const infer::SlotRow& row : infer::SlotRows()) {
    rows.push_back({{OperatorText(row.domain, row.op_type), InputText(row.input),
                     std::string(row.holds), std::string(row.fans)}});
  }
  rows.push_back({{"Looked through:"}});
  for (const infer::SeeThroughRow& row : infer::SeeThroughRows()) {
    rows.push_back({{OperatorText(row.domain, row.op_type), InputText(row.input),
                     std::string(row.effect), ""}});
  }
  return report::AlignTable(std::move(rows), style);
}

std::string StandardValue(const plan::ParameterRow& parameter) {
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

std::string SchemesText(const TextStyle& style) {
  std::vector<TableRow> rows = {{{"scheme", "values", "source"}, Emphasis::kStrong}};
  for (const plan::SchemeRow& row : plan::SchemeRows()) {
    rows.push_back({{Signature(row), std::string(row.formula), std::string(row.source)}});
  }
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
