// What the nodes of a region make of a grid.
#ifndef ONNX_REINIT_INFER_EVALUATION_H_
#define ONNX_REINIT_INFER_EVALUATION_H_

#include <optional>
#include <vector>

#include "infer/grid.h"
#include "infer/region.h"

namespace onnx_reinit::infer {

struct Outcome {
  Grid grid;
  // A fixed value took part that is not one known number: a vector, or a count read from a shape.
  // The first such is taken to be kStandIn, the next twice that, and so on.
  bool has_unknown = false;
  // Fixed numbers that took part, in the order of the nodes.
  std::vector<double> numbers;
};

inline constexpr double kStandIn = 0.3125;

// `x` stands for the input of `region`, a line of it for `count` numbers. nullopt where its
// elements are mixed other than by reductions, or reduced along more than two sets of axes.
std::optional<Outcome> Evaluate(const RegionContext& context, const Regions& region, const Grid& x,
                                double count = kGridSide);

// The number that all elements of the fixed `value` equal, seen through moves and through the
// quantisation that quantisers give to the numbers of formulas too.
std::optional<double> NumberOf(const RegionContext& context, graph::ValueId value);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_EVALUATION_H_
