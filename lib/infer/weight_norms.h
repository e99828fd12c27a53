// Weight normalisation of stored tensors, W = g * v / ||v||, where the norm is of slices of v: of
// each output (PyTorch's dim=0), of each place of another axis, or of the whole.
//
//   v -> ReduceL2 -> Div -> Mul -> the weight of a layer
//   g ------------------/          (or the quotient of v and its norm comes first)
#ifndef ONNX_REINIT_INFER_WEIGHT_NORMS_H_
#define ONNX_REINIT_INFER_WEIGHT_NORMS_H_

#include <optional>

#include "infer/slot.h"

namespace onnx_reinit::infer {

// Where `slot`, an operand of a product of stored tensors, is the gain g of one. Salimans and
// Kingma 2016, 1602.07868.
std::optional<SlotMeaning> WeightNormGain(const SlotContext& context, const Slot& slot);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_WEIGHT_NORMS_H_
