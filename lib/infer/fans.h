// Fans of a stored tensor from what its uses say of the axes that they see.
#ifndef ONNX_REINIT_INFER_FANS_H_
#define ONNX_REINIT_INFER_FANS_H_

#include <vector>

#include "absl/types/span.h"
#include "infer/facts.h"
#include "infer/slot.h"
#include "infer/view.h"

namespace onnx_reinit::infer {

struct Fans {
  int64_t fan_in = 0;
  int64_t fan_out = 0;
  MatrixAxes axes;  // all lists empty where a stored axis is of two kinds
};

// `view` as the slot sees the tensor, whose stored shape is `dims`. The stored extents count, so a
// tensor that is used in slices has the fan-in of one slice and the fan-outs of all of them.
Fans FansOf(const SlotMeaning& meaning, const View& view, absl::Span<const int64_t> dims);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_FANS_H_
