// Lays out a model's scopes as one flat graph. What graph.h's Build is made of:
//
//   build.cc   names, nodes, constants, and what is done once at the end
//   bodies.cc  what has a body: calls, If, Loop, Scan and others with subgraphs
#ifndef ONNX_REINIT_GRAPH_BUILDER_H_
#define ONNX_REINIT_GRAPH_BUILDER_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "graph/calls.h"
#include "graph/catalogue.h"
#include "graph/graph.h"
#include "graph/names.h"
#include "wire/skeleton.h"

namespace onnx_reinit::graph {

class Builder {
 public:
  explicit Builder(const wire::Skeleton& skeleton) : skeleton_(skeleton) {}
  // Once.
  absl::StatusOr<Graph> Build();

 private:
  using Attributes = std::vector<std::pair<std::string_view, const wire::Attribute*>>;
  using AttributesByName = absl::flat_hash_map<std::string_view, const wire::Attribute*>;

  // What the nodes of one graph or function body have in common.
  struct Body {
    const Section* section = nullptr;
    const std::vector<wire::OpsetImport>* opsets = nullptr;
    // What the enclosing call gives; nullptr in the main graph and its subgraphs.
    const AttributesByName* call = nullptr;
  };

  // A node of a body together with where it stands, on its way into the flat graph.
  struct Site {
    const wire::Node& source;
    std::string_view label;
    const Body& body;
    const Names& names;
    ValueIds outputs = {};
    ValueIds inputs = {};
    Attributes attributes = {};
  };

  // "in the main graph", "in the scope 'x'": for errors.
  std::string Where(const Body& body) const;
  absl::Status Define(Names& names, std::string_view name, ValueId value, uint64_t offset,
                      const Body& body) const;
  // Their values stand in the order of the nodes, from the one that is returned.
  absl::StatusOr<ValueId> DefineOutputs(const std::vector<wire::Node>& nodes, Names& names,
                                        const Body& body);
  absl::Status DefineInitializers(const wire::Graph& graph, Names& names, const Body& body);
  // An initializer of this very scope has the name.
  bool IsStored(const Names& names, std::string_view name) const;
  absl::StatusOr<ValueId> Find(const Names& names, std::string_view name, uint64_t offset,
                               const Body& body) const;
  absl::Status Undefined(std::string_view name, uint64_t offset, const Body& body) const;
  absl::Status FindInputs(Site& site) const;
  absl::StatusOr<ValueIds> FindOutputs(const Names& names, const wire::Graph& graph,
                                       const Body& body) const;
  void Describe(const std::vector<wire::ValueInfo>& infos, const Names& names);

  absl::Status LayOutMain();
  // `next_output`: what DefineOutputs gave for these nodes.
  absl::Status LayOutNodes(const std::vector<wire::Node>& nodes, ValueId next_output,
                           const Names& names, const Body& body);
  absl::Status LayOutNode(Site& site);
  absl::Status LayOutPlain(Site& site);
  absl::Status LayOutConstant(Site& site);
  absl::Status LayOutCall(const wire::Function& function, Site& site);
  absl::Status LayOutIf(Site& site);
  absl::Status LayOutLoop(Site& site);
  absl::Status LayOutScan(Site& site);
  absl::Status LayOutOther(Site& site);
  absl::Status BindInputs(const wire::Function& function, const Site& site, Names& names,
                          const Body& body) const;
  // Lays out a subgraph whose formal inputs are `bound`; returns the values of its outputs.
  absl::StatusOr<ValueIds> LayOutSubgraph(const Site& site, const wire::Graph& graph,
                                          const ValueIds& bound);
  // The first graph of an attribute.
  static absl::StatusOr<const wire::Graph*> OnlyGraph(const Site& site, std::string_view attribute);

  static void Resolve(Site& site);
  static int64_t VersionOf(std::string_view domain, const Body& body);
  ValueId NewValue(std::string_view name);
  Node& AddNode(const Site& site, ValueIds&& inputs, ValueIds&& outputs);
  void AddBorder(const Site& site, std::string_view type, ValueIds inputs, ValueId output);
  ValueId NewBorder(const Site& site, std::string_view type, ValueIds inputs);
  // kNone where nothing is stored at that place.
  TensorId TensorOf(const void* place) const;
  void Hold(ValueId value, TensorId tensor);
  void NoteOwner(const void* place, NodeId node);
  void NoteOwners();
  void CountUses();

  const wire::Skeleton& skeleton_;
  Graph graph_;
  Catalogue catalogue_;
  Functions functions_;
};

}  // namespace onnx_reinit::graph

#endif  // ONNX_REINIT_GRAPH_BUILDER_H_
