// Numbers that an operator keeps in an attribute: what ai.onnx.ml's models have learned, and what
// they and other operators are merely set to.
#ifndef ONNX_REINIT_INFER_ATTRIBUTE_SLOTS_H_
#define ONNX_REINIT_INFER_ATTRIBUTE_SLOTS_H_

#include <string_view>

#include "absl/types/span.h"
#include "graph/graph.h"
#include "infer/facts.h"

namespace onnx_reinit::infer {

struct AttributeRow {
  std::string_view domain;
  std::string_view op_type;
  std::string_view attribute;
  Role role;
  // Fitted to data, but not by gradients from random values: no scheme can say where to start.
  bool is_fitted;
  std::string_view holds;  // for `list rules` and reasons
};

// Sorted by domain, operator and attribute. Source: ONNX's Operators-ml.md.
absl::Span<const AttributeRow> AttributeRows();

// Role, fans and chain of a tensor or list that is an attribute (source kAttribute); the identity
// is filled already. What no row names is a constant.
void DecideAttribute(const graph::Graph& graph, const graph::StoredTensor& tensor,
                     TensorFacts& facts);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_ATTRIBUTE_SLOTS_H_
