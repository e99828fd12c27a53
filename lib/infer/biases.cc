#include "infer/biases.h"

#include "infer/origin.h"

namespace onnx_reinit::infer {

using graph::NodeId;
using graph::ValueId;

LayerId LayerBeside(const SlotContext& context, const Layers& layers, NodeId node) {
  if (layers.Of(node) != graph::kNone) return layers.Of(node);
  for (const ValueId input : context.graph.node(node).inputs) {
    if (!context.levels.IsData(input)) continue;
    const Origin origin = OriginOf(context, input);
    if (origin.kind != OriginKind::kProduct) continue;
    return layers.Of(static_cast<NodeId>(origin.node - context.graph.nodes.data()));
  }
  return graph::kNone;
}

void NoteBiases(const SlotContext& context, const Layers& layers,
                const std::vector<graph::Use>& uses, std::vector<TensorFacts>& facts) {
  for (size_t i = 0; i < facts.size(); ++i) {
    if (facts[i].role != Role::kBias || uses[i].node == graph::kNone) continue;
    const LayerId layer = LayerBeside(context, layers, uses[i].node);
    if (layer == graph::kNone) continue;
    const TensorFacts& weight = facts[layers.at(layer).fact];
    facts[i].weight_block_role = weight.block_role;
    // PyTorch reads a transposed convolution's [in, out/group, k...] as [out, in, k...].
    facts[i].weight_fan_in = weight.role == Role::kConvTranspose ? weight.fan_out : weight.fan_in;
  }
}

}  // namespace onnx_reinit::infer
