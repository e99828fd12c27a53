#include "plan/rules.h"

#include <utility>

#include "absl/status/status.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "plan/presets.h"
#include "plan/schemes.h"
#include "plan/user_rules.h"

namespace onnx_reinit::plan {
namespace {

absl::Status AddScheme(const std::string& scheme, RuleSet& set) {
  ASSIGN_OR_RETURN(const SchemeCall call, ParseSchemeCall(scheme));
  if (call.row->roles.IsEmpty()) {
    return absl::InvalidArgumentError(
        Text("--scheme ", Quote(scheme), " is for single tensors only: name them with --set"));
  }
  set.sources.push_back({.text = Text("--scheme ", scheme), .is_scheme = true});
  set.rules.push_back({.source = set.sources.size() - 1,
                       .roles = call.row->roles,
                       .when = call.row->when,
                       .scheme = call});
  return absl::OkStatus();
}

absl::Status AddPreset(const PresetTable& preset, RuleSet& set) {
  set.sources.push_back({.text = Text("preset ", preset.name), .is_family = preset.name != "auto"});
  for (const PresetRow& row : preset.rows) {
    Rule rule{.source = set.sources.size() - 1,
              .roles = row.roles,
              .block_roles = row.block_roles,
              .when = row.when};
    if (row.scheme != "keep") {
      ASSIGN_OR_RETURN(rule.scheme, ParseSchemeCall(row.scheme));
    }
    set.rules.push_back(std::move(rule));
  }
  return absl::OkStatus();
}

absl::Status AddUsersRules(const PlanOptions& options, RuleSet& set) {
  for (const std::string& setting : options.settings) {
    RETURN_IF_ERROR(AddSetting(setting, set));
  }
  if (options.recipe.empty()) return absl::OkStatus();
  return AddRecipe(options.recipe, options.recipe_name, set);
}

// Said of every tensor that the rule decides for.
void AddTexts(RuleSet& set) {
  for (Rule& rule : set.rules) {
    if (rule.scheme) rule.text = Text(set.sources[rule.source].text, ": ", ToText(*rule.scheme));
  }
}

bool HasRole(const Rule& rule, const Layer& layer) {
  return rule.roles.IsEmpty() || rule.roles.Has(layer.role) ||
         (rule.selector != nullptr && rule.roles.Has(layer.facts->role));
}

bool HasBlockRole(const Rule& rule, const Layer& layer) {
  return rule.block_roles.IsEmpty() || rule.block_roles.Has(layer.block_role) ||
         (rule.selector != nullptr && rule.block_roles.Has(layer.facts->block_role));
}

}  // namespace

bool Fits(const Rule& rule, const Layer& layer) {
  return HasRole(rule, layer) && HasBlockRole(rule, layer) && rule.when->holds(layer) &&
         (rule.selector == nullptr || Selects(*rule.selector, layer));
}

absl::StatusOr<RuleSet> MakeRules(const PlanOptions& options, const std::string& preset) {
  const PresetTable* table = FindPreset(preset);
  if (table == nullptr) {
    return absl::InvalidArgumentError(
        Text("there is no preset ", Quote(preset), "; `list presets` prints them all"));
  }
  RuleSet set{.convention = options.fan_convention.value_or(table->convention)};
  RETURN_IF_ERROR(AddUsersRules(options, set));
  if (!options.scheme.empty()) RETURN_IF_ERROR(AddScheme(options.scheme, set));
  RETURN_IF_ERROR(AddPreset(*table, set));
  if (table->name != "auto") RETURN_IF_ERROR(AddPreset(*FindPreset("auto"), set));
  AddTexts(set);
  return set;
}

}  // namespace onnx_reinit::plan
