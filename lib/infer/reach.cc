#include "infer/reach.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "base/text.h"
#include "infer/see_through.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

// A value on the way, with what is seen of the tensor there.
struct Stop {
  ValueId value = graph::kNone;
  View view;
  std::vector<NodeId> path;
};

class Walk {
 public:
  explicit Walk(const SlotContext& context)
      : context_(context), passages_{context.graph, context.levels, context.constants} {}

  std::vector<Reached> From(const graph::StoredTensor& tensor) {
    const std::vector<int64_t>& dims =
        tensor.sparse != nullptr ? tensor.sparse->dims : tensor.tensor->dims;
    for (const ValueId value : tensor.values) stops_.push_back({value, View::Of(dims), {}});
    while (!stops_.empty() && found_.size() < kMaxUses) {
      const Stop stop = std::move(stops_.back());
      stops_.pop_back();
      if (!seen_.insert(stop.value).second) continue;
      for (const graph::Use& use : context_.graph.value(stop.value).uses) Visit(stop, use);
    }
    return std::move(found_);
  }

 private:
  void Visit(const Stop& stop, const graph::Use& use) {
    const Node& node = context_.graph.node(use.node);
    bool is_seen_through = false;
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i] == graph::kNone || context_.levels.IsData(node.outputs[i])) continue;
      std::optional<View> view =
          SeeThrough(passages_, {node, use.input, static_cast<int>(i)}, stop.view);
      if (!view) continue;
      is_seen_through = true;
      Stop next{node.outputs[i], *std::move(view), stop.path};
      next.path.push_back(use.node);
      stops_.push_back(std::move(next));
    }
    if (is_seen_through) return;
    found_.push_back({use.node, use.input, stop.view,
                      Meaning(context_, {node, use.input, stop.view}), stop.path});
  }

  const SlotContext& context_;
  SeeThroughContext passages_;
  std::vector<Stop> stops_;
  std::vector<Reached> found_;
  absl::flat_hash_set<ValueId> seen_;
};

}  // namespace

std::vector<Reached> Reach(const SlotContext& context, const graph::StoredTensor& tensor) {
  return Walk(context).From(tensor);
}

std::string PathText(const graph::Graph& graph, const graph::StoredTensor& tensor,
                     const Reached& reached) {
  std::string text = tensor.name;
  for (const NodeId id : reached.path) text += Text(" -> ", graph.node(id).op_type);
  return text +
         Text(" -> ", graph.Describe(graph.node(reached.node)), " (input ", reached.input, ")");
}

}  // namespace onnx_reinit::infer
