// Weights that the graph makes of stored tensors by products: W + B A of a low-rank update that is
// not merged, or A B in place of W.
//
//   B [out, r], A [r, in] -> MatMul -> Mul(scale) -> Add(W) -> Transpose -> MatMul with data
//
// The sum may be divided by its norm first, and scaled (a weight that is decomposed into magnitude
// and direction). A weight that BatchNormalization standardises is one too.
#ifndef ONNX_REINIT_INFER_COMPOSITIONS_H_
#define ONNX_REINIT_INFER_COMPOSITIONS_H_

#include <cstdint>
#include <vector>

#include "graph/graph.h"

namespace onnx_reinit::infer {

// What a value is that only stored tensors make, by products, sums and moves, and that a product
// with data reads as its weight.
enum class Composition : uint8_t {
  kNone,
  kOutputsFirst,  // its first axis, resp. the slower ones, are the outputs of that product
  kOutputsLast,
};

// One for each value. `is_fed` says which of them depend on what comes from outside. Attention
// scores, and what they are multiplied with, are no layers: queries may be stored. Linear in the
// graph.
std::vector<Composition> FindCompositions(const graph::Graph& graph,
                                          const std::vector<bool>& is_fed);

// The composition of the operands of `node`, where that of its output is `made`.
Composition OfOperand(const graph::Node& node, size_t input, Composition made);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_COMPOSITIONS_H_
