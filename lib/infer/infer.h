// Graph -> facts: what every stored tensor is.
#ifndef ONNX_REINIT_INFER_INFER_H_
#define ONNX_REINIT_INFER_INFER_H_

#include <vector>

#include "absl/status/statusor.h"
#include "graph/graph.h"
#include "infer/facts.h"
#include "wire/payload.h"

namespace onnx_reinit::infer {

// One entry for each of graph.tensors, in that order. `values` reads the few numbers that decisions
// need (shapes, limits, fingerprints); it may be nullptr, and bytes that cannot be read count as
// unknown. Linear in the graph. `threads`: 0 for as many as the machine has; the answer is the
// same. Without `reasons` they stay empty.
std::vector<TensorFacts> Infer(const graph::Graph& graph, const wire::ValueReader* values,
                               int threads = 0, bool reasons = true);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_INFER_H_
