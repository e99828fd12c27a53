// Presets of transformers and state-space networks for text, sound, and text with pictures.
#ifndef ONNX_REINIT_PLAN_PRESET_TRANSFORMERS_INL_H_
#define ONNX_REINIT_PLAN_PRESET_TRANSFORMERS_INL_H_

#include <array>

#include "plan/preset_rows-inl.h"

namespace onnx_reinit::plan {

// Hugging Face's base: every matrix and table alike.
inline constexpr auto kHfFlat = std::to_array<PresetRow>({
    {kMatrices | kTables, kAny, &kAlways, "normal(std=0.02)"},
});

inline constexpr auto kGpt2 = std::to_array<PresetRow>({
    {kMatrices, kAny, &kWritesStream, "normal(std=0.02,depth=additions)"},
    {kMatrices | kTables, kAny, &kAlways, "normal(std=0.02)"},
});

inline constexpr auto kBert = std::to_array<PresetRow>({
    {kMatrices | kTables, kAny, &kAlways, "truncated-normal(std=0.02,bounds=2)"},
});

inline constexpr auto kLlama = std::to_array<PresetRow>({
    {kEmbeddings, kAny, &kAlways, "normal"},
    {kMatrices, kHeads, &kAlways, "variance-scaling(bounds=3,corrected=no)"},
    {kMatrices, kAny, &kWritesStream,
     "truncated-normal(std=0.02,bounds=2,unit=absolute,depth=additions_so_far)"},
    {kMatrices, kUps, &kWithoutActivation,
     "truncated-normal(std=0.02,bounds=2,unit=absolute,depth=additions_so_far)"},
    {kMatrices, kAny, &kAlways, kTruncated002},
});

inline constexpr auto kNeox = std::to_array<PresetRow>({
    {kMatrices, kAny, &kWritesStream, "wang-init"},
    {kMatrices | kEmbeddings, kAny, &kAlways, "small-init"},
});

inline constexpr auto kMitchell = std::to_array<PresetRow>({
    {kMatrices, kAny, &kWritesStream,
     "variance-scaling(bounds=3,corrected=no,depth=additions_so_far)"},
    {kMatrices, kAny, &kAlways, "variance-scaling(mode=width,bounds=3,corrected=no)"},
    {kEmbeddings | kPositions, kAny, &kAlways,
     "variance-scaling(mode=width,bounds=3,corrected=no)"},
});

inline constexpr auto kOlmo = std::to_array<PresetRow>({
    {kMatrices | kTables, kAny, &kAlways, "truncated-normal(std=0.02,bounds=3)"},
});

inline constexpr auto kT5 = std::to_array<PresetRow>({
    {kMatrices, kQueries, &kAlways, "variance-scaling(mode=fan_in_x_head,distribution=normal)"},
    {kEmbeddings, kAny, &kAlways, "normal"},
    {kMatrices, kHeads, &kVocabularyHead, "normal"},
    {kMatrices, kAny, &kAlways, "variance-scaling(distribution=normal)"},
    {{Role::kRelPosBias}, kAny, &kAlways, "variance-scaling(mode=width,distribution=normal)"},
});

inline constexpr auto kModernbert = std::to_array<PresetRow>({
    {kMatrices, kAny, &kWritesStream, "truncated-normal(std=0.02,bounds=2,depth=additions)"},
    {kMatrices, kHeads, &kAlways, "variance-scaling(bounds=2,corrected=no)"},
    {kMatrices, kAny, &kOutsideBlocks, "truncated-normal(std=0.02,bounds=2,depth=additions)"},
    {kMatrices | kTables, kAny, &kAlways, "truncated-normal(std=0.02,bounds=2)"},
});

// The same numbers in both; which of the two kinds of layers gets which differs.
inline constexpr std::string_view kClipNarrow =
    "variance-scaling(mode=width,distribution=normal,depth=additions)";
inline constexpr std::string_view kClipWide = "variance-scaling(mode=width,distribution=normal)";
inline constexpr std::string_view kClipMlp =
    "variance-scaling(scale=0.5,mode=width,distribution=normal)";

inline constexpr auto kClip = std::to_array<PresetRow>({
    {kMatrices, kAttentionInputs, &kAlways, kClipWide},
    {kMatrices, kBlockOutputs, &kAlways, kClipNarrow},
    {kMatrices, kMlpInputs, &kAlways, kClipMlp},
    {kLinears, kAny, &kAlways, kClipWide},
    {kConvolutions, kAny, &kAlways, kTorchDefault},
    {kEmbeddings, kAny, &kAlways, "normal(std=0.02)"},
    {kPositions, kAny, &kNotOfWords, kClipWide},
    {kPositions, kAny, &kAlways, "normal(std=0.01)"},
    {kTokens, kAny, &kAlways, kClipWide},
    {{Role::kLogitScale}, kAny, &kAlways, "constant(value=2.6592600369327781)"},
});

inline constexpr auto kClipHf = std::to_array<PresetRow>({
    {kMatrices, kAttentionInputs, &kAlways, kClipNarrow},
    {kMatrices, kAttentionOutputs, &kAlways, kClipWide},
    {kMatrices, kMlpInputs, &kAlways, kClipMlp},
    {kMatrices, kBlockOutputs, &kAlways, kClipNarrow},
    {kLinears, kAny, &kAlways, kClipWide},
    {kConvolutions | kEmbeddings | kPositions, kAny, &kAlways, "normal(std=0.02)"},
    {kTokens, kAny, &kAlways, kClipWide},
    {{Role::kLogitScale}, kAny, &kAlways, "constant(value=2.6592600369327781)"},
});

inline constexpr auto kWav2vec2 = std::to_array<PresetRow>({
    {kConvolutions, kAny, &kGrouped, "variance-scaling(scale=4,mode=fan_out,distribution=normal)"},
    {kConvolutions, kAny, &kAlways, "kaiming-normal(slope=0)"},
    {kBiases, kAny, &kConvolutionBias, kTorchDefault},
    {kLinears, kTransformerInputs | kBlockOutputs | kHeads, &kAlways, "normal(std=0.02)"},
    {kLinears, kAny, &kOutsideBlocks, kTorchDefault},
    {kLinears | kTables, kAny, &kAlways, "normal(std=0.02)"},
});

inline constexpr auto kMamba = std::to_array<PresetRow>({
    {kMatrices, kAny, &kWritesStream, "kaiming-uniform(slope=2.23606797749979,depth=blocks)"},
    {kMatrices, kAny, &kAlways, kTorchDefault},
    {kBiases, kAny, &kConvolutionBias, kTorchDefault},
    {kBiases, kAny, &kBiasBeforeSoftplus, "inverse-softplus"},
    {kTables, kAny, &kAlways, "normal(std=0.02)"},
    {{Role::kParameter}, kAny, &kExponentiated, "log-range"},
    {{Role::kParameter, Role::kLayerScale}, kAny, &kVector, "ones"},
});

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_PRESET_TRANSFORMERS_INL_H_
