// Preset `auto`, row by row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "plan/facts.h"
#include "plan/planner.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;

struct AutoCase {
  const char* name;
  std::function<TensorFacts(FactsMaker&)> facts;
  const char* scheme;  // empty: kept
  const char* distribution;
  double mean;
  double std;
};

std::ostream& operator<<(std::ostream& out, const AutoCase& c) { return out << c.name; }

class AutoTest : public testing::TestWithParam<AutoCase> {};

TEST_P(AutoTest, GivesWhatTheReadmeSays) {
  FactsMaker maker;
  const auto plan = MakePlan({GetParam().facts(maker)}, {}, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  const TensorPlan& tensor = plan->tensors[0];
  EXPECT_EQ(tensor.scheme, GetParam().scheme) << tensor.reason;
  EXPECT_EQ(tensor.distribution, GetParam().distribution);
  EXPECT_NEAR(tensor.mean, GetParam().mean, 1e-9);
  EXPECT_NEAR(tensor.std, GetParam().std, 1e-6 * GetParam().std);
  const Action action = *GetParam().scheme ? Action::kReinitialize : Action::kKeep;
  EXPECT_EQ(tensor.action, action);
  EXPECT_EQ(tensor.fill.has_value(), action == Action::kReinitialize);
}

std::function<TensorFacts(FactsMaker&)> LinearBefore(const char* activation, double alpha = 0) {
  return [=](FactsMaker& maker) {
    TensorFacts facts = maker.Linear(100, 60);
    facts.following = {activation, alpha};
    return facts;
  };
}

std::function<TensorFacts(FactsMaker&)> InBlock(BlockRole block_role, bool residual) {
  return [=](FactsMaker& maker) {
    TensorFacts facts = maker.Linear(64, 64);
    facts.block_role = block_role;
    facts.residual_output = residual;
    facts.block_index = 3;
    facts.block_count = 8;
    return facts;
  };
}

std::function<TensorFacts(FactsMaker&)> BranchEnd(bool has_norm) {
  return [=](FactsMaker& maker) {
    TensorFacts facts = maker.Conv(16, 16, 3);
    facts.following = {"relu", 0};
    facts.residual_output = true;
    facts.branch_has_norm = has_norm;
    facts.block_count = 9;
    return facts;
  };
}

std::function<TensorFacts(FactsMaker&)> Vector(Role role) {
  return [=](FactsMaker& maker) {
    TensorFacts facts = maker.Make(role, {64});
    facts.learned = facts.learned || role == Role::kNormMean || role == Role::kNormVar;
    return facts;
  };
}

TensorFacts ScaleThatRestsAtZero(FactsMaker& maker) {
  TensorFacts facts = maker.Make(Role::kNormScale, {64});
  facts.rests_at_zero = true;
  return facts;
}

TensorFacts LstmBias(FactsMaker& maker) {
  TensorFacts facts = maker.Make(Role::kRnnBias, {1, 128});
  facts.recurrent_operator = "LSTM";
  return facts;
}

TensorFacts GruBias(FactsMaker& maker) {
  TensorFacts facts = maker.Make(Role::kRnnBias, {1, 96});
  facts.recurrent_operator = "GRU";
  return facts;
}

const double kReluStd = std::sqrt(2.0 / 100);
const double kOneInEight = std::sqrt(1.0 / 8 * 7 / 8);

INSTANTIATE_TEST_SUITE_P(
    Rows, AutoTest,
    testing::Values(
        AutoCase{"BeforeRelu", LinearBefore("relu"), "kaiming-normal", "normal", 0, kReluStd},
        AutoCase{"BeforeGelu", LinearBefore("gelu"), "kaiming-normal", "normal", 0, 0.1533530},
        AutoCase{"BeforeLeakyReluWithItsOwnSlope", LinearBefore("leaky_relu", 0.2),
                 "kaiming-normal", "normal", 0, std::sqrt(2 / (1 + 0.04) / 100)},
        AutoCase{"BeforeSigmoid", LinearBefore("sigmoid"), "xavier-normal", "normal", 0,
                 std::sqrt(2.0 / 160)},
        AutoCase{"BeforeTanh", LinearBefore("tanh"), "xavier-normal", "normal", 0,
                 5.0 / 3 * std::sqrt(2.0 / 160)},
        AutoCase{"BeforeSelu", LinearBefore("selu"), "lecun-normal", "truncated_normal", 0, 0.1},
        AutoCase{"BeforeNothing", LinearBefore("none"), "lecun-normal", "truncated_normal", 0, 0.1},
        AutoCase{"BeforeSoftmax", LinearBefore("softmax"), "lecun-normal", "truncated_normal", 0,
                 0.1},
        AutoCase{"BeforeAnActivationWithoutGain", LinearBefore("frobnicate"), "lecun-normal",
                 "truncated_normal", 0, 0.1},
        AutoCase{"Query", InBlock(BlockRole::kQuery, false), "variance-scaling", "truncated_normal",
                 0, 1.0 / 8},
        AutoCase{"MlpOutput", InBlock(BlockRole::kMlpOutput, true), "variance-scaling",
                 "truncated_normal", 0, 1.0 / 8 / 4},
        AutoCase{"EndOfPlainBranch", BranchEnd(false), "kaiming-normal", "normal", 0,
                 std::sqrt(2.0 / 144) / 3},
        AutoCase{"EndOfNormalizedBranch", BranchEnd(true), "kaiming-normal", "normal", 0,
                 std::sqrt(2.0 / 144)},
        AutoCase{"Embedding",
                 [](FactsMaker& maker) {
                   return maker.Make(Role::kEmbedding, {99, 16});
                 },
                 "truncated-normal", "truncated_normal", 0, 0.02},
        AutoCase{"Token", Vector(Role::kToken), "truncated-normal", "truncated_normal", 0, 0.02},
        AutoCase{"LstmBias", LstmBias, "zeros", "constant", 1.0 / 8, kOneInEight},
        AutoCase{"GruBias", GruBias, "zeros", "constant", 0, 0},
        AutoCase{"Bias", Vector(Role::kBias), "zeros", "constant", 0, 0},
        AutoCase{"NormScale", Vector(Role::kNormScale), "ones", "constant", 1, 0},
        AutoCase{"NormScaleThatRestsAtZero", ScaleThatRestsAtZero, "zeros", "constant", 0, 0},
        AutoCase{"NormBias", Vector(Role::kNormBias), "zeros", "constant", 0, 0},
        AutoCase{"NormMean", Vector(Role::kNormMean), "zeros", "constant", 0, 0},
        AutoCase{"NormVar", Vector(Role::kNormVar), "ones", "constant", 1, 0},
        AutoCase{"PreluSlope", Vector(Role::kPreluSlope), "constant", "constant", 0.25, 0},
        AutoCase{"LayerScale", Vector(Role::kLayerScale), "", "", 0, 0},
        AutoCase{"LogitScale", Vector(Role::kLogitScale), "", "", 0, 0},
        AutoCase{"Constant", Vector(Role::kConstant), "", "", 0, 0}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace onnx_reinit::plan
