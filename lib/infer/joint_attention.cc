#include "infer/joint_attention.h"

#include <algorithm>
#include <array>

#include "absl/types/span.h"
#include "infer/operator_sets.h"
#include "infer/value_queue.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

constexpr size_t kMaxVisited = 100;
constexpr size_t kMaxStreams = 8;

// No two of them; a rotation joins the halves of one layer's output.
bool AreOfTheirOwnLayers(const Layers& layers, absl::Span<const ValueId> values) {
  if (values.size() < 2 || values.size() > kMaxStreams) return false;
  std::vector<LayerId> before;
  for (const ValueId value : values) {
    const LayerId layer = layers.Before(value);
    if (layer == graph::kNone || std::ranges::find(before, layer) != before.end()) return false;
    before.push_back(layer);
  }
  return true;
}

// The Concat that joins layers' outputs to `operand`; graph::kNone where there is none.
NodeId JoinBefore(const Layers& layers, ValueId operand) {
  const graph::Graph& graph = layers.surroundings().graph;
  const ValueId joined = layers.NearestBack(operand, [&](ValueId now) {
    const Node* node = graph.Producer(now);
    return node != nullptr && node->op_type.ends_with("Concat") &&
           AreOfTheirOwnLayers(layers, layers.InputsBetween(graph.value(now).producer));
  });
  return joined == graph::kNone ? graph::kNone : graph.value(joined).producer;
}

// What `value` is split into, as it is or moved.
std::vector<ValueId> PartsOf(const graph::Graph& graph, ValueId value, size_t count) {
  ValueQueue queue;
  queue.Add(value);
  while (!queue.IsEmpty() && queue.taken() < kMaxVisited) {
    std::vector<ValueId> parts;
    for (const graph::Use& use : graph.UsesOf(queue.Take())) {
      const Node& node = graph.node(use.node);
      if (!IsIn(OperatorSet::kMove, node) || use.input != 0) continue;
      if (node.Is("Split") || node.Is("Slice")) {
        parts.insert(parts.end(), node.outputs.begin(), node.outputs.end());
      } else {
        queue.AddAll(node.outputs);
      }
    }
    if (parts.size() == count) return parts;
  }
  std::vector<ValueId> whole(count, value);
  return whole;
}

}  // namespace

std::vector<AttentionSite> StreamsOf(const Layers& layers, const AttentionSite& site) {
  const graph::Graph& graph = layers.surroundings().graph;
  const std::array joins = {JoinBefore(layers, site.query), JoinBefore(layers, site.key),
                            JoinBefore(layers, site.value)};
  const bool are_joined = std::ranges::find(joins, graph::kNone) == joins.end() &&
                          joins[0] != joins[1] && joins[1] != joins[2] && joins[2] != joins[0];
  if (!are_joined) return {site};
  const graph::ValueIds queries = layers.InputsBetween(joins[0]);
  const graph::ValueIds keys = layers.InputsBetween(joins[1]);
  const graph::ValueIds values = layers.InputsBetween(joins[2]);
  if (queries.size() != keys.size() || keys.size() != values.size()) return {site};
  const std::vector<ValueId> outputs = PartsOf(graph, site.output, queries.size());
  std::vector<AttentionSite> streams;
  for (size_t i = 0; i < queries.size(); ++i) {
    streams.push_back({queries[i], keys[i], values[i], outputs[i]});
  }
  return streams;
}

}  // namespace onnx_reinit::infer
