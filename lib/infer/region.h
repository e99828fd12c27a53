// The arithmetic between one value and a later one: every way from the later one back ends at the
// first or at fixed values.
//
//   x -> Mul(0.5) -> Mul -> y       nodes of {x .. y}: Div, Erf, Add, Mul, Mul
//    \-> Div -> Erf -> Add -/
#ifndef ONNX_REINIT_INFER_REGION_H_
#define ONNX_REINIT_INFER_REGION_H_

#include <functional>
#include <optional>
#include <vector>

#include "graph/graph.h"
#include "infer/arithmetic.h"
#include "infer/constants.h"
#include "infer/grid.h"
#include "infer/levels.h"

namespace onnx_reinit::infer {

// What all regions of one graph share.
struct RegionContext {
  const graph::Graph& graph;
  const Levels& levels;
  Constants& constants;
  const std::vector<const ArithmeticRow*>& arithmetic;  // of each node
  const std::vector<bool>& is_taken;                    // nodes that no region may hold
};

// Finds the regions that end at one node, the smallest first. A value inside of one is used
// nowhere else (to ask for its shape is no use).
class Regions {
 public:
  static constexpr size_t kMaxNodes = 40;

  Regions(const RegionContext& context, graph::NodeId last);

  // False where there is no larger one.
  bool Next();

  graph::ValueId input() const { return frontier_[0]; }
  const std::vector<graph::NodeId>& nodes() const { return nodes_; }  // last first
  bool has_curve() const { return has_curve_; }          // more than lines and reductions
  bool has_reduction() const { return has_reduction_; }  // ReduceMean ...
  // Operators in it that are no straight line. A larger region with as many only moves or scales
  // its input first.
  size_t bends() const { return bends_; }

 private:
  bool IsFree(graph::ValueId value) const;
  bool IsOnlyUsedInside(graph::ValueId value) const;
  bool Take(graph::NodeId node);
  bool IsCurve(const graph::Node& node, const ArithmeticRow& row) const;
  void Note(const graph::Node& node, const ArithmeticRow& row);
  void AddToFrontier(graph::ValueId value);

  const RegionContext& context_;
  graph::NodeId last_;
  std::vector<graph::NodeId> nodes_;
  std::vector<graph::ValueId> frontier_;  // by producer, the latest last
  size_t bends_ = 0;
  bool has_curve_ = false;
  bool has_reduction_ = false;
};

// What the nodes of a region make of a grid.
struct Outcome {
  Grid grid;
  // A fixed value took part that is not one known number: a vector, or a count read from a shape.
  // The first such is taken to be kStandIn, the next is another number.
  bool has_unknown = false;
};

inline constexpr double kStandIn = 0.3125;

// nullopt where elements of the input would be mixed other than by reductions.
std::optional<Outcome> Evaluate(const RegionContext& context, const Regions& region, const Grid& x);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_REGION_H_
