#include "infer/activations.h"

#include <algorithm>
#include <array>
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
using graph::ValueId;

// The operators that a form in several nodes ends with, besides those of straight lines.
constexpr auto kLastCurves = std::to_array<std::string_view>(
    {"Clip", "Log", "Max", "Min", "Pow", "Reciprocal", "Relu", "Where"});

bool CanBeLast(const Node& node, const ArithmeticRow& row) {
  switch (row.kind) {
    case ArithmeticKind::kLinear:
    case ArithmeticKind::kProduct:
    case ArithmeticKind::kQuotient:
      return true;
    case ArithmeticKind::kElementwise:
      return std::ranges::find(kLastCurves, node.op_type) != kLastCurves.end();
    default:
      return false;
  }
}

// "erf form of 5 nodes": after the first operator that is more than adding and multiplying.
std::string FormText(const RegionContext& context, absl::Span<const NodeId> nodes) {
  const Node* named = &context.graph.node(nodes.back());
  if (nodes.size() == 1) return std::string(named->op_type);
  for (const NodeId id : nodes) {
    const Node& node = context.graph.node(id);
    if (context.RowOf(id)->kind != ArithmeticKind::kElementwise) continue;
    named = &node;
    break;
  }
  return Text(SnakeCase(named->op_type), " form of ", nodes.size(), " nodes");
}

class Finder {
 public:
  Finder(RegionContext context, const NormalizationMap& normalizations)
      : graph_(context.graph), context_(std::move(context)) {
    for (const NormalizationSite& site : normalizations.sites()) context_.Take(site.nodes);
  }

  // Last nodes first, so that what a larger form holds is not found before it.
  std::vector<ActivationSite> Find() {
    std::vector<ActivationSite> sites;
    for (auto id = static_cast<NodeId>(graph_.nodes.size()) - 1; id >= 0; --id) {
      if (context_.IsTaken(id)) continue;
      std::optional<ActivationSite> site = EndingAt(id);
      if (!site) continue;
      context_.Take(site->nodes);
      sites.push_back(*std::move(site));
    }
    std::reverse(sites.begin(), sites.end());
    return sites;
  }

 private:
  std::optional<ActivationSite> EndingAt(NodeId id) const {
    const Node& node = graph_.node(id);
    if (!context_.levels.IsData(node.Output(0))) return std::nullopt;
    Pieces pieces = InPieces(id);
    if (pieces.exact) return std::move(pieces.exact);
    if (pieces.scaled && !HoldsItWhole(*pieces.scaled)) return std::move(pieces.scaled);
    return Operator(id);
  }

  // What is computed says more than an operator's name: Max(x, 0) is ReLU.
  std::optional<ActivationSite> Exact(NodeId id) const {
    std::optional<ActivationSite> pieces = InPieces(id).exact;
    if (!pieces) pieces = Operator(id);
    return pieces;
  }

  // The activation that `scaled` is of stands by itself, and the vector after it.
  bool HoldsItWhole(const ActivationSite& scaled) const {
    return std::any_of(scaled.nodes.begin(), scaled.nodes.end() - 1, [&](NodeId node) {
      const std::optional<ActivationSite> inner = Exact(node);
      return inner && inner->activation.name == scaled.activation.name;
    });
  }

  // Of an operator whose activation is that of one input; kNone for the others.
  ValueId InputOf(const ActivationOperator& row, const Node& node) const {
    if (row.place == ActivationPlace::kInput) return node.Input(0);
    return row.place == ActivationPlace::kOnlyData ? context_.levels.OnlyData(node) : graph::kNone;
  }

  std::optional<ActivationSite> Operator(NodeId id) const {
    const Node& node = graph_.node(id);
    const ActivationOperator* row = FindActivationOperator(node);
    if (row == nullptr) return std::nullopt;
    const bool is_inside =
        row->place != ActivationPlace::kInput && row->place != ActivationPlace::kOnlyData;
    ActivationSite site{.activation = row->activation({graph_, context_.constants}, node),
                        .input = InputOf(*row, node),
                        .output = node.Output(0),
                        .last = id,
                        .form = Text(is_inside ? "inside " : "", node.op_type),
                        .nodes = {id}};
    if (site.activation.name == "none") return std::nullopt;
    if (!is_inside && !context_.levels.IsData(site.input)) return std::nullopt;
    if (row->place == ActivationPlace::kExperts) site.weight_input = 2;
    if (row->place == ActivationPlace::kSum) site.summands = {node.Input(0), node.Input(3)};
    if (row->summand >= 0) site.summands = {node.Input(static_cast<size_t>(row->summand))};
    return site;
  }

  // The largest regions before `id` that compute an activation.
  struct Pieces {
    std::optional<ActivationSite> exact;
    std::optional<ActivationSite> scaled;
  };

  Pieces InPieces(NodeId id) const {
    Pieces largest;
    const ArithmeticRow* row = context_.RowOf(id);
    if (row == nullptr || !CanBeLast(graph_.node(id), *row)) return largest;
    size_t bends = 0;
    Regions regions(context_, id);
    while (regions.Next()) {
      if (!regions.has_curve() || regions.bends() == bends) continue;
      std::optional<FormMatch> match = matcher_.Match(context_, regions);
      if (!match) continue;
      (match->is_scaled ? largest.scaled : largest.exact) =
          SiteOf(id, regions, std::move(match->activation));
      bends = regions.bends();
    }
    return largest;
  }

  ActivationSite SiteOf(NodeId last, const Regions& region, Activation activation) const {
    ActivationSite site{.activation = std::move(activation),
                        .input = region.input(),
                        .output = graph_.node(last).Output(0),
                        .last = last,
                        .nodes = {region.nodes().begin(), region.nodes().end()}};
    std::sort(site.nodes.begin(), site.nodes.end());
    site.form = FormText(context_, site.nodes);
    return site;
  }

  const Graph& graph_;
  RegionContext context_;
  FormMatcher matcher_;
};

}  // namespace

ActivationMap ActivationMap::Find(RegionContext context, const NormalizationMap& normalizations) {
  ActivationMap map;
  map.site_of_node_.assign(context.graph.nodes.size(), -1);
  map.sites_ = Finder(std::move(context), normalizations).Find();
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
