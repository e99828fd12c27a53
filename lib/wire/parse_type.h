// ValueInfoProto with its TypeProto -> ValueInfo.
#ifndef ONNX_REINIT_WIRE_PARSE_TYPE_H_
#define ONNX_REINIT_WIRE_PARSE_TYPE_H_

#include "wire/cursor.h"
#include "wire/skeleton.h"

namespace onnx_reinit::wire {

// Parses the message at hand to its end.
void ParseValueInfo(Cursor& in, ValueInfo& info);
// The same for a TypeProto that nothing is kept of: only its form is checked.
void ParseUnusedType(Cursor& in);

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_PARSE_TYPE_H_
