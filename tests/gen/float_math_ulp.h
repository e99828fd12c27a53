// Errors of gen/float_math.h against float64, shared by the sampled and the exhaustive test.
#ifndef ONNX_REINIT_TESTS_GEN_FLOAT_MATH_ULP_H_
#define ONNX_REINIT_TESTS_GEN_FLOAT_MATH_ULP_H_

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "gen/float_math.h"

namespace onnx_reinit::gen {

// The largest errors that the headers promise, in units in the last place.
inline constexpr double kLogUlp = 3;
inline constexpr double kSinCosUlp = 3;
inline constexpr double kInnerUlp = 8;
inline constexpr double kCentralUlp = 19;
inline constexpr double kTailUlp = 4;

// One unit in the last place of a float32 near `value`.
inline double UlpAt(double value) {
  const auto near = static_cast<float>(std::fabs(value));
  return static_cast<double>(std::nextafter(near, std::numeric_limits<float>::infinity())) -
         static_cast<double>(near);
}

inline double UlpError(float actual, double expected) {
  return std::fabs(static_cast<double>(actual) - expected) / UlpAt(expected);
}

inline double LogError(uint32_t bits) {
  const auto x = std::bit_cast<float>(bits);
  return UlpError(Log(x), std::log(static_cast<double>(x)));
}

inline double SinCosError(uint32_t word) {
  // Reduced to an eighth of a turn exactly, so that the reference itself is exact to float64.
  const double eighth = static_cast<double>(static_cast<int32_t>(word << 2)) * 0x1p-32;
  const double sin = std::sin(std::numbers::pi / 2 * eighth);
  const double cos = std::cos(std::numbers::pi / 2 * eighth);
  const double turned_sin[] = {sin, cos, -sin, -cos};
  const uint32_t quadrant = (word + 0x20000000u) >> 30;
  const SinCos actual = SinCosOfTurn(word);
  return std::max(UlpError(actual.sin, turned_sin[quadrant]),
                  UlpError(actual.cos, turned_sin[(quadrant + 1) % 4]));
}

inline double NormalDensity(double z) {
  return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
}

// The distance of z from the quantile, to first order: the miss in probability over the density.
inline double QuantileError(float z, float x) {
  const double miss = (std::erf(double{z} / std::numbers::sqrt2) - double{x}) / 2;
  return std::fabs(miss / NormalDensity(double{z})) / UlpAt(double{z});
}

inline double InnerError(uint32_t bits) {
  const auto x = std::bit_cast<float>(bits);
  return QuantileError(InverseNormalInner(x), x);
}

inline double CentralError(uint32_t bits) {
  const auto x = std::bit_cast<float>(bits);
  return QuantileError(InverseNormalCentral(x), x);
}

inline double TailError(uint32_t bits) {
  const auto q = std::bit_cast<float>(bits);
  const double z = InverseNormalTail(q);
  const double miss = std::erfc(z / std::numbers::sqrt2) / 2 - static_cast<double>(q);
  return std::fabs(miss / NormalDensity(z)) / UlpAt(z);
}

// A function with the bit patterns [first, last] of its arguments, and the promise.
struct ErrorRange {
  const char* name;
  double (*error)(uint32_t bits);
  uint32_t first;
  uint32_t last;
  double most_ulp;
};

inline const ErrorRange kErrorRanges[] = {
    {"Log", LogError, 0x00800000, 0x7F7FFFFF, kLogUlp},  // all positive normal numbers
    {"SinCosOfTurn", SinCosError, 0, 0xFFFFFFFF, kSinCosUlp},
    {"InverseNormalInner", InnerError, 0x00800000, std::bit_cast<uint32_t>(kInnerLimit), kInnerUlp},
    {"InverseNormalCentral", CentralError, 0x00800000, std::bit_cast<uint32_t>(kCentralLimit),
     kCentralUlp},
    {"InverseNormalTail", TailError, std::bit_cast<uint32_t>(9.8e-10f),
     std::bit_cast<uint32_t>(0.00135f), kTailUlp},
};

// The largest error over every `step`-th pattern of [first, last].
inline double LargestError(const ErrorRange& range, uint64_t first, uint64_t last, uint64_t step) {
  double largest = 0;
  for (uint64_t bits = first; bits <= last; bits += step) {
    largest = std::max(largest, range.error(static_cast<uint32_t>(bits)));
  }
  return largest;
}

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_TESTS_GEN_FLOAT_MATH_ULP_H_
