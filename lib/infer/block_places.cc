#include "infer/block_places.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "infer/operator_sets.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

// From a sum over its normalisation, scale and shift: few nodes.
constexpr int kMaxSteps = 6;

class Places {
 public:
  Places(const Surroundings& surroundings, const std::vector<Residual>& additions,
         const std::vector<BlockPlace>& places)
      : all_(surroundings), places_(places) {
    for (size_t i = 0; i < additions.size(); ++i) {
      // An inner branch ends first, and what it holds is its own.
      for (const NodeId node : additions[i].branch) at_node_.emplace(node, places[i]);
      for (const NodeId node : additions[i].shortcut) at_node_.emplace(node, places[i]);
      sums_.emplace(additions[i].node, i);
    }
    for (const Residual& addition : additions) {
      if (SumBefore(addition.from) != graph::kNone) post_norm_.insert(addition.stream);
    }
    for (const auto& [node, i] : sums_) {
      if (post_norm_.contains(additions[i].stream)) after_sum_.emplace(node, places[i]);
    }
    // An operator that adds and normalises for the next branch hands on the sum beside it.
    for (size_t i = 0; i < additions.size(); ++i) {
      const NodeId sum = all_.graph.value(additions[i].from).producer;
      if (sums_.contains(sum)) after_sum_.emplace(sum, places[i]);
    }
  }

  // Of what `node` reads in `role`; index -1 where it has none.
  BlockPlace Of(NodeId node, Role role) const {
    if (node == graph::kNone) return {};
    if (const auto it = at_node_.find(node); it != at_node_.end()) return it->second;
    if (role == Role::kBias) return OfSum(node);
    if (role != Role::kNormScale && role != Role::kNormBias) return {};
    const auto it = after_sum_.find(SumBefore(all_.graph.node(node).Output(0)));
    return it != after_sum_.end() ? it->second : BlockPlace{};
  }

 private:
  BlockPlace OfSum(NodeId node) const {
    const auto it = sums_.find(node);
    return it != sums_.end() ? places_[it->second] : BlockPlace{};
  }
  ValueId OnlyData(const Node& node) const;
  NodeId SumBefore(ValueId value) const;

  const Surroundings& all_;
  const std::vector<BlockPlace>& places_;
  absl::flat_hash_map<NodeId, BlockPlace> at_node_;
  absl::flat_hash_map<NodeId, size_t> sums_;  // index of the addition
  absl::flat_hash_set<int> post_norm_;        // streams
  absl::flat_hash_map<NodeId, BlockPlace> after_sum_;
};

// kNone where it has several.
ValueId Places::OnlyData(const Node& node) const {
  ValueId only = graph::kNone;
  for (const ValueId input : node.inputs) {
    if (!all_.levels.IsData(input)) continue;
    if (only != graph::kNone) return graph::kNone;
    only = input;
  }
  return only;
}

// The addition that `value` normalises, or kNone where none or no normalisation is near.
NodeId Places::SumBefore(ValueId value) const {
  bool is_normalized = false;
  for (int step = 0; step < kMaxSteps && value != graph::kNone; ++step) {
    const NodeId producer = all_.graph.value(value).producer;
    if (producer == graph::kNone) break;
    const Node& node = all_.graph.node(producer);
    const NormalizationSite* site = all_.normalizations.At(producer);
    const bool is_sum_beside = all_.graph.value(value).output > 0;
    const bool is_norm = site != nullptr || IsIn(OperatorSet::kNormalization, node);
    is_normalized = is_normalized || (is_norm && !is_sum_beside);
    if (sums_.contains(producer)) return is_normalized ? producer : graph::kNone;
    value = site != nullptr ? site->input : OnlyData(node);
  }
  return graph::kNone;
}

}  // namespace

void PlaceOthers(const Surroundings& surroundings, const std::vector<Residual>& additions,
                 const std::vector<BlockPlace>& places, const std::vector<graph::Use>& uses,
                 std::vector<TensorFacts>& facts) {
  const Places all(surroundings, additions, places);
  for (size_t i = 0; i < facts.size(); ++i) {
    if (!facts[i].learned || facts[i].block_index >= 0) continue;
    const BlockPlace place = all.Of(uses[i].node, facts[i].role);
    facts[i].block_index = place.index;
    facts[i].block_count = place.count;
  }
}

}  // namespace onnx_reinit::infer
