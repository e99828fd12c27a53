// Layers that are no layers: their weight was made by a program, and so was the bias beside it.
#ifndef ONNX_REINIT_INFER_FIXED_KERNELS_H_
#define ONNX_REINIT_INFER_FIXED_KERNELS_H_

#include <vector>

#include "infer/facts.h"
#include "infer/layers.h"
#include "infer/slot.h"

namespace onnx_reinit::infer {

// One use of a tensor as a bias.
struct BiasUse {
  size_t fact = 0;  // index into the facts
  graph::NodeId node = graph::kNone;
};

// A bias that is used beside nothing but `kernels`, products with a weight whose values are fixed,
// becomes a constant: y = diag(1 / std) x - mean / std. Not so where a learned weight has a part in
// the product (`layers`), or may have made what the kernel is applied to with no bias yet: a blur
// between a convolution and its bias, the edges of a graph.
//
// `uses` has all uses of each bias that may become one, together.
void KeepBiasesOfFixedKernels(const SlotContext& context, const Layers& layers,
                              const std::vector<Layer>& kernels, const std::vector<BiasUse>& uses,
                              std::vector<TensorFacts>& facts);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_FIXED_KERNELS_H_
