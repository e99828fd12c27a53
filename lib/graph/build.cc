// Names, nodes, constants, and what is done once at the end.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "graph/builder.h"
#include "graph/order.h"

namespace onnx_reinit::graph {

ValueId Builder::NewValue(std::string_view name) {
  graph_.values.push_back({.name = name});
  return static_cast<ValueId>(graph_.values.size() - 1);
}

TensorId Builder::TensorOf(const void* place) const {
  const auto found = catalogue_.tensors.find(place);
  return found == catalogue_.tensors.end() ? kNone : found->second;
}

void Builder::Hold(ValueId value, TensorId tensor) {
  if (tensor == kNone) return;
  graph_.values[static_cast<size_t>(value)].tensor = tensor;
  graph_.tensors[static_cast<size_t>(tensor)].values.push_back(value);
}

std::string Builder::Where(const Body& body) const {
  const std::string& scope = graph_.scope_names[static_cast<size_t>(body.section->scope)];
  return scope.empty() ? "in the main graph" : Text("in the scope ", Quote(scope));
}

absl::Status Builder::Define(Names& names, std::string_view name, ValueId value, uint64_t offset,
                             const Body& body) const {
  if (names.Define(name, value)) return absl::OkStatus();
  return absl::DataLossError(
      Text("at byte ", offset, ": the name ", Quote(name), " is defined twice ", Where(body)));
}

absl::StatusOr<ValueId> Builder::DefineOutputs(const std::vector<wire::Node>& nodes, Names& names,
                                               const Body& body) {
  const auto first = static_cast<ValueId>(graph_.values.size());
  for (const wire::Node& node : nodes) {
    for (const std::string_view output : node.outputs) {
      if (output.empty()) continue;
      RETURN_IF_ERROR(Define(names, output, NewValue(output), node.offset, body));
    }
  }
  return first;
}

absl::Status Builder::DefineInitializers(const wire::Graph& graph, Names& names, const Body& body) {
  TensorId next = body.section->first_tensor;
  const auto define = [&](const wire::Tensor& tensor) {
    const ValueId value = NewValue(tensor.name);
    Hold(value, next++);
    return Define(names, tensor.name, value, tensor.offset, body);
  };
  for (const wire::Tensor& tensor : graph.initializers) RETURN_IF_ERROR(define(tensor));
  for (const wire::SparseTensor& sparse : graph.sparse_initializers) {
    RETURN_IF_ERROR(define(sparse.values));
  }
  return absl::OkStatus();
}

bool Builder::IsStored(const Names& names, std::string_view name) const {
  return graph_.Stored(names.FindHere(name).value_or(kNone)) != nullptr;
}

absl::Status Builder::Undefined(std::string_view name, uint64_t offset, const Body& body) const {
  return absl::DataLossError(Text("at byte ", offset, ": nothing defines the name ", Quote(name),
                                  ", which is used ", Where(body)));
}

absl::StatusOr<ValueId> Builder::Find(const Names& names, std::string_view name, uint64_t offset,
                                      const Body& body) const {
  if (const std::optional<ValueId> found = names.Find(name)) return *found;
  return Undefined(name, offset, body);
}

absl::Status Builder::FindInputs(Site& site) const {
  const wire::Node& node = site.source;
  for (const std::string_view name : node.inputs) {
    const std::optional<ValueId> found = name.empty() ? kNone : site.names.Find(name);
    if (!found) return Undefined(name, node.offset, site.body);
    site.inputs.push_back(*found);
  }
  return absl::OkStatus();
}

absl::StatusOr<ValueIds> Builder::FindOutputs(const Names& names, const wire::Graph& graph,
                                              const Body& body) const {
  ValueIds values;
  for (const wire::ValueInfo& output : graph.outputs) {
    ASSIGN_OR_RETURN(const ValueId value, Find(names, output.name, graph.offset, body));
    values.push_back(value);
  }
  return values;
}

void Builder::Describe(const std::vector<wire::ValueInfo>& infos, const Names& names) {
  for (const wire::ValueInfo& info : infos) {
    const ValueId found = names.FindHere(info.name).value_or(kNone);
    if (found == kNone) continue;
    Value& value = graph_.values[static_cast<size_t>(found)];
    if (value.info == nullptr) value.info = &info;
  }
}

int64_t Builder::VersionOf(std::string_view domain, const Body& body) {
  for (const wire::OpsetImport& opset : *body.opsets) {
    if (NormalDomain(opset.domain) == domain) return opset.version;
  }
  return domain.empty() && body.opsets->empty() ? 1 : 0;  // IR < 3 has no imports: opset 1
}

void Builder::Resolve(Site& site) {
  const AttributesByName* call = site.body.call;
  site.attributes.reserve(site.source.attributes.size());
  for (const wire::Attribute& attribute : site.source.attributes) {
    if (attribute.ref_attr_name.empty()) {
      site.attributes.emplace_back(attribute.name, &attribute);
      continue;
    }
    if (call == nullptr) continue;
    const auto given = call->find(attribute.ref_attr_name);
    if (given != call->end()) site.attributes.emplace_back(attribute.name, given->second);
  }
}

Node& Builder::AddNode(const Site& site, ValueIds&& inputs, ValueIds&& outputs) {
  const auto id = static_cast<NodeId>(graph_.nodes.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i] == kNone) continue;
    Value& value = graph_.values[static_cast<size_t>(outputs[i])];
    value.producer = id;
    value.output = static_cast<int>(i);
  }
  Node& node = graph_.nodes.emplace_back();
  node.label = site.label;
  node.scope = site.body.section->scope;
  node.inputs = std::move(inputs);
  node.outputs = std::move(outputs);
  node.source = &site.source;
  return node;
}

void Builder::AddBorder(const Site& site, std::string_view type, ValueIds inputs, ValueId output) {
  Node& node = AddNode(site, std::move(inputs), {output});
  node.op_type = type;
  node.domain = kBorderDomain;
}

ValueId Builder::NewBorder(const Site& site, std::string_view type, ValueIds inputs) {
  const ValueId value = NewValue("");
  AddBorder(site, type, std::move(inputs), value);
  return value;
}

absl::Status Builder::LayOutNodes(const std::vector<wire::Node>& nodes, ValueId next_output,
                                  const Names& names, const Body& body) {
  for (size_t i = 0; i < nodes.size(); ++i) {
    Site site{nodes[i], body.section->labels[i], body, names};
    for (const std::string_view output : nodes[i].outputs) {
      site.outputs.push_back(output.empty() ? kNone : next_output++);
    }
    RETURN_IF_ERROR(LayOutNode(site));
  }
  return absl::OkStatus();
}

absl::Status Builder::LayOutNode(Site& site) {
  const wire::Node& node = site.source;
  RETURN_IF_ERROR(FindInputs(site));
  Resolve(site);
  if (const wire::Function* function = functions_.Find(node)) return LayOutCall(*function, site);
  const std::string_view standard = NormalDomain(node.domain).empty() ? node.op_type : "";
  if (standard == "Constant") return LayOutConstant(site);
  if (standard == "If") return LayOutIf(site);
  if (standard == "Loop") return LayOutLoop(site);
  if (standard == "Scan") return LayOutScan(site);
  for (const auto& [name, attribute] : site.attributes) {
    if (!attribute->graphs.empty()) return LayOutOther(site);
  }
  return LayOutPlain(site);
}

absl::Status Builder::LayOutPlain(Site& site) {
  Node& node = AddNode(site, std::move(site.inputs), std::move(site.outputs));
  node.op_type = site.source.op_type;
  node.domain = NormalDomain(site.source.domain);
  node.version = VersionOf(node.domain, site.body);
  node.name = site.source.name;
  node.attributes = std::move(site.attributes);
  return absl::OkStatus();
}

absl::Status Builder::LayOutConstant(Site& site) {
  if (site.outputs.empty() || site.outputs[0] == kNone) return absl::OkStatus();
  for (const auto& [name, attribute] : site.attributes) {
    const void* place = attribute;
    if (!attribute->tensors.empty()) place = attribute->tensors.data();
    if (!attribute->sparse_tensors.empty()) place = attribute->sparse_tensors.data();
    Hold(site.outputs[0], TensorOf(place));
  }
  // A reference that the call leaves open, or a scalar of the call: nothing is stored for it.
  if (graph_.value(site.outputs[0]).tensor == kNone) {
    AddBorder(site, "Border", {}, site.outputs[0]);
  }
  return absl::OkStatus();
}

namespace {

// At most so many: some inputs are initializers.
size_t CountValues(const wire::Graph& graph) {
  size_t count = graph.initializers.size() + graph.sparse_initializers.size() + graph.inputs.size();
  for (const wire::Node& node : graph.nodes) count += node.outputs.size();
  return count;
}

}  // namespace

absl::Status Builder::LayOutMain() {
  const wire::Graph& main = skeleton_.graph;
  const Body body{.section = &catalogue_.sections.at(&main), .opsets = &skeleton_.opsets};
  const size_t values = CountValues(main);
  Names names;
  names.Reserve(values);
  graph_.values.reserve(values);
  graph_.nodes.reserve(main.nodes.size());
  RETURN_IF_ERROR(DefineInitializers(main, names, body));
  for (const wire::ValueInfo& input : main.inputs) {
    if (IsStored(names, input.name)) continue;  // its default
    const ValueId value = NewValue(input.name);
    graph_.values[static_cast<size_t>(value)].is_input = true;
    RETURN_IF_ERROR(Define(names, input.name, value, main.offset, body));
  }
  ASSIGN_OR_RETURN(const ValueId first, DefineOutputs(main.nodes, names, body));
  Describe(main.inputs, names);
  Describe(main.outputs, names);
  Describe(main.value_info, names);
  RETURN_IF_ERROR(LayOutNodes(main.nodes, first, names, body));
  ASSIGN_OR_RETURN(const ValueIds outputs, FindOutputs(names, main, body));
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
  ASSIGN_OR_RETURN(catalogue_, MakeCatalogue(skeleton_, graph_));
  ASSIGN_OR_RETURN(functions_, Functions::Index(skeleton_));
  RETURN_IF_ERROR(CheckCalls(skeleton_, functions_));
  RETURN_IF_ERROR(LayOutMain());
  RETURN_IF_ERROR(SortNodes(graph_));
  NoteOwners();
  CountUses();
  return std::move(graph_);
}

absl::StatusOr<Graph> Build(const wire::Skeleton& skeleton) { return Builder(skeleton).Build(); }

}  // namespace onnx_reinit::graph
