#include "infer/weight_norms.h"

#include "infer/operator_sets.h"
#include "infer/reach.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::StoredTensor;
using graph::ValueId;

constexpr int kMaxSteps = 8;

bool IsSquare(const SlotContext& context, const Node& node) {
  if (node.Is("Mul")) return node.Input(0) == node.Input(1);
  return node.Is("Pow") && context.constants.Scalar(node.Input(1)) == 2;
}

// sqrt(sum(v * v)), limited from below perhaps, or ReduceL2.
bool IsNormOf(const SlotContext& context, ValueId value, const StoredTensor& direction) {
  for (int step = 0; step < kMaxSteps; ++step) {
    const Node* node = context.graph.Producer(value);
    if (node == nullptr) return false;
    if (node->Is("ReduceL2") || node->Is("ReduceSumSquare")) {
      return StoredBehind(context.graph, node->Input(0)) == &direction;
    }
    if (node->Is("ReduceSum")) {
      const Node* square = context.graph.Producer(node->Input(0));
      return square != nullptr && IsSquare(context, *square) &&
             StoredBehind(context.graph, square->Input(0)) == &direction;
    }
    const bool is_passed = IsIn(OperatorSet::kMove, *node) || node->Is("Sqrt") || node->Is("Pow") ||
                           node->Is("Add") || node->Is("Clip") || node->Is("Max");
    if (!is_passed) return false;
    value = node->Input(0);
  }
  return false;
}

// v where `value` is v / ||v||.
const StoredTensor* DirectionOf(const SlotContext& context, ValueId value) {
  const Node* node = context.graph.Producer(value);
  if (node == nullptr) return nullptr;
  const StoredTensor* direction = StoredBehind(context.graph, node->Input(0));
  if (direction == nullptr || node->Is("LpNormalization")) return direction;
  const bool is_normalized = node->Is("Div") && IsNormOf(context, node->Input(1), *direction);
  return is_normalized ? direction : nullptr;
}

// v where `value` is g / ||v||, which `other` is v of.
const StoredTensor* DirectionBeside(const SlotContext& context, ValueId value, ValueId other) {
  const Node* node = context.graph.Producer(value);
  const StoredTensor* direction = StoredBehind(context.graph, other);
  if (node == nullptr || direction == nullptr || !node->Is("Div")) return nullptr;
  return IsNormOf(context, node->Input(1), *direction) ? direction : nullptr;
}

}  // namespace

std::optional<SlotMeaning> WeightNormGain(const SlotContext& context, const Slot& slot) {
  if (!slot.node.Is("Mul")) return std::nullopt;
  const ValueId own = slot.node.Input(static_cast<size_t>(slot.input));
  const ValueId other = slot.node.Input(slot.input == 0 ? 1 : 0);
  const StoredTensor* direction = DirectionOf(context, other);
  if (direction == nullptr) direction = DirectionBeside(context, own, other);
  if (direction == nullptr) return std::nullopt;
  return SlotMeaning{.role = Role::kParameter,
                     .evidence = Evidence::kStructure,
                     .text = "the gain of a weight normalisation",
                     .direction = direction->tensor};
}

}  // namespace onnx_reinit::infer
