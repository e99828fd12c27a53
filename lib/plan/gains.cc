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
constexpr ActivationKind kSelfNormalizing = ActivationKind::kSelfNormalizing;

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

// f(z) = z kept within [-limit, limit].
double HardTanhSecondMoment(double limit) {
  const double inside = 1 - 2 * NormalProbability(-limit) - 2 * limit * NormalDensity(limit);
  return inside + 2 * limit * limit * NormalProbability(-limit);
}

// f(z) = z kept within [0, limit].
double ClippedSecondMoment(double limit) { return HardTanhSecondMoment(limit) / 2; }

// f(z) = z - alpha for z > alpha, z + alpha for z < -alpha, else 0.
double SoftShrinkSecondMoment(double alpha) {
  return 2 * ((1 + alpha * alpha) * NormalProbability(-alpha) - alpha * NormalDensity(alpha));
}

// f(z) = z for z > alpha, else 0.
double ThresholdedSecondMoment(double alpha) {
  return alpha * NormalDensity(alpha) + NormalProbability(-alpha);
}

// By the midpoint rule; f is smooth, so its error is far below that of the other steps.
template <typename Function>
double SecondMoment(Function f) {
  constexpr double kEnd = 9;
  constexpr int kSteps = 720;
  constexpr double kStep = 2 * kEnd / kSteps;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double z = (i + 0.5) * kStep - kEnd;
    sum += f(z) * f(z) * NormalDensity(z) * kStep;
  }
  return sum;
}
double SiluSecondMoment(double beta) {
  return SecondMoment([beta](double z) { return z / (1 + std::exp(-beta * z)); });
}
double SoftplusSecondMoment(double beta) {
  return SecondMoment([beta](double z) { return std::log1p(std::exp(beta * z)) / beta; });
}

// Gains by numerical integration to 13 digits; hard_sigmoid's for PyTorch is that of sigmoid.
constexpr auto kRows = std::to_array<GainRow>({
    {"abs", kLinear, 0, 1, 1, 0, nullptr},
    {"celu", kRectifier, 1, 1.245198300701, 1.223428557553, 0, CeluSecondMoment},
    {"clip", kRectifier, 1, 1.968636389135, 1.711604378057, 0, ClippedSecondMoment},
    {"cos", kLinear, 0, 1.327250600285, 1.520866623179, 0, nullptr},
    {"elu", kRectifier, 1, 1.245198300701, 1.223428557553, 0, EluSecondMoment},
    {"erf", kSaturating, 0, 1.467166950489, 1.325218352861, 0, nullptr},
    {"exp", kLinear, 0, 0.3678794411714, 0.3678794411714, 0, nullptr},
    {"gelu", kRectifier, 0, 1.533530441196, 1.481114412708, 0, nullptr},
    {"gelu_tanh", kRectifier, 0, 1.533580521666, 1.481168058093, 0, nullptr},
    {"hard_sigmoid", kSaturating, 0.2, 1.859833867763, 5.031340552152, 1, HardSigmoidSecondMoment},
    {"hard_swish", kRectifier, 0, 1.736657212767, 1.670076367441, 0, nullptr},
    {"hard_tanh", kSaturating, 1, 1.392036140448, 1.210287062433, 0, HardTanhSecondMoment},
    {"leaky_relu", kRectifier, 0.01, 1.414142856998, 1.414142856998, 1.414142856998,
     LeakySecondMoment},
    {"log_sigmoid", kRectifier, 0, 1.041866835535, 1.846228545339, 0, nullptr},
    {"log_softmax", kLinear, 0, 1, 1, 0, nullptr},
    {"mish", kRectifier, 0, 1.486847581273, 1.444755232547, 0, nullptr},
    {"none", kLinear, 0, 1, 1, 1, nullptr},
    {"prelu", kRectifier, 0.25, 1.37198868114, 1.37198868114, 1.37198868114, LeakySecondMoment},
    {"quick_gelu", kRectifier, 0, 1.539458762299, 1.49145922675, 0, nullptr},
    {"relu", kRectifier, 0, 1.414213562373, 1.414213562373, 1.414213562373, nullptr},
    {"relu6", kRectifier, 0, 1.414213565095, 1.414213563768, 0, nullptr},
    {"selu", kSelfNormalizing, 0, 1, 0.9660257769739, 0.75, nullptr},
    {"shrink", kLinear, 0, 1.01579635472, 1.273007601031, 0, SoftShrinkSecondMoment},
    {"sigmoid", kSaturating, 0, 1.846228545339, 4.722646085938, 1, nullptr},
    {"silu", kRectifier, 1, 1.676532470331, 1.623320257952, 0, SiluSecondMoment},
    {"sin", kLinear, 0, 1.520866623179, 1.327250600285, 0, nullptr},
    {"softmax", kLinear, 0, 1, 1, 0, nullptr},
    {"softplus", kRectifier, 1, 1.041866835535, 1.846228545339, 0, SoftplusSecondMoment},
    {"softsign", kSaturating, 0, 2.337533363109, 2.095780608943, 0, nullptr},
    {"square", kLinear, 0, 0.5773502691896, 0.5, 0, nullptr},
    {"tanh", kSaturating, 0, 1.592537419723, 1.467413591631, 5.0 / 3, nullptr},
    {"thresholded_relu", kRectifier, 1, 1.579903081761, 2.510572519381, 0, ThresholdedSecondMoment},
});

const GainRow* Find(const infer::Activation& activation) {
  // Without a limit it is cut somewhere else, which no row is for.
  if (activation.name == "clip" && activation.alpha == 0) return nullptr;
  const auto* row =
      std::lower_bound(kRows.begin(), kRows.end(), activation.name,
                       [](const GainRow& r, const std::string& name) { return r.name < name; });
  return row != kRows.end() && row->name == activation.name ? row : nullptr;
}

bool HasOwnAlpha(const GainRow& row, const infer::Activation& activation) {
  return row.second_moment != nullptr && activation.alpha != 0 && activation.alpha != row.alpha;
}

}  // namespace

absl::Span<const GainRow> GainRows() { return kRows; }

ActivationKind KindOf(const infer::Activation& activation) {
  const GainRow* row = Find(activation);
  return row == nullptr ? kLinear : row->kind;
}

double ForwardGain(const infer::Activation& activation) {
  const GainRow* row = Find(activation);
  if (row == nullptr) return 1;
  if (HasOwnAlpha(*row, activation)) return 1 / std::sqrt(row->second_moment(activation.alpha));
  return row->forward;
}

double TorchGain(const infer::Activation& activation) {
  const GainRow* row = Find(activation);
  if (row == nullptr) return 1;
  if (row->torch == 0 || (row->torch == row->forward && HasOwnAlpha(*row, activation))) {
    return ForwardGain(activation);
  }
  return row->torch;
}

}  // namespace onnx_reinit::plan
