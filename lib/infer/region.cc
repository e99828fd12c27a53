#include "infer/region.h"

#include <algorithm>
#include <utility>

namespace onnx_reinit::infer {
namespace {

using graph::Graph;
using graph::Node;
using graph::NodeId;
using graph::ValueId;

// Last nodes first: what only feeds idle nodes is idle.
std::vector<bool> IdleNodes(const Graph& graph) {
  std::vector<bool> is_idle(graph.nodes.size());
  const auto is_unread = [&](ValueId output) {
    if (output == graph::kNone) return true;
    const graph::Value& value = graph.value(output);
    return !value.is_output &&
           std::all_of(value.uses.begin(), value.uses.end(), [&](const graph::Use& use) {
             return is_idle[static_cast<size_t>(use.node)];
           });
  };
  for (size_t i = graph.nodes.size(); i-- > 0;) {
    const Node& node = graph.nodes[i];
    is_idle[i] = node.Is("Shape") || node.Is("Size") ||
                 std::all_of(node.outputs.begin(), node.outputs.end(), is_unread);
  }
  return is_idle;
}

bool IsCurve(const Levels& levels, const Node& node, const ArithmeticRow& row) {
  switch (row.kind) {
    case ArithmeticKind::kElementwise:
      return true;
    case ArithmeticKind::kProduct:
      return levels.IsData(node.Input(0)) && levels.IsData(node.Input(node.domain.empty() ? 1 : 3));
    case ArithmeticKind::kQuotient:
      return levels.IsData(node.Input(1));
    case ArithmeticKind::kReduction:
      return row.reduction == Reduction::kLogSumExp;
    default:
      return false;
  }
}

}  // namespace

RegionContext::RegionContext(const Graph& of_graph, const Levels& of_levels,
                             Constants& of_constants)
    : graph(of_graph),
      levels(of_levels),
      constants(of_constants),
      arithmetic(ArithmeticOf(of_graph)),
      is_idle(IdleNodes(of_graph)),
      is_taken(of_graph.nodes.size()) {}

void RegionContext::Take(absl::Span<const NodeId> nodes) {
  for (const NodeId node : nodes) is_taken[static_cast<size_t>(node)] = true;
}

Regions::Regions(const RegionContext& context, NodeId last) : context_(context), last_(last) {}

bool Regions::IsFree(ValueId value) const {
  const graph::Value& of = context_.graph.value(value);
  return of.producer != graph::kNone && of.output == 0 && !context_.IsTaken(of.producer) &&
         context_.RowOf(of.producer) != nullptr;
}

bool Regions::IsOnlyUsedInside(ValueId value) const {
  const graph::Value& of = context_.graph.value(value);
  return !of.is_output && std::all_of(of.uses.begin(), of.uses.end(), [&](const graph::Use& use) {
    return std::find(nodes_.begin(), nodes_.end(), use.node) != nodes_.end() ||
           context_.is_idle[static_cast<size_t>(use.node)];
  });
}

void Regions::AddToFrontier(ValueId value) {
  if (!context_.levels.IsData(value)) return;
  const auto key = [&](ValueId v) { return std::pair(context_.graph.value(v).producer, v); };
  const auto place = std::lower_bound(frontier_.begin(), frontier_.end(), value,
                                      [&](ValueId u, ValueId v) { return key(u) < key(v); });
  if (place == frontier_.end() || *place != value) frontier_.insert(place, value);
}

void Regions::Note(const Node& node, const ArithmeticRow& row) {
  const bool is_curve = IsCurve(context_.levels, node, row);
  const bool is_reduction = row.kind == ArithmeticKind::kReduction;
  has_curve_ = has_curve_ || is_curve;
  has_reduction_ = has_reduction_ || is_reduction;
  if (is_curve || is_reduction) ++bends_;
}

void Regions::Take(NodeId id) {
  const Node& node = context_.graph.node(id);
  const ArithmeticRow& row = *context_.RowOf(id);
  nodes_.push_back(id);
  Note(node, row);
  for (const size_t position : OperandPositions(node, row)) AddToFrontier(node.Input(position));
  is_line_ = is_line_ && frontier_.size() == 1;
}

bool Regions::CanGrow() const {
  if (frontier_.empty() || nodes_.size() >= kMaxNodes) return false;
  if (bends_ == 0 && nodes_.size() >= kMaxStraight) return false;
  return bends_ < (is_line_ ? kMaxBendsInLine : kMaxBends);
}

bool Regions::Next() {
  if (nodes_.empty()) {
    Take(last_);
    if (frontier_.size() == 1) return true;
  }
  do {
    if (!CanGrow()) return false;
    const ValueId value = frontier_.back();
    if (!IsFree(value) || !IsOnlyUsedInside(value)) return false;
    frontier_.pop_back();
    Take(context_.graph.value(value).producer);
  } while (frontier_.size() != 1);
  return true;
}

}  // namespace onnx_reinit::infer
