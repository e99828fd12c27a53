// Batch normalisations that the graph computes from their stored parts: a frozen one, whose scale
// and shift are arithmetic of stored tensors before they meet the data.
//
//   scale = weight / sqrt(var + eps);  y = x * scale + (bias - mean * scale)
#ifndef ONNX_REINIT_INFER_FROZEN_NORMS_H_
#define ONNX_REINIT_INFER_FROZEN_NORMS_H_

#include "absl/container/flat_hash_map.h"
#include "graph/graph.h"
#include "infer/levels.h"
#include "onnx_reinit/vocabulary.h"

namespace onnx_reinit::infer {

using FrozenNorms = absl::flat_hash_map<graph::TensorId, Role>;

// norm_scale, norm_bias, norm_mean and norm_var of every such normalisation.
FrozenNorms FindFrozenNorms(const graph::Graph& graph, const Levels& levels);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_FROZEN_NORMS_H_
