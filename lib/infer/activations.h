// Where the nonlinearities of a graph are: operators that are one, fused operators that contain
// one, and arithmetic that computes one.
#ifndef ONNX_REINIT_INFER_ACTIVATIONS_H_
#define ONNX_REINIT_INFER_ACTIVATIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "graph/graph.h"
#include "infer/facts.h"
#include "infer/normalizations.h"

namespace onnx_reinit::infer {

struct RegionContext;  // region.h

// One nonlinearity of the graph: output = activation(input), elementwise (softmax: along an axis).
struct ActivationSite {
  Activation activation;                // name as the plan's vocabulary has it, and its parameter
  graph::ValueId input = graph::kNone;  // of an operator with a weight (FusedConv): kNone
  // Of such an operator: the input whose product the activation takes; -1: that of any of them.
  int weight_input = -1;
  // Values that such an operator adds before its activation (FusedConv's Z).
  absl::InlinedVector<graph::ValueId, 2> summands;
  graph::ValueId output = graph::kNone;
  graph::NodeId last = graph::kNone;  // the node that makes `output`
  // For reasons: "Gelu", "erf form of 5 nodes", "inside FusedConv".
  std::string form;
  // All nodes of a decomposed form, `last` included: none of them is reported by itself.
  absl::InlinedVector<graph::NodeId, 2> nodes;
};

// All sites, each node in at most one.
class ActivationMap {
 public:
  // Linear in the graph: the size of a form is bounded.
  // The nodes of `normalizations` are left alone.
  static ActivationMap Find(RegionContext context, const NormalizationMap& normalizations);

  // The site that `node` belongs to, or nullptr.
  const ActivationSite* At(graph::NodeId node) const;
  const std::vector<ActivationSite>& sites() const { return sites_; }

 private:
  std::vector<ActivationSite> sites_;
  std::vector<int32_t> site_of_node_;  // index into sites_, or -1
};

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_ACTIVATIONS_H_
