// GraphProto -> Graph.
#ifndef ONNX_REINIT_WIRE_PARSE_GRAPH_H_
#define ONNX_REINIT_WIRE_PARSE_GRAPH_H_

#include "wire/cursor.h"
#include "wire/skeleton.h"

namespace onnx_reinit::wire {

// Parses the message at hand to its end, adding to what is there: protobuf merges a singular field
// that appears twice.
void ParseGraph(Cursor& in, Graph& graph);

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_PARSE_GRAPH_H_
