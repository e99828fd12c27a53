#include "infer/frozen_norms.h"

#include <algorithm>
#include <optional>

#include "infer/operator_sets.h"

namespace onnx_reinit::infer {
namespace {

using graph::Graph;
using graph::kNone;
using graph::Node;
using graph::TensorId;
using graph::ValueId;

constexpr int kMaxMoves = 8;

struct Parts {
  TensorId weight = kNone;
  TensorId variance = kNone;
};

class Finder {
 public:
  Finder(const Graph& graph, const Levels& levels) : graph_(graph), levels_(levels) {}

  void Visit(const Node& node, FrozenNorms& norms) const {
    if (!node.Is("Mul") || node.outputs.empty()) return;
    const bool is_left = !levels_.IsData(node.Input(0));
    if (is_left == !levels_.IsData(node.Input(1))) return;
    const std::optional<Parts> parts = ScaleParts(node.Input(is_left ? 0 : 1));
    const Node* shift = parts ? AdditionAfter(node.Output(0)) : nullptr;
    if (shift == nullptr) return;
    const bool shift_is_left = !levels_.IsData(shift->Input(0));
    if (!NoteShift(shift->Input(shift_is_left ? 0 : 1), norms)) return;
    norms[parts->weight] = Role::kNormScale;
    norms[parts->variance] = Role::kNormVar;
  }

 private:
  // The node that computes `value` once moves are seen through; nullptr for stored tensors.
  const Node* Arithmetic(ValueId value) const {
    const Node* node = graph_.Producer(value);
    for (int step = 0; step < kMaxMoves && node != nullptr; ++step) {
      if (!IsIn(OperatorSet::kMove, *node)) return node;
      node = graph_.Producer(node->Input(0));
    }
    return node;
  }

  // The stored tensor that `value` is, moved; kNone where it is computed.
  TensorId Stored(ValueId value) const {
    for (int step = 0; step < kMaxMoves && value != kNone; ++step) {
      if (graph_.value(value).tensor != kNone) return graph_.value(value).tensor;
      const Node* node = graph_.Producer(value);
      if (node == nullptr || !IsIn(OperatorSet::kMove, *node)) return kNone;
      value = node->Input(0);
    }
    return kNone;
  }

  // v of Sqrt(v + eps).
  TensorId RootOfVariance(ValueId value) const {
    const Node* root = Arithmetic(value);
    if (root == nullptr || !root->Is("Sqrt")) return kNone;
    const Node* sum = Arithmetic(root->Input(0));
    if (sum == nullptr || !sum->Is("Add")) return kNone;
    const TensorId left = Stored(sum->Input(0));
    const TensorId right = Stored(sum->Input(1));
    return IsVector(left) ? left : (IsVector(right) ? right : kNone);
  }

  bool IsVector(TensorId tensor) const {
    if (tensor == kNone) return false;
    return std::ranges::any_of(graph_.tensor(tensor).tensor->dims,
                               [](int64_t dim) { return dim > 1; });
  }

  // weight * 1 / sqrt(var + eps), or weight / sqrt(var + eps).
  std::optional<Parts> ScaleParts(ValueId scale) const {
    const Node* node = Arithmetic(scale);
    if (node == nullptr) return std::nullopt;
    if (node->Is("Div")) return Both(Stored(node->Input(0)), RootOfVariance(node->Input(1)));
    if (!node->Is("Mul")) return std::nullopt;
    for (const size_t side : {size_t{0}, size_t{1}}) {
      const Node* inverse = Arithmetic(node->Input(1 - side));
      if (inverse == nullptr) continue;
      const bool is_inverse = inverse->Is("Reciprocal") || inverse->Is("Div");
      const ValueId root = inverse->Input(inverse->Is("Div") ? 1 : 0);
      if (!is_inverse) continue;
      if (const auto parts = Both(Stored(node->Input(side)), RootOfVariance(root))) return parts;
    }
    return std::nullopt;
  }

  static std::optional<Parts> Both(TensorId weight, TensorId variance) {
    if (weight == kNone || variance == kNone) return std::nullopt;
    return Parts{weight, variance};
  }

  // The addition of a fixed value that comes next.
  const Node* AdditionAfter(ValueId value) const {
    const auto& uses = graph_.UsesOf(value);
    if (uses.size() != 1) return nullptr;
    const Node& node = graph_.node(uses[0].node);
    const bool has_fixed = !levels_.IsData(node.Input(0)) || !levels_.IsData(node.Input(1));
    return node.Is("Add") && has_fixed ? &node : nullptr;
  }

  // bias - mean * scale.
  bool NoteShift(ValueId shift, FrozenNorms& norms) const {
    const Node* difference = Arithmetic(shift);
    if (difference == nullptr || !difference->Is("Sub")) return false;
    const Node* product = Arithmetic(difference->Input(1));
    const TensorId bias = Stored(difference->Input(0));
    if (product == nullptr || !product->Is("Mul") || bias == kNone) return false;
    const TensorId left = Stored(product->Input(0));
    const TensorId mean = left != kNone ? left : Stored(product->Input(1));
    if (mean == kNone) return false;
    norms[bias] = Role::kNormBias;
    norms[mean] = Role::kNormMean;
    return true;
  }

  const Graph& graph_;
  const Levels& levels_;
};

}  // namespace

FrozenNorms FindFrozenNorms(const Graph& graph, const Levels& levels) {
  FrozenNorms norms;
  const Finder finder(graph, levels);
  for (const Node& node : graph.nodes) finder.Visit(node, norms);
  return norms;
}

}  // namespace onnx_reinit::infer
