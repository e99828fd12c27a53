#include "plan/gains.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "plan/moments.h"

namespace onnx_reinit::plan {
namespace {

constexpr ActivationKind kLinear = ActivationKind::kLinear;
constexpr ActivationKind kRectifier = ActivationKind::kRectifier;
constexpr ActivationKind kSaturating = ActivationKind::kSaturating;

// E[exp(t z); z < 0], z standard normal.
double LowerExponentialMoment(double t) { return std::exp(t * t / 2) * NormalProbability(-t); }

// f(z) = z for z > 0, else alpha z.
double LeakySecondMoment(double alpha) { return (1 + alpha * alpha) / 2; }

// f(z) = z for z > 0, else height (exp(rate z) - 1).
double ExponentialSecondMoment(double height, double rate) {
  const double lower =
      LowerExponentialMoment(2 * rate) - 2 * LowerExponentialMoment(rate) + NormalProbability(0);
  return 0.5 + height * height * lower;
}
double EluSecondMoment(double alpha) { return ExponentialSecondMoment(alpha, 1); }
double CeluSecondMoment(double alpha) { return ExponentialSecondMoment(alpha, 1 / alpha); }

// f(z) = 1/2 + alpha z, kept within [0, 1]. The tails give 0 and 1, so that with c = 1 / (2 alpha)
// the middle gives E[(1/2 + alpha z)^2; |z| < c].
double HardSigmoidSecondMoment(double alpha) {
  const double c = 1 / (2 * alpha);
  const double inside = 1 - 2 * NormalProbability(-c);
  const double square = inside - 2 * c * NormalDensity(c);  // E[z^2; |z| < c]
  return inside / 4 + alpha * alpha * square + NormalProbability(-c);
}

constexpr auto kRows = std::to_array<GainRow>({
    {"abs", kLinear, 0, 1.000000, 1.000000, 0, nullptr},
    {"celu", kRectifier, 1, 1.245198, 1.223429, 0, CeluSecondMoment},
    {"elu", kRectifier, 1, 1.245198, 1.223429, 0, EluSecondMoment},
    {"erf", kSaturating, 0, 1.467167, 1.325218, 0, nullptr},
    {"exp", kLinear, 0, 0.367879, 0.367879, 0, nullptr},
    {"gelu", kRectifier, 0, 1.533530, 1.481114, 0, nullptr},
    {"gelu_tanh", kRectifier, 0, 1.533581, 1.481168, 0, nullptr},
    {"hard_sigmoid", kSaturating, 0.2, 1.859834, 5.031341, 1, HardSigmoidSecondMoment},
    {"hard_swish", kRectifier, 0, 1.736657, 1.670076, 0, nullptr},
    {"hard_tanh", kSaturating, 0, 1.392036, 1.210287, 0, nullptr},
    {"leaky_relu", kRectifier, 0.01, 1.414143, 1.414143, 1.414143, LeakySecondMoment},
    {"log_sigmoid", kRectifier, 0, 1.041867, 1.846229, 0, nullptr},
    {"log_softmax", kLinear, 0, 1, 1, 0, nullptr},
    {"mish", kRectifier, 0, 1.486848, 1.444755, 0, nullptr},
    {"none", kLinear, 0, 1, 1, 1, nullptr},
    {"prelu", kRectifier, 0.25, 1.371989, 1.371989, 1.371989, LeakySecondMoment},
    {"quick_gelu", kRectifier, 0, 1.539459, 1.491459, 0, nullptr},
    {"relu", kRectifier, 0, 1.414214, 1.414214, 1.414214, nullptr},
    {"relu6", kRectifier, 0, 1.414214, 1.414214, 0, nullptr},
    {"selu", ActivationKind::kSelfNormalizing, 0, 1.000000, 0.966026, 0.75, nullptr},
    {"sigmoid", kSaturating, 0, 1.846229, 4.722646, 1, nullptr},
    {"silu", kRectifier, 0, 1.676532, 1.623320, 0, nullptr},
    {"sin", kLinear, 0, 1.520867, 1.327251, 0, nullptr},
    {"softmax", kLinear, 0, 1, 1, 0, nullptr},
    {"softplus", kRectifier, 0, 1.041867, 1.846229, 0, nullptr},
    {"softsign", kSaturating, 0, 2.337533, 2.095781, 0, nullptr},
    {"tanh", kSaturating, 0, 1.592537, 1.467414, 5.0 / 3, nullptr},
    {"thresholded_relu", kRectifier, 1, 1.579903, 2.510573, 0, nullptr},
});

const GainRow* Find(std::string_view name) {
  const auto* row =
      std::lower_bound(kRows.begin(), kRows.end(), name,
                       [](const GainRow& r, std::string_view n) { return r.name < n; });
  return row != kRows.end() && row->name == name ? row : nullptr;
}

bool HasOwnAlpha(const GainRow& row, const infer::Activation& activation) {
  return row.second_moment != nullptr && activation.alpha != 0 && activation.alpha != row.alpha;
}

}  // namespace

absl::Span<const GainRow> GainRows() { return kRows; }

ActivationKind KindOf(const infer::Activation& activation) {
  const GainRow* row = Find(activation.name);
  return row == nullptr ? kLinear : row->kind;
}

double ForwardGain(const infer::Activation& activation) {
  const GainRow* row = Find(activation.name);
  if (row == nullptr) return 1;
  if (HasOwnAlpha(*row, activation)) return 1 / std::sqrt(row->second_moment(activation.alpha));
  return row->forward;
}

double TorchGain(const infer::Activation& activation) {
  const GainRow* row = Find(activation.name);
  if (row == nullptr) return 1;
  if (row->torch == 0 || (row->torch == row->forward && HasOwnAlpha(*row, activation))) {
    return ForwardGain(activation);
  }
  return row->torch;
}

}  // namespace onnx_reinit::plan
