// Operators that are a nonlinearity, or have one inside.
#ifndef ONNX_REINIT_INFER_ACTIVATION_OPERATORS_H_
#define ONNX_REINIT_INFER_ACTIVATION_OPERATORS_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/types/span.h"
#include "graph/graph.h"
#include "infer/constants.h"
#include "infer/facts.h"

namespace onnx_reinit::infer {

struct ActivationOperator {
  std::string_view domain;
  std::string_view op_type;
  // The activation of one such node; "none" where its attributes name none.
  Activation (*activation)(const graph::Node& node, Constants& constants);
  // False: the node has a weight too, and its output is the activation of a product with it.
  bool is_elementwise = true;
};

// Sorted by domain and operator.
absl::Span<const ActivationOperator> ActivationOperators();
// nullptr where `node` is none of them.
const ActivationOperator* FindActivationOperator(const graph::Node& node);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_ACTIVATION_OPERATORS_H_
