#include "infer/vector_slots.h"

#include <algorithm>
#include <string>
#include <utility>

#include "infer/operator_sets.h"
#include "infer/origin.h"
#include "infer/quantization.h"
#include "infer/rotary.h"
#include "infer/weight_norms.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::ValueId;

SlotMeaning Not(std::string text) {
  return {.role = Role::kConstant, .evidence = Evidence::kNot, .text = std::move(text)};
}

SlotMeaning Place(Role role, Evidence evidence, std::string text) {
  return {.role = role, .evidence = evidence, .text = std::move(text)};
}

// The first operand that is data, other than the slot's own.
ValueId OtherData(const SlotContext& context, const Slot& slot) {
  for (size_t i = 0; i < slot.node.inputs.size(); ++i) {
    if (static_cast<int>(i) != slot.input && context.levels.IsData(slot.node.inputs[i])) {
      return slot.node.inputs[i];
    }
  }
  return graph::kNone;
}

// Axes with more than one index that come from the tensor.
int WideAxes(const View& view) {
  int count = 0;
  for (const auto& axis : view.axes) {
    for (const Factor& factor : axis) {
      if (factor.extent > 1 && (factor.axis >= 0 || view.is_opaque)) {
        ++count;
        break;
      }
    }
  }
  return count;
}

SlotMeaning SingleAdded(const SlotContext& context, const Slot& slot) {
  if (slot.view.rank() == 0) return Not("one number is added");
  const Origin origin = OriginOf(context, OtherData(context, slot));
  if (origin.kind == OriginKind::kProduct && !origin.is_shifted && !slot.view.is_computed &&
      ProductOutputs(context, *origin.node) == 1) {
    return Place(Role::kBias, Evidence::kStructure, "added after a product with one output");
  }
  return Not("one number is added");
}

// One number for each output of the product that the data comes from; the outputs may stand along
// several axes (heads).
bool IsBiasOfProduct(const SlotContext& context, const Slot& slot, const Origin& origin,
                     int wide_axes) {
  if (origin.kind != OriginKind::kProduct || origin.is_shifted) return false;
  return wide_axes == 1 || ProductOutputs(context, *origin.node) == slot.view.Elements();
}

// [1, 1, H, W] after a convolution: noise, or a mask.
bool IsOneMapForAllChannels(const Slot& slot, const Origin& origin) {
  const View& view = slot.view;
  return view.rank() == 4 && !view.is_opaque && view.Extent(0) == 1 && view.Extent(1) == 1 &&
         view.Extent(2) > 1 && view.Extent(3) > 1 && origin.node != nullptr &&
         origin.node->op_type.find("Conv") != std::string_view::npos;
}

// [stack, 1, outputs] after a product with stacked matrices: a bias for each.
bool IsBiasOfStack(const SlotContext& context, const Slot& slot, const Origin& origin) {
  const View& view = slot.view;
  if (origin.kind != OriginKind::kProduct || origin.is_shifted || view.is_opaque) return false;
  const int rank = view.rank();
  if (rank < 3 || view.Extent(rank - 2) != 1 || view.Extent(rank - 3) < 2) return false;
  return view.Extent(rank - 3) == StackedMatrices(context, *origin.node) &&
         view.Extent(rank - 1) == ProductOutputs(context, *origin.node);
}

SlotMeaning TableAdded(const Origin& origin) {
  if (origin.kind == OriginKind::kInput) {
    return Place(Role::kPositionEmbedding, Evidence::kOpen, "a table is added to an input");
  }
  return Place(Role::kPositionEmbedding, Evidence::kOpen, "a table is added to the data");
}

SlotMeaning VectorAdded(const Origin& origin) {
  switch (origin.kind) {
    case OriginKind::kProduct:
      if (origin.is_shifted) break;
      return Place(Role::kBias, Evidence::kStructure, "added after a product");
    case OriginKind::kNormalization:
      if (origin.is_shifted) break;
      return Place(Role::kNormBias, origin.is_scaled ? Evidence::kStructure : Evidence::kOpen,
                   "added after a normalisation and its scale");
    case OriginKind::kDataProduct:
      if (origin.is_shifted) break;
      return Place(Role::kBias, Evidence::kOpen, "a vector is added after a product of data");
    case OriginKind::kInput:
      return Not("added to an input: preprocessing");
    default:
      break;
  }
  return Place(Role::kParameter, Evidence::kOpen, "a vector is added to the data");
}

bool IsDynamicScale(const SlotContext& context, ValueId other) {
  const Node* producer = context.graph.Producer(other);
  return (producer != nullptr && producer->op_type == "DynamicQuantizeLinear") ||
         IsCastProduct(context.graph, other);
}

// A fixed vector is multiplied into the result later on, before anything else happens to it.
bool IsScaledLater(const SlotContext& context, ValueId value) {
  for (int step = 0; step < 8; ++step) {
    const auto uses = context.graph.UsesOf(value);
    if (uses.size() != 1) return false;
    const Node& next = context.graph.node(uses[0].node);
    if (next.Is("Mul")) {
      const ValueId other = next.Input(uses[0].input == 0 ? 1 : 0);
      return !context.levels.IsData(other);
    }
    if (!IsIn(OperatorSet::kMove, next) || uses[0].input != 0) return false;
    value = next.Output(0);
  }
  return false;
}

// The values that `value` goes to one after the other are squared, or their magnitudes are taken,
// and summed: distances.
struct Distances {
  bool are_summed = false;
  bool are_compared = false;  // the nearest is chosen
};

Distances DistancesFrom(const SlotContext& context, ValueId value) {
  Distances found;
  for (int step = 0; step < 10 && value != graph::kNone; ++step) {
    const auto uses = context.graph.UsesOf(value);
    if (uses.empty()) return found;
    const Node& next = context.graph.node(uses[0].node);
    if (next.Is("ArgMin") || next.Is("ArgMax") || next.Is("TopK")) {
      found.are_compared = found.are_summed;
      return found;
    }
    const bool is_sum = next.op_type.starts_with("Reduce");
    const bool is_square = (next.Is("Mul") && uses.size() == 2 && uses[1].node == uses[0].node) ||
                           next.Is("Pow") || next.Is("Abs");
    const bool is_passed = next.Is("Sqrt") || next.Is("Neg") || IsIn(OperatorSet::kMove, next);
    if (!is_sum && !is_square && !is_passed) return found;
    found.are_summed = found.are_summed || is_sum;
    value = next.Output(0);
  }
  return found;
}

// Points that the data is compared with: those of a codebook, of which the nearest is looked up, or
// centres of radial functions.
MaybeMeaning PointsOfDistances(const SlotContext& context, const Slot& slot) {
  if (!slot.node.Is("Sub") || WideAxes(slot.view) < 2) return std::nullopt;
  const Distances distances = DistancesFrom(context, slot.node.Output(0));
  if (!distances.are_summed) return std::nullopt;
  if (!distances.are_compared) {
    return Place(Role::kParameter, Evidence::kOpen, "distances of the data to it are summed");
  }
  SlotMeaning meaning =
      Place(Role::kEmbedding, Evidence::kOpen, "the nearest of its rows is chosen: a codebook");
  meaning.labels.assign(static_cast<size_t>(slot.view.rank()), AxisLabel::kBatch);
  meaning.labels.back() = AxisLabel::kOutput;
  meaning.labels[meaning.labels.size() - 2] = AxisLabel::kInput;
  return meaning;
}

// All elements of `value` are added up, and nothing else happens to it.
bool IsSummedUp(const SlotContext& context, ValueId value) {
  const auto uses = context.graph.UsesOf(value);
  return uses.size() == 1 && context.graph.node(uses[0].node).Is("ReduceSum");
}

SlotMeaning InstanceParameter(const SlotContext& context, const Slot& slot, Role role) {
  if (IsScaledLater(context, slot.node.Output(0))) {
    return Not("the scale and the bias of this normalisation come after it");
  }
  return Place(role, Evidence::kOperator, "");
}

}  // namespace

MaybeMeaning AddOperand(const SlotContext& context, const Slot& slot) {
  const ValueId other = OtherData(context, slot);
  if (other == graph::kNone) {
    return Place(slot.view.is_picked ? Role::kPositionEmbedding : Role::kParameter, Evidence::kOpen,
                 "added to a larger fixed value");
  }
  if (slot.view.IsSingle()) return SingleAdded(context, slot);
  const Origin origin = OriginOf(context, other);
  // Where nothing is known of the axes it is a table that was resized.
  const int wide = slot.view.IsUnknown() ? 2 : WideAxes(slot.view);
  if (IsBiasOfProduct(context, slot, origin, wide) || IsBiasOfStack(context, slot, origin)) {
    return VectorAdded(origin);
  }
  if (ReachesSoftmax(context, slot.node.Output(0))) {
    const bool is_second = origin.kind == OriginKind::kProduct && origin.is_shifted && wide == 1;
    if (is_second) return Not("added to a layer's scores beside its bias: a prior of the classes");
    return Place(Role::kRelPosBias, Evidence::kOpen, "added to attention scores");
  }
  if (IsOneMapForAllChannels(slot, origin)) return Not("one map is added to all channels: noise");
  if (wide >= 2 && origin.kind == OriginKind::kDataProduct) {
    return Place(Role::kRelPosBias, Evidence::kOpen, "a table is added to a product of data");
  }
  if (origin.kind == OriginKind::kNormalization && origin.is_scaled && !origin.is_shifted) {
    return Place(Role::kNormBias, Evidence::kStructure,
                 "added after a normalisation and its scale");
  }
  if (slot.view.is_picked) {
    return Place(Role::kPositionEmbedding, Evidence::kOpen,
                 "rows of a table, looked up by fixed indices, are added");
  }
  return wide >= 2 ? TableAdded(origin) : VectorAdded(origin);
}

MaybeMeaning MulOperand(const SlotContext& context, const Slot& slot) {
  const ValueId other = OtherData(context, slot);
  if (other == graph::kNone) {
    if (IsCastInteger(context.graph, slot.node.Input(slot.input == 0 ? 1 : 0))) {
      return Place(Role::kQuantScale, Evidence::kNot, "multiplied into integers that are cast");
    }
    if (auto gain = WeightNormGain(context, slot)) return gain;
    return Place(Role::kParameter, Evidence::kOpen, "multiplied into a larger fixed value");
  }
  if (!context.levels.IsFed(other) && IsSummedUp(context, slot.node.Output(0))) {
    return Not("multiplied with a product of stored tensors, and summed: power iteration");
  }
  if (IsDynamicScale(context, other)) {
    return Place(Role::kQuantScale, Evidence::kNot, "multiplied with a scale of quantised data");
  }
  if (slot.view.IsSingle()) {
    if (slot.view.is_exponential) {
      return Place(Role::kLogitScale, Evidence::kOpen,
                   "the exponential of a number scales the data");
    }
    return Not("the data is multiplied by one number");
  }
  if (WideAxes(slot.view) >= 2 && IsRotaryTable(context, slot)) {
    return Not("a table of a rotation: x * cos + turned(x) * sin");
  }
  const Origin origin = OriginOf(context, other);
  if (origin.kind == OriginKind::kNormalization && !origin.is_scaled) {
    return Place(Role::kNormScale, Evidence::kStructure, "multiplied after a normalisation");
  }
  if (origin.kind == OriginKind::kInput) return Not("multiplied into an input: preprocessing");
  if (ReachesSoftmax(context, slot.node.Output(0)) && WideAxes(slot.view) == 1 &&
      origin.kind != OriginKind::kNormalization) {
    return Place(Role::kLogitScale, Evidence::kOpen, "scales attention scores");
  }
  if (WideAxes(slot.view) == 1) {
    return Place(Role::kLayerScale, Evidence::kOpen, "a vector is multiplied into the data");
  }
  return Place(Role::kParameter, Evidence::kOpen, "a table is multiplied into the data");
}

MaybeMeaning OtherOperand(const SlotContext& context, const Slot& slot) {
  if (slot.node.Is("Sub") && slot.input == 1 && IsCastInteger(context.graph, slot.node.Input(0))) {
    return Place(Role::kQuantZeroPoint, Evidence::kNot, "subtracted from integers that are cast");
  }
  if (slot.view.IsSingle() || OtherData(context, slot) == graph::kNone) {
    return Not("a number of the arithmetic");
  }
  if (auto points = PointsOfDistances(context, slot)) return points;
  if (OriginOf(context, OtherData(context, slot)).kind == OriginKind::kInput) {
    return Not("subtracted from or divided into an input: preprocessing");
  }
  return Place(Role::kParameter, Evidence::kOpen, "an operand of the arithmetic");
}

MaybeMeaning TokenOperand(const SlotContext& context, const Slot& slot) {
  if (slot.view.IsSingle() || OtherData(context, slot) == graph::kNone) {
    return Not("a number put in place of data");
  }
  return Place(Role::kToken, Evidence::kOpen, "put beside or in place of data");
}

MaybeMeaning InstanceScale(const SlotContext& context, const Slot& slot) {
  return InstanceParameter(context, slot, Role::kNormScale);
}

MaybeMeaning InstanceBias(const SlotContext& context, const Slot& slot) {
  return InstanceParameter(context, slot, Role::kNormBias);
}

}  // namespace onnx_reinit::infer
