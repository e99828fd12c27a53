// Logarithm and exponential in float64 from additions, multiplications and divisions only, so that
// tables that are computed with them are the same on every processor and C library. Errors below
// 4 units in the last place; slow, meant for vectors of a few thousand elements.
#ifndef ONNX_REINIT_GEN_DOUBLE_MATH_H_
#define ONNX_REINIT_GEN_DOUBLE_MATH_H_

namespace onnx_reinit::gen {

// Natural logarithm of a positive, finite x.
double PortableLog(double x);

// e^x for |x| <= 700.
double PortableExp(double x);

// e^x - 1 for |x| <= 700, without cancellation near 0.
double PortableExpMinus1(double x);

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_DOUBLE_MATH_H_
