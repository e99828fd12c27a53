// Where the scales and zero points of a quantised weight are.
#ifndef ONNX_REINIT_INFER_QUANTIZATION_H_
#define ONNX_REINIT_INFER_QUANTIZATION_H_

#include <optional>
#include <string_view>

#include "absl/types/span.h"
#include "infer/facts.h"
#include "infer/reach.h"
#include "infer/slot.h"

namespace onnx_reinit::infer {

// An operator that takes a quantised weight with its scale and its zero point as inputs of its own.
struct QuantizedRow {
  std::string_view domain;
  std::string_view op_type;
  int weight;
  int scale;       // -1: the graph multiplies with it later
  int zero_point;  // -1: there is none
  int axis;        // of the weight, for scales of more than one element; negative from the end
};

// Sorted by domain, operator and weight input.
absl::Span<const QuantizedRow> QuantizedRows();

// Where the rows of a table that `lookup` (a Gather) picks are read as quantised numbers, perhaps
// moved before: input 0 of a DequantizeLinear, or an input of a QLinear... operator whose scale and
// zero point follow it.
std::optional<graph::Use> QuantizedUseAfter(const graph::Graph& graph, const graph::Node& lookup);

// nullopt where the stored numbers of `tensor` are used as they are, or are real numbers that the
// graph itself quantises. A grid that no plan can fill says why in `unsupported`.
std::optional<QuantizationFacts> QuantizationOf(const SlotContext& context,
                                                const graph::StoredTensor& tensor,
                                                const Reached& use);

// The scale by which (Cast(W) - zero point) * scale, or without the zero point, makes real numbers
// of stored integers, where `use` looks through that; kNone where it does not.
graph::ValueId ScaleInPieces(const graph::Graph& graph, const Reached& use);

// Whether `value` is stored integers of 8 bits or fewer, cast, and perhaps less their zero point.
bool IsCastInteger(const graph::Graph& graph, graph::ValueId value);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_QUANTIZATION_H_
