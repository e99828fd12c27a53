// Filters in the blocked layout of com.microsoft.nchwc: [M/B, C, k..., B] and
// [M/B, C/B, k..., B of C, B of M], behind dims that say [M, C, k...]. Where a network has not that
// many channels, zeros fill up the last block (onnxruntime, nchwc_transformer.cc).
#ifndef ONNX_REINIT_INFER_PADDED_BLOCKS_H_
#define ONNX_REINIT_INFER_PADDED_BLOCKS_H_

#include "wire/payload.h"
#include "wire/skeleton.h"

namespace onnx_reinit::infer {

// Whether the last output channel or the last input channel of the last block, of 8 or of 16, is
// all zeros: trained numbers hardly ever are. False where the values cannot be read.
bool IsPadded(const wire::Tensor& tensor, const wire::ValueReader* values);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_PADDED_BLOCKS_H_
