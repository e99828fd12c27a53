// Copies of weights that no data meets: a quantiser leaves the float tensor in the file where the
// graph still asks for its shape, and constant folding leaves one, in another shape, where the
// norm or the statistics of the weight are computed.
#ifndef ONNX_REINIT_INFER_COPIES_H_
#define ONNX_REINIT_INFER_COPIES_H_

#include <vector>

#include "infer/facts.h"
#include "infer/layers.h"
#include "infer/slot.h"

namespace onnx_reinit::infer {

// A tensor whose shape is all that the graph uses, where that shape sizes the bias of a product
// whose weight has just that shape, is what that weight is: no trained values are to survive in it.
//
//   y = ConvInteger(x, W_quantized) + Expand(0, Shape(W)[0])
//
// So is a tensor of as many elements, of which only stored tensors make what a weight is divided
// by, or the mean or the variance that it is normalised with.
//
//   y = Conv(x, W / (u * (W_reshaped v)))
void NoteCopies(const SlotContext& context, const Layers& layers, std::vector<TensorFacts>& facts);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_COPIES_H_
