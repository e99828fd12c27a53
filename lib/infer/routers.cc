#include "infer/routers.h"

#include <deque>

#include "absl/container/flat_hash_set.h"
#include "infer/operator_sets.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::ValueId;

constexpr size_t kMaxVisited = 200;

// Values that a walk has still to look at, each once.
class Queue {
 public:
  explicit Queue(ValueId first) { Add(first); }

  void Add(ValueId value) {
    if (value != graph::kNone && seen_.insert(value).second) values_.push_back(value);
  }
  bool IsDone() const { return values_.empty() || seen_.size() > kMaxVisited; }
  ValueId Take() {
    const ValueId value = values_.front();
    values_.pop_front();
    return value;
  }

 private:
  std::deque<ValueId> values_;
  absl::flat_hash_set<ValueId> seen_;
};

bool ReachesLayer(const Layers& layers, const Node& choice) {
  const graph::Graph& graph = layers.surroundings().graph;
  Queue queue(choice.Output(0));
  queue.Add(choice.Output(1));
  while (!queue.IsDone()) {
    for (const graph::Use& use : graph.UsesOf(queue.Take())) {
      if (layers.Of(use.node) != graph::kNone) return true;
      for (const ValueId output : graph.node(use.node).outputs) queue.Add(output);
    }
  }
  return false;
}

bool HoldsExperts(const Node& node) {
  return node.domain == "com.microsoft" && (node.op_type == "MoE" || node.op_type == "QMoE");
}

// Where scores go on: moved and shifted, or as probabilities.
void Follow(const Surroundings& all, ValueId value, const graph::Use& use, Queue& queue) {
  const Node& node = all.graph.node(use.node);
  const NextStep next = After(all, value, use);
  for (const ValueId further : next.values) queue.Add(further);
  if (IsIn(OperatorSet::kSoftmax, node)) queue.Add(node.Output(0));
  if (next.activation != nullptr && next.activation->activation.name == "sigmoid") {
    queue.Add(next.activation->output);
  }
}

}  // namespace

bool IsRouter(const Layers& layers, LayerId id) {
  const Surroundings& all = layers.surroundings();
  Queue queue(all.graph.node(layers.at(id).node).Output(0));
  while (!queue.IsDone()) {
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
