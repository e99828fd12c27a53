#include "infer/activations.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "infer/activation_forms.h"
#include "infer/activation_operators.h"
#include "infer/arithmetic.h"
#include "infer/region.h"

namespace onnx_reinit::infer {
namespace {

using graph::Graph;
using graph::Node;
using graph::NodeId;

bool IsPlain(const Node& node) {
  constexpr std::string_view kPlain[] = {"Add", "Div", "Mul", "Neg", "Sub", "Sum"};
  return std::find(std::begin(kPlain), std::end(kPlain), node.op_type) != std::end(kPlain);
}

// "erf form of 5 nodes": after the first operator that is more than adding and multiplying.
std::string FormText(const RegionContext& context, const std::vector<NodeId>& nodes) {
  const Node* named = &context.graph.node(nodes.back());
  if (nodes.size() == 1) return std::string(named->op_type);
  for (const NodeId id : nodes) {
    const ArithmeticKind kind = context.arithmetic[static_cast<size_t>(id)]->kind;
    const Node& node = context.graph.node(id);
    if (kind == ArithmeticKind::kSame || kind == ArithmeticKind::kShape || IsPlain(node)) continue;
    named = &node;
    break;
  }
  return Text(SnakeCase(named->op_type), " form of ", nodes.size(), " nodes");
}

class Finder {
 public:
  Finder(const Graph& graph, const Levels& levels, Constants& constants,
         const NormalizationMap& normalizations)
      : graph_(graph),
        constants_(constants),
        arithmetic_(ArithmeticOf(graph)),
        is_taken_(graph.nodes.size()),
        context_{graph, levels, constants, arithmetic_, is_taken_} {
    for (const NormalizationSite& site : normalizations.sites()) {
      for (const NodeId node : site.nodes) is_taken_[static_cast<size_t>(node)] = true;
    }
  }

  // Last nodes first, so that what a larger form holds is not found before it.
  std::vector<ActivationSite> Find() {
    std::vector<ActivationSite> sites;
    for (auto id = static_cast<NodeId>(graph_.nodes.size()) - 1; id >= 0; --id) {
      if (is_taken_[static_cast<size_t>(id)]) continue;
      std::optional<ActivationSite> site = EndingAt(id);
      if (!site) continue;
      for (const NodeId node : site->nodes) is_taken_[static_cast<size_t>(node)] = true;
      sites.push_back(*std::move(site));
    }
    std::reverse(sites.begin(), sites.end());
    return sites;
  }

 private:
  std::optional<ActivationSite> EndingAt(NodeId id) const {
    const Node& node = graph_.node(id);
    if (node.outputs.empty() || !context_.levels.IsData(node.outputs[0])) return std::nullopt;
    std::optional<ActivationSite> site = Exact(id);
    return site ? site : Scaled(id);
  }

  // Two nodes of arithmetic or more before an operator, and that before one node.
  std::optional<ActivationSite> Exact(NodeId id) const {
    std::optional<ActivationSite> pieces = InPieces(id, &FormMatcher::Match);
    if (pieces && pieces->nodes.size() > 1) return pieces;
    // With its limits known, a Clip may have a name of its own.
    if (pieces && graph_.node(id).Is("Clip")) return pieces;
    std::optional<ActivationSite> whole = Operator(id);
    return whole ? whole : pieces;
  }

  // Not where the activation stands by itself and the vector after it.
  std::optional<ActivationSite> Scaled(NodeId id) const {
    std::optional<ActivationSite> scaled = InPieces(id, &FormMatcher::MatchScaled);
    if (!scaled) return std::nullopt;
    const bool is_inside =
        std::any_of(scaled->nodes.begin(), scaled->nodes.end() - 1, [&](NodeId node) {
          const std::optional<ActivationSite> inner = Exact(node);
          return inner && inner->activation.name == scaled->activation.name;
        });
    return is_inside ? std::nullopt : scaled;
  }

  std::optional<ActivationSite> Operator(NodeId id) const {
    const Node& node = graph_.node(id);
    const ActivationOperator* row = FindActivationOperator(node);
    if (row == nullptr) return std::nullopt;
    const bool is_inside = row->place != ActivationPlace::kInput;
    if (!is_inside && !context_.levels.IsData(node.Input(0))) return std::nullopt;
    ActivationSite site{.activation = row->activation({graph_, constants_}, node)};
    if (site.activation.name == "none") return std::nullopt;
    site.output = node.outputs[0];
    site.last = id;
    site.form = is_inside ? Text("inside ", node.op_type) : std::string(node.op_type);
    site.nodes = {id};
    if (!is_inside) site.input = node.inputs[0];
    if (row->place == ActivationPlace::kExperts) site.weight_input = 2;
    if (row->place == ActivationPlace::kSum) site.summands = {node.Input(0), node.Input(3)};
    if (row->summand >= 0) site.summands = {node.Input(static_cast<size_t>(row->summand))};
    return site;
  }

  using Match = std::optional<Activation> (FormMatcher::*)(const RegionContext&,
                                                           const Regions&) const;

  // The largest region before `id` that matches.
  std::optional<ActivationSite> InPieces(NodeId id, Match match) const {
    const ArithmeticRow* row = arithmetic_[static_cast<size_t>(id)];
    if (row == nullptr || row->kind == ArithmeticKind::kSame ||
        row->kind == ArithmeticKind::kShape) {
      return std::nullopt;
    }
    std::optional<ActivationSite> largest;
    size_t bends = 0;
    Regions regions(context_, id);
    while (regions.Next()) {
      if (!regions.has_curve() || regions.bends() == bends) continue;
      std::optional<Activation> activation = (matcher_.*match)(context_, regions);
      if (!activation) continue;
      largest = ActivationSite{.activation = *std::move(activation),
                               .input = regions.input(),
                               .output = graph_.node(id).outputs[0],
                               .last = id,
                               .nodes = regions.nodes()};
      bends = regions.bends();
    }
    if (largest) {
      std::sort(largest->nodes.begin(), largest->nodes.end());
      largest->form = FormText(context_, largest->nodes);
    }
    return largest;
  }

  const Graph& graph_;
  Constants& constants_;
  std::vector<const ArithmeticRow*> arithmetic_;
  std::vector<bool> is_taken_;
  RegionContext context_;
  FormMatcher matcher_;
};

}  // namespace

ActivationMap ActivationMap::Find(const Graph& graph, const Levels& levels, Constants& constants,
                                  const NormalizationMap& normalizations) {
  ActivationMap map;
  map.sites_ = Finder(graph, levels, constants, normalizations).Find();
  map.site_of_node_.assign(graph.nodes.size(), -1);
  for (size_t i = 0; i < map.sites_.size(); ++i) {
    for (const NodeId node : map.sites_[i].nodes) {
      map.site_of_node_[static_cast<size_t>(node)] = static_cast<int32_t>(i);
    }
  }
  return map;
}

const ActivationSite* ActivationMap::At(NodeId node) const {
  const int32_t site = site_of_node_[static_cast<size_t>(node)];
  return site < 0 ? nullptr : &sites_[static_cast<size_t>(site)];
}

}  // namespace onnx_reinit::infer
