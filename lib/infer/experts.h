// Stacked experts: one matrix for each, of which the data chooses those that it is multiplied with.
//
//   W [experts, out, in] -> Gather(axis 0, indices that are data) -> Transpose -> MatMul with data
//
// A table [V, D] whose rows are looked up and go on as data is none: it has one axis less.
#ifndef ONNX_REINIT_INFER_EXPERTS_H_
#define ONNX_REINIT_INFER_EXPERTS_H_

#include <optional>

#include "graph/graph.h"
#include "infer/see_through.h"
#include "infer/slot.h"
#include "infer/view.h"
#include "onnx_reinit/vocabulary.h"

namespace onnx_reinit::infer {

// What is seen after Gather or GatherND has chosen along the first of three or more axes, by
// indices that are data: as many leading axes as the indices have, then the others. nullopt where
// `passage` is no such choice.
std::optional<View> ChosenByData(const SlotContext& context, const Passage& passage,
                                 const View& view);

// Place in the MLP of the matrices that an operator with experts inside (MoE, QMoE) holds at
// `input`; kNone for other operators and inputs.
BlockRole ExpertRole(const graph::Node& node, int input);

// Whether `slot`, input 0 of a Gather by data, holds the experts' biases: what is chosen by the
// best scores (TopK) is added to a product.
bool IsExpertBias(const SlotContext& context, const Slot& slot);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_EXPERTS_H_
