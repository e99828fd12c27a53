#include "infer/block_places.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace onnx_reinit::infer {
namespace {

using graph::NodeId;

class Places {
 public:
  Places(const Surroundings& surroundings, const std::vector<Residual>& additions,
         const std::vector<BlockPlace>& places)
      : all_(surroundings), places_(places), after_sum_(additions.size()) {
    for (size_t i = 0; i < additions.size(); ++i) {
      // An inner branch ends first, and what it holds is its own.
      for (const NodeId node : additions[i].branch) at_node_.emplace(node, places[i]);
      for (const NodeId node : additions[i].shortcut) at_node_.emplace(node, places[i]);
      sums_.emplace(additions[i].node, static_cast<int>(i));
    }
    absl::flat_hash_set<int> post_norm;  // streams
    for (size_t i = additions.size(); i-- > 0;) {
      const SumBehind behind = FindSumBehind(all_, additions[i].from, sums_);
      if (behind.is_normalized) post_norm.insert(additions[i].stream);
      // An operator that adds and normalises hands on the sum beside: its norm is the next
      // branch's.
      if (behind.index >= 0) after_sum_[static_cast<size_t>(behind.index)] = places[i];
    }
    for (size_t i = 0; i < additions.size(); ++i) {
      if (post_norm.contains(additions[i].stream)) after_sum_[i] = places[i];
    }
  }

  // Of what `node` reads in `role`; index -1 where it has none.
  BlockPlace Of(NodeId node, Role role) const {
    if (node == graph::kNone) return {};
    if (const auto it = at_node_.find(node); it != at_node_.end()) return it->second;
    if (role == Role::kBias) return OfSum(node);
    if (role != Role::kNormScale && role != Role::kNormBias) return {};
    const SumBehind behind = FindSumBehind(all_, all_.graph.node(node).Output(0), sums_);
    return behind.is_normalized ? after_sum_[static_cast<size_t>(behind.index)] : BlockPlace{};
  }

 private:
  BlockPlace OfSum(NodeId node) const {
    const auto it = sums_.find(node);
    return it != sums_.end() ? places_[static_cast<size_t>(it->second)] : BlockPlace{};
  }

  const Surroundings& all_;
  const std::vector<BlockPlace>& places_;
  absl::flat_hash_map<NodeId, BlockPlace> at_node_;
  absl::flat_hash_map<NodeId, int> sums_;  // index of the addition
  std::vector<BlockPlace> after_sum_;      // of a norm behind each addition
};

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
