// Lays out a model's scopes as one flat graph.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "graph/catalogue.h"
#include "graph/graph.h"
#include "graph/order.h"

namespace onnx_reinit::graph {
namespace {

// The names that one graph or function body defines. A function body sees no others.
struct Names {
  absl::flat_hash_map<std::string_view, ValueId> values;
  const Names* outer = nullptr;
};

using Attributes = std::vector<std::pair<std::string_view, const wire::Attribute*>>;
using Opsets = std::vector<wire::OpsetImport>;

// What the nodes of one body have in common.
struct Body {
  std::string scope;
  int32_t scope_index = 0;
  const Opsets* opsets = nullptr;
  // Of the enclosing call; nullptr in the main graph and its subgraphs.
  const Attributes* call = nullptr;
  const wire::Function* function = nullptr;
  int call_depth = 0;
};

std::string FunctionKey(std::string_view domain, std::string_view name, std::string_view overload) {
  return Text(NormalDomain(domain), std::string_view("\0", 1), name, std::string_view("\0", 1),
              overload);
}

class Builder {
 public:
  explicit Builder(const wire::Skeleton& skeleton) : skeleton_(skeleton) {}
  absl::StatusOr<Graph> Build();

 private:
  // A node of a body together with where it stands, on its way into the flat graph.
  struct Site {
    const wire::Node& source;
    const std::string& label;
    const Body& body;
    const Names& names;
    std::vector<ValueId> inputs;
    Attributes attributes;
    std::vector<ValueId> outputs;
  };

  absl::Status IndexFunctions();
  absl::Status LayOutMain();
  absl::Status Declare(Names& names, std::string_view name, ValueId value, const Body& body);
  absl::Status DeclareOutputs(const std::vector<wire::Node>& nodes, Names& names, const Body& body);
  absl::Status DeclareInitializers(const wire::Graph& graph, Names& names, const Body& body);
  absl::StatusOr<ValueId> Find(const Names& names, std::string_view name, const Body& body) const;
  absl::StatusOr<std::vector<ValueId>> FindAll(const Names& names,
                                               const std::vector<std::string>& wanted,
                                               const Body& body) const;
  absl::StatusOr<std::vector<ValueId>> FindOutputs(const Names& names, const wire::Graph& graph,
                                                   const Body& body) const;
  void Describe(const std::vector<wire::ValueInfo>& infos, const Names& names);

  absl::Status LayOutNodes(const std::vector<wire::Node>& nodes, const Names& names,
                           const Body& body);
  absl::Status LayOutNode(const wire::Node& node, const std::string& label, const Names& names,
                          const Body& body);
  absl::Status LayOutPlain(Site& site);
  absl::Status LayOutConstant(Site& site);
  absl::Status LayOutCall(const wire::Function& function, Site& site);
  absl::Status LayOutIf(Site& site);
  absl::Status LayOutLoop(Site& site);
  absl::Status LayOutScan(Site& site);
  absl::Status LayOutOther(Site& site);
  // Lays out a subgraph whose formal inputs are `bound`; returns the values of its outputs.
  absl::StatusOr<std::vector<ValueId>> LayOutSubgraph(const Site& site,
                                                      const wire::Attribute& attribute,
                                                      size_t index, std::vector<ValueId> bound);
  absl::StatusOr<std::vector<ValueId>> LayOutOnly(const Site& site, std::string_view attribute,
                                                  std::vector<ValueId> bound);

  Attributes Resolve(const wire::Node& node, const Body& body) const;
  int64_t VersionOf(std::string_view domain, const Body& body) const;
  ValueId NewValue(std::string_view name);
  NodeId AddNode(const Site& site, std::vector<ValueId> inputs, std::vector<ValueId> outputs);
  NodeId AddBorder(const Site& site, std::string_view type, std::vector<ValueId> inputs,
                   ValueId output);
  ValueId NewBorder(const Site& site, std::string_view type, std::vector<ValueId> inputs);
  // kNone where nothing is stored at that place.
  TensorId TensorOf(const void* place) const;
  void Hold(ValueId value, TensorId tensor);
  void NoteOwner(const void* place, NodeId node);
  void NoteOwners();
  void CountUses();

  const wire::Skeleton& skeleton_;
  Graph graph_;
  TensorIndex tensor_index_;
  absl::flat_hash_map<std::string, const wire::Function*> functions_;
  int64_t called_nodes_ = 0;
};

ValueId Builder::NewValue(std::string_view name) {
  graph_.values.push_back({.name = name});
  return static_cast<ValueId>(graph_.values.size() - 1);
}

TensorId Builder::TensorOf(const void* place) const {
  const auto found = tensor_index_.find(place);
  return found == tensor_index_.end() ? kNone : found->second;
}

void Builder::Hold(ValueId value, TensorId tensor) {
  if (tensor == kNone) return;
  graph_.values[static_cast<size_t>(value)].tensor = tensor;
  graph_.tensors[static_cast<size_t>(tensor)].values.push_back(value);
}

absl::Status Builder::Declare(Names& names, std::string_view name, ValueId value,
                              const Body& body) {
  if (names.values.emplace(name, value).second) return absl::OkStatus();
  return absl::DataLossError(Text("the name \"", name, "\" is defined twice in ",
                                  body.scope.empty() ? "the main graph" : body.scope));
}

absl::Status Builder::DeclareOutputs(const std::vector<wire::Node>& nodes, Names& names,
                                     const Body& body) {
  for (const wire::Node& node : nodes) {
    for (const std::string& output : node.outputs) {
      if (output.empty()) continue;
      RETURN_IF_ERROR(Declare(names, output, NewValue(output), body));
    }
  }
  return absl::OkStatus();
}

absl::Status Builder::DeclareInitializers(const wire::Graph& graph, Names& names,
                                          const Body& body) {
  for (const wire::Tensor& tensor : graph.initializers) {
    const ValueId value = NewValue(tensor.name);
    RETURN_IF_ERROR(Declare(names, tensor.name, value, body));
    Hold(value, TensorOf(&tensor));
  }
  for (const wire::SparseTensor& sparse : graph.sparse_initializers) {
    const ValueId value = NewValue(sparse.values.name);
    RETURN_IF_ERROR(Declare(names, sparse.values.name, value, body));
    Hold(value, TensorOf(&sparse));
  }
  return absl::OkStatus();
}

absl::StatusOr<ValueId> Builder::Find(const Names& names, std::string_view name,
                                      const Body& body) const {
  for (const Names* scope = &names; scope != nullptr; scope = scope->outer) {
    const auto found = scope->values.find(name);
    if (found != scope->values.end()) return found->second;
  }
  return absl::DataLossError(Text("nothing defines the name \"", name, "\", which ",
                                  body.scope.empty() ? "the main graph" : body.scope, " uses"));
}

absl::StatusOr<std::vector<ValueId>> Builder::FindAll(const Names& names,
                                                      const std::vector<std::string>& wanted,
                                                      const Body& body) const {
  std::vector<ValueId> values;
  values.reserve(wanted.size());
  for (const std::string& name : wanted) {
    values.push_back(kNone);
    if (!name.empty()) {
      ASSIGN_OR_RETURN(values.back(), Find(names, name, body));
    }
  }
  return values;
}

absl::StatusOr<std::vector<ValueId>> Builder::FindOutputs(const Names& names,
                                                          const wire::Graph& graph,
                                                          const Body& body) const {
  std::vector<ValueId> values;
  for (const wire::ValueInfo& output : graph.outputs) {
    ASSIGN_OR_RETURN(const ValueId value, Find(names, output.name, body));
    values.push_back(value);
  }
  return values;
}

void Builder::Describe(const std::vector<wire::ValueInfo>& infos, const Names& names) {
  for (const wire::ValueInfo& info : infos) {
    const auto found = names.values.find(info.name);
    if (found == names.values.end() || found->second == kNone) continue;
    Value& value = graph_.values[static_cast<size_t>(found->second)];
    if (value.info == nullptr) value.info = &info;
  }
}

int64_t Builder::VersionOf(std::string_view domain, const Body& body) const {
  for (const wire::OpsetImport& opset : *body.opsets) {
    if (NormalDomain(opset.domain) == domain) return opset.version;
  }
  return domain.empty() && body.opsets->empty() ? 1 : 0;  // IR < 3 has no imports: opset 1
}

Attributes Builder::Resolve(const wire::Node& node, const Body& body) const {
  Attributes resolved;
  for (const wire::Attribute& attribute : node.attributes) {
    if (attribute.ref_attr_name.empty()) {
      resolved.emplace_back(attribute.name, &attribute);
      continue;
    }
    if (body.call == nullptr) continue;
    for (const auto& [name, value] : *body.call) {
      if (name == attribute.ref_attr_name) resolved.emplace_back(attribute.name, value);
    }
  }
  return resolved;
}

NodeId Builder::AddNode(const Site& site, std::vector<ValueId> inputs,
                        std::vector<ValueId> outputs) {
  const auto id = static_cast<NodeId>(graph_.nodes.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i] == kNone) continue;
    Value& value = graph_.values[static_cast<size_t>(outputs[i])];
    value.producer = id;
    value.output = static_cast<int>(i);
  }
  Node& node = graph_.nodes.emplace_back();
  node.label = site.label;
  node.scope = site.body.scope_index;
  node.inputs = std::move(inputs);
  node.outputs = std::move(outputs);
  return id;
}

NodeId Builder::AddBorder(const Site& site, std::string_view type, std::vector<ValueId> inputs,
                          ValueId output) {
  const NodeId id = AddNode(site, std::move(inputs), {output});
  Node& node = graph_.nodes[static_cast<size_t>(id)];
  node.op_type = type;
  node.domain = kBorderDomain;
  return id;
}

ValueId Builder::NewBorder(const Site& site, std::string_view type, std::vector<ValueId> inputs) {
  const ValueId value = NewValue("");
  AddBorder(site, type, std::move(inputs), value);
  return value;
}

absl::Status Builder::LayOutNodes(const std::vector<wire::Node>& nodes, const Names& names,
                                  const Body& body) {
  const std::vector<std::string> labels = NodeLabels(nodes);
  for (size_t i = 0; i < nodes.size(); ++i) {
    RETURN_IF_ERROR(LayOutNode(nodes[i], labels[i], names, body));
  }
  if (body.function == nullptr) return absl::OkStatus();
  called_nodes_ += static_cast<int64_t>(nodes.size()) + 1;
  if (called_nodes_ <= kMaxCalledNodes) return absl::OkStatus();
  return absl::DataLossError(Text("the calls of the model's functions, laid out one by one, ",
                                  "make more than ", kMaxCalledNodes, " nodes"));
}

absl::Status Builder::LayOutNode(const wire::Node& node, const std::string& label,
                                 const Names& names, const Body& body) {
  ASSIGN_OR_RETURN(std::vector<ValueId> inputs, FindAll(names, node.inputs, body));
  ASSIGN_OR_RETURN(std::vector<ValueId> outputs, FindAll(names, node.outputs, body));
  Site site{node, label, body, names, std::move(inputs), Resolve(node, body), std::move(outputs)};
  const auto function = functions_.find(FunctionKey(node.domain, node.op_type, node.overload));
  if (function != functions_.end()) return LayOutCall(*function->second, site);
  const bool is_standard = NormalDomain(node.domain).empty();
  if (is_standard && node.op_type == "Constant") return LayOutConstant(site);
  if (is_standard && node.op_type == "If") return LayOutIf(site);
  if (is_standard && node.op_type == "Loop") return LayOutLoop(site);
  if (is_standard && node.op_type == "Scan") return LayOutScan(site);
  for (const auto& [name, attribute] : site.attributes) {
    if (!attribute->graphs.empty()) return LayOutOther(site);
  }
  return LayOutPlain(site);
}

absl::Status Builder::LayOutPlain(Site& site) {
  const NodeId id = AddNode(site, std::move(site.inputs), std::move(site.outputs));
  Node& node = graph_.nodes[static_cast<size_t>(id)];
  node.op_type = site.source.op_type;
  node.domain = NormalDomain(site.source.domain);
  node.version = VersionOf(node.domain, site.body);
  node.name = site.source.name;
  node.attributes = std::move(site.attributes);
  node.source = &site.source;
  return absl::OkStatus();
}

absl::Status Builder::LayOutConstant(Site& site) {
  if (site.outputs.empty() || site.outputs[0] == kNone) return absl::OkStatus();
  for (const auto& [name, attribute] : site.attributes) {
    const void* place = attribute;
    if (!attribute->tensors.empty()) place = &attribute->tensors[0];
    if (!attribute->sparse_tensors.empty()) place = &attribute->sparse_tensors[0];
    Hold(site.outputs[0], TensorOf(place));
  }
  // A reference that the call leaves open, or a scalar of the call: nothing is stored for it.
  if (graph_.value(site.outputs[0]).tensor == kNone) {
    AddBorder(site, "Border", {}, site.outputs[0]);
  }
  return absl::OkStatus();
}

absl::Status Builder::LayOutCall(const wire::Function& function, Site& site) {
  if (site.body.call_depth >= kMaxCallDepth) {
    return absl::DataLossError(Text("the function ", function.name, " (called by node ", site.label,
                                    ") calls itself, or calls nest deeper than ", kMaxCallDepth));
  }
  Attributes attributes = site.attributes;
  for (const wire::Attribute& attribute : function.default_attributes) {
    const bool is_given = std::any_of(attributes.begin(), attributes.end(), [&](const auto& given) {
      return given.first == attribute.name;
    });
    if (!is_given) attributes.emplace_back(attribute.name, &attribute);
  }
  Body body{.scope = FunctionScope(function),
            .opsets = &function.opsets,
            .call = &attributes,
            .function = &function,
            .call_depth = site.body.call_depth + 1};
  body.scope_index = static_cast<int32_t>(graph_.scope_names.size());
  graph_.scope_names.push_back(body.scope);
  Names names;
  for (size_t i = 0; i < function.inputs.size(); ++i) {
    const ValueId given = i < site.inputs.size() ? site.inputs[i] : kNone;
    RETURN_IF_ERROR(Declare(names, function.inputs[i], given, body));
  }
  RETURN_IF_ERROR(DeclareOutputs(function.nodes, names, body));
  Describe(function.value_info, names);
  RETURN_IF_ERROR(LayOutNodes(function.nodes, names, body));
  for (size_t i = 0; i < function.outputs.size() && i < site.outputs.size(); ++i) {
    if (site.outputs[i] == kNone) continue;
    ASSIGN_OR_RETURN(const ValueId result, Find(names, function.outputs[i], body));
    AddBorder(site, "Alias", {result}, site.outputs[i]);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ValueId>> Builder::LayOutSubgraph(const Site& site,
                                                             const wire::Attribute& attribute,
                                                             size_t index,
                                                             std::vector<ValueId> bound) {
  const wire::Graph& graph = *attribute.graphs[index];
  Body body = site.body;
  body.scope = SubgraphScope(site.body.scope, site.label, attribute, index);
  body.scope_index = static_cast<int32_t>(graph_.scope_names.size());
  graph_.scope_names.push_back(body.scope);
  Names names{.values = {}, .outer = &site.names};
  RETURN_IF_ERROR(DeclareInitializers(graph, names, body));
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    if (names.values.contains(graph.inputs[i].name)) continue;  // a default value
    const ValueId value = i < bound.size() ? bound[i] : NewBorder(site, "Border", {});
    RETURN_IF_ERROR(Declare(names, graph.inputs[i].name, value, body));
  }
  RETURN_IF_ERROR(DeclareOutputs(graph.nodes, names, body));
  Describe(graph.value_info, names);
  RETURN_IF_ERROR(LayOutNodes(graph.nodes, names, body));
  return FindOutputs(names, graph, body);
}

absl::StatusOr<std::vector<ValueId>> Builder::LayOutOnly(const Site& site,
                                                         std::string_view attribute,
                                                         std::vector<ValueId> bound) {
  for (const auto& [name, value] : site.attributes) {
    if (name == attribute && !value->graphs.empty()) {
      return LayOutSubgraph(site, *value, 0, std::move(bound));
    }
  }
  return absl::DataLossError(Text("node ", site.label, " (", site.source.op_type, ", byte ",
                                  site.source.offset, ") has no graph \"", attribute, "\""));
}

absl::Status Builder::LayOutIf(Site& site) {
  ASSIGN_OR_RETURN(const std::vector<ValueId> then_values, LayOutOnly(site, "then_branch", {}));
  ASSIGN_OR_RETURN(const std::vector<ValueId> else_values, LayOutOnly(site, "else_branch", {}));
  for (size_t i = 0; i < site.outputs.size(); ++i) {
    if (site.outputs[i] == kNone) continue;
    std::vector<ValueId> choices;
    if (i < then_values.size()) choices.push_back(then_values[i]);
    if (i < else_values.size()) choices.push_back(else_values[i]);
    AddBorder(site, "Merge", std::move(choices), site.outputs[i]);
  }
  site.outputs.clear();
  return LayOutPlain(site);
}

// The body's output `name` is its input `formal`, unchanged.
bool IsPassedThrough(const wire::Graph& body, std::string_view name, std::string_view formal) {
  for (auto node = body.nodes.rbegin(); node != body.nodes.rend() && name != formal; ++node) {
    if (node->op_type == "Identity" && node->inputs.size() == 1 && node->outputs.size() == 1 &&
        node->outputs[0] == name) {
      name = node->inputs[0];
    }
  }
  return name == formal;
}

// Loop(M, cond, v...) with body (iteration, cond, v...) -> (cond, v..., scans...).
absl::Status Builder::LayOutLoop(Site& site) {
  const wire::Attribute* attribute = nullptr;
  for (const auto& [name, value] : site.attributes) {
    if (name == "body" && !value->graphs.empty()) attribute = value;
  }
  const size_t states = site.inputs.size() > 2 ? site.inputs.size() - 2 : 0;
  std::vector<bool> is_invariant(states, false);
  std::vector<ValueId> bound = {NewBorder(site, "Border", {}), NewBorder(site, "Border", {})};
  for (size_t i = 0; i < states; ++i) {
    if (attribute != nullptr && i + 2 < attribute->graphs[0]->inputs.size() &&
        i + 1 < attribute->graphs[0]->outputs.size()) {
      const wire::Graph& body = *attribute->graphs[0];
      is_invariant[i] = IsPassedThrough(body, body.outputs[i + 1].name, body.inputs[i + 2].name);
    }
    bound.push_back(NewBorder(site, is_invariant[i] ? "Alias" : "State", {site.inputs[i + 2]}));
  }
  ASSIGN_OR_RETURN(const std::vector<ValueId> results, LayOutOnly(site, "body", bound));
  for (size_t i = 0; i < site.outputs.size(); ++i) {
    if (site.outputs[i] == kNone || i + 1 >= results.size()) continue;
    if (i >= states) {
      AddBorder(site, "ScanOutput", {results[i + 1]}, site.outputs[i]);
    } else if (is_invariant[i]) {
      AddBorder(site, "Alias", {site.inputs[i + 2]}, site.outputs[i]);
    } else {
      AddBorder(site, "Merge", {results[i + 1], site.inputs[i + 2]}, site.outputs[i]);
    }
  }
  site.outputs.clear();
  return LayOutPlain(site);
}

// Scan(states..., scanned...) with body (states..., slices...) -> (states..., slices...). Version 8
// has the lengths of the sequences first, and a batch axis before the scanned one.
absl::Status Builder::LayOutScan(Site& site) {
  const bool has_lengths = VersionOf("", site.body) < 9;
  Node attributes;
  attributes.attributes = site.attributes;
  const size_t first = has_lengths ? 1 : 0;
  const size_t count = site.inputs.size() < first ? 0 : site.inputs.size() - first;
  const auto scanned = static_cast<size_t>(std::clamp<int64_t>(
      attributes.IntAttribute("num_scan_inputs", 0), 0, static_cast<int64_t>(count)));
  const size_t states = count - scanned;
  const absl::Span<const int64_t> axes = attributes.IntsAttribute("scan_input_axes");
  std::vector<ValueId> bound;
  for (size_t i = 0; i < count; ++i) {
    const ValueId input = site.inputs[first + i];
    if (i < states) {
      bound.push_back(NewBorder(site, "State", {input}));
      continue;
    }
    bound.push_back(NewBorder(site, has_lengths ? "Border" : "ScanInput", {input}));
    graph_.nodes.back().scan_axis = i - states < axes.size() ? axes[i - states] : 0;
  }
  ASSIGN_OR_RETURN(const std::vector<ValueId> results, LayOutOnly(site, "body", bound));
  for (size_t i = 0; i < site.outputs.size() && i < results.size(); ++i) {
    if (site.outputs[i] == kNone) continue;
    AddBorder(site, i < states ? "Alias" : "ScanOutput", {results[i]}, site.outputs[i]);
  }
  site.outputs.clear();
  return LayOutPlain(site);
}

// Any other operator with bodies (SequenceMap, BeamSearch ...): nothing is known of what it hands
// over, but that it is data.
absl::Status Builder::LayOutOther(Site& site) {
  std::vector<ValueId> results;
  for (const auto& [name, attribute] : site.attributes) {
    for (size_t i = 0; i < attribute->graphs.size(); ++i) {
      ASSIGN_OR_RETURN(const std::vector<ValueId> values, LayOutSubgraph(site, *attribute, i, {}));
      results.insert(results.end(), values.begin(), values.end());
    }
  }
  for (const ValueId output : site.outputs) {
    if (output != kNone) AddBorder(site, "Border", results, output);
  }
  site.outputs.clear();
  return LayOutPlain(site);
}

absl::Status Builder::IndexFunctions() {
  for (const wire::Function& function : skeleton_.functions) {
    const std::string key = FunctionKey(function.domain, function.name, function.overload);
    if (!functions_.emplace(key, &function).second) {
      return absl::DataLossError(Text("the function ", function.domain, ".", function.name,
                                      " is defined twice (byte ", function.offset, ")"));
    }
  }
  return absl::OkStatus();
}

absl::Status Builder::LayOutMain() {
  const wire::Graph& main = skeleton_.graph;
  graph_.scope_names.emplace_back();
  const Body body{.opsets = &skeleton_.opsets};
  Names names;
  RETURN_IF_ERROR(DeclareInitializers(main, names, body));
  for (const wire::ValueInfo& input : main.inputs) {
    if (names.values.contains(input.name)) continue;
    const ValueId value = NewValue(input.name);
    graph_.values[static_cast<size_t>(value)].is_input = true;
    RETURN_IF_ERROR(Declare(names, input.name, value, body));
  }
  RETURN_IF_ERROR(DeclareOutputs(main.nodes, names, body));
  Describe(main.inputs, names);
  Describe(main.outputs, names);
  Describe(main.value_info, names);
  RETURN_IF_ERROR(LayOutNodes(main.nodes, names, body));
  ASSIGN_OR_RETURN(const std::vector<ValueId> outputs, FindOutputs(names, main, body));
  for (const ValueId output : outputs) graph_.values[static_cast<size_t>(output)].is_output = true;
  return absl::OkStatus();
}

void Builder::CountUses() {
  for (size_t i = 0; i < graph_.nodes.size(); ++i) {
    for (size_t k = 0; k < graph_.nodes[i].inputs.size(); ++k) {
      const ValueId input = graph_.nodes[i].inputs[k];
      if (input == kNone) continue;
      graph_.values[static_cast<size_t>(input)].uses.push_back(
          {static_cast<NodeId>(i), static_cast<int>(k)});
    }
  }
}

void Builder::NoteOwner(const void* place, NodeId node) {
  if (const TensorId tensor = TensorOf(place); tensor != kNone) {
    graph_.tensors[static_cast<size_t>(tensor)].owner = node;
  }
}

void Builder::NoteOwners() {
  for (size_t i = 0; i < graph_.nodes.size(); ++i) {
    for (const auto& [name, attribute] : graph_.nodes[i].attributes) {
      NoteOwner(attribute, static_cast<NodeId>(i));
      for (const wire::Tensor& stored : attribute->tensors) {
        NoteOwner(&stored, static_cast<NodeId>(i));
      }
    }
  }
}

absl::StatusOr<Graph> Builder::Build() {
  graph_.skeleton = &skeleton_;
  ASSIGN_OR_RETURN(tensor_index_, CollectTensors(skeleton_, graph_));
  RETURN_IF_ERROR(IndexFunctions());
  RETURN_IF_ERROR(LayOutMain());
  RETURN_IF_ERROR(SortNodes(graph_));
  NoteOwners();
  CountUses();
  return std::move(graph_);
}

}  // namespace

absl::StatusOr<Graph> Build(const wire::Skeleton& skeleton) { return Builder(skeleton).Build(); }

}  // namespace onnx_reinit::graph
