#include "infer/experts.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "infer/operator_sets.h"
#include "infer/origin.h"
#include "infer/value_queue.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::ValueId;

constexpr size_t kMaxVisited = 32;

bool IsChoiceByData(const SlotContext& context, const Node& node, int input) {
  const bool is_first_axis = node.IntAttribute("axis", 0) == 0 && input == 0;
  const bool is_gather =
      node.Is("Gather") || (node.Is("GatherND") && node.IntAttribute("batch_dims", 0) == 0);
  return is_gather && is_first_axis && context.levels.IsData(node.Input(1));
}

// How many axes the indices of `node`, a choice among `rank` axes, have: the indices say it, or a
// Transpose of what was chosen. One where neither does.
size_t IndexRank(const SlotContext& context, const Node& node, size_t rank) {
  if (const auto indices = context.constants.Dims(node.Input(1))) return indices->size();
  for (const graph::Use& use : context.graph.UsesOf(node.Output(0))) {
    const size_t chosen = context.graph.node(use.node).IntsAttribute("perm").size();
    if (chosen + 1 >= rank) return chosen + 1 - rank;
  }
  return 1;
}

// Whether `value` is made, by moves and arithmetic of indices, of the places of the best scores.
bool ComesFromTopK(const SlotContext& context, ValueId value) {
  ValueQueue queue;
  queue.Add(value);
  while (!queue.IsEmpty() && queue.taken() < kMaxVisited) {
    const Node* node = context.graph.Producer(queue.Take());
    if (node == nullptr) continue;
    if (node->Is("TopK")) return true;
    const bool is_passed = IsIn(OperatorSet::kMove, *node) ||
                           IsIn(OperatorSet::kElementwise, *node) ||
                           node->op_type.starts_with("Gather") || node->Is("NonZero");
    if (is_passed) queue.AddAll(node->inputs);
  }
  return false;
}

bool IsAddedToProduct(const SlotContext& context, const graph::Use& use) {
  const Node& node = context.graph.node(use.node);
  if (!node.Is("Add")) return false;
  const Origin origin = OriginOf(context, node.Input(use.input == 0 ? 1 : 0));
  return origin.kind == OriginKind::kProduct || origin.kind == OriginKind::kDataProduct;
}

// Inputs of an operator whose experts are MLPs.
struct ExpertOperator {
  std::string_view op_type;
  int in;
  int output;
  int gated;  // the factor without activation, where it is a matrix of its own
};

constexpr std::array kOperators = {ExpertOperator{"MoE", 2, 4, 6}, ExpertOperator{"QMoE", 2, 5, 8}};

}  // namespace

BlockRole ExpertRole(const Node& node, int input) {
  const auto* row = std::ranges::find(kOperators, node.op_type, &ExpertOperator::op_type);
  if (node.domain != "com.microsoft" || row == kOperators.end()) return BlockRole::kNone;
  if (input == row->output) return BlockRole::kMlpOutput;
  if (input == row->gated) return BlockRole::kMlpIn;
  if (input != row->in) return BlockRole::kNone;
  if (node.StringAttribute("activation_type", "relu") == "swiglu") return BlockRole::kMlpGateUp;
  const bool is_gate = node.Input(static_cast<size_t>(row->gated)) != graph::kNone;
  return is_gate ? BlockRole::kMlpGate : BlockRole::kMlpIn;
}

std::optional<View> ChosenByData(const SlotContext& context, const Passage& passage,
                                 const View& view) {
  const Node& node = passage.node;
  if (view.is_opaque || view.rank() < 3 || !IsChoiceByData(context, node, passage.input)) {
    return std::nullopt;
  }
  size_t leading = IndexRank(context, node, static_cast<size_t>(view.rank()));
  // The last axis of GatherND's indices holds one number for each axis that is chosen along.
  if (node.Is("GatherND")) {
    const auto indices = context.constants.Dims(node.Input(1));
    if (indices && (indices->empty() || indices->back() != 1)) return std::nullopt;
    leading = indices ? leading - 1 : 1;
  }
  View chosen = view;
  if (leading == 0) {
    chosen.axes.erase(chosen.axes.begin());
  } else {
    chosen.axes.insert(chosen.axes.begin(), leading - 1, Factors());
  }
  return chosen;
}

bool IsExpertBias(const SlotContext& context, const Slot& slot) {
  if (slot.view.rank() != 2 || slot.node.outputs.empty()) return false;
  if (!ComesFromTopK(context, slot.node.Input(1))) return false;
  ValueId value = slot.node.Output(0);
  for (int step = 0; step < 8; ++step) {
    const auto& uses = context.graph.UsesOf(value);
    if (uses.size() != 1) return false;
    if (IsAddedToProduct(context, uses[0])) return true;
    const Node& next = context.graph.node(uses[0].node);
    if (!IsIn(OperatorSet::kMove, next)) return false;
    value = next.Output(0);
  }
  return false;
}

}  // namespace onnx_reinit::infer
