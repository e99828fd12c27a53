#include "infer/reach.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "infer/experts.h"
#include "infer/modulated.h"
#include "infer/operator_sets.h"
#include "infer/see_through.h"
#include "infer/value_queue.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

constexpr int kMaxChosen = 16;
constexpr size_t kFewLooks = 8;

size_t LooksPerTensor(const graph::Graph& graph) {
  return std::max(kMinLooks, kMaxLooks / std::max<size_t>(graph.tensors.size(), 1));
}

// A value on the way, with what is seen of the tensor there.
struct Stop {
  ValueId value = graph::kNone;
  View view;
  std::vector<NodeId> path;
};

class Walk {
 public:
  explicit Walk(const SlotContext& context)
      : context_(context),
        passages_{context.graph, context.levels, context.constants},
        looks_left_(LooksPerTensor(context.graph)) {}

  std::vector<Reached> From(const graph::StoredTensor& tensor) {
    for (const ValueId value : tensor.values) {
      stops_.push_back({value, View::Of(tensor.dims()), {}});
    }
    while (!stops_.empty() && found_.size() < kMaxUses && seen_.size() < kMaxStops) {
      Stop stop = std::move(stops_.back());
      stops_.pop_back();
      if (seen_.Add(stop.value)) VisitAll(std::move(stop));
    }
    return std::move(found_);
  }

 private:
  void VisitAll(Stop stop) {
    const absl::Span<const graph::Use> uses = context_.graph.UsesOf(stop.value);
    if (uses.empty()) return;
    for (const graph::Use& use : uses.first(uses.size() - 1)) {
      if (Look(stop, use)) Visit(stop, use);
    }
    if (Look(stop, uses.back())) Visit(std::move(stop), uses.back());
  }

  // False where the tensor's part is used up. What reads the tensor itself and is small costs
  // nothing: over all tensors, the graph has no more of it than inputs.
  bool Look(const Stop& stop, const graph::Use& use) {
    const Node& node = context_.graph.node(use.node);
    const size_t looks = node.inputs.size() + node.outputs.size();
    if (stop.path.empty() && looks <= kFewLooks) return true;
    const bool has_left = looks_left_ > 0;
    looks_left_ -= std::min(looks_left_, looks);
    return has_left;
  }

  void Visit(Stop stop, const graph::Use& use) {
    const Node& node = context_.graph.node(use.node);
    bool is_seen_through = false;
    for (size_t i = 0; i < node.outputs.size() && stop.path.size() < kMaxPath; ++i) {
      if (node.outputs[i] == graph::kNone || context_.levels.IsData(node.outputs[i])) continue;
      std::optional<View> view =
          SeeThrough(passages_, {node, use.input, static_cast<int>(i)}, stop.view);
      if (!view) continue;
      is_seen_through = true;
      stops_.push_back(After(stop, use.node, node.outputs[i], *std::move(view)));
    }
    if (is_seen_through || FollowChosen(stop, use) || FollowModulated(stop, use)) return;
    Reached& found = found_.emplace_back();
    found.node = use.node;
    found.input = use.input;
    found.meaning = Meaning(context_, {node, use.input, stop.view});
    found.view = std::move(stop.view);
    found.path = std::move(stop.path);
  }

  // Experts that the data chooses are followed to the products that use them. False where there are
  // none.
  bool FollowChosen(const Stop& from, const graph::Use& choice) {
    const Node& node = context_.graph.node(choice.node);
    std::optional<View> view = ChosenByData(context_, {node, choice.input, 0}, from.view);
    if (!view) return false;
    std::deque<Stop> queue;
    queue.push_back(After(from, choice.node, node.Output(0), *std::move(view)));
    bool is_found = false;
    for (int step = 0; step < kMaxChosen && !queue.empty(); ++step) {
      const Stop stop = std::move(queue.front());
      queue.pop_front();
      for (const graph::Use& use : context_.graph.UsesOf(stop.value)) {
        is_found = VisitChosen(stop, use, queue) || is_found;
      }
    }
    return is_found;
  }

  // Filters that the data scales are used by the convolution. False where there is none.
  bool FollowModulated(const Stop& stop, const graph::Use& use) {
    auto modulated =
        ModulatedWeight(context_, {context_.graph.node(use.node), use.input, stop.view});
    if (!modulated) return false;
    std::vector<NodeId> path = stop.path;
    path.push_back(use.node);
    found_.push_back(
        {modulated->convolution, 1, stop.view, std::move(modulated->meaning), std::move(path)});
    return true;
  }

  // True where `use` is a product with what was chosen; what only moves it is queued.
  bool VisitChosen(const Stop& stop, const graph::Use& use, std::deque<Stop>& queue) {
    const Node& node = context_.graph.node(use.node);
    std::optional<SlotMeaning> meaning = Meaning(context_, {node, use.input, stop.view});
    if (meaning && IsWeight(meaning->role)) {
      found_.push_back({use.node, use.input, stop.view, std::move(meaning), stop.path});
      return true;
    }
    if (!IsIn(OperatorSet::kMove, node)) return false;
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      std::optional<View> view =
          SeeThrough(passages_, {node, use.input, static_cast<int>(i)}, stop.view);
      if (view) queue.push_back(After(stop, use.node, node.outputs[i], *std::move(view)));
    }
    return false;
  }

  static Stop After(const Stop& stop, NodeId node, ValueId value, View view) {
    Stop next{value, std::move(view), stop.path};
    next.path.push_back(node);
    return next;
  }

  const SlotContext& context_;
  SeeThroughContext passages_;
  size_t looks_left_;
  absl::InlinedVector<Stop, 1> stops_;  // nearly always one
  std::vector<Reached> found_;
  ValueSet seen_;
};

}  // namespace

std::vector<Reached> Reach(const SlotContext& context, const graph::StoredTensor& tensor) {
  return Walk(context).From(tensor);
}

const graph::StoredTensor* StoredBehind(const graph::Graph& graph, ValueId value) {
  constexpr int kMaxMoves = 8;
  for (int step = 0; step < kMaxMoves && value != graph::kNone; ++step) {
    if (const graph::StoredTensor* stored = graph.Stored(value)) return stored;
    const Node* node = graph.Producer(value);
    if (node == nullptr || !IsIn(OperatorSet::kMove, *node)) return nullptr;
    value = node->Input(0);
  }
  return nullptr;
}

std::string PathText(const graph::Graph& graph, const graph::StoredTensor& tensor,
                     const Reached& reached) {
  constexpr size_t kBetween = 16;  // arrow, bracket and number
  const std::string reader = graph.Describe(graph.node(reached.node));
  std::string text;
  text.reserve(tensor.name.size() + reader.size() + kBetween);
  text.append(tensor.name);
  for (const NodeId id : reached.path) text.append(" -> ").append(graph.node(id).op_type);
  text.append(" -> ").append(reader).append(" (input ");
  text.append(std::to_string(reached.input)).append(")");
  return text;
}

}  // namespace onnx_reinit::infer
