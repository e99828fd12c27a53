// Every tensor that a model stores, wherever it hides, with its identity.
#ifndef ONNX_REINIT_GRAPH_CATALOGUE_H_
#define ONNX_REINIT_GRAPH_CATALOGUE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/statusor.h"
#include "graph/graph.h"
#include "wire/skeleton.h"

namespace onnx_reinit::graph {

// A graph, or the body of a function, as identities speak of it.
struct Section {
  int32_t scope = 0;  // index into Graph::scope_names
  // Its initializers, the sparse ones last, are this entry of Graph::tensors and those behind it.
  TensorId first_tensor = 0;
  // What identities call its nodes: their names; "#INDEX" for a node that has none, or one that an
  // earlier node has.
  std::vector<std::string_view> labels;
};

struct Catalogue {
  // From the place in an attribute (a Tensor, a SparseTensor, or the Attribute of a scalar) to the
  // entry of Graph::tensors.
  absl::flat_hash_map<const void*, TensorId> tensors;
  // From a wire::Graph or wire::Function.
  absl::node_hash_map<const void*, Section> sections;
};

// What the names and scopes of all tensors may take together: far above any real model. A scope
// repeats the names of all nodes around it, so a small file can ask for any number.
inline constexpr uint64_t kMaxIdentityBytes = 32'000'000;

// Fills graph.tensors, graph.scalars, graph.scope_names (the first is the main graph's "") and
// graph.numbers with everything in `skeleton`. DataLoss, with the place, where two tensors of one
// scope have the same name, and beyond kMaxIdentityBytes.
absl::StatusOr<Catalogue> MakeCatalogue(const wire::Skeleton& skeleton, Graph& graph);

}  // namespace onnx_reinit::graph

#endif  // ONNX_REINIT_GRAPH_CATALOGUE_H_
