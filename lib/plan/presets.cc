#include "plan/presets.h"

#include <algorithm>
#include <array>

namespace onnx_reinit::plan {
namespace {

constexpr Roles kMatrices{Role::kLinear, Role::kConv, Role::kConvTranspose};
constexpr Roles kTables{Role::kEmbedding, Role::kPositionEmbedding, Role::kToken,
                        Role::kRelPosBias};
constexpr BlockRoles kAny{};
constexpr BlockRoles kTransformer{BlockRole::kQuery,    BlockRole::kKey,
                                  BlockRole::kValue,    BlockRole::kQkv,
                                  BlockRole::kKv,       BlockRole::kMlpIn,
                                  BlockRole::kMlpGate,  BlockRole::kMlpGateUp,
                                  BlockRole::kRouter,   BlockRole::kAttentionOutput,
                                  BlockRole::kMlpOutput};

constexpr auto kAuto = std::to_array<PresetRow>({
    {kMatrices, kTransformer, &kAlways, "variance-scaling(bounds=3,depth=additions)"},
    {kMatrices, kAny, &kEndsPlainBranchBeforeRectifier, "kaiming-normal(depth=blocks)"},
    {kMatrices, kAny, &kEndsPlainBranchBeforeSaturating,
     "xavier-normal(gain_source=following,depth=blocks)"},
    {kMatrices, kAny, &kEndsPlainBranch, "lecun-normal(depth=blocks)"},
    {kMatrices, kAny, &kBeforeRectifier, "kaiming-normal"},
    {kMatrices, kAny, &kBeforeSaturating, "xavier-normal(gain_source=following)"},
    {kMatrices, kAny, &kAlways, "lecun-normal"},
    {kTables, kAny, &kAlways, "truncated-normal(std=0.02,bounds=3,corrected=yes)"},
    {{Role::kRnnInput}, kAny, &kAlways, "xavier-uniform"},
    {{Role::kRnnRecurrent}, kAny, &kAlways, "orthogonal"},
    {{Role::kRnnBias}, kAny, &kForgetGate, "ones"},
    {{Role::kRnnBias, Role::kRnnPeephole}, kAny, &kAlways, "zeros"},
    {{Role::kBias, Role::kNormBias, Role::kNormMean}, kAny, &kAlways, "zeros"},
    {{Role::kNormScale}, kAny, &kRestsAtZero, "zeros"},
    {{Role::kNormScale, Role::kNormVar}, kAny, &kAlways, "ones"},
    {{Role::kPreluSlope}, kAny, &kAlways, "constant(value=0.25)"},
    {{Role::kLayerScale, Role::kLogitScale, Role::kParameter}, kAny, &kAlways, "keep"},
});

constexpr auto kPresets = std::to_array<PresetTable>({
    {"auto", "a scheme for each tensor by its role, activation and place", "README", kAuto},
});

}  // namespace

absl::Span<const PresetTable> PresetTables() { return kPresets; }

const PresetTable* FindPreset(std::string_view name) {
  const auto* table =
      std::lower_bound(kPresets.begin(), kPresets.end(), name,
                       [](const PresetTable& t, std::string_view n) { return t.name < n; });
  return table != kPresets.end() && table->name == name ? table : nullptr;
}

}  // namespace onnx_reinit::plan
