// The shapes of what operators compute, from the shapes of what they read: of values that are too
// large, or too much trouble, to be computed themselves.
#ifndef ONNX_REINIT_INFER_CONSTANT_DIMS_H_
#define ONNX_REINIT_INFER_CONSTANT_DIMS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "graph/graph.h"
#include "infer/constants.h"

namespace onnx_reinit::infer {

struct DimsCall {
  const graph::Node& node;
  int output = 0;  // which output is asked for
  absl::Span<const std::vector<int64_t>>
      operands;          // the dims of the inputs that DimsOperands names
  Constants& constants;  // of the inputs that are integers
};

using DimsPositions = absl::InlinedVector<size_t, 3>;
using MaybeDims = std::optional<std::vector<int64_t>>;

// An operator whose output's shape is not that of elementwise arithmetic or of a reduction.
struct DimsRow {
  std::string_view domain;
  std::string_view op_type;
  int operands;  // how many of the first inputs have dims that matter; -1: all
  MaybeDims (*apply)(const DimsCall& call);
};

// Sorted by domain and operator.
absl::Span<const DimsRow> DimsRows();

// Positions of the inputs whose dims decide those of the outputs; empty where no rule is known.
DimsPositions DimsOperands(const graph::Node& node);

// Nothing where the operands do not fit the operator, or an integer is not known. The node has
// operands.
MaybeDims OutputDims(const DimsCall& call);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_CONSTANT_DIMS_H_
