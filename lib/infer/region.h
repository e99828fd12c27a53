// The arithmetic between one value and a later one: every way from the later one back ends at the
// first or at fixed values.
//
//   x -> Mul(0.5) --> Mul -> y       the region from x to y: Mul, Div, Erf, Add, Mul
//    \-> Div -> Erf -> Add -/
#ifndef ONNX_REINIT_INFER_REGION_H_
#define ONNX_REINIT_INFER_REGION_H_

#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "graph/graph.h"
#include "infer/arithmetic.h"
#include "infer/constants.h"
#include "infer/levels.h"

namespace onnx_reinit::infer {

// What all regions of one graph share. All three outlive it.
struct RegionContext {
  RegionContext(const graph::Graph& of_graph, const Levels& of_levels, Constants& of_constants);

  const ArithmeticRow* RowOf(graph::NodeId node) const {
    return arithmetic[static_cast<size_t>(node)];
  }
  bool IsTaken(graph::NodeId node) const { return is_taken[static_cast<size_t>(node)]; }
  void Take(absl::Span<const graph::NodeId> nodes);

  const graph::Graph& graph;
  const Levels& levels;
  Constants& constants;
  // Of each node:
  std::vector<const ArithmeticRow*> arithmetic;
  std::vector<bool> is_idle;   // nothing comes of it but a shape
  std::vector<bool> is_taken;  // it belongs to something else, and to no region
};

// Finds the regions that end at one node, the smallest first. A value inside of one is used nowhere
// else, other than by idle nodes.
class Regions {
 public:
  static constexpr size_t kMaxNodes = 40;  // GELU's tanh form has 25 where each is quantised
  static constexpr size_t kMaxBends = 10;
  // In a region that is one line of nodes.
  static constexpr size_t kMaxBendsInLine = 4;
  // Straight nodes, before the first that bends.
  static constexpr size_t kMaxStraight = 8;

  Regions(const RegionContext& context, graph::NodeId last);

  // False where there is no larger one.
  bool Next();

  graph::ValueId input() const { return frontier_[0]; }
  absl::Span<const graph::NodeId> nodes() const { return nodes_; }  // last first
  bool has_curve() const { return has_curve_; }          // more than lines and reductions
  bool has_reduction() const { return has_reduction_; }  // ReduceMean ...
  // Operators in it that are no straight line. A larger region with as many only moves or scales
  // its input first.
  size_t bends() const { return bends_; }

 private:
  bool CanGrow() const;
  bool IsFree(graph::ValueId value) const;
  bool IsOnlyUsedInside(graph::ValueId value) const;
  void Take(graph::NodeId id);
  void Note(const graph::Node& node, const ArithmeticRow& row);
  void AddToFrontier(graph::ValueId value);

  const RegionContext& context_;
  graph::NodeId last_;
  absl::InlinedVector<graph::NodeId, 8> nodes_;
  absl::InlinedVector<graph::ValueId, 8> frontier_;  // by producer, the latest last
  size_t bends_ = 0;
  bool is_line_ = true;
  bool has_curve_ = false;
  bool has_reduction_ = false;
};

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_REGION_H_
