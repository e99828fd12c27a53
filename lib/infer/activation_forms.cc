#include "infer/activation_forms.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "infer/evaluation.h"

namespace onnx_reinit::infer {
namespace {

constexpr double kAny = std::numeric_limits<double>::infinity();
constexpr double kTiny = 1e-6;

constexpr std::array kForms = {
    ActivationForm{"relu", "max(x, 0)", "", 0, 0, "Nair and Hinton 2010"},
    ActivationForm{"relu6", "min(max(x, 0), 6)", "", 0, 0, "Krizhevsky 2010"},
    ActivationForm{"hard_tanh", "min(max(x, -1), 1)", "", 0, 0, "Collobert 2004"},
    ActivationForm{"sigmoid", "1 / (1 + exp(-x))", "", 0, 0, "ONNX Sigmoid"},
    ActivationForm{"tanh", "tanh(x)", "", 0, 0, "ONNX Tanh"},
    ActivationForm{"gelu", "0.5 * x * (1 + erf(x / 1.41421356))", "", 0, 0,
                   "Hendrycks and Gimpel 2016"},
    ActivationForm{"gelu_tanh", "0.5 * x * (1 + tanh(0.79788456 * (x + 0.044715 * x * x * x)))", "",
                   0, 0, "Hendrycks and Gimpel 2016"},
    ActivationForm{"silu", "x / (1 + exp(-x))", "", 0, 0, "Elfwing et al. 2017"},
    ActivationForm{"quick_gelu", "x / (1 + exp(-1.702 * x))", "", 0, 0,
                   "Hendrycks and Gimpel 2016"},
    ActivationForm{"mish", "x * tanh(log(1 + exp(x)))", "", 0, 0, "Misra 2019"},
    ActivationForm{"hard_swish", "x * min(max(0.16666667 * x + 0.5, 0), 1)", "", 0, 0,
                   "Howard et al. 2019"},
    ActivationForm{"softplus", "log(1 + exp(x))", "", 0, 0, "ONNX Softplus"},
    ActivationForm{"softsign", "x / (1 + abs(x))", "", 0, 0, "ONNX Softsign"},
    ActivationForm{"selu", "1.05070099 * where(x > 0, x, 1.67326324 * (exp(x) - 1))", "", 0, 0,
                   "Klambauer et al. 2017"},
    ActivationForm{"softmax", "exp(x) / sum(exp(x))", "", 0, 0, "ONNX Softmax"},
    ActivationForm{"log_softmax", "x - log(sum(exp(x)))", "", 0, 0, "ONNX LogSoftmax"},
    ActivationForm{"leaky_relu", "where(x > 0, x, a * x)", "-f(-1)", -0.99, 0.99,
                   "Maas et al. 2013"},
    ActivationForm{"elu", "where(x > 0, x, a * (exp(x) - 1))", "f(-1) / (exp(-1) - 1)", kTiny, kAny,
                   "Clevert et al. 2015"},
    ActivationForm{"celu", "max(x, 0) + min(a * (exp(x / a) - 1), 0)", "-f(-1000)", kTiny, 100,
                   "Barron 2017"},
    ActivationForm{"silu", "x / (1 + exp(-a * x))", "-log(1 / f(1) - 1)", kTiny, 100,
                   "Ramachandran et al. 2017"},
    ActivationForm{"softplus", "log(1 + exp(a * x)) / a", "log(2) / f(0)", kTiny, 100,
                   "PyTorch Softplus"},
    ActivationForm{"hard_sigmoid", "min(max(a * x + 0.5, 0), 1)", "10 * (f(0.1) - f(0))", 0.05, 0.6,
                   "ONNX HardSigmoid"},
    ActivationForm{"log_sigmoid", "-log(1 + exp(-x))", "", 0, 0, "PyTorch LogSigmoid"},
    ActivationForm{"thresholded_relu", "where(x > 1, x, 0)", "", 0, 0, "ONNX ThresholdedRelu"},
    ActivationForm{"shrink", "where(abs(x) > 0.5, x, 0)", "", 0, 0, "PyTorch Hardshrink"},
    ActivationForm{"shrink", "max(x - a, 0) + min(x + a, 0)", "1000 - f(1000)", kTiny, 100,
                   "PyTorch Softshrink"},
    ActivationForm{"square", "x * x", "", 0, 0, "So et al. 2021"},
};

// For forms with a parameter, where whole numbers may have been rounded.
constexpr double kSlack = 2e-6;

// Both sides of every bend, and far enough out that a wrong constant shows.
constexpr Grid kSamples = {-8,  -5.5, -3.5, -2.5, -1.6, -0.8, -0.6, -0.3,
                           0.2, 0.45, 0.8,  1.3,  2.2,  3.7,  5.2,  9};

constexpr size_t kSampleBelow = 5;
constexpr size_t kSampleAbove = 10;
static_assert(kSamples[kSampleBelow] == -kSamples[kSampleAbove]);

// Where forms with a parameter are fitted.
constexpr Grid kFitPoints = {-1000, -1, 0, 0.1, 1, 1000};

// Most arithmetic can be told from all forms with a parameter by two numbers: of each of them one
// is known, or their sum (1, or 0 of what is odd), or their difference.
bool CanHaveParameter(const Grid& made) {
  const double above = made[kSampleAbove];
  const double below = made[kSampleBelow];
  const auto are_near = [](double u, double v) { return std::abs(u - v) < 1e-4; };
  const double point = kSamples[kSampleAbove];
  return are_near(above, point) || are_near(above - below, point) || are_near(above + below, 1) ||
         are_near(above, -below);
}

// made = factor * meant
bool Agree(const Grid& made, const Grid& meant, const Grid& slack, double factor = 1) {
  for (size_t i = 0; i < made.size(); ++i) {
    const double allowed = factor * (slack[i] + 1e-5 * std::abs(meant[i]) + 1e-9);
    if (!(std::abs(made[i] - factor * meant[i]) <= allowed)) return false;
  }
  return true;
}

}  // namespace

absl::Span<const ActivationForm> ActivationForms() { return kForms; }

FormMatcher::FormMatcher() {
  forms_.reserve(kForms.size());
  for (const ActivationForm& form : kForms) {
    Parsed parsed{.form = &form, .formula = Formula(form.formula)};
    if (form.fit.empty()) {
      parsed.values = parsed.formula.Evaluate(kSamples, 0);
      parsed.slack = parsed.formula.Slack(kSamples, 0);
    } else {
      parsed.fit.emplace(form.fit);
    }
    forms_.push_back(std::move(parsed));
  }
}

std::optional<double> FormMatcher::Parameter(const Parsed& parsed, const Grid& fitted) {
  const double a = parsed.fit->Fit([&](double point) {
    const auto* place = std::find(kFitPoints.begin(), kFitPoints.end(), point);
    assert(place != kFitPoints.end() && "a fit asks for a point that is not in kFitPoints");
    return fitted[static_cast<size_t>(place - kFitPoints.begin())];
  });
  if (!(a >= parsed.form->low && a <= parsed.form->high) || a == 0) return std::nullopt;
  return a;
}

std::optional<FormMatch> FormMatcher::MatchWithParameter(const RegionContext& context,
                                                         const Regions& region,
                                                         const Outcome& made) const {
  if (region.has_reduction() || !CanHaveParameter(made.grid)) return std::nullopt;
  const std::optional<Outcome> fitted = Evaluate(context, region, kFitPoints);
  for (const Parsed& parsed : forms_) {
    if (!fitted || !parsed.fit) continue;
    const std::optional<double> a = Parameter(parsed, fitted->grid);
    if (!a || !Agree(made.grid, parsed.formula.Evaluate(kSamples, *a), Filled(kSlack))) continue;
    if (!made.has_unknown) return FormMatch{{std::string(parsed.form->name), *a}};
    // The parameter is a learned vector: only PReLU's has a name of its own.
    const bool is_slope = parsed.form->name == "leaky_relu";
    return FormMatch{{.name = is_slope ? "prelu" : std::string(parsed.form->name)}};
  }
  return std::nullopt;
}

std::optional<FormMatch> FormMatcher::Match(const RegionContext& context,
                                            const Regions& region) const {
  const std::optional<Outcome> made = Evaluate(context, region, kSamples);
  if (!made) return std::nullopt;
  const bool has_vector = made->has_unknown;
  if (has_vector) {
    if (auto match = MatchWithParameter(context, region, *made)) return match;
  }
  for (const Parsed& parsed : forms_) {
    if (parsed.fit) continue;
    const double factor = has_vector ? made->grid.back() / parsed.values.back() : 1;
    if (!(factor > 0) || !Agree(made->grid, parsed.values, parsed.slack, factor)) continue;
    return FormMatch{{.name = std::string(parsed.form->name)}, has_vector};
  }
  return has_vector ? std::nullopt : MatchWithParameter(context, region, *made);
}

}  // namespace onnx_reinit::infer
