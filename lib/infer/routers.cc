#include "infer/routers.h"

#include <algorithm>

#include "infer/operator_sets.h"
#include "infer/value_queue.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::ValueId;

constexpr size_t kMaxVisited = 200;

bool IsDone(const ValueQueue& queue) { return queue.IsEmpty() || queue.added() > kMaxVisited; }

bool ReachesLayer(const Layers& layers, const Node& choice) {
  const graph::Graph& graph = layers.surroundings().graph;
  ValueQueue queue;
  queue.Add(choice.Output(0));
  queue.Add(choice.Output(1));
  while (!IsDone(queue)) {
    for (const graph::Use& use : graph.UsesOf(queue.Take())) {
      if (layers.Of(use.node) != graph::kNone) return true;
      queue.AddAll(graph.node(use.node).outputs);
    }
  }
  return false;
}

bool HoldsExperts(const Node& node) {
  return node.domain == "com.microsoft" && (node.op_type == "MoE" || node.op_type == "QMoE");
}

// Where scores go on: moved and shifted, or as probabilities.
void Follow(const Surroundings& all, ValueId value, const graph::Use& use, ValueQueue& queue) {
  const Node& node = all.graph.node(use.node);
  const NextStep next = After(all, value, use);
  queue.AddAll(next.values);
  if (IsIn(OperatorSet::kSoftmax, node)) queue.Add(node.Output(0));
  if (next.activation != nullptr && next.activation->activation.name == "sigmoid") {
    queue.Add(next.activation->output);
  }
}

}  // namespace

bool HasChoices(const graph::Graph& graph) {
  return std::ranges::any_of(
      graph.nodes, [](const Node& node) { return node.Is("TopK") || HoldsExperts(node); });
}

bool IsRouter(const Layers& layers, LayerId id) {
  const Surroundings& all = layers.surroundings();
  ValueQueue queue;
  queue.Add(all.graph.node(layers.at(id).node).Output(0));
  while (!IsDone(queue)) {
    const ValueId now = queue.Take();
    for (const graph::Use& use : all.graph.UsesOf(now)) {
      const Node& node = all.graph.node(use.node);
      if (HoldsExperts(node) && use.input == 1) return true;
      if (node.Is("TopK")) {
        if (ReachesLayer(layers, node)) return true;
      } else {
        Follow(all, now, use, queue);
      }
    }
  }
  return false;
}

}  // namespace onnx_reinit::infer
