#include "infer/rotary.h"

#include "infer/operator_sets.h"
#include "infer/value_queue.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::ValueId;

constexpr size_t kMaxVisited = 24;

bool IsTurning(const Node& node) {
  return IsInAny({OperatorSet::kMove, OperatorSet::kRetype}, node) || node.Is("Neg") ||
         node.Is("Concat") || node.Is("Gather");
}

// `value` and what it is made of by moves, negation and concatenation.
ValueSet Sources(const SlotContext& context, ValueId value) {
  ValueSet sources;
  sources.Add(value);
  for (size_t i = 0; i < sources.size() && i < kMaxVisited; ++i) {
    const Node* node = context.graph.Producer(sources[i]);
    if (node == nullptr || !IsTurning(*node)) continue;
    for (const ValueId input : node->inputs) {
      if (context.levels.IsData(input)) sources.Add(input);
    }
  }
  return sources;
}

// The data operand of a product with a stored table; kNone where `value` is no such product.
ValueId TurnedData(const SlotContext& context, ValueId value) {
  const Node* node = context.graph.Producer(value);
  for (int step = 0;
       step < 4 && node != nullptr && (node->Is("Cast") || IsIn(OperatorSet::kRetype, *node));
       ++step) {
    node = context.graph.Producer(node->Input(0));
  }
  if (node == nullptr || !node->Is("Mul")) return graph::kNone;
  const bool is_first = context.levels.IsData(node->Input(0));
  if (is_first == context.levels.IsData(node->Input(1))) return graph::kNone;
  return node->Input(is_first ? 0 : 1);
}

// The addition or subtraction that `value` enters next; nullptr where there is another step.
const Node* SumAfter(const SlotContext& context, ValueId value) {
  for (int step = 0; step < 4; ++step) {
    const auto& uses = context.graph.UsesOf(value);
    if (uses.size() != 1) return nullptr;
    const Node& next = context.graph.node(uses[0].node);
    if (next.Is("Add") || next.Is("Sub")) return &next;
    if (!next.Is("Cast") && !IsIn(OperatorSet::kRetype, next)) return nullptr;
    value = next.Output(0);
  }
  return nullptr;
}

}  // namespace

bool IsRotaryTable(const SlotContext& context, const Slot& slot) {
  const Node* sum = SumAfter(context, slot.node.Output(0));
  if (sum == nullptr) return false;
  const ValueId left = TurnedData(context, sum->Input(0));
  const ValueId right = TurnedData(context, sum->Input(1));
  if (left == graph::kNone || right == graph::kNone || left == right) return false;
  const ValueSet of_left = Sources(context, left);
  const ValueSet of_right = Sources(context, right);
  for (size_t i = 0; i < of_left.size(); ++i) {
    if (of_right.Contains(of_left[i])) return true;
  }
  return false;
}

bool IsAngle(const SlotContext& context, ValueId value) {
  bool has_sine = false;
  bool has_cosine = false;
  ValueQueue queue;
  queue.Add(value);
  while (!queue.IsEmpty() && queue.taken() < kMaxVisited) {
    for (const graph::Use& use : context.graph.UsesOf(queue.Take())) {
      const Node& node = context.graph.node(use.node);
      has_sine = has_sine || node.Is("Sin");
      has_cosine = has_cosine || node.Is("Cos");
      if (IsTurning(node) || node.Is("Mul") || node.Is("Div")) queue.Add(node.Output(0));
    }
  }
  return has_sine && has_cosine;
}

}  // namespace onnx_reinit::infer
