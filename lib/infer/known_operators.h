// Whether anything is known of an operator.
#ifndef ONNX_REINIT_INFER_KNOWN_OPERATORS_H_
#define ONNX_REINIT_INFER_KNOWN_OPERATORS_H_

#include "graph/graph.h"

namespace onnx_reinit::infer {

// A table or a list of this stage names it. Of all others nobody can say whether they hold weights.
bool IsKnownOperator(const graph::Node& node);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_KNOWN_OPERATORS_H_
