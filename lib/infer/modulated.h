// Weights that the data scales before a convolution uses them: modulated convolutions.
//
//   W [out, in, k...] -> Mul(style of each input) -> Mul(1 / norm) -> Reshape -> Conv with data
#ifndef ONNX_REINIT_INFER_MODULATED_H_
#define ONNX_REINIT_INFER_MODULATED_H_

#include <optional>

#include "graph/graph.h"
#include "infer/slot.h"

namespace onnx_reinit::infer {

struct ModulatedUse {
  graph::NodeId convolution = graph::kNone;
  SlotMeaning meaning;  // by the axes of the slot's view
};

// Where `slot` is an operand of a product with data that becomes, moved and scaled, the filters of
// a convolution. Karras et al. 2020, 1912.04958, section 2.2.
std::optional<ModulatedUse> ModulatedWeight(const SlotContext& context, const Slot& slot);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_MODULATED_H_
