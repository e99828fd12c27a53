// What has a body: calls, If, Loop, Scan and others with subgraphs.
#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "graph/builder.h"

namespace onnx_reinit::graph {

absl::Status Builder::BindInputs(const wire::Function& function, const Site& site, Names& names,
                                 const Body& body) const {
  for (size_t i = 0; i < function.inputs.size(); ++i) {
    const ValueId given = i < site.inputs.size() ? site.inputs[i] : kNone;
    RETURN_IF_ERROR(Define(names, function.inputs[i], given, function.offset, body));
  }
  return absl::OkStatus();
}

absl::Status Builder::LayOutCall(const wire::Function& function, Site& site) {
  AttributesByName given(site.attributes.begin(), site.attributes.end());
  for (const wire::Attribute& attribute : function.default_attributes) {
    given.emplace(attribute.name, &attribute);
  }
  const Body body{&catalogue_.sections.at(&function), &function.opsets, &given};
  Names names;
  RETURN_IF_ERROR(BindInputs(function, site, names, body));
  ASSIGN_OR_RETURN(const ValueId first, DefineOutputs(function.nodes, names, body));
  Describe(function.value_info, names);
  RETURN_IF_ERROR(LayOutNodes(function.nodes, first, names, body));
  for (size_t i = 0; i < function.outputs.size() && i < site.outputs.size(); ++i) {
    if (site.outputs[i] == kNone) continue;
    ASSIGN_OR_RETURN(const ValueId result, Find(names, function.outputs[i], function.offset, body));
    AddBorder(site, "Alias", {result}, site.outputs[i]);
  }
  return absl::OkStatus();
}

absl::StatusOr<ValueIds> Builder::LayOutSubgraph(const Site& site, const wire::Graph& graph,
                                                 const ValueIds& bound) {
  Body body = site.body;
  body.section = &catalogue_.sections.at(&graph);
  Names names(&site.names);
  RETURN_IF_ERROR(DefineInitializers(graph, names, body));
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    const std::string& name = graph.inputs[i].name;
    if (IsStored(names, name)) continue;  // its default
    const ValueId value = i < bound.size() ? bound[i] : NewBorder(site, "Border", {});
    RETURN_IF_ERROR(Define(names, name, value, graph.offset, body));
  }
  ASSIGN_OR_RETURN(const ValueId first, DefineOutputs(graph.nodes, names, body));
  Describe(graph.value_info, names);
  RETURN_IF_ERROR(LayOutNodes(graph.nodes, first, names, body));
  return FindOutputs(names, graph, body);
}

absl::StatusOr<const wire::Graph*> Builder::OnlyGraph(const Site& site,
                                                      std::string_view attribute) {
  for (const auto& [name, value] : site.attributes) {
    if (name == attribute && !value->graphs.empty()) return value->graphs[0].get();
  }
  return absl::DataLossError(Text("at byte ", site.source.offset, ": node ", Quote(site.label),
                                  " (", site.source.op_type, ") has no graph ", Quote(attribute)));
}

absl::Status Builder::LayOutIf(Site& site) {
  ASSIGN_OR_RETURN(const wire::Graph* then_graph, OnlyGraph(site, "then_branch"));
  ASSIGN_OR_RETURN(const wire::Graph* else_graph, OnlyGraph(site, "else_branch"));
  ASSIGN_OR_RETURN(const ValueIds then_values, LayOutSubgraph(site, *then_graph, {}));
  ASSIGN_OR_RETURN(const ValueIds else_values, LayOutSubgraph(site, *else_graph, {}));
  for (size_t i = 0; i < site.outputs.size(); ++i) {
    if (site.outputs[i] == kNone) continue;
    ValueIds choices;
    if (i < then_values.size()) choices.push_back(then_values[i]);
    if (i < else_values.size()) choices.push_back(else_values[i]);
    AddBorder(site, "Merge", std::move(choices), site.outputs[i]);
  }
  site.outputs.clear();
  return LayOutPlain(site);
}

namespace {

// Of each name that a body makes by Identity alone: what it is the same as.
using Origins = absl::flat_hash_map<std::string_view, std::string_view>;

std::string_view OriginOf(const Origins& origins, std::string_view name) {
  const auto found = origins.find(name);
  return found == origins.end() ? name : found->second;
}

Origins FindOrigins(const wire::Graph& body) {
  Origins origins;
  for (const wire::Node& node : body.nodes) {
    if (node.op_type != "Identity" || node.inputs.size() != 1 || node.outputs.size() != 1) continue;
    origins.emplace(node.outputs[0], OriginOf(origins, node.inputs[0]));
  }
  return origins;
}

// Which of a Loop's states come out of its body as they went in.
std::vector<bool> FindInvariants(const wire::Graph& body, size_t states) {
  std::vector<bool> is_invariant(states, false);
  const Origins origins = FindOrigins(body);
  for (size_t i = 0; i < states; ++i) {
    if (i + 2 >= body.inputs.size() || i + 1 >= body.outputs.size()) break;
    is_invariant[i] = OriginOf(origins, body.outputs[i + 1].name) == body.inputs[i + 2].name;
  }
  return is_invariant;
}

}  // namespace

// Loop(M, cond, v...) with body (iteration, cond, v...) -> (cond, v..., scans...).
absl::Status Builder::LayOutLoop(Site& site) {
  ASSIGN_OR_RETURN(const wire::Graph* graph, OnlyGraph(site, "body"));
  const size_t states = site.inputs.size() > 2 ? site.inputs.size() - 2 : 0;
  const std::vector<bool> is_invariant = FindInvariants(*graph, states);
  ValueIds bound = {NewBorder(site, "Border", {}), NewBorder(site, "Border", {})};
  for (size_t i = 0; i < states; ++i) {
    bound.push_back(NewBorder(site, is_invariant[i] ? "Alias" : "State", {site.inputs[i + 2]}));
  }
  ASSIGN_OR_RETURN(const ValueIds results, LayOutSubgraph(site, *graph, bound));
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
  ASSIGN_OR_RETURN(const wire::Graph* graph, OnlyGraph(site, "body"));
  const bool has_lengths = VersionOf("", site.body) < 9;
  Node attributes;
  attributes.attributes = site.attributes;
  const size_t first = has_lengths ? 1 : 0;
  const size_t count = site.inputs.size() < first ? 0 : site.inputs.size() - first;
  const auto scanned = static_cast<size_t>(std::clamp<int64_t>(
      attributes.IntAttribute("num_scan_inputs", 0), 0, static_cast<int64_t>(count)));
  const size_t states = count - scanned;
  const absl::Span<const int64_t> axes = attributes.IntsAttribute("scan_input_axes");
  ValueIds bound;
  for (size_t i = 0; i < count; ++i) {
    const ValueId input = site.inputs[first + i];
    if (i < states) {
      bound.push_back(NewBorder(site, "State", {input}));
      continue;
    }
    bound.push_back(NewBorder(site, has_lengths ? "Border" : "ScanInput", {input}));
    graph_.nodes.back().scan_axis = i - states < axes.size() ? axes[i - states] : 0;
  }
  ASSIGN_OR_RETURN(const ValueIds results, LayOutSubgraph(site, *graph, bound));
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
  ValueIds results;
  for (const auto& [name, attribute] : site.attributes) {
    for (const auto& graph : attribute->graphs) {
      ASSIGN_OR_RETURN(const ValueIds values, LayOutSubgraph(site, *graph, {}));
      results.insert(results.end(), values.begin(), values.end());
    }
  }
  for (const ValueId output : site.outputs) {
    if (output != kNone) AddBorder(site, "Border", results, output);
  }
  site.outputs.clear();
  return LayOutPlain(site);
}

}  // namespace onnx_reinit::graph
