// What the letters of Einsum's equation say of its operands.
//
//   "ni,ir,ro->no" of data, a and b: i leads into a, r out of a and into b, o out of b.
#ifndef ONNX_REINIT_INFER_EINSUM_H_
#define ONNX_REINIT_INFER_EINSUM_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/graph.h"
#include "infer/constants.h"
#include "infer/levels.h"
#include "infer/slot.h"

namespace onnx_reinit::infer {

// The axes of operand `input`, which has `rank` of them. nullopt for an equation that is none, or
// has one operand.
std::optional<std::vector<AxisLabel>> EinsumLabels(const Levels& levels, const graph::Node& node,
                                                   int input, int rank);

// Elements that the stored operands together give at each place of the data: the extents of the
// letters of the result that no data has. nullopt where their dims are not known.
std::optional<int64_t> EinsumOutputs(const Levels& levels, Constants& constants,
                                     const graph::Node& node);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_EINSUM_H_
