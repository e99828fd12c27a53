// Presets of whole frameworks: what their layers do when nothing is said.
#ifndef ONNX_REINIT_PLAN_PRESET_FRAMEWORKS_INL_H_
#define ONNX_REINIT_PLAN_PRESET_FRAMEWORKS_INL_H_

#include <array>

#include "plan/preset_rows-inl.h"

namespace onnx_reinit::plan {

// torch.nn.MultiheadAttention draws the whole of its fused matrix: as Xavier's of each part, where
// that is square, divided by the root of 2.
inline constexpr auto kTorch = std::to_array<PresetRow>({
    {kLinears, {BlockRole::kQkv}, &kAlways, "xavier-uniform"},
    {kLinears, kAttentionInputs, &kFusedAttention, "xavier-uniform(gain=0.707106781186547524)"},
    {kBiases, kAny, &kFusedAttention, "zeros"},
    {kMatrices | kBiases, kAny, &kAlways, kTorchDefault},
    {kEmbeddings, kAny, &kAlways, "normal"},
    {kRecurrent, kAny, &kAlways,
     "variance-scaling(scale=0.333333333333333333,mode=hidden,distribution=uniform)"},
});

inline constexpr auto kKeras = std::to_array<PresetRow>({
    {kMatrices | Roles{Role::kRnnInput}, kAny, &kAlways, "xavier-uniform"},
    {kEmbeddings, kAny, &kAlways, "uniform(a=-0.05,b=0.05)"},
    {{Role::kRnnRecurrent}, kAny, &kAlways, "orthogonal"},
    {{Role::kPreluSlope}, kAny, &kAlways, "zeros"},
});

inline constexpr auto kLstmKeras = std::to_array<PresetRow>({
    {kLinears | Roles{Role::kRnnInput}, kAny, &kAlways, "xavier-uniform"},
    {kEmbeddings, kAny, &kAlways, "uniform(a=-0.05,b=0.05)"},
    {{Role::kRnnRecurrent}, kAny, &kAlways, "orthogonal"},
});

inline constexpr auto kFlax = std::to_array<PresetRow>({
    {kMatrices | Roles{Role::kRnnInput}, kAny, &kAlways, "lecun-normal"},
    {kEmbeddings, kAny, &kAlways, "variance-scaling(mode=width,distribution=normal)"},
    {{Role::kRnnRecurrent}, kAny, &kAlways, "orthogonal"},
    {{Role::kRnnBias}, kAny, &kAlways, "zeros"},
    {{Role::kPreluSlope}, kAny, &kAlways, "constant(value=0.01)"},
});

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_PRESET_FRAMEWORKS_INL_H_
