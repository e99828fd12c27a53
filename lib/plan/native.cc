#include "plan/native.h"

#include <array>

#include "base/printable.h"
#include "base/text.h"
#include "plan/fan_convention.h"
#include "plan/layer.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;

void CountRole(const TensorFacts& facts, Architecture& out) {
  const Role role = RoleOf(facts);
  out.convolutions += facts.role == Role::kConv;
  out.depthwise += facts.role == Role::kConv && IsDepthwise(facts);
  out.transposed += facts.role == Role::kConvTranspose;
  out.embeddings += role == Role::kEmbedding;
  out.positions += facts.role == Role::kPositionEmbedding;
  out.relative_biases += facts.role == Role::kRelPosBias;
  out.layer_scales += facts.role == Role::kLayerScale;
  out.batch_statistics += facts.role == Role::kNormMean;
  out.state_matrices += facts.role == Role::kParameter && facts.is_exponentiated;
  out.softplus_biases += facts.sum_following.name == "softplus";
  out.biases += facts.role == Role::kBias;
}

void CountPlace(const TensorFacts& facts, Architecture& out) {
  out.attentions += facts.block_role == BlockRole::kAttentionOutput;
  out.fused += facts.block_role == BlockRole::kQkv;
  out.gates += facts.block_role == BlockRole::kMlpGate || facts.block_role == BlockRole::kMlpGateUp;
  out.mlps += facts.block_role == BlockRole::kMlpOutput;
  out.patches += facts.block_role == BlockRole::kPatchEmbedding;
  out.residuals += IsWeight(facts.role) && facts.residual_output;
}

void NoteActivations(const TensorFacts& facts, Architecture& out) {
  const std::string& name = facts.following.name;
  if (!IsWeight(facts.role)) return;
  out.sines += name == "sin";
  out.has_silu = out.has_silu || name == "silu";
  out.has_hard_swish = out.has_hard_swish || name == "hard_swish";
  out.has_relu6 = out.has_relu6 || name == "relu6";
  out.has_tanh_output =
      out.has_tanh_output || (facts.role == Role::kConvTranspose && name == "tanh");
  out.has_one_axis_stem =
      out.has_one_axis_stem || (facts.role == Role::kConv && facts.axes.kernel.size() == 1 &&
                                facts.block_role == BlockRole::kStem);
}

using Net = Architecture;
bool HasAttention(const Net& net) { return net.attentions > 0; }

constexpr auto kRows = std::to_array<NativeRow>({
    {"siren", "its layers pass through sines", [](const Net& net) { return net.sines > 1; }},
    {"mamba",
     "it has parameters that Exp reads, as the decay of a state-space layer, steps that softplus "
     "makes, and no attention",
     [](const Net& net) {
       return net.state_matrices > 0 && net.softplus_biases > 0 && !HasAttention(net);
     }},
    {"whisper", "attention behind a convolution over time, and a table of positions",
     [](const Net& net) {
       return HasAttention(net) && net.has_one_axis_stem && net.embeddings > 0;
     }},
    {"wav2vec2", "attention behind convolutions over time",
     [](const Net& net) { return HasAttention(net) && net.has_one_axis_stem; }},
    {"clip-hf", "attention over patches and over the entries of a table",
     [](const Net& net) {
       return HasAttention(net) && net.patches > 0 && net.embeddings > 0 && net.positions > 1;
     }},
    {"swin", "attention over patches with a bias for relative positions",
     [](const Net& net) {
       return HasAttention(net) && net.patches > 0 && net.relative_biases > 0;
     }},
    {"vit-timm", "attention over patches",
     [](const Net& net) { return HasAttention(net) && net.patches > 0; }},
    {"t5", "attention with a bias for relative positions, and no biases of layers",
     [](const Net& net) {
       return HasAttention(net) && net.relative_biases > 0 && net.biases == 0;
     }},
    {"hf-flat", "attention and MLPs with gates, and no table of positions",
     [](const Net& net) {
       return HasAttention(net) && net.gates > 0 && net.embeddings > 0 && net.positions == 0;
     }},
    {"gpt2",
     "attention with query, key and value in one matrix, over the entries of a table with "
     "learned positions",
     [](const Net& net) {
       return HasAttention(net) && net.fused > 0 && net.embeddings > 0 && net.positions > 0;
     }},
    {"bert-hf", "attention over the entries of a table, and a table of positions",
     [](const Net& net) { return HasAttention(net) && net.embeddings > 0; }},
    {"convnext", "residual branches of depthwise convolutions and MLPs, without attention",
     [](const Net& net) {
       return net.depthwise > 0 && net.mlps > 0 && net.layer_scales >= net.mlps &&
              net.batch_statistics == 0 && !net.has_silu;
     }},
    {"mobilenet", "depthwise convolutions before ReLU6 or hard swish",
     [](const Net& net) {
       return net.depthwise > 2 && net.residuals > 0 && (net.has_relu6 || net.has_hard_swish);
     }},
    {"efficientnet", "depthwise convolutions before SiLU",
     [](const Net& net) { return net.depthwise > 2 && net.residuals > 0 && net.has_silu; }},
    {"dcgan", "transposed convolutions that end in tanh",
     [](const Net& net) { return net.transposed > 1 && net.has_tanh_output; }},
    {"resnet", "residual branches of convolutions",
     [](const Net& net) { return net.convolutions > 8 && net.residuals > 2; }},
    {"torch", "no family is recognised", [](const Net&) { return true; }},
});

}  // namespace

Architecture ArchitectureOf(const std::vector<TensorFacts>& facts) {
  Architecture architecture;
  for (const TensorFacts& tensor : facts) {
    CountRole(tensor, architecture);
    CountPlace(tensor, architecture);
    NoteActivations(tensor, architecture);
  }
  return architecture;
}

absl::Span<const NativeRow> NativeRows() { return kRows; }

std::string NativePreset(const std::vector<TensorFacts>& facts, std::string_view producer,
                         std::string& reason) {
  if (producer.find("tf2onnx") != std::string_view::npos) {
    reason = Text("native is keras here: the exporter is ", Quote(producer));
    return "keras";
  }
  const Architecture architecture = ArchitectureOf(facts);
  for (const NativeRow& row : kRows) {
    if (!row.fits(architecture)) continue;
    reason = Text("native is ", row.preset, " here: ", row.why);
    return std::string(row.preset);
  }
  return {};
}

}  // namespace onnx_reinit::plan
