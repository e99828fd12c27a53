// NodeProto and AttributeProto -> Node and Attribute.
#ifndef ONNX_REINIT_WIRE_PARSE_NODE_H_
#define ONNX_REINIT_WIRE_PARSE_NODE_H_

#include "wire/cursor.h"
#include "wire/skeleton.h"

namespace onnx_reinit::wire {

// Each parses the message at hand to its end.
void ParseNode(Cursor& in, Node& node);
void ParseAttribute(Cursor& in, Attribute& attribute);

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_PARSE_NODE_H_
