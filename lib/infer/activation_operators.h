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

// "LeakyRelu" -> "leaky_relu": the plan's vocabulary for ONNX's names.
std::string SnakeCase(std::string_view name);

// What the activation is of.
enum class ActivationPlace {
  kInput,     // the first input
  kOnlyData,  // the input that is data; a node with two such is no activation
  kProduct,   // a product with a weight, with any of the operator's weights
  kExperts,   // the product with the first weights of experts, input 2
  kSum,       // inputs 0 and 3, added
};

struct ActivationContext {
  const graph::Graph& graph;
  Constants& constants;
};

struct ActivationOperator {
  std::string_view domain;
  std::string_view op_type;
  // The activation of one such node; "none" where its attributes name none.
  Activation (*activation)(const ActivationContext& context, const graph::Node& node);
  std::string_view says;  // for `list rules`; empty: the operator's name in snake case
  ActivationPlace place = ActivationPlace::kInput;
  int summand = -1;  // an input that is added to the product
};

// Sorted by domain and operator.
absl::Span<const ActivationOperator> ActivationOperators();
// "silu; quick_gelu where alpha is 1.702"
std::string Says(const ActivationOperator& row);
// nullptr where `node` is none of them.
const ActivationOperator* FindActivationOperator(const graph::Node& node);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_ACTIVATION_OPERATORS_H_
