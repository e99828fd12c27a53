// Logarithm, exponential and normal distribution in float64 from additions, multiplications and
// divisions only, so that what is computed with them is the same on every processor and C library.
// Relative errors below 1e-14; slow, meant for a few thousand numbers.
#ifndef ONNX_REINIT_GEN_DOUBLE_MATH_H_
#define ONNX_REINIT_GEN_DOUBLE_MATH_H_

namespace onnx_reinit::gen {

// Natural logarithm of a positive, finite x.
double PortableLog(double x);

// e^x for |x| <= 700.
double PortableExp(double x);

// e^x - 1 for |x| <= 700, without cancellation near 0.
double PortableExpMinus1(double x);

// The probability that a standard normal variable exceeds x, for |x| <= 30.
double PortableNormalTail(double x);

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_DOUBLE_MATH_H_
