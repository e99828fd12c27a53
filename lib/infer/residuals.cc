#include "infer/residuals.h"

#include <algorithm>
#include <array>
#include <queue>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "infer/operator_sets.h"
#include "infer/origin.h"
#include "infer/value_queue.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

constexpr size_t kMaxBranch = 400;
constexpr size_t kMaxSteps = 32;

// Which operands of an addition a value is computed for: a set of bits.
using Sides = unsigned;
constexpr Sides kLeft = 1;
constexpr Sides kRight = 2;

// Values still to be explained, latest producer first.
class Frontier {
 public:
  explicit Frontier(const Surroundings& all) : all_(all) {}

  void Add(ValueId value, Sides sides) {
    if (!all_.levels.IsData(value)) return;
    const auto [entry, is_new] = sides_.try_emplace(value, sides);
    entry->second |= sides;
    if (is_new) queue_.emplace(all_.graph.value(value).producer, value);
  }
  bool IsOne() const { return queue_.size() == 1; }
  bool IsEmpty() const { return queue_.empty(); }
  ValueId Latest() const { return queue_.top().second; }
  // All that uses a value is explained before it, so that its sides are complete.
  Sides LatestSides() const { return sides_.find(Latest())->second; }
  void Pop() { queue_.pop(); }

 private:
  const Surroundings& all_;
  std::priority_queue<std::pair<NodeId, ValueId>> queue_;
  absl::flat_hash_map<ValueId, Sides> sides_;
};

// The branch from `shortcut` to `end`: what is computed between them, masks and caches that enter
// it from elsewhere left out. False where `end` is not computed from `shortcut` within reach.
bool BranchFrom(const Surroundings& all, ValueId shortcut, ValueId end, Residual& residual) {
  const NodeId start = all.graph.value(shortcut).producer;
  const bool is_fused =
      start != graph::kNone && IsIn(OperatorSet::kNormalization, all.graph.node(start));
  Frontier frontier(all);
  frontier.Add(end, kLeft);
  bool is_joined = false;
  std::vector<NodeId> branch;
  while (!frontier.IsEmpty() && branch.size() < kMaxBranch) {
    const ValueId value = frontier.Latest();
    const NodeId producer = all.graph.value(value).producer;
    frontier.Pop();
    // An operator that adds and normalises hands on both: the sum is the shortcut.
    const bool is_start = value == shortcut || (producer == start && is_fused);
    is_joined = is_joined || is_start;
    if (is_start || producer == graph::kNone || producer <= start) continue;
    branch.push_back(producer);
    for (const ValueId input : all.graph.node(producer).inputs) frontier.Add(input, kLeft);
  }
  if (!is_joined || branch.empty()) return false;
  residual.from = shortcut;
  residual.branch = std::move(branch);
  return true;
}

// One operand is the shortcut itself: the one that was made first, by the network and not of inputs
// alone, as masks are.
bool JoinIdentity(const Surroundings& all, const std::vector<bool>& is_made, const Node& addition,
                  Residual& residual) {
  std::vector<ValueId> operands;
  for (const ValueId input : addition.inputs) {
    if (all.levels.IsData(input)) operands.push_back(input);
  }
  if (operands.size() != 2) return false;
  const bool is_first =
      all.graph.value(operands[0]).producer <= all.graph.value(operands[1]).producer;
  const ValueId shortcut = operands[is_first ? 0 : 1];
  residual.is_identity = is_made[static_cast<size_t>(shortcut)] &&
                         BranchFrom(all, shortcut, operands[is_first ? 1 : 0], residual);
  if (residual.is_identity) residual.shortcut_end = shortcut;
  return residual.is_identity;
}

// The nodes between an addition and the value that both of its operands come from.
struct Between {
  ValueId from = graph::kNone;
  std::vector<std::pair<NodeId, Sides>> nodes;  // empty: the operands share no value within reach
};

Between ToSharedValue(const Surroundings& all, const std::array<ValueId, 2>& operands) {
  Frontier frontier(all);
  frontier.Add(operands[0], kLeft);
  frontier.Add(operands[1], kRight);
  Between between;
  while (!frontier.IsOne() && !frontier.IsEmpty()) {
    const NodeId producer = all.graph.value(frontier.Latest()).producer;
    const Sides sides = frontier.LatestSides();
    if (producer == graph::kNone || between.nodes.size() >= kMaxBranch) return {};
    frontier.Pop();
    between.nodes.emplace_back(producer, sides);
    for (const ValueId input : all.graph.node(producer).inputs) frontier.Add(input, sides);
  }
  if (frontier.IsEmpty()) return {};
  between.from = frontier.Latest();
  return between;
}

int CountLayers(const Layers& layers, const Between& between, Sides side) {
  return static_cast<int>(std::ranges::count_if(between.nodes, [&](const auto& entry) {
    return entry.second == side && layers.Of(entry.first) != graph::kNone;
  }));
}

// Whether all that `node` does to data is linear.
bool IsLinear(const Surroundings& all, NodeId id) {
  const Node& node = all.graph.node(id);
  if (all.activations.At(id) != nullptr || all.normalizations.At(id) != nullptr) return false;
  const bool is_sum = node.Is("Add") || node.Is("Sub") || node.Is("Sum");
  if (is_sum || IsInAny({OperatorSet::kMove, OperatorSet::kRetype}, node)) return true;
  if (IsWeightProduct(all.levels, node)) return true;
  return (node.Is("Mul") || node.Is("Div")) && all.levels.CountData(node) == 1;
}

// Both operands are computed; the one with fewer layers is the shortcut. False where they share no
// value within reach.
bool Join(const Layers& layers, const Node& addition, Residual& residual) {
  std::array<ValueId, 2> operands{};
  std::ranges::copy_if(addition.inputs, operands.begin(),
                       [&](ValueId value) { return layers.surroundings().levels.IsData(value); });
  const Between between = ToSharedValue(layers.surroundings(), operands);
  const int left = CountLayers(layers, between, kLeft);
  const int right = CountLayers(layers, between, kRight);
  const Sides shortcut = left == right ? 0 : left < right ? kLeft : kRight;
  if (shortcut != 0) residual.shortcut_end = operands[shortcut == kLeft ? 0 : 1];
  residual.from = between.from;
  residual.is_linear = std::ranges::all_of(between.nodes, [&](const auto& entry) {
    return IsLinear(layers.surroundings(), entry.first);
  });
  for (const auto& [node, sides] : between.nodes) {
    (shortcut != 0 && sides == shortcut ? residual.shortcut : residual.branch).push_back(node);
  }
  return !residual.branch.empty();
}

bool IsAddition(const Surroundings& all, NodeId id) {
  const Node& node = all.graph.node(id);
  if (all.normalizations.At(id) != nullptr) return false;
  // A piece of an activation is none; a sum with an activation inside is.
  const ActivationSite* site = all.activations.At(id);
  if (site != nullptr && site->summands.empty()) return false;
  const bool is_sum = node.Is("Add") || node.op_type == "QLinearAdd" ||
                      (node.op_type.starts_with("Skip") && node.domain == "com.microsoft");
  return is_sum && all.levels.CountData(node) == 2;
}

// For each value, whether a layer or a table that data looks up is among what it is made of.
std::vector<bool> MadeByNetwork(const Layers& layers) {
  const Surroundings& all = layers.surroundings();
  std::vector<bool> is_made(all.graph.values.size(), false);
  for (size_t i = 0; i < all.graph.nodes.size(); ++i) {
    const Node& node = all.graph.nodes[i];
    const bool is_table = node.op_type == "Gather" && !all.levels.IsData(node.Input(0)) &&
                          all.levels.IsData(node.Input(1));
    bool made = is_table || layers.Of(static_cast<NodeId>(i)) != graph::kNone;
    for (const ValueId input : node.inputs) {
      made = made || (input != graph::kNone && is_made[static_cast<size_t>(input)]);
    }
    for (const ValueId output : node.outputs) {
      if (output != graph::kNone) is_made[static_cast<size_t>(output)] = made;
    }
  }
  return is_made;
}

bool AreMade(const Surroundings& all, const std::vector<bool>& is_made, const Node& addition) {
  return std::all_of(addition.inputs.begin(), addition.inputs.end(), [&](ValueId value) {
    return !all.levels.IsData(value) || is_made[static_cast<size_t>(value)];
  });
}

// A branch without a layer is no branch: the two halves of a rotation, a value and its mean.
bool HasLayer(const Layers& layers, const Residual& residual) {
  return std::any_of(residual.branch.begin(), residual.branch.end(),
                     [&](NodeId node) { return layers.Of(node) != graph::kNone; });
}

// Additions of parallel branches that together are one branch of an identity's: `end` is their sum,
// moved, scaled, shifted or normalised.
void AddParallel(const Surroundings& all, const absl::flat_hash_set<NodeId>& merges, ValueId end,
                 absl::flat_hash_set<NodeId>& parallel) {
  ValueQueue queue;
  queue.Add(end);
  while (!queue.IsEmpty() && queue.taken() < kMaxSteps) {
    const NodeId id = all.graph.value(queue.Take()).producer;
    if (id == graph::kNone) continue;
    const bool is_merge = merges.contains(id);
    if (is_merge) parallel.insert(id);
    const bool is_passed = all.normalizations.At(id) != nullptr ||
                           IsIn(OperatorSet::kNormalization, all.graph.node(id)) ||
                           (IsLinear(all, id) && !IsWeightProduct(all.levels, all.graph.node(id)) &&
                            all.levels.CountData(all.graph.node(id)) == 1);
    if (!is_merge && !is_passed) continue;
    for (const ValueId input : all.graph.node(id).inputs) {
      if (all.levels.IsData(input)) queue.Add(input);
    }
  }
}

// Additions of two branches that lie within the branch of an identity's.
struct Nested {
  absl::flat_hash_set<NodeId> all;
  absl::flat_hash_set<NodeId> parallel;  // those whose sum is that branch
};

Nested FindNested(const Surroundings& all, const std::vector<Residual>& residuals) {
  absl::flat_hash_set<NodeId> merges;
  Nested nested;
  for (const Residual& residual : residuals) {
    if (!residual.is_identity) merges.insert(residual.node);
  }
  for (const Residual& residual : residuals) {
    if (!residual.is_identity) continue;
    for (const NodeId node : residual.branch) {
      if (merges.contains(node)) nested.all.insert(node);
    }
    for (const ValueId input : all.graph.node(residual.node).inputs) {
      if (input != residual.shortcut_end) AddParallel(all, merges, input, nested.parallel);
    }
  }
  return nested;
}

std::vector<Residual> Joined(const Layers& layers) {
  const Surroundings& all = layers.surroundings();
  const std::vector<bool> is_made = MadeByNetwork(layers);
  std::vector<Residual> residuals;
  for (size_t i = 0; i < all.graph.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    if (!IsAddition(all, id)) continue;
    Residual residual{.node = id};
    const Node& addition = all.graph.node(id);
    const bool is_joined = JoinIdentity(all, is_made, addition, residual) ||
                           (AreMade(all, is_made, addition) && Join(layers, addition, residual));
    if (is_joined && HasLayer(layers, residual)) residuals.push_back(std::move(residual));
  }
  return residuals;
}

}  // namespace

SumBehind FindSumBehind(const Surroundings& all, ValueId value,
                        const absl::flat_hash_map<NodeId, int>& sums) {
  SumBehind behind;
  for (size_t step = 0; step < kMaxSteps && value != graph::kNone; ++step) {
    const NodeId producer = all.graph.value(value).producer;
    if (producer == graph::kNone) return {};
    const Node& node = all.graph.node(producer);
    const NormalizationSite* site = all.normalizations.At(producer);
    const bool is_norm = site != nullptr || IsIn(OperatorSet::kNormalization, node);
    // What a fused operator hands on beside its result is the sum itself.
    behind.is_normalized |= is_norm && all.graph.value(value).output == 0;
    if (const auto found = sums.find(producer); found != sums.end()) {
      behind.index = found->second;
      return behind;
    }
    if (!is_norm && IsIn(OperatorSet::kLayer, node)) return {};
    value = site != nullptr ? site->input : all.levels.OnlyData(node);
  }
  return {};
}

Residuals FindResiduals(const Layers& layers) {
  std::vector<Residual> joined = Joined(layers);
  const Nested nested = FindNested(layers.surroundings(), joined);
  Residuals found;
  std::vector<Residual>& residuals = found.additions;
  absl::flat_hash_map<NodeId, int> position;
  int streams = 0;
  for (Residual& residual : joined) {
    const bool is_parallel = nested.parallel.contains(residual.node);
    if (is_parallel) found.parallel.push_back(residual.node);
    if (is_parallel || residual.is_linear) continue;
    if (nested.all.contains(residual.node)) {
      found.inner.push_back(std::move(residual));
      continue;
    }
    const int before = FindSumBehind(layers.surroundings(), residual.from, position).index;
    if (before >= 0) {
      residual.stream = residuals[static_cast<size_t>(before)].stream;
      residual.index = residuals[static_cast<size_t>(before)].index + 1;
    } else {
      residual.stream = streams++;
    }
    position[residual.node] = static_cast<int>(residuals.size());
    residuals.push_back(std::move(residual));
  }
  return found;
}

}  // namespace onnx_reinit::infer
