// Fan rules of products: matrix products, convolutions, Einsum, table look-ups, recurrences.
#ifndef ONNX_REINIT_INFER_PRODUCT_SLOTS_H_
#define ONNX_REINIT_INFER_PRODUCT_SLOTS_H_

#include <optional>
#include <vector>

#include "infer/slot.h"

namespace onnx_reinit::infer {

using MaybeMeaning = std::optional<SlotMeaning>;

// [M, C/group, k...] and, for the transposed form, [C, M/group, k...]. Strides are not counted.
MaybeMeaning ConvWeight(const SlotContext& context, const Slot& slot);
MaybeMeaning ConvTransposeWeight(const SlotContext& context, const Slot& slot);
// [C, 1, k...], one group for each channel.
MaybeMeaning DepthwiseConvWeight(const SlotContext& context, const Slot& slot);
// [M, k..., C/group], or as ConvWeight where the kernel_shape attribute says so.
MaybeMeaning NhwcConvWeight(const SlotContext& context, const Slot& slot);

// Either operand of Gemm and MatMul, with transA and transB where the operator has them.
MaybeMeaning GemmOperand(const SlotContext& context, const Slot& slot);
MaybeMeaning MatMulOperand(const SlotContext& context, const Slot& slot);
MaybeMeaning EinsumOperand(const SlotContext& context, const Slot& slot);

// [inputs, outputs], resp. [outputs, inputs], whatever the other operands are.
MaybeMeaning InputsByOutputs(const SlotContext& context, const Slot& slot);
MaybeMeaning OutputsByInputs(const SlotContext& context, const Slot& slot);
// [inputs, query + key + value], with the sizes of qkv_hidden_sizes, or three equal ones.
MaybeMeaning QkvMatrix(const SlotContext& context, const Slot& slot);
// Stacked experts: [E, out, in], or [E, in, out] in files of older versions, told by the bias.
MaybeMeaning ExpertMatrix(const SlotContext& context, const Slot& slot);
// Packed blocks; the fans are the attributes K and N. What was prepacked for a kernel cannot be
// filled.
MaybeMeaning PackedMatrix(const SlotContext& context, const Slot& slot);
// A weight in a layout of which nothing is known.
MaybeMeaning Packed(const SlotContext& context, const Slot& slot);

// Gather and its relatives by indices that are data: [V, D] on axis 0. By indices that follow from
// shapes alone it is a table of positions.
MaybeMeaning Table(const SlotContext& context, const Slot& slot);

// [directions, gates * H, I or H]; the operator says how many gates.
MaybeMeaning RecurrentInput(const SlotContext& context, const Slot& slot);
MaybeMeaning RecurrentState(const SlotContext& context, const Slot& slot);
// [directions, I or H, gates * H]
MaybeMeaning RecurrentInputTransposed(const SlotContext& context, const Slot& slot);
MaybeMeaning RecurrentStateTransposed(const SlotContext& context, const Slot& slot);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_PRODUCT_SLOTS_H_
