// What the tables of presets are written with; included by presets.cc only.
#ifndef ONNX_REINIT_PLAN_PRESET_ROWS_INL_H_
#define ONNX_REINIT_PLAN_PRESET_ROWS_INL_H_

#include "plan/presets.h"

namespace onnx_reinit::plan {

inline constexpr Roles kLinears{Role::kLinear};
inline constexpr Roles kConvolutions{Role::kConv, Role::kConvTranspose};
inline constexpr Roles kMatrices = kLinears | kConvolutions;
inline constexpr Roles kRecurrent{Role::kRnnInput, Role::kRnnRecurrent, Role::kRnnBias,
                                  Role::kRnnPeephole};
inline constexpr Roles kEmbeddings{Role::kEmbedding};
inline constexpr Roles kPositions{Role::kPositionEmbedding};
inline constexpr Roles kTokens{Role::kToken};
inline constexpr Roles kTables{Role::kEmbedding, Role::kPositionEmbedding, Role::kToken,
                               Role::kRelPosBias};
inline constexpr Roles kBiases{Role::kBias};

inline constexpr BlockRoles kAny{};
inline constexpr BlockRoles kQueries{BlockRole::kQuery};
inline constexpr BlockRoles kAttentionInputs{BlockRole::kQuery, BlockRole::kKey, BlockRole::kValue,
                                             BlockRole::kQkv, BlockRole::kKv};
inline constexpr BlockRoles kMlpInputs{BlockRole::kMlpIn, BlockRole::kMlpGate,
                                       BlockRole::kMlpGateUp};
inline constexpr BlockRoles kUps{BlockRole::kMlpIn};
inline constexpr BlockRoles kBlockOutputs{BlockRole::kAttentionOutput, BlockRole::kMlpOutput};
inline constexpr BlockRoles kAttentionOutputs{BlockRole::kAttentionOutput};
inline constexpr BlockRoles kHeads{BlockRole::kHead};
inline constexpr BlockRoles kPatches{BlockRole::kPatchEmbedding};
inline constexpr BlockRoles kRouters{BlockRole::kRouter};
inline constexpr BlockRoles kTransformerInputs = kAttentionInputs | kMlpInputs | kRouters;

// What several frameworks and families share, in the words of a scheme.
inline constexpr std::string_view kTorchDefault = "kaiming-uniform(slope=2.23606797749979)";
inline constexpr std::string_view kHeFanOut = "kaiming-normal(mode=fan_out,slope=0)";
inline constexpr std::string_view kTruncated002 =
    "truncated-normal(std=0.02,bounds=2,unit=absolute)";

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_PRESET_ROWS_INL_H_
