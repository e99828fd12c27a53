// The place of each weight layer in the network: attention, MLP, residual branch, first and last.
#ifndef ONNX_REINIT_INFER_BLOCKS_H_
#define ONNX_REINIT_INFER_BLOCKS_H_

#include <vector>

#include "graph/graph.h"
#include "infer/facts.h"
#include "infer/layers.h"
#include "infer/slot.h"

namespace onnx_reinit::infer {

// Fills block_role, parts, residual_output, the residual branch's facts, block_index and
// block_count, and says in the chain how each was found. `facts` has role, fans and activations
// already; `uses` has for each fact the use that decided its role, or a node graph::kNone.
void NoteBlocks(const SlotContext& context, const Layers& layers,
                const std::vector<graph::Use>& uses, std::vector<TensorFacts>& facts);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_BLOCKS_H_
