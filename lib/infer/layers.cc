#include "infer/layers.h"

#include <algorithm>
#include <utility>

#include "infer/operator_sets.h"
#include "infer/origin.h"
#include "infer/value_queue.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

constexpr size_t kMaxVisited = 300;

bool IsProduct(const Node& node) { return node.Is("MatMul") || node.op_type == "FusedMatMul"; }

}  // namespace

Layers::Layers(const Surroundings& surroundings, std::vector<Layer> layers)
    : all_(surroundings),
      layers_(std::move(layers)),
      layer_of_node_(surroundings.graph.nodes.size(), graph::kNone),
      next_of_node_(layers_.size(), graph::kNone) {
  for (size_t i = layers_.size(); i-- > 0;) {
    LayerId& first = layer_of_node_[static_cast<size_t>(layers_[i].node)];
    next_of_node_[i] = first;
    first = static_cast<LayerId>(i);
  }
}

LayerId Layers::Of(NodeId node) const {
  return node == graph::kNone ? graph::kNone : layer_of_node_[static_cast<size_t>(node)];
}

std::vector<LayerId> Layers::AllOf(NodeId node) const {
  std::vector<LayerId> all;
  for (LayerId id = Of(node); id != graph::kNone; id = next_of_node_[static_cast<size_t>(id)]) {
    all.push_back(id);
  }
  return all;
}

graph::ValueIds Layers::DataOf(NodeId node) const {
  graph::ValueIds data;
  for (const ValueId input : all_.graph.node(node).inputs) {
    if (all_.levels.IsData(input)) data.push_back(input);
  }
  return data;
}

graph::ValueIds Layers::InputsBetween(NodeId id) const {
  const Node& node = all_.graph.node(id);
  if (Of(id) != graph::kNone || IsIn(OperatorSet::kSoftmax, node)) return {};
  graph::ValueIds data = DataOf(id);
  if (IsProduct(node) && data.size() > 1) data.clear();
  return data;
}

ValueId Layers::NearestBack(ValueId value, absl::FunctionRef<bool(ValueId)> is_wanted) const {
  ValueQueue queue;
  queue.Add(value);
  while (!queue.IsEmpty() && queue.taken() < kMaxVisited) {
    const ValueId now = queue.Take();
    if (is_wanted(now)) return now;
    const NodeId producer = all_.graph.value(now).producer;
    if (producer != graph::kNone) queue.AddAll(InputsBetween(producer));
  }
  return graph::kNone;
}

LayerId Layers::Before(ValueId value) const {
  const ValueId made = NearestBack(
      value, [&](ValueId now) { return Of(all_.graph.value(now).producer) != graph::kNone; });
  return made == graph::kNone ? graph::kNone : Of(all_.graph.value(made).producer);
}

LayerId Layers::Next(ValueId value, bool past_sums) const {
  ValueQueue queue;
  queue.Add(value);
  while (!queue.IsEmpty() && queue.taken() < kMaxVisited) {
    const ValueId now = queue.Take();
    for (const graph::Use& use : all_.graph.UsesOf(now)) {
      if (Of(use.node) != graph::kNone) return Of(use.node);
      const Node& node = all_.graph.node(use.node);
      const NextStep next = After(all_, now, use);
      const bool is_sum = next.step == Step::kResidual;
      const bool is_own = is_sum && std::ranges::all_of(DataOf(use.node), [&](ValueId operand) {
                            return queue.Contains(operand);
                          });
      if (next.step == Step::kPass || is_own || (is_sum && past_sums)) queue.AddAll(next.values);
      const bool is_scaled = node.Is("Mul") || (node.Is("Div") && use.input == 0);
      if (is_scaled && next.step == Step::kEnd) queue.Add(node.Output(0));
    }
  }
  return graph::kNone;
}

}  // namespace onnx_reinit::infer
