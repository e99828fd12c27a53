// Routers: the layers whose scores choose among experts.
#ifndef ONNX_REINIT_INFER_ROUTERS_H_
#define ONNX_REINIT_INFER_ROUTERS_H_

#include "infer/layers.h"

namespace onnx_reinit::infer {

// Whether the layer's outputs, through a softmax or a sigmoid or none, are scores of which the best
// are chosen (TopK), and later layers depend on the choice; or whether an operator that holds the
// experts takes them.
//
//   x -> MatMul(router) -> Softmax -> TopK -> ... -> MatMul(expert)
//
// `HasChoices` is false where no layer can be one, which one pass over the graph tells.
bool HasChoices(const graph::Graph& graph);
bool IsRouter(const Layers& layers, LayerId id);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_ROUTERS_H_
