#include "plan/layer.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "plan/fan_convention.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;

bool IsTied(const TensorFacts& facts) {
  return facts.role == Role::kLinear &&
         std::any_of(facts.uses.begin(), facts.uses.end(), [](const infer::UseFacts& use) {
           return use.op_type == "Gather" && use.input == 0;
         });
}

Layer LayerOf(const TensorFacts& facts, const Network& network, const infer::Part& part) {
  return {.facts = &facts,
          .network = &network,
          .label = part.label,
          .role = RoleOf(facts),
          .block_role = part.block_role == BlockRole::kNone ? facts.block_role : part.block_role,
          .axis = part.axis,
          .begin = part.begin,
          .end = part.end,
          .fan_in = static_cast<double>(part.fan_in),
          .fan_out = static_cast<double>(part.fan_out)};
}

// In the order of ONNX's operators: LSTM iofc, GRU zrh.
std::vector<std::string_view> GatesOf(std::string_view recurrent_operator) {
  if (recurrent_operator == "LSTM") {
    return {"input gate", "output gate", "forget gate", "cell gate"};
  }
  if (recurrent_operator == "GRU") return {"update gate", "reset gate", "hidden gate"};
  return {};
}

// B [directions, 2 * gates * H] of LSTM and GRU: the bias of the input weights, then that of the
// recurrent weights.
absl::InlinedVector<Layer, 1> RecurrentBiasLayers(const TensorFacts& facts,
                                                  const Network& network) {
  const std::vector<std::string_view> gates = GatesOf(facts.recurrent_operator);
  const wire::Dims& dims = facts.tensor->dims;
  const int64_t count = 2 * static_cast<int64_t>(gates.size());
  if (gates.empty() || dims.size() != 2 || dims[1] % count != 0) return {};
  const int64_t extent = dims[1] / count;
  absl::InlinedVector<Layer, 1> layers;
  for (const std::string_view half : {"input", "recurrent"}) {
    for (const std::string_view gate : gates) {
      const int64_t begin = extent * static_cast<int64_t>(layers.size());
      layers.push_back({.facts = &facts,
                        .network = &network,
                        .label = Text(half, " bias, ", gate),
                        .role = facts.role,
                        .axis = 1,
                        .begin = begin,
                        .end = begin + extent});
    }
  }
  return layers;
}

// Layers of one size in a matrix whose parts inference does not list. Query, key and value are so
// where there are as many of each as the stream has channels; with fewer keys than queries they
// differ, and nobody knows by how much.
int StackedLayers(const TensorFacts& facts) {
  switch (facts.block_role) {
    case BlockRole::kQkv:
      return facts.fan_out == 3 * facts.fan_in ? 3 : 1;
    case BlockRole::kKv:
    case BlockRole::kMlpGateUp:
      return facts.fan_out % 2 == 0 ? 2 : 1;
    default:
      return 1;
  }
}

Layer WholeLayer(const TensorFacts& facts, const Network& network, FanConvention convention) {
  const Fans fans = FansBy(convention, facts);
  Layer layer{.facts = &facts,
              .network = &network,
              .role = RoleOf(facts),
              .block_role = facts.block_role,
              .fan_in = fans.fan_in,
              .fan_out = fans.fan_out};
  if (convention == FanConvention::kExact) layer.stacked = StackedLayers(facts);
  layer.fan_out /= layer.stacked;
  if (facts.role == Role::kBias) layer.fan_in = static_cast<double>(facts.weight_fan_in);
  return layer;
}

bool IsTable(Role role) {
  return role == Role::kEmbedding || role == Role::kPositionEmbedding || role == Role::kToken;
}

}  // namespace

bool IsReadBy(const TensorFacts& facts, std::string_view op_type) {
  return std::any_of(facts.uses.begin(), facts.uses.end(),
                     [op_type](const infer::UseFacts& use) { return use.op_type == op_type; });
}

Role RoleOf(const TensorFacts& facts) { return IsTied(facts) ? Role::kEmbedding : facts.role; }

absl::InlinedVector<Layer, 1> LayersOf(const TensorFacts& facts, const Network& network,
                                       FanConvention convention) {
  absl::InlinedVector<Layer, 1> layers;
  const bool is_sparse = facts.source == Source::kSparseInitializer;
  if (facts.role == Role::kRnnBias && !is_sparse) layers = RecurrentBiasLayers(facts, network);
  if (convention == FanConvention::kExact && !is_sparse) {
    for (const infer::Part& part : facts.parts) layers.push_back(LayerOf(facts, network, part));
  }
  if (layers.empty()) layers.push_back(WholeLayer(facts, network, convention));
  return layers;
}

double Width(const Layer& layer) {
  const wire::Dims& dims = layer.facts->tensor->dims;
  if (IsTable(layer.role)) return dims.empty() ? 0 : static_cast<double>(dims.back());
  if (layer.facts->role == Role::kRelPosBias) return static_cast<double>(layer.network->width);
  const bool writes = layer.block_role == BlockRole::kAttentionOutput ||
                      layer.block_role == BlockRole::kMlpOutput ||
                      (layer.block_role == BlockRole::kNone && layer.facts->residual_output);
  return writes ? layer.fan_out : layer.fan_in;
}

int Blocks(const Layer& layer) {
  const int own = layer.facts->block_count;
  return own > 0 ? own : layer.network->blocks;
}

bool HasMatrix(const Layer& layer) {
  const MatrixAxes& axes = layer.facts->axes;
  const size_t listed =
      axes.batch.size() + axes.output.size() + axes.input.size() + axes.kernel.size();
  return listed > 0 && listed == layer.facts->tensor->dims.size();
}

}  // namespace onnx_reinit::plan
