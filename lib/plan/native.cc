#include "plan/native.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/printable.h"
#include "base/text.h"
#include "plan/fan_convention.h"
#include "plan/layer.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;

bool IsSquare(const TensorFacts& facts) {
  return facts.role == Role::kConv && facts.axes.kernel.size() == 2 &&
         std::ranges::all_of(facts.axes.kernel, [&](int axis) {
           return facts.tensor->dims[static_cast<size_t>(axis)] == 3;
         });
}

// A dense layer: a bottleneck of c inputs and b outputs, then b inputs and k outputs, which the
// next bottleneck has beside the c.
class DenseLayers {
 public:
  explicit DenseLayers(const std::vector<TensorFacts>& facts) {
    for (const TensorFacts& tensor : facts) {
      const MatrixAxes& axes = tensor.axes;
      const bool is_plain = tensor.role == Role::kConv && tensor.groups == 1 &&
                            axes.input.size() == 1 && axes.output.size() == 1;
      if (is_plain) Add(Extent(tensor, axes.input[0]), Extent(tensor, axes.output[0]));
    }
  }

  int Count() const {
    return static_cast<int>(std::ranges::count_if(layers_, [&](const auto& layer) {
      const auto [inputs, outputs] = layer;
      const auto growth = fewest_outputs_.find(outputs);
      return growth != fewest_outputs_.end() &&
             layers_.contains({inputs + growth->second, outputs});
    }));
  }

 private:
  static int64_t Extent(const TensorFacts& facts, int axis) {
    return facts.tensor->dims[static_cast<size_t>(axis)];
  }
  void Add(int64_t inputs, int64_t outputs) {
    layers_.insert({inputs, outputs});
    const auto [entry, is_new] = fewest_outputs_.emplace(inputs, outputs);
    if (!is_new) entry->second = std::min(entry->second, outputs);
  }

  absl::flat_hash_set<std::pair<int64_t, int64_t>> layers_;  // inputs and outputs
  absl::flat_hash_map<int64_t, int64_t> fewest_outputs_;     // of a layer with so many inputs
};

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
  out.linears += role == Role::kLinear;
  out.squares += IsSquare(facts);
}

void CountPlace(const TensorFacts& facts, Architecture& out) {
  out.attentions += facts.block_role == BlockRole::kAttentionOutput;
  out.fused += facts.block_role == BlockRole::kQkv;
  out.gates += facts.block_role == BlockRole::kMlpGate || facts.block_role == BlockRole::kMlpGateUp;
  out.mlps += facts.block_role == BlockRole::kMlpOutput;
  out.gelu_gates +=
      facts.block_role == BlockRole::kMlpGateUp && facts.following.name.starts_with("gelu");
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
    {"modernbert",
     "attention with query, key and value in one matrix, MLPs with a GELU and what it gates in one "
     "matrix, and no table of positions",
     [](const Net& net) {
       return HasAttention(net) && net.fused > 0 && net.gelu_gates > 0 && net.embeddings > 0 &&
              net.positions == 0;
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
    {"densenet", "convolutions that take what the ones before them took and one layer more",
     [](const Net& net) { return net.growing > 3 && 4 * net.growing >= net.convolutions; }},
    {"vgg", "convolutions of 3 by 3 without residual branches, and three linear layers",
     [](const Net& net) {
       return net.convolutions >= 8 && net.squares == net.convolutions && net.residuals == 0 &&
              net.linears == 3 && !HasAttention(net);
     }},
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
  architecture.growing = DenseLayers(facts).Count();
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
