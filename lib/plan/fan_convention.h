// Fan-in and fan-out of a whole tensor as a framework's own formula counts them.
#ifndef ONNX_REINIT_PLAN_FAN_CONVENTION_H_
#define ONNX_REINIT_PLAN_FAN_CONVENTION_H_

#include "infer/facts.h"
#include "onnx_reinit/options.h"

namespace onnx_reinit::plan {

struct Fans {
  double fan_in = 0;  // 0 where not defined
  double fan_out = 0;
};

// A convolution whose groups have one input each.
bool IsDepthwise(const infer::TensorFacts& facts);

// kExact: as inference found them. kTorch: torch.nn.init._calculate_fan_in_and_fan_out. kKeras:
// keras.src.initializers.compute_fans. Both frameworks leave groups out of a convolution's fan-out,
// swap the fans of a transposed convolution, and take stacked layers (gates, QKV) for one; Keras
// does not see that a depthwise convolution is one. Exact where the layout is not known.
Fans FansBy(FanConvention convention, const infer::TensorFacts& facts);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_FAN_CONVENTION_H_
