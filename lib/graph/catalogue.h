// Every tensor that a model stores, wherever it hides, with its identity.
#ifndef ONNX_REINIT_GRAPH_CATALOGUE_H_
#define ONNX_REINIT_GRAPH_CATALOGUE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "graph/graph.h"
#include "wire/skeleton.h"

namespace onnx_reinit::graph {

// What identities call the nodes of one graph: their names; "#INDEX" for a node that has none, or
// one that an earlier node has.
std::vector<std::string> NodeLabels(const std::vector<wire::Node>& nodes);
// The scope of a graph attribute; the first graph of a list attribute has no number.
std::string SubgraphScope(const std::string& scope, const std::string& node_label,
                          const wire::Attribute& attribute, size_t index);
std::string FunctionScope(const wire::Function& function);
// "ai.onnx" and "" are one domain.
std::string_view NormalDomain(std::string_view domain);

// From the place in the skeleton (a Tensor, a SparseTensor, or the Attribute of a scalar) to the
// entry of Graph::tensors.
using TensorIndex = absl::flat_hash_map<const void*, TensorId>;

// Fills graph.tensors (and graph.scalars) with everything in `skeleton`. DataLoss where two tensors
// of one scope have the same name.
absl::StatusOr<TensorIndex> CollectTensors(const wire::Skeleton& skeleton, Graph& graph);

}  // namespace onnx_reinit::graph

#endif  // ONNX_REINIT_GRAPH_CATALOGUE_H_
