#include "infer/copies.h"

#include <algorithm>
#include <utility>

#include "base/checked_math.h"
#include "base/text.h"
#include "infer/biases.h"
#include "infer/reach.h"
#include "infer/value_queue.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

constexpr size_t kMaxVisited = 64;

bool IsAskedForItsShapeOnly(const TensorFacts& facts) {
  return facts.role == Role::kConstant && facts.tensor->dims.size() >= 2 && !facts.uses.empty() &&
         std::all_of(facts.uses.begin(), facts.uses.end(),
                     [](const UseFacts& use) { return use.op_type == "Shape"; });
}

class Copies {
 public:
  Copies(const SlotContext& context, const Layers& layers) : context_(context), layers_(layers) {}

  // The layer whose output meets what is computed from `sizes`; graph::kNone where there is none.
  LayerId SizedBy(ValueId sizes) const {
    ValueQueue queue;
    queue.Add(sizes);
    while (!queue.IsEmpty() && queue.taken() < kMaxVisited) {
      for (const graph::Use& use : context_.graph.UsesOf(queue.Take())) {
        const Node& node = context_.graph.node(use.node);
        if (node.outputs.empty()) continue;
        if (!context_.levels.IsData(node.Output(0))) {
          queue.Add(node.Output(0));
        } else if (const LayerId layer = LayerBeside(context_, layers_, use.node);
                   layer != graph::kNone) {
          return layer;
        }
      }
    }
    return graph::kNone;
  }

 private:
  const SlotContext& context_;
  const Layers& layers_;
};

// Keeps the identity and the uses of `copy`. Where it has another shape, what is known of axes is
// the weight's only.
void BecomeWhat(const TensorFacts& weight, std::string_view why, TensorFacts& copy) {
  TensorFacts facts = weight;
  facts.tensor = copy.tensor;
  facts.name = copy.name;
  facts.scope = copy.scope;
  facts.source = copy.source;
  facts.uses = copy.uses;
  facts.quantization.reset();
  if (weight.tensor->dims != copy.tensor->dims) {
    facts.axes = MatrixAxes();
    facts.parts.clear();
  }
  facts.reason.clear();
  AddStep(facts, copy.name, ": ", why, " ", weight.name, ": a copy of that weight");
  AddStep(facts, weight.reason);
  copy = std::move(facts);
}

// The value that `use` divides or normalises, where what it reads is the norm or a statistic of it;
// else kNone.
ValueId NormalizedBy(const Node& node, int input) {
  const bool is_norm = node.Is("Div") && input == 1;
  const bool is_statistic = node.Is("BatchNormalization") && input >= 3;
  return is_norm || is_statistic ? node.Input(0) : graph::kNone;
}

// The weight that what is computed from `tensor` divides or normalises, where no data takes part;
// nullptr where there is none.
const graph::StoredTensor* WeightNormalizedBy(const SlotContext& context,
                                              const graph::StoredTensor& tensor) {
  const graph::StoredTensor* weight = nullptr;
  ValueQueue queue;
  queue.AddAll(tensor.values);
  while (!queue.IsEmpty() && queue.taken() < kMaxVisited) {
    const ValueId now = queue.Take();
    for (const graph::Use& use : context.graph.UsesOf(now)) {
      const Node& node = context.graph.node(use.node);
      const ValueId normalized = NormalizedBy(node, use.input);
      if (normalized != graph::kNone) weight = StoredBehind(context.graph, normalized);
      if (normalized != graph::kNone || node.outputs.empty()) continue;
      if (context.levels.IsFed(node.Output(0))) return nullptr;
      queue.Add(node.Output(0));
    }
  }
  return queue.IsEmpty() ? weight : nullptr;
}

void NoteNormalizingCopies(const SlotContext& context, std::vector<TensorFacts>& facts) {
  for (size_t i = 0; i < facts.size(); ++i) {
    const graph::StoredTensor& tensor = context.graph.tensors[i];
    if (facts[i].tensor->dims.size() < 2) continue;
    const graph::StoredTensor* weight = WeightNormalizedBy(context, tensor);
    if (weight == nullptr || weight == &tensor) continue;
    const TensorFacts& normalized =
        facts[static_cast<size_t>(weight - context.graph.tensors.data())];
    const auto elements = ElementCount(facts[i].tensor->dims);
    if (IsWeight(normalized.role) && elements == ElementCount(normalized.tensor->dims)) {
      BecomeWhat(normalized, "only the norm or the statistics are computed from it of", facts[i]);
    }
  }
}

}  // namespace

void NoteCopies(const SlotContext& context, const Layers& layers, std::vector<TensorFacts>& facts) {
  NoteNormalizingCopies(context, facts);
  const Copies copies(context, layers);
  for (size_t i = 0; i < facts.size(); ++i) {
    if (!IsAskedForItsShapeOnly(facts[i])) continue;
    for (const ValueId value : context.graph.tensors[i].values) {
      for (const graph::Use& use : context.graph.UsesOf(value)) {
        const LayerId layer = copies.SizedBy(context.graph.node(use.node).Output(0));
        if (layer == graph::kNone) continue;
        const TensorFacts& weight = facts[layers.at(layer).fact];
        if (weight.tensor->dims == facts[i].tensor->dims) {
          BecomeWhat(weight, "only its shape is used, beside", facts[i]);
        }
      }
    }
  }
}

}  // namespace onnx_reinit::infer
