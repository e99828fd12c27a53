#include "plan/rules.h"

#include <utility>

#include "absl/status/status.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "plan/presets.h"
#include "plan/schemes.h"

namespace onnx_reinit::plan {
namespace {

constexpr Roles kMatrices{Role::kLinear, Role::kConv, Role::kConvTranspose, Role::kRnnInput,
                          Role::kRnnRecurrent};
constexpr Roles kTables{Role::kEmbedding, Role::kPositionEmbedding, Role::kToken,
                        Role::kRelPosBias};

// Fans say nothing of tables: their entries are looked up, not summed.
Roles RolesFor(const SchemeCall& call) {
  switch (call.row->needs) {
    case Needs::kNothing:
      return kMatrices | kTables;
    case Needs::kConvolution:
      return {Role::kConv, Role::kConvTranspose};
    default:
      return kMatrices;
  }
}

absl::StatusOr<Rule> FromRow(const PresetRow& row) {
  Rule rule{row.roles, row.block_roles, row.when, std::nullopt};
  if (row.scheme == "keep") return rule;
  ASSIGN_OR_RETURN(rule.scheme, ParseSchemeCall(row.scheme));
  return rule;
}

}  // namespace

bool Fits(const Rule& rule, const Layer& layer) {
  return rule.roles.Has(layer.facts->role) &&
         (rule.block_roles.IsEmpty() || rule.block_roles.Has(layer.block_role)) &&
         rule.when->holds(layer);
}

absl::StatusOr<std::vector<Rule>> MakeRules(const PlanOptions& options) {
  const PresetTable* preset = FindPreset(options.preset);
  if (preset == nullptr) {
    return absl::InvalidArgumentError(
        Text("there is no preset ", Quote(options.preset), "; `list presets` prints them all"));
  }
  std::vector<Rule> rules;
  if (!options.scheme.empty()) {
    ASSIGN_OR_RETURN(const SchemeCall call, ParseSchemeCall(options.scheme));
    rules.push_back({RolesFor(call), {}, &kAlways, call});
  }
  for (const PresetRow& row : preset->rows) {
    ASSIGN_OR_RETURN(Rule rule, FromRow(row));
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace onnx_reinit::plan
