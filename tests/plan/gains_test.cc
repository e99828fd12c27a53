// Each gain by numerical integration of the activation itself.
#include "plan/gains.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <ostream>
#include <string>
#include <vector>

#include "plan/moments.h"

namespace onnx_reinit::plan {
namespace {

using Function = std::function<double(double)>;

// E[g(z)], z standard normal: Simpson's rule on 2000 steps of each stretch between kinks.
double Expect(const Function& g, std::vector<double> kinks) {
  kinks.insert(kinks.begin(), -14);
  kinks.push_back(14);
  double sum = 0;
  for (size_t i = 0; i + 1 < kinks.size(); ++i) {
    constexpr int kSteps = 2000;
    const double h = (kinks[i + 1] - kinks[i]) / kSteps;
    const auto at = [&](double z) { return g(z) * NormalDensity(z); };
    for (int step = 0; step < kSteps; ++step) {
      // One-sided values at the kinks.
      const double low = kinks[i] + (step + 1e-9) * h;
      const double high = kinks[i] + (step + 1 - 1e-9) * h;
      sum += (at(low) + 4 * at((low + high) / 2) + at(high)) * h / 6;
    }
  }
  return sum;
}

double Slope(const Function& f, double z) {
  constexpr double kStep = 1e-6;
  return (f(z + kStep) - f(z - kStep)) / (2 * kStep);
}

double Sigmoid(double z) { return 1 / (1 + std::exp(-z)); }
double Softplus(double z) { return std::log1p(std::exp(z)); }
double Clip(double z, double low, double high) { return std::min(std::max(z, low), high); }

struct GainCase {
  const char* name;  // the row's
  Function f;
  std::vector<double> kinks;
};

std::ostream& operator<<(std::ostream& out, const GainCase& c) { return out << c.name; }

const std::vector<GainCase>& Cases() {
  static const auto& cases = *new std::vector<GainCase>{
      {"abs", [](double z) { return std::fabs(z); }, {0}},
      {"celu", [](double z) { return z > 0 ? z : std::expm1(z); }, {0}},
      {"clip", [](double z) { return Clip(z, 0, 1); }, {0, 1}},
      {"cos", [](double z) { return std::cos(z); }, {}},
      {"elu", [](double z) { return z > 0 ? z : std::expm1(z); }, {0}},
      {"erf", [](double z) { return std::erf(z); }, {}},
      {"exp", [](double z) { return std::exp(z); }, {}},
      {"gelu", [](double z) { return z * NormalProbability(z); }, {}},
      {"gelu_tanh",
       [](double z) {
         return z / 2 *
                (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (z + 0.044715 * z * z * z)));
       },
       {}},
      {"hard_sigmoid", [](double z) { return Clip(0.2 * z + 0.5, 0, 1); }, {-2.5, 2.5}},
      {"hard_swish", [](double z) { return z * Clip(z / 6 + 0.5, 0, 1); }, {-3, 3}},
      {"hard_tanh", [](double z) { return Clip(z, -1, 1); }, {-1, 1}},
      {"leaky_relu", [](double z) { return z > 0 ? z : 0.01 * z; }, {0}},
      {"log_sigmoid", [](double z) { return -Softplus(-z); }, {}},
      {"log_softmax", [](double z) { return z; }, {}},
      {"mish", [](double z) { return z * std::tanh(Softplus(z)); }, {}},
      {"none", [](double z) { return z; }, {}},
      {"prelu", [](double z) { return z > 0 ? z : 0.25 * z; }, {0}},
      {"quick_gelu", [](double z) { return z * Sigmoid(1.702 * z); }, {}},
      {"relu", [](double z) { return std::max(z, 0.0); }, {0}},
      {"relu6", [](double z) { return Clip(z, 0, 6); }, {0, 6}},
      {"selu",
       [](double z) {
         return 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * std::expm1(z));
       },
       {0}},
      {"shrink", [](double z) { return std::fabs(z) > 0.5 ? z : 0; }, {-0.5, 0.5}},
      {"sigmoid", Sigmoid, {}},
      {"silu", [](double z) { return z * Sigmoid(z); }, {}},
      {"sin", [](double z) { return std::sin(z); }, {}},
      {"softmax", [](double z) { return z; }, {}},
      {"softplus", Softplus, {}},
      {"softsign", [](double z) { return z / (1 + std::fabs(z)); }, {0}},
      {"square", [](double z) { return z * z; }, {}},
      {"tanh", [](double z) { return std::tanh(z); }, {}},
      {"thresholded_relu", [](double z) { return z > 1 ? z : 0; }, {1}},
  };
  return cases;
}

class GainTest : public testing::TestWithParam<GainCase> {
 protected:
  static const GainRow& Row() {
    const auto rows = GainRows();
    return *std::find_if(rows.begin(), rows.end(),
                         [](const GainRow& row) { return row.name == GetParam().name; });
  }
};

TEST_P(GainTest, ForwardGainIsThatOfTheFunction) {
  const Function& f = GetParam().f;
  const double square = Expect([&](double z) { return f(z) * f(z); }, GetParam().kinks);
  EXPECT_NEAR(Row().forward, 1 / std::sqrt(square), 1e-7);
  EXPECT_EQ(ForwardGain({GetParam().name, Row().alpha}), Row().forward);
}

TEST_P(GainTest, BackwardGainIsThatOfTheSlope) {
  const Function& f = GetParam().f;
  const auto slope = [&](double z) {
    // Not across a kink.
    for (const double kink : GetParam().kinks) {
      if (std::fabs(z - kink) < 2e-6) z = kink + (z < kink ? -2e-6 : 2e-6);
    }
    return Slope(f, z);
  };
  const double square = Expect([&](double z) { return slope(z) * slope(z); }, GetParam().kinks);
  EXPECT_NEAR(Row().backward, 1 / std::sqrt(square), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Rows, GainTest, testing::ValuesIn(Cases()),
                         [](const auto& test) { return test.param.name; });

TEST(GainsTest, EveryRowIsIntegrated) {
  const auto rows = GainRows();
  ASSERT_EQ(rows.size(), Cases().size());
  for (size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].name, Cases()[i].name);
}

TEST(GainsTest, RowsAreSorted) {
  const auto rows = GainRows();
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));
}

struct AlphaCase {
  const char* name;
  const char* activation;
  double alpha;
  Function f;
  std::vector<double> kinks;
};

std::ostream& operator<<(std::ostream& out, const AlphaCase& c) { return out << c.name; }

class AlphaTest : public testing::TestWithParam<AlphaCase> {};

TEST_P(AlphaTest, GainFollowsTheParameter) {
  const Function& f = GetParam().f;
  const double square = Expect([&](double z) { return f(z) * f(z); }, GetParam().kinks);
  EXPECT_NEAR(ForwardGain({GetParam().activation, GetParam().alpha}), 1 / std::sqrt(square), 1e-6);
}

INSTANTIATE_TEST_SUITE_P(
    Parameters, AlphaTest,
    testing::Values(
        AlphaCase{
            "LeakyRelu", "leaky_relu", 0.2, [](double z) { return z > 0 ? z : 0.2 * z; }, {0}},
        AlphaCase{"Prelu", "prelu", -0.5, [](double z) { return z > 0 ? z : -0.5 * z; }, {0}},
        AlphaCase{"Elu", "elu", 0.5, [](double z) { return z > 0 ? z : 0.5 * std::expm1(z); }, {0}},
        AlphaCase{
            "Celu", "celu", 2, [](double z) { return z > 0 ? z : 2 * std::expm1(z / 2); }, {0}},
        AlphaCase{"HardSigmoidOfPyTorch",
                  "hard_sigmoid",
                  1.0 / 6,
                  [](double z) { return Clip(z / 6 + 0.5, 0, 1); },
                  {-3, 3}},
        AlphaCase{
            "ClipOfAnotherLimit", "clip", 20, [](double z) { return Clip(z, 0, 20); }, {0, 20}},
        AlphaCase{"HardTanh", "hard_tanh", 2, [](double z) { return Clip(z, -2, 2); }, {-2, 2}},
        AlphaCase{"Swish", "silu", 1.5, [](double z) { return z * Sigmoid(1.5 * z); }, {}},
        AlphaCase{"SoftShrink",
                  "shrink",
                  0.5,
                  [](double z) { return std::fabs(z) > 0.5 ? std::fabs(z) - 0.5 : 0; },
                  {-0.5, 0.5}},
        AlphaCase{"Softplus", "softplus", 2, [](double z) { return Softplus(2 * z) / 2; }, {}},
        AlphaCase{"ThresholdedRelu",
                  "thresholded_relu",
                  0.5,
                  [](double z) { return z > 0.5 ? z : 0; },
                  {0.5}}),
    [](const auto& test) { return test.param.name; });

TEST(GainsTest, AClipThatDoesNotStartAtZeroHasNone) {
  EXPECT_EQ(ForwardGain({"clip", 0}), 1);
  EXPECT_EQ(KindOf({"clip", 0}), ActivationKind::kLinear);
  EXPECT_EQ(KindOf({"clip", 1}), ActivationKind::kRectifier);
}

struct TorchCase {
  const char* activation;
  double alpha;
  double gain;
};

// torch.nn.init.calculate_gain, every name that it takes.
TEST(GainsTest, TorchsGainsAreThoseOfPyTorch) {
  const std::vector<TorchCase> cases = {{"none", 0, 1},
                                        {"sigmoid", 0, 1},
                                        {"tanh", 0, 5.0 / 3},
                                        {"relu", 0, std::sqrt(2.0)},
                                        {"leaky_relu", 0, std::sqrt(2 / (1 + 0.01 * 0.01))},
                                        {"leaky_relu", 0.3, std::sqrt(2 / (1 + 0.3 * 0.3))},
                                        {"selu", 0, 0.75}};
  for (const TorchCase& c : cases) {
    EXPECT_NEAR(TorchGain({c.activation, c.alpha}), c.gain, 1e-12) << c.activation;
  }
}

TEST(GainsTest, WherePyTorchHasNoneTheForwardGainCounts) {
  EXPECT_EQ(TorchGain({"gelu", 0}), ForwardGain({"gelu", 0}));
  EXPECT_EQ(TorchGain({"softsign", 0}), ForwardGain({"softsign", 0}));
}

TEST(GainsTest, AnActivationWithoutARowChangesNothing) {
  EXPECT_EQ(ForwardGain({"frobnicate", 0}), 1);
  EXPECT_EQ(TorchGain({"frobnicate", 0}), 1);
  EXPECT_EQ(KindOf({"frobnicate", 0}), ActivationKind::kLinear);
}

}  // namespace
}  // namespace onnx_reinit::plan
