#include "graph/order.h"

#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "base/printable.h"
#include "base/text.h"

namespace onnx_reinit::graph {
namespace {

// For each node, how many of its inputs other nodes make; and for each node, which nodes wait for
// it.
struct Waiting {
  std::vector<int32_t> count;
  std::vector<std::vector<NodeId>> followers;
};

Waiting CountWaiting(const Graph& graph) {
  Waiting waiting{std::vector<int32_t>(graph.nodes.size()),
                  std::vector<std::vector<NodeId>>(graph.nodes.size())};
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const ValueId input : graph.nodes[i].inputs) {
      if (input == kNone || graph.value(input).producer == kNone) continue;
      ++waiting.count[i];
      waiting.followers[static_cast<size_t>(graph.value(input).producer)].push_back(
          static_cast<NodeId>(i));
    }
  }
  return waiting;
}

bool IsSorted(const Graph& graph) {
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const ValueId input : graph.nodes[i].inputs) {
      if (input != kNone && graph.value(input).producer >= static_cast<NodeId>(i)) return false;
    }
  }
  return true;
}

// Kahn's algorithm; the ready node that stands first in the file goes first.
std::vector<NodeId> Order(Waiting& waiting) {
  std::priority_queue<NodeId, std::vector<NodeId>, std::greater<>> ready;
  for (size_t i = 0; i < waiting.count.size(); ++i) {
    if (waiting.count[i] == 0) ready.push(static_cast<NodeId>(i));
  }
  std::vector<NodeId> order;
  order.reserve(waiting.count.size());
  while (!ready.empty()) {
    order.push_back(ready.top());
    ready.pop();
    for (const NodeId next : waiting.followers[static_cast<size_t>(order.back())]) {
      if (--waiting.count[static_cast<size_t>(next)] == 0) ready.push(next);
    }
  }
  return order;
}

// Every node that still waits does so for one that waits too: following those leads into a circle.
absl::Status CycleError(const Graph& graph, const Waiting& waiting) {
  const auto waits = [&](NodeId id) { return waiting.count[static_cast<size_t>(id)] > 0; };
  NodeId at = 0;
  while (!waits(at)) ++at;
  std::vector<bool> seen(graph.nodes.size());
  while (!seen[static_cast<size_t>(at)]) {
    seen[static_cast<size_t>(at)] = true;
    for (const ValueId input : graph.node(at).inputs) {
      if (input == kNone || graph.value(input).producer == kNone) continue;
      if (!waits(graph.value(input).producer)) continue;
      at = graph.value(input).producer;
      break;
    }
  }
  const Node& node = graph.node(at);
  return absl::DataLossError(Text("at byte ", node.source->offset, ": the graph has a cycle: node ",
                                  Quote(node.label), " (", node.source->op_type,
                                  ") depends on its own output"));
}

}  // namespace

absl::Status SortNodes(Graph& graph) {
  if (IsSorted(graph)) return absl::OkStatus();
  Waiting waiting = CountWaiting(graph);
  const std::vector<NodeId> order = Order(waiting);
  if (order.size() != graph.nodes.size()) return CycleError(graph, waiting);
  std::vector<Node> sorted;
  sorted.reserve(order.size());
  std::vector<NodeId> position(order.size());
  for (const NodeId id : order) {
    position[static_cast<size_t>(id)] = static_cast<NodeId>(sorted.size());
    sorted.push_back(std::move(graph.nodes[static_cast<size_t>(id)]));
  }
  graph.nodes = std::move(sorted);
  for (Value& value : graph.values) {
    if (value.producer != kNone) value.producer = position[static_cast<size_t>(value.producer)];
  }
  return absl::OkStatus();
}

}  // namespace onnx_reinit::graph
