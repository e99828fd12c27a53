#include "infer/form_slots.h"

#include "infer/arithmetic.h"

namespace onnx_reinit::infer {
namespace {

using graph::NodeId;

SlotMeaning Holds(Role role, const char* text) {
  return {.role = role, .evidence = Evidence::kStructure, .text = text};
}

bool IsPrelu(const ActivationSite* site) {
  return site != nullptr && site->activation.name == "prelu";
}

}  // namespace

std::optional<SlotMeaning> MeaningInForm(const SlotContext& context, const Slot& slot) {
  const ArithmeticRow* row = FindArithmetic(slot.node);
  if (row == nullptr || slot.view.IsSingle()) return std::nullopt;
  const auto id = static_cast<NodeId>(&slot.node - context.graph.nodes.data());
  if (context.normalizations.At(id) != nullptr) {
    if (row->kind == ArithmeticKind::kProduct) {
      return Holds(Role::kNormScale, "multiplied into the pieces of a normalisation");
    }
    if (row->kind == ArithmeticKind::kLinear) {
      return Holds(Role::kNormBias, "added in the pieces of a normalisation");
    }
  }
  if (context.activations != nullptr && IsPrelu(context.activations->At(id)) &&
      row->kind == ArithmeticKind::kProduct) {
    return Holds(Role::kPreluSlope, "the slope of PReLU in pieces");
  }
  return std::nullopt;
}

}  // namespace onnx_reinit::infer
