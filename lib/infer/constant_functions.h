// What ONNX's operators compute from small arrays: the table behind Constants.
#ifndef ONNX_REINIT_INFER_CONSTANT_FUNCTIONS_H_
#define ONNX_REINIT_INFER_CONSTANT_FUNCTIONS_H_

#include <optional>
#include <string_view>

#include "absl/types/span.h"
#include "graph/graph.h"
#include "infer/array.h"
#include "wire/payload.h"

namespace onnx_reinit::infer {

// One evaluation of a node. A NaN among the inputs is a number that is not known, and makes every
// number that depends on it a NaN.
struct ConstantCall {
  const graph::Node& node;
  int output = 0;                             // which output is wanted
  absl::Span<const Array* const> inputs;      // nullptr for an absent optional
  const wire::ValueReader* values = nullptr;  // of tensor attributes; may be nullptr

  const Array* Input(size_t i) const { return i < inputs.size() ? inputs[i] : nullptr; }
};

// Nothing where the inputs do not fit the operator or the result is too large.
using ConstantFunction = std::optional<Array> (*)(const ConstantCall& call);

struct ConstantRow {
  std::string_view domain;
  std::string_view op_type;
  int needed;  // how many of the first inputs the function reads; -1: all
  ConstantFunction apply;
};

// By domain and operator.
absl::Span<const ConstantRow> ConstantRows();

// nullptr for an operator that has no row.
const ConstantRow* FindConstantRow(const graph::Node& node);

// All elements of `tensor`; nothing where it is too large, `values` is nullptr, or it cannot be
// read.
std::optional<Array> ReadArray(const wire::Tensor& tensor, const wire::ValueReader* values);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_CONSTANT_FUNCTIONS_H_
