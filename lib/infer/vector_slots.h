// What a fixed operand of plain arithmetic is. The operator alone cannot tell: a bias, a position
// table and a mask are all added. The place can: what the other operand is made by, and what
// becomes of the result.
#ifndef ONNX_REINIT_INFER_VECTOR_SLOTS_H_
#define ONNX_REINIT_INFER_VECTOR_SLOTS_H_

#include "infer/product_slots.h"
#include "infer/slot.h"

namespace onnx_reinit::infer {

MaybeMeaning AddOperand(const SlotContext& context, const Slot& slot);
MaybeMeaning MulOperand(const SlotContext& context, const Slot& slot);
// Sub, Div, Pow, Max, Min ...: limits and preprocessing, learned only by exception.
MaybeMeaning OtherOperand(const SlotContext& context, const Slot& slot);
// Concat and Where with data: a class token, a mask token; or padding.
MaybeMeaning TokenOperand(const SlotContext& context, const Slot& slot);
// Scale and bias of InstanceNormalization, which exporters also use with ones and zeros as the bare
// half of a group normalisation.
MaybeMeaning InstanceScale(const SlotContext& context, const Slot& slot);
MaybeMeaning InstanceBias(const SlotContext& context, const Slot& slot);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_VECTOR_SLOTS_H_
