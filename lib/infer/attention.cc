#include "infer/attention.h"

#include <algorithm>
#include <array>
#include <utility>

#include "infer/operator_sets.h"
#include "infer/value_queue.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

constexpr size_t kMaxVisited = 100;
constexpr int kMaxMoves = 16;  // from a softmax to a product
constexpr int64_t kMaxHeads = 128;

struct FusedOperator {
  std::string_view domain;
  std::string_view op_type;
};

// Operators that take query, key and value as inputs 0, 1 and 2. Where the key is absent, the first
// input holds all three.
constexpr std::array kFused = {
    FusedOperator{"", "Attention"},
    FusedOperator{"", "LinearAttention"},
    FusedOperator{"ai.onnx.preview", "FlexAttention"},
    FusedOperator{"com.microsoft", "DecoderMaskedMultiHeadAttention"},
    FusedOperator{"com.microsoft", "GroupQueryAttention"},
    FusedOperator{"com.microsoft", "MultiHeadAttention"},
    FusedOperator{"com.microsoft", "PackedMultiHeadAttention"},
    FusedOperator{"com.microsoft", "PagedAttention"},
    FusedOperator{"com.microsoft", "SparseAttention"},
};

bool IsFused(const Node& node) {
  return std::ranges::any_of(kFused, [&](const FusedOperator& fused) {
    return fused.domain == node.domain && fused.op_type == node.op_type;
  });
}

bool IsCarrying(const Node& node) {
  return IsInAny({OperatorSet::kMove, OperatorSet::kElementwise, OperatorSet::kRetype}, node) ||
         node.domain == graph::kBorderDomain || node.Is("Tanh") ||
         node.op_type.starts_with("Gather") || node.op_type.starts_with("Scatter") ||
         node.Is("Concat") || node.Is("Softcap");
}

enum class Folded { kNo, kAllowed };

size_t RightOf(const Node& product) { return static_cast<size_t>(RightOperand(product)); }

struct Weighing {
  const Node* product = nullptr;
  ValueId weights = graph::kNone;  // its operand that comes from the softmax
};

// Of a product of three.
struct Factor {
  ValueId value = graph::kNone;  // as the product takes it, or what a softmax makes it of
  bool is_mapped = false;        // by an activation or a softmax
};

class Finder {
 public:
  Finder(const Layers& layers, const std::vector<TensorFacts>& facts)
      : layers_(layers), all_(layers.surroundings()), facts_(facts) {}

  // The nearest product of data that `value` is computed from by arithmetic, moves and mixed heads.
  const Node* ProductBefore(ValueId value, Folded folded) const {
    ValueQueue queue;
    queue.Add(value);
    while (!queue.IsEmpty() && queue.taken() < kMaxVisited) {
      const ValueId now = queue.Take();
      const Node* node = all_.graph.Producer(now);
      if (node == nullptr) continue;
      if (IsProduct(all_.graph.value(now).producer, folded)) return node;
      if (!IsCarrying(*node) && !MixesHeads(all_.graph.value(now).producer)) continue;
      for (const ValueId input : node->inputs) {
        if (all_.levels.IsData(input)) queue.Add(input);
      }
    }
    return nullptr;
  }

  // The product that the softmax's output is an operand of.
  Weighing ProductAfter(ValueId value) const {
    ValueQueue queue;
    queue.Add(value);
    while (!queue.IsEmpty() && queue.taken() < kMaxVisited) {
      const ValueId now = queue.Take();
      for (const graph::Use& use : all_.graph.UsesOf(now)) {
        const Node& node = all_.graph.node(use.node);
        if (IsProduct(use.node, Folded::kAllowed)) return {&node, now};
        const bool is_passed = IsCarrying(node) || MixesHeads(use.node);
        if (is_passed) queue.Add(node.Output(0));
      }
    }
    return {};
  }

  // Of a softmax, whole or in pieces, from `scores` to `weights`.
  AttentionSite Around(ValueId scores, ValueId weights) const;
  AttentionSite WithoutSoftmax(const Node& product) const;

  // A product of two values, of which one may be what an exporter has folded of stored tensors; no
  // layer's weight is among them.
  bool IsProduct(NodeId id, Folded folded) const {
    const Node& node = all_.graph.node(id);
    const bool is_product = node.Is("MatMul") || node.Is("Einsum") || node.Is("QLinearMatMul") ||
                            node.op_type == "FusedMatMul";
    const bool is_whole = node.inputs.size() > RightOf(node);
    if (!is_product || !is_whole || layers_.Of(id) != graph::kNone) return false;
    const bool left = all_.levels.IsData(node.inputs[0]);
    const bool right = all_.levels.IsData(node.inputs[RightOf(node)]);
    return folded == Folded::kAllowed ? left || right : left && right;
  }

 private:
  bool IsActivated(ValueId value) const;
  Factor FactorOf(ValueId operand) const;

  bool MixesHeads(NodeId id) const {
    const LayerId layer = layers_.Of(id);
    if (layer == graph::kNone) return false;
    const TensorFacts& weight = facts_[layers_.at(layer).fact];
    return weight.fan_in == weight.fan_out && weight.fan_in <= kMaxHeads;
  }

  const Layers& layers_;
  const Surroundings& all_;
  const std::vector<TensorFacts>& facts_;
};

// The softmax runs over the keys: the last axis, which is the right operand's.
AttentionSite Finder::Around(ValueId scores, ValueId weights) const {
  AttentionSite site;
  const Node* product = ProductBefore(scores, Folded::kNo);
  if (product == nullptr) product = ProductBefore(scores, Folded::kAllowed);
  if (product == nullptr) return site;
  const Weighing weighing = ProductAfter(weights);
  if (weighing.product == nullptr || weighing.product == product) return site;
  site.query = product->inputs[0];
  site.key = product->inputs[RightOf(*product)];
  const bool is_left = weighing.product->inputs[0] == weighing.weights;
  site.value = weighing.product->inputs[is_left ? RightOf(*weighing.product) : 0];
  site.output = weighing.product->Output(0);
  return site;
}

// Since the layer that made it.
bool Finder::IsActivated(ValueId value) const {
  const auto is_activation = [&](ValueId now) {
    const NodeId producer = all_.graph.value(now).producer;
    const ActivationSite* site = producer == graph::kNone ? nullptr : all_.activations.At(producer);
    return site != nullptr && site->output == now;
  };
  return layers_.NearestBack(value, is_activation) != graph::kNone;
}

// A softmax of a product of data is attention of its own: no layer stands right before it.
Factor Finder::FactorOf(ValueId operand) const {
  const Node* node = all_.graph.Producer(operand);
  for (int step = 0; step < kMaxMoves && node != nullptr && IsIn(OperatorSet::kMove, *node);
       ++step) {
    node = all_.graph.Producer(node->Input(0));
  }
  if (node != nullptr && IsIn(OperatorSet::kSoftmax, *node)) return {node->Input(0), true};
  return {operand, IsActivated(operand)};
}

// Linear attention: (query key) value, or query (key value), each made by a layer; turned, (value
// key) query. A feature map (ReLU, ELU + 1, a softmax) stands on query and key, and on no value.
AttentionSite Finder::WithoutSoftmax(const Node& product) const {
  const size_t right = RightOf(product);
  for (const size_t side : {size_t{0}, right}) {
    const Node* inner = ProductBefore(product.inputs[side], Folded::kNo);
    if (inner == nullptr || inner == &product) continue;
    const ValueId other = product.inputs[right - side];
    const ValueId second = inner->inputs[RightOf(*inner)];
    Factor query = FactorOf(side == 0 ? inner->inputs[0] : other);
    Factor value = FactorOf(side == 0 ? other : second);
    const Factor key = FactorOf(side == 0 ? second : inner->inputs[0]);
    if (key.is_mapped && value.is_mapped && !query.is_mapped) std::swap(query, value);
    const AttentionSite site = {query.value, key.value, value.value, product.Output(0)};
    const bool is_made_by_layers = layers_.Before(site.query) != graph::kNone &&
                                   layers_.Before(site.key) != graph::kNone &&
                                   layers_.Before(site.value) != graph::kNone;
    if (is_made_by_layers) return site;
  }
  return {};
}

}  // namespace

std::vector<AttentionSite> FindAttention(const Layers& layers,
                                         const std::vector<TensorFacts>& facts) {
  const Finder finder(layers, facts);
  const Surroundings& all = layers.surroundings();
  std::vector<AttentionSite> sites;
  for (size_t i = 0; i < all.graph.nodes.size(); ++i) {
    const Node& node = all.graph.nodes[i];
    if (node.outputs.empty()) continue;
    const ActivationSite* softmax = all.activations.At(static_cast<NodeId>(i));
    const bool is_softmax = softmax != nullptr && softmax->last == static_cast<NodeId>(i) &&
                            softmax->activation.name == "softmax";
    if (is_softmax || IsIn(OperatorSet::kSoftmax, node)) {
      const AttentionSite site =
          finder.Around(is_softmax ? softmax->input : node.Input(0), node.Output(0));
      if (site.query != graph::kNone) sites.push_back(site);
    } else if (IsFused(node)) {
      const ValueId whole = node.Input(0);
      sites.push_back({whole, node.Input(1) == graph::kNone ? whole : node.Input(1),
                       node.Input(2) == graph::kNone ? whole : node.Input(2), node.Output(0)});
    }
  }
  for (size_t i = 0; i < all.graph.nodes.size(); ++i) {
    if (!finder.IsProduct(static_cast<NodeId>(i), Folded::kNo)) continue;
    const AttentionSite site = finder.WithoutSoftmax(all.graph.nodes[i]);
    if (site.query != graph::kNone) sites.push_back(site);
  }
  return sites;
}

}  // namespace onnx_reinit::infer
