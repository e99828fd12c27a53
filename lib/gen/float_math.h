// The only transcendental functions of the generator, in float32 with a fixed order of operations
// and no fused multiply-add: the same bits on every processor. The vector kernels evaluate the same
// steps. Coefficients: minimax fits of this project (lib/gen/fit_coefficients.py).
#ifndef ONNX_REINIT_GEN_FLOAT_MATH_H_
#define ONNX_REINIT_GEN_FLOAT_MATH_H_

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace onnx_reinit::gen {

// ln((1 + s) / (1 - s)) = s (2 + z P(z)), z = s^2, for |s| <= 0.1717; relative error 9e-10.
inline constexpr std::array<float, 3> kLogPolynomial = {0.66666776f, 0.39977482f, 0.29873627f};
inline constexpr float kLn2 = 0.69314718f;
inline constexpr int32_t kSqrtHalfBits = 0x3F3504F3;  // of sqrt(1/2), where the mantissa is split
inline constexpr int32_t kMantissaMask = 0x007FFFFF;

// sin(pi/2 t) = t P(z) and cos(pi/2 t) = 1 + z P(z), z = t^2, for |t| <= 1/2; relative errors 4e-9
// and 4e-8.
inline constexpr std::array<float, 4> kSinPolynomial = {1.5707964f, -0.6459635f, 0.07968003f,
                                                        -0.0046016597f};
inline constexpr std::array<float, 3> kCosPolynomial = {-1.2336977f, 0.25360322f, -0.020417282f};

// Standard normal quantile of (1 + x) / 2 = x P(z) / Q(z), z = 1 - x^2, for |x| <= kInnerLimit;
// relative error 7e-8. Here and in the next quotient all coefficients are positive, so that nothing
// cancels, and the leading one of Q is 1.
inline constexpr std::array<float, 5> kInnerNumerator = {0.019646028f, 0.8312354f, 4.7770166f,
                                                         4.682056f, 0.4291268f};
inline constexpr std::array<float, 4> kInnerDenominator = {0.006315585f, 0.36272502f, 2.855001f,
                                                           4.344505f};
inline constexpr float kInnerLimit = 0.9546f;  // 2.001 standard deviations

// The same = x P(s) / Q(s), s = sqrt(1 - x^2), for |x| <=
// kCentralLimit; relative error 8e-7. Further out the quantile is smooth enough for a short
// quotient only in s.
inline constexpr std::array<float, 4> kCentralNumerator = {0.04032116f, 1.5509194f, 6.868664f,
                                                           2.9083424f};
inline constexpr std::array<float, 4> kCentralDenominator = {0.00899011f, 0.48201334f, 3.3111804f,
                                                             4.268372f};
inline constexpr float kCentralLimit = 0.9977f;  // 3.05 standard deviations

// Standard normal upper quantile of q = P(t - 5), t = sqrt(-2 ln q), for q from 1e-9 (6 standard
// deviations) to 0.00135 (3); relative error 6.3e-8.
inline constexpr float kTailCentre = 5.0f;
inline constexpr std::array<float, 7> kTailPolynomial = {
    4.4803147f,      1.0671458f,      -0.0100622885f,  0.0015945989f,
    -0.00026171657f, 0.000049169583f, -0.000008412731f};

inline constexpr float kWordUnit = 0x1p-31f;  // makes a signed word a fraction from -1 to 1

// The polynomial with coefficients in ascending order, by Horner's rule.
template <size_t kTerms>
inline float Polynomial(const std::array<float, kTerms>& coefficients, float x) {
  float sum = coefficients[kTerms - 1];
  for (size_t i = kTerms - 1; i > 0; --i) sum = sum * x + coefficients[i - 1];
  return sum;
}

// The same with a leading coefficient of 1 that `coefficients` leaves out.
template <size_t kTerms>
inline float MonicPolynomial(const std::array<float, kTerms>& coefficients, float x) {
  float sum = x + coefficients[kTerms - 1];
  for (size_t i = kTerms - 1; i > 0; --i) sum = sum * x + coefficients[i - 1];
  return sum;
}

// Natural logarithm of a positive, finite, normal x. At most 2.85 units in the last place from the
// exact value, for every such x (measured, as the figures below, by
// tests/gen/float_math_exhaustive_test.cc).
inline float Log(float x) {
  const auto bits = std::bit_cast<int32_t>(x) - kSqrtHalfBits;
  const auto exponent = static_cast<float>(bits >> 23);
  const auto mantissa = std::bit_cast<float>((bits & kMantissaMask) + kSqrtHalfBits);
  const float s = (mantissa - 1.0f) / (mantissa + 1.0f);
  const float z = s * s;
  return exponent * kLn2 + s * (z * Polynomial(kLogPolynomial, z) + 2.0f);
}

// A word as a fraction of one: (word with its lowest bit set) * 2^-32, so from 2^-32 to 1.
inline float OpenFraction(uint32_t word) {
  return (static_cast<float>(static_cast<int32_t>(word >> 1)) + 0.5f) * kWordUnit;
}

// A word as a signed number, rounded: from -2^31 to 2^31.
inline float SignedWord(uint32_t word) { return static_cast<float>(static_cast<int32_t>(word)); }

struct SinCos {
  float sin;
  float cos;
};

// Sine and cosine of 2 pi word / 2^32. At most 2.47 units in the last place, for every word.
inline SinCos SinCosOfTurn(uint32_t word) {
  const float t = static_cast<float>(static_cast<int32_t>(word << 2)) * 0x1p-32f;
  const uint32_t quadrant = (word + 0x20000000u) >> 30;
  const float z = t * t;
  const float sin = t * Polynomial(kSinPolynomial, z);
  const float cos = z * Polynomial(kCosPolynomial, z) + 1.0f;
  switch (quadrant) {
    case 0:
      return {sin, cos};
    case 1:
      return {cos, -sin};
    case 2:
      return {-sin, -cos};
    default:
      return {-cos, sin};
  }
}

// The z that a standard normal variable stays below with probability (1 + x) / 2, for |x| <=
// kInnerLimit, times the factor that `numerator` has. At most 7.5 units in the last place.
inline float InverseNormalInner(float x, const std::array<float, 5>& numerator = kInnerNumerator) {
  const float z = 1.0f - x * x;
  return x * Polynomial(numerator, z) / MonicPolynomial(kInnerDenominator, z);
}

// The same for |x| <= kCentralLimit, without a factor. At most 18.9 units in the last place.
inline float InverseNormalCentral(float x) {
  const float s = std::sqrt(1.0f - x * x);
  return x * Polynomial(kCentralNumerator, s) / MonicPolynomial(kCentralDenominator, s);
}

// The z that a standard normal variable exceeds with probability q, for q from 9.8e-10 to 0.00135.
// At most 3.88 units in the last place.
inline float InverseNormalTail(float q) {
  const float t = std::sqrt(Log(q) * -2.0f);
  return Polynomial(kTailPolynomial, t - kTailCentre);
}

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_FLOAT_MATH_H_
