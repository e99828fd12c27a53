// What stands beside each bias: the weight whose output it is added to.
#ifndef ONNX_REINIT_INFER_BIASES_H_
#define ONNX_REINIT_INFER_BIASES_H_

#include <vector>

#include "infer/facts.h"
#include "infer/layers.h"
#include "infer/slot.h"

namespace onnx_reinit::infer {

// The layer that `node` is, or that the first data it takes comes from; graph::kNone where there is
// none.
LayerId LayerBeside(const SlotContext& context, const Layers& layers, graph::NodeId node);

// Fills weight_fan_in and weight_block_role of every bias. `uses` has, for each of the facts, where
// its role was decided (node graph::kNone where nothing decided it).
void NoteBiases(const SlotContext& context, const Layers& layers,
                const std::vector<graph::Use>& uses, std::vector<TensorFacts>& facts);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_BIASES_H_
