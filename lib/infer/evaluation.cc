#include "infer/evaluation.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

bool IsQuantize(const Node* node) { return node != nullptr && node->op_type == "QuantizeLinear"; }

// The fixed value that `value` holds copies of, perhaps quantised, or quantised and back.
ValueId BeforeMoves(const RegionContext& context, ValueId value) {
  for (int step = 0; step < 8; ++step) {
    const Node* node = context.graph.Producer(value);
    if (node == nullptr) break;
    const bool is_move = node->Is("Expand") || node->Is("Reshape") || node->Is("Unsqueeze") ||
                         node->Is("Cast") || IsQuantize(node);
    const bool is_back =
        node->op_type == "DequantizeLinear" && IsQuantize(context.graph.Producer(node->Input(0)));
    if (!is_move && !is_back) break;
    value = node->Input(0);
  }
  return value;
}

class Evaluation {
 public:
  Evaluation(const RegionContext& context, const Regions& region, const Grid& x, double count)
      : context_(context), count_(count) {
    known_.push_back({region.input(), x, false, region.input()});
  }

  // Of the nodes in the order of the graph.
  bool Run(NodeId id) {
    const Node& node = context_.graph.node(id);
    const ArithmeticRow& row = *context_.RowOf(id);
    if (row.compute != nullptr) return Compute(node, row);
    Known input = Operand(node, 0);
    input.value = node.Output(0);
    if (row.kind == ArithmeticKind::kReduction) return Reduce(node, row, input);
    if (row.kind == ArithmeticKind::kShape && !input.is_reduced) {
      if (node.Is("Expand")) return false;
      input.shape_of = IsReshapedBack(node) ? known_[0].value : input.value;
    }
    known_.push_back(input);
    return true;
  }

  Outcome Result() && { return {known_.back().grid, !unknown_.empty(), std::move(numbers_)}; }

 private:
  struct Known {
    ValueId value;
    Grid grid;
    bool is_reduced;  // all elements of a line are one number
    // The value that has its shape, and its elements in the same order; kNone where it is reduced.
    ValueId shape_of;
  };

  // The node reshapes what it gets to the shape of the region's input.
  bool IsReshapedBack(const Node& node) const {
    const auto wanted = context_.constants.Dims(known_[0].value);
    if (!wanted) return false;
    if (wanted == context_.constants.Dims(node.Output(0))) return true;
    return node.Is("Reshape") && wanted == context_.constants.Integers(node.Input(1));
  }

  bool Reduce(const Node& node, const ArithmeticRow& row, Known input) {
    const std::optional<GridAxis> axis = AxisOf(node);
    if (!axis || (!input.is_reduced && input.shape_of != known_[0].value)) return false;
    input.grid = Reduced(input.grid, row.reduction, *axis, count_);
    input.is_reduced = true;
    input.shape_of = graph::kNone;
    known_.push_back(input);
    return true;
  }

  // False where elements would meet others than their own: operands reshaped in different ways.
  bool Compute(const Node& node, const ArithmeticRow& row) {
    absl::InlinedVector<Grid, 3> operands;
    Known result{node.Output(0), {}, true, graph::kNone};
    for (const size_t position : OperandPositions(node, row)) {
      const Known operand = Operand(node, position);
      operands.push_back(operand.grid);
      if (operand.is_reduced) continue;
      if (!result.is_reduced && result.shape_of != operand.shape_of) return false;
      result.is_reduced = false;
      result.shape_of = operand.shape_of;
    }
    result.grid = row.compute(node, operands);
    known_.push_back(result);
    return true;
  }

  Known Operand(const Node& node, size_t position) {
    const ValueId value = node.Input(position);
    for (const Known& known : known_) {
      if (known.value == value) return known;
    }
    numbers_.push_back(Number(node, position));
    return {value, Filled(numbers_.back()), true, graph::kNone};
  }

  // An absent operand is NaN.
  double Number(const Node& node, size_t position) {
    if (node.Input(position) == graph::kNone) return NAN;
    const ValueId value = node.Input(position);
    if (!node.op_type.starts_with("QLinear")) return NumberOrStandIn(value);
    if (IsQuantize(context_.graph.Producer(value))) return NumberOrStandIn(value);
    const std::optional<double> number = NumberOf(context_, value);
    if (!number) return StandIn(BeforeMoves(context_, value));
    const auto beside = [&](size_t offset, double otherwise) {
      return context_.constants.Scalar(node.Input(position + offset)).value_or(otherwise);
    };
    return (*number - beside(2, 0)) * beside(1, NAN);
  }

  double NumberOrStandIn(ValueId value) {
    const std::optional<double> number = NumberOf(context_, value);
    return number ? *number : StandIn(BeforeMoves(context_, value));
  }

  double StandIn(ValueId value) {
    const auto found = std::find(unknown_.begin(), unknown_.end(), value);
    const auto index = static_cast<double>(found - unknown_.begin());
    if (found == unknown_.end()) unknown_.push_back(value);
    return kStandIn * (1 + index);
  }

  // The axes that `node` reduces, in order; a pool's are all from 2 on, of which 2 stands for the
  // others where the rank is not known.
  std::optional<std::vector<int64_t>> AxesOf(const Node& node) {
    if (node.Is("GlobalAveragePool")) {
      const auto dims = context_.constants.Dims(node.Input(0));
      std::vector<int64_t> axes = {2};
      while (dims && axes.size() + 2 < dims->size()) axes.push_back(axes.back() + 1);
      return axes;
    }
    const absl::Span<const int64_t> attribute = node.IntsAttribute("axes");
    std::vector<int64_t> axes(attribute.begin(), attribute.end());
    if (node.Input(1) != graph::kNone) {
      const auto given = context_.constants.Integers(node.inputs[1]);
      if (!given) return std::nullopt;
      axes = *given;
    }
    std::sort(axes.begin(), axes.end());
    return axes;
  }

  // The way of the grid that stands for the axes of `node`.
  std::optional<GridAxis> AxisOf(const Node& node) {
    std::optional<std::vector<int64_t>> axes = AxesOf(node);
    if (!axes) return std::nullopt;
    const auto found = std::find(axes_.begin(), axes_.end(), *axes);
    const bool is_first = found == axes_.begin();
    if (found == axes_.end()) {
      if (axes_.size() == 2) return std::nullopt;
      axes_.push_back(*std::move(axes));
    }
    return is_first ? GridAxis::kAlong : GridAxis::kAcross;
  }

  const RegionContext& context_;
  double count_;
  std::vector<double> numbers_;
  absl::InlinedVector<Known, 8> known_;
  std::vector<ValueId> unknown_;
  std::vector<std::vector<int64_t>> axes_;
};

}  // namespace

std::optional<double> NumberOf(const RegionContext& context, ValueId value) {
  value = BeforeMoves(context, value);
  const Node* node = context.graph.Producer(value);
  if (node == nullptr || !node->Is("ConstantOfShape")) return context.constants.Scalar(value);
  if (node->FindAttribute("value") == nullptr) return 0;
  const std::optional<std::vector<double>> numbers = context.constants.Numbers(*node, "value");
  return numbers && numbers->size() == 1 ? std::optional((*numbers)[0]) : std::nullopt;
}

std::optional<Outcome> Evaluate(const RegionContext& context, const Regions& region, const Grid& x,
                                double count) {
  Evaluation evaluation(context, region, x, count);
  absl::InlinedVector<NodeId, 8> nodes(region.nodes().begin(), region.nodes().end());
  std::sort(nodes.begin(), nodes.end());
  for (const NodeId id : nodes) {
    if (!evaluation.Run(id)) return std::nullopt;
  }
  return std::move(evaluation).Result();
}

}  // namespace onnx_reinit::infer
