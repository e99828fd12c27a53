#include "gen/double_math.h"

#include <cmath>

namespace onnx_reinit::gen {
namespace {

constexpr double kLn2 = 0x1.62e42fefa39efp-1;
constexpr double kSqrtHalf = 0x1.6a09e667f3bcdp-1;

constexpr double kInverseSqrtTwoPi = 0.3989422804014326779;
constexpr double kSeriesLimit = 2.5;
constexpr int kNormalTerms = 100;

// e^x - 1 for |x| <= ln(2) / 2, by its Taylor series.
double SmallExpMinus1(double x) {
  constexpr int kTerms = 16;
  double sum = 0;
  for (int n = kTerms; n >= 1; --n) sum = (sum + 1.0) * x / n;
  return sum;
}

}  // namespace

// ln x = exponent ln 2 + 2 atanh((m - 1) / (m + 1)) with the mantissa m in [sqrt(1/2), sqrt(2)).
double PortableLog(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);
  if (mantissa < kSqrtHalf) {
    mantissa *= 2;
    --exponent;
  }
  const double s = (mantissa - 1.0) / (mantissa + 1.0);
  constexpr int kTerms = 12;
  double sum = 0;
  for (int n = kTerms; n >= 0; --n) sum = sum * (s * s) + 1.0 / (2 * n + 1);
  return exponent * kLn2 + 2.0 * s * sum;
}

double PortableExp(double x) {
  const double power = std::floor(x / kLn2 + 0.5);
  return std::ldexp(SmallExpMinus1(x - power * kLn2) + 1.0, static_cast<int>(power));
}

double PortableExpMinus1(double x) {
  return std::fabs(x) <= kLn2 / 2 ? SmallExpMinus1(x) : PortableExp(x) - 1.0;
}

// Near the middle the series x + x^3 / 3 + x^5 / (3 * 5) + ... (Abramowitz, Stegun 26.2.11),
// further out the continued fraction 1 / (x + 1 / (x + 2 / (x + 3 / ...))) (26.2.14), both times
// the density.
double PortableNormalTail(double x) {
  if (x < 0) return 1.0 - PortableNormalTail(-x);
  const double density = PortableExp(-x * x / 2) * kInverseSqrtTwoPi;
  if (x < kSeriesLimit) {
    double sum = 0;
    for (int n = 2 * kNormalTerms + 1; n >= 1; n -= 2) sum = (sum * x * x / (n + 2)) + 1.0;
    return 0.5 - density * x * sum;
  }
  double fraction = x;
  for (int n = kNormalTerms; n >= 1; --n) fraction = x + n / fraction;
  return density / fraction;
}

}  // namespace onnx_reinit::gen
