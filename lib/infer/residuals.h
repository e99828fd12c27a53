// Residual additions: an addition of two data values, one of which is computed from the other, or
// both from a third close by.
#ifndef ONNX_REINIT_INFER_RESIDUALS_H_
#define ONNX_REINIT_INFER_RESIDUALS_H_

#include <vector>

#include "graph/graph.h"
#include "infer/following.h"

namespace onnx_reinit::infer {

struct Residual {
  graph::NodeId node = graph::kNone;   // the addition
  graph::ValueId from = graph::kNone;  // where branch and shortcut part
  std::vector<graph::NodeId> branch;   // nodes between, without the addition
  int stream = 0;                      // additions of one stream follow each other
  int index = 0;                       // in its stream
};

// In the order of the graph. Found by walking back from the two operands, latest node first, until
// one value is left; a branch of more than a bounded number of nodes is none.
std::vector<Residual> FindResiduals(const Surroundings& surroundings);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_RESIDUALS_H_
