// One function for each scheme's formula; the table that names them is in schemes.cc.
//
// Where a formula divides by something that is not known of the layer (0), the result is not
// finite, and `Draw` (plan/schemes.h) says that the scheme does not fit.
#ifndef ONNX_REINIT_PLAN_FORMULAS_H_
#define ONNX_REINIT_PLAN_FORMULAS_H_

#include "onnx_reinit/fill.h"
#include "plan/layer.h"
#include "plan/scheme_call.h"

namespace onnx_reinit::plan {

// Of `slope`: the activation's own gain counts.
inline constexpr double kNoSlope = -1;

struct Drawn {
  Values values;
  double gain = 1;  // the activation's, or the factor of a structured distribution
};

using Formula = Drawn(const SchemeCall& call, const Layer& layer);

// By the fans.
Formula XavierUniform;
Formula XavierNormal;
Formula KaimingUniform;
Formula KaimingNormal;
Formula LecunUniform;
Formula LecunNormal;
Formula VarianceScaling;

// By their own numbers.
Formula ConstantValue;
Formula LayerScale;
Formula Zeros;
Formula Ones;
Formula NormalNumbers;
Formula TruncatedNormal;
Formula UniformNumbers;

// Structured.
Formula Orthogonal;
Formula DeltaOrthogonal;
Formula Dirac;
Formula Identity;
Formula Sparse;
Formula LogRange;
Formula InverseSoftplus;

// By the layer's place in the network.
Formula SmallInit;
Formula WangInit;
Formula Siren;
Formula Fixup;
Formula TFixup;
Formula DeepNorm;
Formula Mup;

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_FORMULAS_H_
