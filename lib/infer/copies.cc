#include "infer/copies.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "base/text.h"
#include "infer/operator_sets.h"
#include "infer/origin.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

constexpr int kMaxVisited = 64;

bool IsAskedForItsShapeOnly(const TensorFacts& facts) {
  return facts.role == Role::kConstant && facts.tensor->dims.size() >= 2 && !facts.uses.empty() &&
         std::all_of(facts.uses.begin(), facts.uses.end(),
                     [](const Use& use) { return use.op_type == "Shape"; });
}

class Copies {
 public:
  Copies(const SlotContext& context, const Layers& layers) : context_(context), layers_(layers) {}

  // The layer whose output meets what is computed from `sizes`; graph::kNone where there is none.
  LayerId SizedBy(ValueId sizes) const {
    std::deque<ValueId> queue = {sizes};
    for (int visited = 0; visited < kMaxVisited && !queue.empty(); ++visited) {
      const ValueId now = queue.front();
      queue.pop_front();
      for (const graph::Use& use : context_.graph.UsesOf(now)) {
        const Node& node = context_.graph.node(use.node);
        if (node.outputs.empty()) continue;
        if (!context_.levels.IsData(node.Output(0))) {
          queue.push_back(node.Output(0));
        } else if (const LayerId layer = LayerAt(use.node); layer != graph::kNone) {
          return layer;
        }
      }
    }
    return graph::kNone;
  }

 private:
  LayerId LayerAt(NodeId id) const {
    if (layers_.Of(id) != graph::kNone) return layers_.Of(id);
    for (const ValueId input : context_.graph.node(id).inputs) {
      if (!context_.levels.IsData(input)) continue;
      const Origin origin = OriginOf(context_, input);
      if (origin.kind != OriginKind::kProduct) continue;
      return layers_.Of(static_cast<NodeId>(origin.node - context_.graph.nodes.data()));
    }
    return graph::kNone;
  }

  const SlotContext& context_;
  const Layers& layers_;
};

// Keeps the identity and the uses of `copy`.
void BecomeWhat(const TensorFacts& weight, TensorFacts& copy) {
  TensorFacts facts = weight;
  facts.tensor = copy.tensor;
  facts.name = copy.name;
  facts.scope = copy.scope;
  facts.source = copy.source;
  facts.uses = copy.uses;
  facts.quantization.reset();
  facts.chain.insert(facts.chain.begin(),
                     Text(copy.name, ": only its shape is used, beside ", weight.name,
                          " of the same shape: a copy of that weight"));
  copy = std::move(facts);
}

}  // namespace

void NoteCopies(const SlotContext& context, const Layers& layers, std::vector<TensorFacts>& facts) {
  const Copies copies(context, layers);
  for (size_t i = 0; i < facts.size(); ++i) {
    if (!IsAskedForItsShapeOnly(facts[i])) continue;
    for (const ValueId value : context.graph.tensors[i].values) {
      for (const graph::Use& use : context.graph.UsesOf(value)) {
        const LayerId layer = copies.SizedBy(context.graph.node(use.node).Output(0));
        if (layer == graph::kNone) continue;
        const TensorFacts& weight = facts[layers.at(layer).fact];
        if (weight.tensor->dims == facts[i].tensor->dims) BecomeWhat(weight, facts[i]);
      }
    }
  }
}

}  // namespace onnx_reinit::infer
