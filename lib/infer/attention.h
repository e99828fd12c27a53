// Attention, found by its dataflow: a product of two data values, a softmax, a product with a
// third; or one fused operator; or, without a softmax, a product of a product.
#ifndef ONNX_REINIT_INFER_ATTENTION_H_
#define ONNX_REINIT_INFER_ATTENTION_H_

#include <vector>

#include "graph/graph.h"
#include "infer/facts.h"
#include "infer/layers.h"

namespace onnx_reinit::infer {

struct AttentionSite {
  graph::ValueId query = graph::kNone;  // as the first product takes them
  graph::ValueId key = graph::kNone;
  graph::ValueId value = graph::kNone;
  graph::ValueId output = graph::kNone;  // of the second product
};

// On the way from the scores to the softmax and on to the second product one square layer may mix
// the heads; `facts` tells which are square.
// Those without a softmax come last.
std::vector<AttentionSite> FindAttention(const Layers& layers,
                                         const std::vector<TensorFacts>& facts);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_ATTENTION_H_
