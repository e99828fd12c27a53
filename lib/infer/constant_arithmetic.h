// Operators that compute numbers from the numbers of small arrays, elementwise or by reduction.
#ifndef ONNX_REINIT_INFER_CONSTANT_ARITHMETIC_H_
#define ONNX_REINIT_INFER_CONSTANT_ARITHMETIC_H_

#include <optional>

#include "infer/array.h"

namespace onnx_reinit::infer {

struct ConstantCall;

namespace arithmetic {

using Result = std::optional<Array>;

Result Abs(const ConstantCall& call);
Result Ceil(const ConstantCall& call);
Result Cos(const ConstantCall& call);
Result Exp(const ConstantCall& call);
Result Floor(const ConstantCall& call);
Result Log(const ConstantCall& call);
Result Neg(const ConstantCall& call);
Result Not(const ConstantCall& call);
Result Reciprocal(const ConstantCall& call);
Result Round(const ConstantCall& call);
Result Sin(const ConstantCall& call);
Result Sqrt(const ConstantCall& call);

Result Add(const ConstantCall& call);
Result And(const ConstantCall& call);
Result Div(const ConstantCall& call);
Result Equal(const ConstantCall& call);
Result Greater(const ConstantCall& call);
Result GreaterOrEqual(const ConstantCall& call);
Result Less(const ConstantCall& call);
Result LessOrEqual(const ConstantCall& call);
Result Max(const ConstantCall& call);
Result Min(const ConstantCall& call);
Result Mod(const ConstantCall& call);
Result Mul(const ConstantCall& call);
Result Or(const ConstantCall& call);
Result Pow(const ConstantCall& call);
Result Sub(const ConstantCall& call);
Result Where(const ConstantCall& call);

Result ReduceMax(const ConstantCall& call);
Result ReduceMin(const ConstantCall& call);
Result ReduceProd(const ConstantCall& call);
Result ReduceSum(const ConstantCall& call);

Result Cast(const ConstantCall& call);
Result CastLike(const ConstantCall& call);
// Blocks are not known here.
Result DequantizeLinear(const ConstantCall& call);

}  // namespace arithmetic
}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_CONSTANT_ARITHMETIC_H_
