#include "infer/normalizations.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "infer/arithmetic.h"
#include "infer/evaluation.h"
#include "infer/formula.h"
#include "infer/region.h"

namespace onnx_reinit::infer {
namespace {

using graph::Graph;
using graph::Node;
using graph::NodeId;
using graph::ValueId;

constexpr std::array kForms = {
    NormalizationForm{NormalizationKind::kLayer, "layer normalization",
                      "(x - mean(x)) / sqrt(mean((x - mean(x)) ^ 2))", "Ba et al. 2016"},
    NormalizationForm{NormalizationKind::kL2, "L2 normalization", "x / norm(x)",
                      "ONNX LpNormalization"},
    NormalizationForm{NormalizationKind::kRootMeanSquare, "root mean square normalization",
                      "x / sqrt(mean(x ^ 2))", "Zhang and Sennrich 2019"},
    NormalizationForm{NormalizationKind::kGlobalResponse, "global response normalization",
                      "x * norm(x) / across(norm(x))", "Woo et al. 2023"},
};

// Large, so that what is added to a variance against division by zero does not count.
constexpr Grid kSamples = {-800, 550, 350, -250, 160, -90, 60, 300,
                           20,   45,  -80, 130,  220, 370, 10, -900};

// f = factor * g + shift
struct Line {
  double factor = 0;
  double shift = 0;
};

std::optional<Line> Fit(const Grid& f, const Grid& g) {
  const auto [low, high] = std::minmax_element(g.begin(), g.end());
  const auto at = [&](const double* place) { return f[static_cast<size_t>(place - g.begin())]; };
  const double factor = (at(high) - at(low)) / (*high - *low);
  const double shift = at(high) - factor * *high;
  const double allowed = 1e-3 * std::abs(at(high) - at(low));
  if (!(allowed > 0)) return std::nullopt;
  for (size_t i = 0; i < f.size(); ++i) {
    if (!(std::abs(f[i] - factor * g[i] - shift) <= allowed)) return std::nullopt;
  }
  return Line{factor, shift};
}

class Finder {
 public:
  explicit Finder(RegionContext context) : graph_(context.graph), context_(std::move(context)) {
    for (const NormalizationForm& form : kForms) {
      values_.push_back(Formula(form.formula).Evaluate(kSamples, 0));
    }
  }

  // First nodes first: the scale and the bias that come after are not part of one.
  std::vector<NormalizationSite> Find() {
    std::vector<NormalizationSite> sites;
    std::vector<bool> has_statistic(graph_.values.size());
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      const ArithmeticRow* row = context_.arithmetic[i];
      if (row == nullptr || node.Output(0) == graph::kNone) continue;
      if (!HasStatistic(node, *row, has_statistic)) continue;
      std::optional<NormalizationSite> site = EndingAt(static_cast<NodeId>(i));
      if (!site) {
        has_statistic[static_cast<size_t>(node.Output(0))] = true;
        continue;
      }
      context_.Take(site->nodes);
      sites.push_back(*std::move(site));
    }
    return sites;
  }

 private:
  // A reduction is among what `node` is computed from, by arithmetic.
  static bool HasStatistic(const Node& node, const ArithmeticRow& row,
                           const std::vector<bool>& has_statistic) {
    if (row.kind == ArithmeticKind::kReduction) return true;
    return std::any_of(node.inputs.begin(), node.inputs.end(), [&](ValueId value) {
      return value != graph::kNone && has_statistic[static_cast<size_t>(value)];
    });
  }

  std::optional<NormalizationSite> EndingAt(NodeId id) const {
    const Node& node = graph_.node(id);
    const ArithmeticKind kind = context_.RowOf(id)->kind;
    const bool is_end = kind == ArithmeticKind::kLinear || kind == ArithmeticKind::kProduct ||
                        kind == ArithmeticKind::kQuotient;
    if (!is_end || !context_.levels.IsData(node.Output(0))) return std::nullopt;
    std::optional<NormalizationSite> largest;
    size_t bends = 0;
    Regions regions(context_, id);
    while (regions.Next()) {
      if (!regions.has_reduction() || regions.bends() == bends || !HasDivision(regions)) continue;
      const std::optional<NormalizationKind> form = Match(regions);
      if (!form) continue;
      largest = NormalizationSite{.kind = *form,
                                  .input = regions.input(),
                                  .output = node.Output(0),
                                  .last = id,
                                  .nodes = {regions.nodes().begin(), regions.nodes().end()}};
      bends = regions.bends();
    }
    if (largest) {
      std::sort(largest->nodes.begin(), largest->nodes.end());
      largest->has_scale = HasVector(*largest, ArithmeticKind::kProduct);
      largest->has_bias = HasVector(*largest, ArithmeticKind::kLinear);
    }
    return largest;
  }

  // A piece of that kind has a fixed operand that is not one number.
  bool HasVector(const NormalizationSite& site, ArithmeticKind kind) const {
    return std::any_of(site.nodes.begin(), site.nodes.end(), [&](NodeId id) {
      const Node& node = graph_.node(id);
      return context_.RowOf(id)->kind == kind &&
             std::any_of(node.inputs.begin(), node.inputs.end(), [&](ValueId input) {
               return context_.levels.of(input) == Level::kFixed && input != graph::kNone &&
                      !NumberOf(context_, input);
             });
    });
  }

  // Without one nothing is normalised.
  bool HasDivision(const Regions& regions) const {
    return std::any_of(regions.nodes().begin(), regions.nodes().end(), [&](NodeId id) {
      const Node& node = graph_.node(id);
      return (node.Is("Div") && context_.levels.IsData(node.Input(1))) || node.Is("Pow") ||
             node.Is("Reciprocal");
    });
  }

  std::optional<NormalizationKind> Match(const Regions& regions) const {
    const std::optional<Outcome> made = Evaluate(context_, regions, kSamples);
    if (!made) return std::nullopt;
    if (const auto kind = KindOf(made->grid)) return kind;
    if (!HasSum(regions)) return std::nullopt;
    // A mean as a sum that is divided by the count: one of the numbers must be the count.
    for (const double number : made->numbers) {
      const double count = number < 1 && number != kStandIn ? 1 / number : number;
      const std::optional<Outcome> counted = Evaluate(context_, regions, kSamples, count);
      if (const auto kind = KindOf(counted->grid)) return kind;
    }
    return std::nullopt;
  }

  std::optional<NormalizationKind> KindOf(const Grid& made) const {
    for (size_t i = 0; i < kForms.size(); ++i) {
      const std::optional<Line> line = Fit(made, values_[i]);
      if (!line) continue;
      // It differs from that of the mean by a factor only.
      const bool is_sum = kForms[i].kind == NormalizationKind::kL2;
      if (!is_sum || std::abs(line->factor - 1) < 1e-3) return kForms[i].kind;
    }
    return std::nullopt;
  }

  bool HasSum(const Regions& regions) const {
    return std::any_of(regions.nodes().begin(), regions.nodes().end(), [&](NodeId id) {
      const ArithmeticRow& row = *context_.RowOf(id);
      return row.kind == ArithmeticKind::kReduction && IsSum(row.reduction);
    });
  }

  const Graph& graph_;
  RegionContext context_;
  std::vector<Grid> values_;
};

}  // namespace

absl::Span<const NormalizationForm> NormalizationForms() { return kForms; }

NormalizationMap NormalizationMap::Find(RegionContext context) {
  NormalizationMap map;
  map.site_of_node_.assign(context.graph.nodes.size(), -1);
  map.sites_ = Finder(std::move(context)).Find();
  for (size_t i = 0; i < map.sites_.size(); ++i) {
    for (const NodeId node : map.sites_[i].nodes) {
      map.site_of_node_[static_cast<size_t>(node)] = static_cast<int32_t>(i);
    }
  }
  return map;
}

const NormalizationSite* NormalizationMap::At(NodeId node) const {
  const int32_t site = site_of_node_[static_cast<size_t>(node)];
  return site < 0 ? nullptr : &sites_[static_cast<size_t>(site)];
}

}  // namespace onnx_reinit::infer
