#include "infer/region.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

// A use that nothing comes of: only the shape is read, or nobody reads the result.
bool IsIdle(const graph::Graph& graph, const Node& node) {
  if (node.Is("Shape") || node.Is("Size")) return true;
  return std::all_of(node.outputs.begin(), node.outputs.end(), [&](ValueId output) {
    return output == graph::kNone ||
           (graph.value(output).uses.empty() && !graph.value(output).is_output);
  });
}

}  // namespace

Regions::Regions(const RegionContext& context, NodeId last) : context_(context), last_(last) {}

bool Regions::IsFree(ValueId value) const {
  const graph::Value& of = context_.graph.value(value);
  return of.producer != graph::kNone && of.output == 0 &&
         !context_.is_taken[static_cast<size_t>(of.producer)] &&
         context_.arithmetic[static_cast<size_t>(of.producer)] != nullptr;
}

bool Regions::IsOnlyUsedInside(ValueId value) const {
  const graph::Value& of = context_.graph.value(value);
  if (of.is_output) return false;
  return std::all_of(of.uses.begin(), of.uses.end(), [&](const graph::Use& use) {
    return std::find(nodes_.begin(), nodes_.end(), use.node) != nodes_.end() ||
           IsIdle(context_.graph, context_.graph.node(use.node));
  });
}

void Regions::AddToFrontier(ValueId value) {
  if (!context_.levels.IsData(value)) return;
  const auto key = [&](ValueId v) { return std::pair(context_.graph.value(v).producer, v); };
  const auto place = std::lower_bound(frontier_.begin(), frontier_.end(), value,
                                      [&](ValueId u, ValueId v) { return key(u) < key(v); });
  if (place == frontier_.end() || *place != value) frontier_.insert(place, value);
}

bool Regions::IsCurve(const Node& node, const ArithmeticRow& row) const {
  switch (row.kind) {
    case ArithmeticKind::kElementwise:
      return true;
    case ArithmeticKind::kProduct: {
      const std::vector<size_t> positions = OperandPositions(node);
      return std::count_if(positions.begin(), positions.end(), [&](size_t position) {
               return context_.levels.IsData(node.Input(position));
             }) > 1;
    }
    case ArithmeticKind::kQuotient:
      return context_.levels.IsData(node.Input(1));
    default:
      return false;
  }
}

void Regions::Note(const Node& node, const ArithmeticRow& row) {
  const bool is_curve = IsCurve(node, row);
  const bool is_reduction = row.kind == ArithmeticKind::kReduction;
  has_curve_ = has_curve_ || is_curve;
  has_reduction_ = has_reduction_ || is_reduction;
  if (is_curve || is_reduction) ++bends_;
}

bool Regions::Take(NodeId id) {
  if (nodes_.size() >= kMaxNodes) return false;
  const Node& node = context_.graph.node(id);
  const ArithmeticRow& row = *context_.arithmetic[static_cast<size_t>(id)];
  nodes_.push_back(id);
  Note(node, row);
  if (row.compute == nullptr) {
    AddToFrontier(node.Input(0));
    return true;
  }
  for (const size_t position : OperandPositions(node)) AddToFrontier(node.Input(position));
  return true;
}

bool Regions::Next() {
  if (nodes_.empty()) {
    if (!Take(last_)) return false;
    if (frontier_.size() == 1) return true;
  }
  do {
    if (frontier_.empty()) return false;
    const ValueId value = frontier_.back();
    if (!IsFree(value) || !IsOnlyUsedInside(value)) return false;
    frontier_.pop_back();
    if (!Take(context_.graph.value(value).producer)) return false;
  } while (frontier_.size() != 1);
  return true;
}

namespace {

// Evaluates a region's nodes, the first first.
class Evaluation {
 public:
  Evaluation(const RegionContext& context, ValueId input, const Grid& x) : context_(context) {
    known_.push_back({input, x, false});
  }

  bool Run(const Node& node, const ArithmeticRow& row) {
    switch (row.kind) {
      case ArithmeticKind::kSame:
      case ArithmeticKind::kShape: {
        const Known& input = Operand(node, 0);
        if (row.kind == ArithmeticKind::kShape && !input.is_reduced) return false;
        Add(node, input.grid, input.is_reduced);
        return true;
      }
      case ArithmeticKind::kReduction: {
        const Known& input = Operand(node, 0);
        const std::optional<GridAxis> axis = AxisOf(node);
        if (!axis) return false;
        Add(node, Reduced(input.grid, row.reduction, *axis), true);
        return true;
      }
      default:
        return Compute(node, row);
    }
  }

  const Grid& result() const { return known_.back().grid; }
  bool has_unknown() const { return !unknown_.empty(); }

 private:
  struct Known {
    ValueId value;
    Grid grid;
    bool is_reduced;  // all elements of a line are one number
  };

  void Add(const Node& node, const Grid& grid, bool is_reduced) {
    known_.push_back({node.outputs[0], grid, is_reduced});
  }

  Known Operand(const Node& node, size_t position) {
    const ValueId value = node.Input(position);
    for (auto known = known_.rbegin(); known != known_.rend(); ++known) {
      if (known->value == value) return *known;
    }
    return {value, Filled(Number(node, position)), true};
  }

  // Quantisers quantise the numbers of formulas too: what they were is meant.
  ValueId BeforeQuantization(ValueId value) const {
    const Node* dequantize = context_.graph.Producer(value);
    if (dequantize == nullptr || dequantize->op_type != "DequantizeLinear") return value;
    const Node* quantize = context_.graph.Producer(dequantize->Input(0));
    if (quantize == nullptr || quantize->op_type != "QuantizeLinear") return value;
    return quantize->Input(0);
  }

  double Number(const Node& node, size_t position) {
    if (node.Input(position) == graph::kNone) return NAN;
    const ValueId value = BeforeQuantization(node.Input(position));
    const std::optional<double> number = context_.constants.Scalar(value);
    if (!number) return StandIn(value);
    if (!node.op_type.starts_with("QLinear")) return *number;
    const double zero_point = context_.constants.Scalar(node.Input(position + 2)).value_or(0);
    return (*number - zero_point) *
           context_.constants.Scalar(node.Input(position + 1)).value_or(NAN);
  }

  double StandIn(ValueId value) {
    const auto found = std::find(unknown_.begin(), unknown_.end(), value);
    const auto index = static_cast<double>(found - unknown_.begin());
    if (found == unknown_.end()) unknown_.push_back(value);
    return kStandIn * (1 + index);
  }

  bool Compute(const Node& node, const ArithmeticRow& row) {
    std::vector<Grid> operands;
    bool is_reduced = true;
    for (const size_t position : OperandPositions(node)) {
      const Known operand = Operand(node, position);
      operands.push_back(operand.grid);
      is_reduced = is_reduced && operand.is_reduced;
    }
    Add(node, row.compute(node, operands), is_reduced);
    return true;
  }

  // Which way of the grid stands for the axes of `node`.
  std::optional<GridAxis> AxisOf(const Node& node) {
    std::vector<int64_t> axes(node.IntsAttribute("axes").begin(), node.IntsAttribute("axes").end());
    if (node.Input(1) != graph::kNone) {
      const auto given = context_.constants.Integers(node.inputs[1]);
      if (!given) return std::nullopt;
      axes = *given;
    }
    std::sort(axes.begin(), axes.end());
    for (size_t i = 0; i < axes_.size(); ++i) {
      if (axes_[i] == axes) return i == 0 ? GridAxis::kAlong : GridAxis::kAcross;
    }
    if (axes_.size() == 2) return std::nullopt;
    axes_.push_back(std::move(axes));
    return axes_.size() == 1 ? GridAxis::kAlong : GridAxis::kAcross;
  }

  const RegionContext& context_;
  std::vector<Known> known_;
  std::vector<ValueId> unknown_;
  std::vector<std::vector<int64_t>> axes_;
};

}  // namespace

std::optional<Outcome> Evaluate(const RegionContext& context, const Regions& region,
                                const Grid& x) {
  Evaluation evaluation(context, region.input(), x);
  // Nodes of a graph stand in order.
  std::vector<NodeId> nodes = region.nodes();
  std::sort(nodes.begin(), nodes.end());
  for (const NodeId id : nodes) {
    if (!evaluation.Run(context.graph.node(id), *context.arithmetic[static_cast<size_t>(id)])) {
      return std::nullopt;
    }
  }
  return Outcome{evaluation.result(), evaluation.has_unknown()};
}

}  // namespace onnx_reinit::infer
