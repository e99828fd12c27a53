#include "infer/residuals.h"

#include <algorithm>
#include <queue>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "infer/operator_sets.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

constexpr size_t kMaxBranch = 400;

// Values still to be explained, latest producer first.
class Frontier {
 public:
  explicit Frontier(const Surroundings& all) : all_(all) {}

  void Add(ValueId value) {
    if (!all_.levels.IsData(value) || !seen_.insert(value).second) return;
    queue_.emplace(all_.graph.value(value).producer, value);
  }
  bool IsOne() const { return queue_.size() == 1; }
  bool IsEmpty() const { return queue_.empty(); }
  ValueId Latest() const { return queue_.top().second; }
  void Pop() { queue_.pop(); }

 private:
  const Surroundings& all_;
  std::priority_queue<std::pair<NodeId, ValueId>> queue_;
  absl::flat_hash_set<ValueId> seen_;
};

// False where the operands share no value within reach.
bool Join(const Surroundings& all, const Node& addition, Residual& residual) {
  Frontier frontier(all);
  for (const ValueId input : addition.inputs) frontier.Add(input);
  while (!frontier.IsOne() && !frontier.IsEmpty()) {
    const NodeId producer = all.graph.value(frontier.Latest()).producer;
    if (producer == graph::kNone || residual.branch.size() >= kMaxBranch) return false;
    frontier.Pop();
    residual.branch.push_back(producer);
    for (const ValueId input : all.graph.node(producer).inputs) frontier.Add(input);
  }
  if (frontier.IsEmpty()) return false;
  residual.from = frontier.Latest();
  return !residual.branch.empty();
}

bool IsAddition(const Surroundings& all, NodeId id) {
  const Node& node = all.graph.node(id);
  if (all.activations.At(id) != nullptr || all.normalizations.At(id) != nullptr) return false;
  const bool is_sum = node.Is("Add") || node.op_type == "QLinearAdd" ||
                      (node.op_type.starts_with("Skip") && node.domain == "com.microsoft");
  return is_sum && std::count_if(node.inputs.begin(), node.inputs.end(),
                                 [&](ValueId value) { return all.levels.IsData(value); }) == 2;
}

// The addition that `value` comes from through moves and normalisation; -1 where there is none.
int AdditionBefore(const Surroundings& all, ValueId value,
                   const absl::flat_hash_map<NodeId, int>& position) {
  for (int step = 0; step < 32; ++step) {
    const NodeId producer = all.graph.value(value).producer;
    if (producer == graph::kNone) return -1;
    const auto found = position.find(producer);
    if (found != position.end()) return found->second;
    const Node& node = all.graph.node(producer);
    if (const NormalizationSite* site = all.normalizations.At(producer)) {
      value = site->input;
      continue;
    }
    ValueId only = graph::kNone;
    for (const ValueId input : node.inputs) {
      if (!all.levels.IsData(input)) continue;
      if (only != graph::kNone) return -1;
      only = input;
    }
    const bool is_layer =
        IsIn(OperatorSet::kLayer, node) && !IsIn(OperatorSet::kNormalization, node);
    if (only == graph::kNone || is_layer) return -1;
    value = only;
  }
  return -1;
}

}  // namespace

std::vector<Residual> FindResiduals(const Surroundings& all) {
  std::vector<Residual> residuals;
  absl::flat_hash_map<NodeId, int> position;
  int streams = 0;
  for (size_t i = 0; i < all.graph.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    if (!IsAddition(all, id)) continue;
    Residual residual{.node = id};
    if (!Join(all, all.graph.node(id), residual)) continue;
    const int before = AdditionBefore(all, residual.from, position);
    if (before >= 0) {
      residual.stream = residuals[static_cast<size_t>(before)].stream;
      residual.index = residuals[static_cast<size_t>(before)].index + 1;
    } else {
      residual.stream = streams++;
    }
    position[id] = static_cast<int>(residuals.size());
    residuals.push_back(std::move(residual));
  }
  return residuals;
}

}  // namespace onnx_reinit::infer
