// What a fixed value is that takes part in the pieces of a normalisation or of an activation.
#ifndef ONNX_REINIT_INFER_FORM_SLOTS_H_
#define ONNX_REINIT_INFER_FORM_SLOTS_H_

#include <optional>

#include "infer/slot.h"

namespace onnx_reinit::infer {

// The scale or the bias of a normalisation, where they are not multiplied and added after it; the
// slopes of PReLU. nullopt where the operator of `slot` belongs to no form, or one number is seen.
std::optional<SlotMeaning> MeaningInForm(const SlotContext& context, const Slot& slot);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_FORM_SLOTS_H_
