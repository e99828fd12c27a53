// Normalisations computed in pieces: a mean and a variance, or a root mean square, taken of a value
// and divided out of it.
#ifndef ONNX_REINIT_INFER_NORMALIZATIONS_H_
#define ONNX_REINIT_INFER_NORMALIZATIONS_H_

#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "graph/graph.h"

namespace onnx_reinit::infer {

struct RegionContext;  // region.h

enum class NormalizationKind { kLayer, kRootMeanSquare, kL2, kGlobalResponse };

// A row for each kind; formulas are compared up to a factor, since a deviation that is not biased,
// or a sum in place of a mean, differ by one only.
struct NormalizationForm {
  NormalizationKind kind;
  std::string_view name;
  std::string_view formula;  // see formula.h
  std::string_view source;
};

absl::Span<const NormalizationForm> NormalizationForms();

// `output` is the normalised value. A scale and a bias come after it, or they are in the pieces:
// x * (r * scale) + (bias - mean * r * scale).
struct NormalizationSite {
  NormalizationKind kind = NormalizationKind::kLayer;
  graph::ValueId input = graph::kNone;
  graph::ValueId output = graph::kNone;
  graph::NodeId last = graph::kNone;  // the node that makes `output`
  std::vector<graph::NodeId> nodes;   // all of the pieces, `last` included
  bool has_scale = false;             // in the pieces
  bool has_bias = false;
};

class NormalizationMap {
 public:
  // Linear in the graph.
  static NormalizationMap Find(RegionContext context);

  // The site that `node` belongs to, or nullptr.
  const NormalizationSite* At(graph::NodeId node) const;
  const std::vector<NormalizationSite>& sites() const { return sites_; }

 private:
  std::vector<NormalizationSite> sites_;
  std::vector<int32_t> site_of_node_;  // index into sites_, or -1
};

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_NORMALIZATIONS_H_
