#include "onnx_reinit/vocabulary.h"

#include <array>
#include <utility>

namespace onnx_reinit {
namespace {

template <typename Enum>
using Row = std::pair<Enum, std::string_view>;

constexpr auto kRoles = std::to_array<Row<Role>>({
    {Role::kLinear, "linear"},
    {Role::kConv, "conv"},
    {Role::kConvTranspose, "conv_transpose"},
    {Role::kEmbedding, "embedding"},
    {Role::kRnnInput, "rnn_input"},
    {Role::kRnnRecurrent, "rnn_recurrent"},
    {Role::kPositionEmbedding, "position_embedding"},
    {Role::kBias, "bias"},
    {Role::kRnnBias, "rnn_bias"},
    {Role::kRnnPeephole, "rnn_peephole"},
    {Role::kNormScale, "norm_scale"},
    {Role::kNormBias, "norm_bias"},
    {Role::kPreluSlope, "prelu_slope"},
    {Role::kLayerScale, "layer_scale"},
    {Role::kLogitScale, "logit_scale"},
    {Role::kRelPosBias, "rel_pos_bias"},
    {Role::kToken, "token"},
    {Role::kParameter, "parameter"},
    {Role::kNormMean, "norm_mean"},
    {Role::kNormVar, "norm_var"},
    {Role::kQuantScale, "quant_scale"},
    {Role::kQuantZeroPoint, "quant_zero_point"},
    {Role::kStructural, "structural"},
    {Role::kConstant, "constant"},
});

constexpr auto kBlockRoles = std::to_array<Row<BlockRole>>({
    {BlockRole::kNone, ""},
    {BlockRole::kQuery, "query"},
    {BlockRole::kKey, "key"},
    {BlockRole::kValue, "value"},
    {BlockRole::kQkv, "qkv"},
    {BlockRole::kKv, "kv"},
    {BlockRole::kAttentionOutput, "attention_output"},
    {BlockRole::kMlpIn, "mlp_in"},
    {BlockRole::kMlpGate, "mlp_gate"},
    {BlockRole::kMlpGateUp, "mlp_gate_up"},
    {BlockRole::kMlpOutput, "mlp_output"},
    {BlockRole::kRouter, "router"},
    {BlockRole::kPatchEmbedding, "patch_embedding"},
    {BlockRole::kStem, "stem"},
    {BlockRole::kHead, "head"},
    {BlockRole::kDepthwise, "depthwise"},
    {BlockRole::kPointwise, "pointwise"},
});

constexpr auto kSources = std::to_array<Row<Source>>({
    {Source::kInitializer, "initializer"},
    {Source::kSparseInitializer, "sparse_initializer"},
    {Source::kConstant, "constant"},
    {Source::kAttribute, "attribute"},
});

constexpr auto kActions = std::to_array<Row<Action>>({
    {Action::kReinitialize, "reinitialize"},
    {Action::kKeep, "keep"},
});

template <typename Enum, size_t kSize>
std::string_view NameOf(const std::array<Row<Enum>, kSize>& rows, Enum value) {
  for (const auto& [row_value, name] : rows) {
    if (row_value == value) return name;
  }
  return {};
}

template <typename Enum, size_t kSize>
std::optional<Enum> ValueOf(const std::array<Row<Enum>, kSize>& rows, std::string_view text) {
  for (const auto& [value, name] : rows) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view ToString(Role role) { return NameOf(kRoles, role); }
std::string_view ToString(BlockRole role) { return NameOf(kBlockRoles, role); }
std::string_view ToString(Source source) { return NameOf(kSources, source); }
std::string_view ToString(Action action) { return NameOf(kActions, action); }

std::optional<Role> ParseRole(std::string_view text) { return ValueOf(kRoles, text); }
std::optional<BlockRole> ParseBlockRole(std::string_view text) {
  return ValueOf(kBlockRoles, text);
}
std::optional<Source> ParseSource(std::string_view text) { return ValueOf(kSources, text); }
std::optional<Action> ParseAction(std::string_view text) { return ValueOf(kActions, text); }

bool IsWeight(Role role) { return role <= Role::kRnnRecurrent; }
bool IsLearned(Role role) { return role < Role::kNormMean; }

}  // namespace onnx_reinit
