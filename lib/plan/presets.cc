#include "plan/presets.h"

#include <algorithm>
#include <array>

#include "plan/preset_frameworks-inl.h"
#include "plan/preset_transformers-inl.h"
#include "plan/preset_vision-inl.h"

namespace onnx_reinit::plan {
namespace {

constexpr BlockRoles kBlocks = kTransformerInputs | kBlockOutputs;

constexpr auto kAuto = std::to_array<PresetRow>({
    {kMatrices, kBlockOutputs, &kResidualOutput, "variance-scaling(bounds=3,depth=additions)"},
    {kMatrices, kBlocks, &kAlways, "variance-scaling(bounds=3)"},
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

constexpr auto kReset = std::to_array<PresetRow>({
    {{Role::kRnnBias}, kAny, &kForgetGate, "ones"},
    {{Role::kRnnBias, Role::kRnnPeephole, Role::kBias, Role::kNormBias, Role::kNormMean},
     kAny,
     &kAlways,
     "zeros"},
    {{Role::kNormScale}, kAny, &kRestsAtZero, "zeros"},
    {{Role::kNormScale, Role::kNormVar, Role::kLayerScale}, kAny, &kAlways, "ones"},
    {{Role::kPreluSlope}, kAny, &kAlways, "constant(value=0.25)"},
    {{Role::kLogitScale, Role::kRelPosBias, Role::kPositionEmbedding, Role::kToken},
     kAny,
     &kAlways,
     "zeros"},
});

constexpr FanConvention kExact = FanConvention::kExact;
constexpr FanConvention kAsTorch = FanConvention::kTorch;
constexpr FanConvention kAsKeras = FanConvention::kKeras;

constexpr auto kPresets = std::to_array<PresetTable>({
    {"auto", "a scheme for each tensor by its role, its activation and its place", "README", kExact,
     kAuto},
    {"bert", "BERT, as published", "google-research/bert modeling.py", kExact, kBert},
    {"bert-hf", "BERT and its relatives of Hugging Face",
     "transformers models/bert/modeling_bert.py", kExact, kHfFlat},
    {"clip", "CLIP, as published", "openai/CLIP clip/model.py", kExact, kClip},
    {"clip-hf", "CLIP of Hugging Face", "transformers models/clip/modeling_clip.py", kExact,
     kClipHf},
    {"cnn", "convolutional network with normalisation", "He et al. 2015; Goyal et al. 2017", kExact,
     kCnn},
    {"convnext", "ConvNeXt", "facebookresearch/ConvNeXt models/convnext.py; timm convnext.py",
     kExact, kConvnext},
    {"dcgan", "DCGAN", "pytorch/examples dcgan/main.py", kAsTorch, kDcgan},
    {"densenet", "DenseNet", "torchvision densenet.py", kExact, kDensenet},
    {"diffusion", "U-Net of a diffusion model: branches begin as identities",
     "openai/guided-diffusion unet.py", kAsTorch, kDiffusion},
    {"efficientnet", "EfficientNet and other networks of timm's builder",
     "timm models/_efficientnet_builder.py", kExact, kEfficientnet},
    {"flax", "Flax, when nothing is said", "flax/linen linear.py, recurrent.py", kExact, kFlax},
    {"gpt2", "GPT-2", "transformers models/gpt2/modeling_gpt2.py; karpathy/nanoGPT", kExact, kGpt2},
    {"hf-flat", "Hugging Face, when a model says nothing", "transformers modeling_utils.py", kExact,
     kHfFlat},
    {"inception", "Inception-v3", "torchvision inception.py", kExact, kInception},
    {"keras", "Keras, when nothing is said", "keras/src/layers", kAsKeras, kKeras},
    {"llama", "Llama 3 of torchtitan", "pytorch/torchtitan models/llama3", kExact, kLlama},
    {"lstm-keras", "recurrent layers as Keras has them", "keras/src/layers/rnn/lstm.py", kAsKeras,
     kLstmKeras},
    {"mamba", "Mamba", "state-spaces/mamba mamba_simple.py, mixer_seq_simple.py", kAsTorch, kMamba},
    {"megatron", "Megatron-LM", "NVIDIA/Megatron-LM core/utils.py", kExact, kGpt2},
    {"mitchell", "OLMo 1", "allenai/OLMo olmo/model.py", kExact, kMitchell},
    {"mobilenet", "MobileNet 2 and 3", "torchvision mobilenetv2.py, mobilenetv3.py", kAsTorch,
     kVgg},
    {"modernbert", "ModernBERT", "transformers models/modernbert/modeling_modernbert.py", kExact,
     kModernbert},
    {"neox", "GPT-NeoX and Pythia", "EleutherAI/gpt-neox megatron/model/init_functions.py", kExact,
     kNeox},
    {"nfnet", "NFNet", "timm nfnet.py", kExact, kNfnet},
    {"olmo", "OLMo 2", "allenai/OLMo-core nn/transformer/init.py", kExact, kOlmo},
    {"resnet", "ResNet", "torchvision resnet.py", kAsTorch, kResnet},
    {"resnet-timm", "ResNet of timm", "timm resnet.py", kAsTorch, kResnetTimm},
    {"siren", "network of sines", "vsitzmann/siren modules.py", kExact, kSirenNetwork},
    {"swin", "Swin transformer", "timm swin_transformer.py", kExact, kSwin},
    {"t5", "T5 of Hugging Face", "transformers models/t5/modeling_t5.py", kExact, kT5},
    {"torch", "PyTorch, when nothing is said", "torch/nn/modules", kAsTorch, kTorch},
    {"vgg", "VGG", "torchvision vgg.py", kAsTorch, kVgg},
    {"vit", "Vision transformer, as published", "google-research/vision_transformer models_vit.py",
     kExact, kVit},
    {"vit-timm", "Vision transformer of timm", "timm vision_transformer.py", kExact, kVitTimm},
    {"wav2vec2", "wav2vec 2.0", "transformers models/wav2vec2/modeling_wav2vec2.py", kAsTorch,
     kWav2vec2},
    {"whisper", "Whisper of Hugging Face", "transformers models/whisper/modeling_whisper.py",
     kExact, kHfFlat},
});

}  // namespace

absl::Span<const PresetTable> PresetTables() { return kPresets; }

const PresetTable* FindPreset(std::string_view name) {
  const auto* table =
      std::lower_bound(kPresets.begin(), kPresets.end(), name,
                       [](const PresetTable& t, std::string_view n) { return t.name < n; });
  return table != kPresets.end() && table->name == name ? table : nullptr;
}

absl::Span<const PresetRow> ResetRows() { return kReset; }

}  // namespace onnx_reinit::plan
