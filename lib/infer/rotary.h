// Rotary and sinusoidal positions, by their dataflow: tables and frequencies that a program
// computed stand where learned gains and weights stand too.
#ifndef ONNX_REINIT_INFER_ROTARY_H_
#define ONNX_REINIT_INFER_ROTARY_H_

#include "graph/graph.h"
#include "infer/slot.h"

namespace onnx_reinit::infer {

// Whether `slot` is the table of a rotation: x * cos + turned(x) * sin, in which both factors come
// from the same data by moves and negation, and both tables are stored.
bool IsRotaryTable(const SlotContext& context, const Slot& slot);

// Whether `value` goes, moved and scaled, both to a Sin and to a Cos: an angle.
bool IsAngle(const SlotContext& context, graph::ValueId value);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_ROTARY_H_
