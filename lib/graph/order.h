// Topological order of a flat graph.
#ifndef ONNX_REINIT_GRAPH_ORDER_H_
#define ONNX_REINIT_GRAPH_ORDER_H_

#include "absl/status/status.h"
#include "graph/graph.h"

namespace onnx_reinit::graph {

// Puts graph.nodes in an order in which every node stands after the producers of its inputs; nodes
// that are in such an order already keep it. Renumbers Value::producer. DataLoss, naming a node on
// it and its place, for a cycle.
absl::Status SortNodes(Graph& graph);

}  // namespace onnx_reinit::graph

#endif  // ONNX_REINIT_GRAPH_ORDER_H_
