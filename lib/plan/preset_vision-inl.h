// Presets of networks that see.
#ifndef ONNX_REINIT_PLAN_PRESET_VISION_INL_H_
#define ONNX_REINIT_PLAN_PRESET_VISION_INL_H_

#include <array>

#include "plan/preset_rows-inl.h"

namespace onnx_reinit::plan {

inline constexpr auto kCnn = std::to_array<PresetRow>({
    {kConvolutions, kAny, &kAlways, kHeFanOut},
    {kLinears, kAny, &kAlways, "normal(std=0.01)"},
});

inline constexpr auto kResnet = std::to_array<PresetRow>({
    {kConvolutions, kAny, &kAlways, kHeFanOut},
    {kLinears | kBiases, kAny, &kAlways, kTorchDefault},
});

inline constexpr auto kResnetTimm = std::to_array<PresetRow>({
    {kConvolutions, kAny, &kAlways, kHeFanOut},
    {kLinears | kBiases, kAny, &kAlways, kTorchDefault},
    {{Role::kNormScale}, kAny, &kResidualOutput, "zeros"},
});

// The same rows: VGG and MobileNet fix the convolutions by fan-out and the classifier at 0.01.
inline constexpr auto kVgg = std::to_array<PresetRow>({
    {kConvolutions, kAny, &kAlways, kHeFanOut},
    {kLinears, kAny, &kAlways, "normal(std=0.01)"},
});

inline constexpr auto kEfficientnet = std::to_array<PresetRow>({
    {kConvolutions, kAny, &kAlways, kHeFanOut},
    {kLinears, kAny, &kAlways,
     "variance-scaling(scale=0.333333333333333333,mode=fan_out,distribution=uniform)"},
});

inline constexpr auto kDensenet = std::to_array<PresetRow>({
    {kConvolutions, kAny, &kAlways, "kaiming-normal(slope=0)"},
    {kLinears, kAny, &kAlways, kTorchDefault},
});

inline constexpr auto kInception = std::to_array<PresetRow>({
    {kMatrices, kAny, &kAlways, "truncated-normal(std=0.1,bounds=2,unit=absolute)"},
});

inline constexpr auto kNfnet = std::to_array<PresetRow>({
    {kConvolutions, kAny, &kAlways, "kaiming-normal(slope=1)"},
    {kLinears, kAny, &kAlways, "normal(std=0.01)"},
});

inline constexpr auto kConvnext = std::to_array<PresetRow>({
    {kMatrices, kAny, &kAlways, kTruncated002},
    {{Role::kLayerScale}, kAny, &kAlways, "constant(value=1e-6)"},
});

inline constexpr auto kSwin = std::to_array<PresetRow>({
    {kConvolutions, kAny, &kAlways, kTorchDefault},
    {kBiases, kAny, &kConvolutionBias, kTorchDefault},
    {kLinears | kTables, kAny, &kAlways, kTruncated002},
});

inline constexpr auto kVit = std::to_array<PresetRow>({
    {kMatrices, kHeads, &kAlways, "zeros"},
    {kConvolutions, kAny, &kAlways, "lecun-normal"},
    {kLinears, kAny, &kAlways, "xavier-uniform"},
    {kBiases, kAny, &kMlpBias, "normal(std=1e-6)"},
    {kPositions, kAny, &kAlways, "normal(std=0.02)"},
    {kTokens, kAny, &kAlways, "zeros"},
});

inline constexpr auto kVitTimm = std::to_array<PresetRow>({
    {kConvolutions, kAny, &kAlways, kTorchDefault},
    {kBiases, kAny, &kConvolutionBias, kTorchDefault},
    {kLinears | kPositions, kAny, &kAlways, kTruncated002},
    {kTokens, kAny, &kAlways, "normal(std=1e-6)"},
    {{Role::kLayerScale}, kAny, &kAlways, "constant(value=1e-5)"},
});

inline constexpr auto kDcgan = std::to_array<PresetRow>({
    {kConvolutions, kAny, &kAlways, "normal(std=0.02)"},
    {kLinears | kBiases, kAny, &kAlways, kTorchDefault},
    {{Role::kNormScale}, kAny, &kAlways, "normal(mean=1,std=0.02)"},
});

inline constexpr auto kDiffusion = std::to_array<PresetRow>({
    {kMatrices, kAny, &kResidualOutput, "zeros"},
    {kMatrices, kHeads, &kAlways, "zeros"},
    {kMatrices | kBiases, kAny, &kAlways, kTorchDefault},
});

inline constexpr auto kSirenNetwork = std::to_array<PresetRow>({
    {kLinears, kAny, &kAlways, "siren"},
    {kBiases, kAny, &kAlways, kTorchDefault},
});

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_PRESET_VISION_INL_H_
