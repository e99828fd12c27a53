// Residual additions: an addition of two data values, one of which is computed from the other, or
// both from a third close by.
#ifndef ONNX_REINIT_INFER_RESIDUALS_H_
#define ONNX_REINIT_INFER_RESIDUALS_H_

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "graph/graph.h"
#include "infer/layers.h"

namespace onnx_reinit::infer {

struct Residual {
  graph::NodeId node = graph::kNone;    // the addition
  graph::ValueId from = graph::kNone;   // where branch and shortcut part
  std::vector<graph::NodeId> branch;    // nodes between, without the addition and the shortcut's
  std::vector<graph::NodeId> shortcut;  // a projection's nodes; empty where there is none
  // The operand that is not the branch's end; kNone where both branches have as many layers, so
  // that neither is a shortcut.
  graph::ValueId shortcut_end = graph::kNone;
  // Neither branch has a nonlinearity, so that both are one linear layer: a matrix and its LoRA
  // pair.
  bool is_linear = false;
  bool is_identity = false;  // the shortcut is `from` itself
  int stream = 0;            // additions of one stream follow each other
  int index = 0;             // in its stream
};

// All of one network's residual additions.
struct Residuals {
  std::vector<Residual> additions;  // in the order of the graph
  // Additions of branches whose sum is added to one of those streams as it is.
  std::vector<graph::NodeId> parallel;
  std::vector<Residual> inner;  // others that lie within a branch of those
};

// Found by walking back, latest node first: from the later operand to
// the earlier one; or, where that is no shortcut, from both until one value is left. A branch of
// more than a bounded number of nodes is none.
Residuals FindResiduals(const Layers& layers);

struct SumBehind {
  int index = -1;              // of the addition, as `sums` has it; -1 where there is none
  bool is_normalized = false;  // on the way
};

// The nearest of the additions `sums` that `value` comes from through moves, arithmetic with fixed
// values, and normalisation; a layer ends the way.
SumBehind FindSumBehind(const Surroundings& all, graph::ValueId value,
                        const absl::flat_hash_map<graph::NodeId, int>& sums);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_RESIDUALS_H_
