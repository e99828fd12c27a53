// Sorted lists of operators, by what matters to inference. Names are "Op" for ai.onnx and
// "domain.Op" for others.
#ifndef ONNX_REINIT_INFER_OPERATOR_SETS_H_
#define ONNX_REINIT_INFER_OPERATOR_SETS_H_

#include <initializer_list>
#include <string_view>

#include "absl/types/span.h"
#include "graph/graph.h"

namespace onnx_reinit::infer {

enum class OperatorSet {
  kLayer,          // computes what a network computes, even of stored tensors: products,
                   // normalisations, recurrences, softmax, random numbers
  kMove,           // its output holds elements of its first input, and no others
  kRetype,         // its output stands for its first input, on another grid of numbers
  kPool,           // averages or picks neighbours
  kNormalization,  // with its statistics computed or given, and its scale and bias inside
  kSoftmax,
  kRandom,
  kShape,        // reads the shape of its input only
  kElementwise,  // arithmetic of two or more operands with broadcasting
  kWeightless,  // of no other set or table: it computes from data alone, or has bodies, which stand
                // beside it in the flat graph; what is stored at its inputs is a setting
};

bool IsIn(OperatorSet set, const graph::Node& node);
// One look-up instead of one for each.
bool IsInAny(std::initializer_list<OperatorSet> sets, const graph::Node& node);
// The input of a product that holds its right operand, or a convolution's weight; the left one, or
// the data, is the first. Quantised operators have scale and zero point of each between.
int RightOperand(const graph::Node& product);
// The rows, for `list rules` and tests.
absl::Span<const std::string_view> Rows(OperatorSet set);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_OPERATOR_SETS_H_
