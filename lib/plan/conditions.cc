#include "plan/conditions.h"

#include <algorithm>
#include <string>

#include "plan/gains.h"

namespace onnx_reinit::plan {
namespace {

template <typename Enum>
std::string Names(EnumSet<Enum> set, Enum last) {
  std::string names;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const auto member = static_cast<Enum>(i);
    if (set.Has(member)) names.append(names.empty() ? "" : " ").append(ToString(member));
  }
  return names;
}

}  // namespace

std::string NamesOf(Roles roles) { return Names(roles, Role::kConstant); }
std::string NamesOf(BlockRoles block_roles) { return Names(block_roles, BlockRole::kPointwise); }

bool Always(const Layer&) { return true; }

bool IsBeforeRectifier(const Layer& layer) {
  return KindOf(layer.facts->following) == ActivationKind::kRectifier;
}

bool IsBeforeSaturating(const Layer& layer) {
  return KindOf(layer.facts->following) == ActivationKind::kSaturating;
}

bool IsResidualOutput(const Layer& layer) { return layer.facts->residual_output; }

bool WritesStream(const Layer& layer) {
  const bool is_output =
      layer.block_role == BlockRole::kAttentionOutput || layer.block_role == BlockRole::kMlpOutput;
  return is_output || (layer.block_role == BlockRole::kNone && IsResidualOutput(layer));
}

bool EndsPlainBranch(const Layer& layer) {
  return layer.facts->residual_output && !layer.facts->branch_has_norm;
}

bool EndsPlainBranchBeforeRectifier(const Layer& layer) {
  return EndsPlainBranch(layer) && IsBeforeRectifier(layer);
}

bool EndsPlainBranchBeforeSaturating(const Layer& layer) {
  return EndsPlainBranch(layer) && IsBeforeSaturating(layer);
}

bool IsOutsideBlocks(const Layer& layer) {
  return layer.facts->block_index < 0 &&
         (layer.block_role == BlockRole::kNone || layer.block_role == BlockRole::kHead);
}

bool IsVocabularyHead(const Layer& layer) {
  return layer.network->vocabulary > 0 &&
         layer.fan_out == static_cast<double>(layer.network->vocabulary);
}

// Of a fused pair the activation is the gate's.
bool IsWithoutActivation(const Layer& layer) {
  const bool is_beside_gate =
      layer.facts->block_role == BlockRole::kMlpGateUp && layer.block_role == BlockRole::kMlpIn;
  return is_beside_gate || layer.facts->following.name == "none";
}

// The weight, or its bias.
bool IsOfFusedAttention(const Layer& layer) {
  return layer.facts->block_role == BlockRole::kQkv ||
         layer.facts->weight_block_role == BlockRole::kQkv;
}

bool RestsAtZero(const Layer& layer) { return layer.facts->rests_at_zero; }

// The two biases of a gate add up, so that only one of them is 1.
bool IsForgetGate(const Layer& layer) { return layer.label == "input bias, forget gate"; }

bool IsGrouped(const Layer& layer) { return layer.facts->groups > 1; }

bool IsConvolutionBias(const Layer& layer) {
  return std::any_of(
      layer.facts->uses.begin(), layer.facts->uses.end(),
      [](const infer::UseFacts& use) { return use.op_type.find("Conv") != std::string::npos; });
}

bool IsMlpBias(const Layer& layer) {
  switch (layer.facts->weight_block_role) {
    case BlockRole::kMlpIn:
    case BlockRole::kMlpGate:
    case BlockRole::kMlpGateUp:
    case BlockRole::kMlpOutput:
      return true;
    default:
      return false;
  }
}

bool IsBiasBeforeSoftplus(const Layer& layer) {
  return layer.facts->sum_following.name == "softplus";
}

bool IsExponentiated(const Layer& layer) { return layer.facts->is_exponentiated; }

bool IsNotOfWords(const Layer& layer) {
  return Width(layer) != static_cast<double>(layer.network->width);
}

bool IsVector(const Layer& layer) {
  return std::ranges::count_if(layer.facts->tensor->dims, [](int64_t n) { return n != 1; }) == 1;
}

}  // namespace onnx_reinit::plan
