// What a node of elementwise arithmetic, or of a reduction, makes of grids that stand for its
// inputs.
#ifndef ONNX_REINIT_INFER_ARITHMETIC_H_
#define ONNX_REINIT_INFER_ARITHMETIC_H_

#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "graph/graph.h"
#include "infer/constants.h"
#include "infer/grid.h"

namespace onnx_reinit::infer {

enum class ArithmeticKind {
  kSame,         // hands on its first input: Cast, QuantizeLinear
  kShape,        // the same numbers in the same order, in another shape; Expand repeats them
  kLinear,       // a straight line in any one of its inputs: Add, Neg
  kProduct,      // a straight line where one operand is fixed: Mul
  kQuotient,     // a straight line where the divisor is fixed: Div
  kElementwise,  // any other
  kReduction,
};

struct ArithmeticRow {
  std::string_view domain;
  std::string_view op_type;
  ArithmeticKind kind;
  // The result for operands in the order of the node's inputs; an absent one is NaN. Of the
  // quantised forms (QLinearAdd): the two operands as numbers. Unused for kSame, kShape and
  // kReduction.
  Grid (*compute)(const graph::Node& node, absl::Span<const Grid> operands);
  Reduction reduction = Reduction::kSum;
};

// Sorted by domain and operator.
absl::Span<const ArithmeticRow> ArithmeticRows();
// nullptr where `node` is no arithmetic, or has not the inputs and the output that it needs.
const ArithmeticRow* FindArithmetic(const graph::Node& node);
// For each node of the graph.
std::vector<const ArithmeticRow*> ArithmeticOf(const graph::Graph& graph);

// Positions among the inputs of the operands of `node`, which `row` is of: all, the first, or 0 and
// 3 of QLinearAdd.
absl::InlinedVector<size_t, 3> OperandPositions(const graph::Node& node, const ArithmeticRow& row);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_ARITHMETIC_H_
