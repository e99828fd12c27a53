// The functions of gen/float_math.h on vectors: the same operations in the same order, so the same
// bits. Included once per instruction set (Highway's foreach_target).
#if defined(ONNX_REINIT_GEN_VECTOR_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ONNX_REINIT_GEN_VECTOR_MATH_INL_H_
#undef ONNX_REINIT_GEN_VECTOR_MATH_INL_H_
#else
#define ONNX_REINIT_GEN_VECTOR_MATH_INL_H_
#endif

#include <array>
#include <cstddef>
#include <cstdint>

#include "gen/float_math.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace onnx_reinit::gen::HWY_NAMESPACE {
#if HWY_TARGET != HWY_SCALAR

namespace hn = hwy::HWY_NAMESPACE;

using TagF = hn::ScalableTag<float>;
using TagI = hn::ScalableTag<int32_t>;
using TagU = hn::ScalableTag<uint32_t>;
using VecF = hn::Vec<TagF>;
using VecI = hn::Vec<TagI>;
using VecU = hn::Vec<TagU>;

template <size_t kTerms>
HWY_INLINE VecF Polynomial(const std::array<float, kTerms>& coefficients, VecF x) {
  VecF sum = hn::Set(TagF(), coefficients[kTerms - 1]);
  for (size_t i = kTerms - 1; i > 0; --i) {
    sum = hn::Add(hn::Mul(sum, x), hn::Set(TagF(), coefficients[i - 1]));
  }
  return sum;
}

template <size_t kTerms>
HWY_INLINE VecF MonicPolynomial(const std::array<float, kTerms>& coefficients, VecF x) {
  VecF sum = hn::Add(x, hn::Set(TagF(), coefficients[kTerms - 1]));
  for (size_t i = kTerms - 1; i > 0; --i) {
    sum = hn::Add(hn::Mul(sum, x), hn::Set(TagF(), coefficients[i - 1]));
  }
  return sum;
}

HWY_INLINE VecF SignedWord(VecU word) { return hn::ConvertTo(TagF(), hn::BitCast(TagI(), word)); }

HWY_INLINE VecF OpenFraction(VecU word) {
  const VecF half = hn::Set(TagF(), 0.5f);
  return hn::Mul(hn::Add(SignedWord(hn::ShiftRight<1>(word)), half), hn::Set(TagF(), kWordUnit));
}

HWY_INLINE VecF Log(VecF x) {
  const TagF f;
  const TagI i;
  const VecI sqrt_half = hn::Set(i, kSqrtHalfBits);
  const VecI bits = hn::Sub(hn::BitCast(i, x), sqrt_half);
  const VecF exponent = hn::ConvertTo(f, hn::ShiftRight<23>(bits));
  const VecF mantissa =
      hn::BitCast(f, hn::Add(hn::And(bits, hn::Set(i, kMantissaMask)), sqrt_half));
  const VecF one = hn::Set(f, 1.0f);
  const VecF s = hn::Div(hn::Sub(mantissa, one), hn::Add(mantissa, one));
  const VecF z = hn::Mul(s, s);
  const VecF series = hn::Add(hn::Mul(z, Polynomial(kLogPolynomial, z)), hn::Set(f, 2.0f));
  return hn::Add(hn::Mul(exponent, hn::Set(f, kLn2)), hn::Mul(s, series));
}

struct VecSinCos {
  VecF sin;
  VecF cos;
};

// The quadrant swaps sine and cosine and flips signs: of the sine in the quadrants 2 and 3, of the
// cosine in 1 and 2.
HWY_INLINE VecSinCos SinCosOfTurn(VecU word) {
  const TagF f;
  const TagU u;
  const VecF t = hn::Mul(SignedWord(hn::ShiftLeft<2>(word)), hn::Set(f, 0x1p-32f));
  const VecF z = hn::Mul(t, t);
  const VecF sin = hn::Mul(t, Polynomial(kSinPolynomial, z));
  const VecF cos = hn::Add(hn::Mul(z, Polynomial(kCosPolynomial, z)), hn::Set(f, 1.0f));

  const VecU quadrant_bit = hn::Set(u, 0x40000000u);
  const VecU sign_bit = hn::Set(u, 0x80000000u);
  const VecU turn = hn::Add(word, hn::Set(u, 0x20000000u));  // the top two bits are the quadrant
  const auto odd = hn::RebindMask(f, hn::TestBit(turn, quadrant_bit));
  const VecF sin_sign = hn::BitCast(f, hn::And(turn, sign_bit));
  const VecF cos_sign = hn::BitCast(f, hn::And(hn::Add(turn, quadrant_bit), sign_bit));
  return {hn::Xor(hn::IfThenElse(odd, cos, sin), sin_sign),
          hn::Xor(hn::IfThenElse(odd, sin, cos), cos_sign)};
}

HWY_INLINE VecF InverseNormalInner(VecF x, const std::array<float, 5>& numerator) {
  const VecF z = hn::Sub(hn::Set(TagF(), 1.0f), hn::Mul(x, x));
  return hn::Div(hn::Mul(x, Polynomial(numerator, z)), MonicPolynomial(kInnerDenominator, z));
}

HWY_INLINE VecF InverseNormalCentral(VecF x) {
  const VecF s = hn::Sqrt(hn::Sub(hn::Set(TagF(), 1.0f), hn::Mul(x, x)));
  return hn::Div(hn::Mul(x, Polynomial(kCentralNumerator, s)),
                 MonicPolynomial(kCentralDenominator, s));
}

HWY_INLINE VecF InverseNormalTail(VecF q) {
  const VecF t = hn::Sqrt(hn::Mul(Log(q), hn::Set(TagF(), -2.0f)));
  return Polynomial(kTailPolynomial, hn::Sub(t, hn::Set(TagF(), kTailCentre)));
}

#endif  // HWY_TARGET != HWY_SCALAR
}  // namespace onnx_reinit::gen::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // ONNX_REINIT_GEN_VECTOR_MATH_INL_H_
