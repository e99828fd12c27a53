#include "plan/moments.h"

#include <cmath>
#include <numbers>

namespace onnx_reinit::plan {

double NormalDensity(double x) {
  return std::exp(-x * x / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
}

double NormalProbability(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

// Johnson, Kotz, Balakrishnan, "Continuous Univariate Distributions" 1, section 10.1.
CutMoments MomentsOfCut(double low, double high) {
  const double mass = NormalProbability(high) - NormalProbability(low);
  const double mean = (NormalDensity(low) - NormalDensity(high)) / mass;
  const double spread = (low * NormalDensity(low) - high * NormalDensity(high)) / mass;
  return {mean, std::sqrt(1 + spread - mean * mean)};
}

}  // namespace onnx_reinit::plan
