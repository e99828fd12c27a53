// Every scheme's formula, against numbers worked out here, and against the values that come of it.
#include "plan/schemes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "plan/facts.h"
#include "plan/moments.h"
#include "plan/planner.h"
#include "plan/realised.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;
using testing::HasSubstr;

using Make = std::function<TensorFacts(FactsMaker&)>;

// fan_in 300, fan_out 200.
TensorFacts Wide(FactsMaker& maker) { return maker.Linear(300, 200); }

TensorFacts BeforeRelu(FactsMaker& maker) {
  TensorFacts facts = Wide(maker);
  facts.preceding = {"tanh", 0};
  facts.following = {"relu", 0};
  return facts;
}

// 64 to 128 channels in 4 groups, 3 x 3: fan_in 144, fan_out 288.
TensorFacts Grouped(FactsMaker& maker) {
  TensorFacts facts = maker.Conv(16, 128, 3);
  facts.groups = 4;
  facts.fan_out = int64_t{32} * 9;
  return facts;
}

// 5 experts of 100 inputs and 60 outputs.
TensorFacts Experts(FactsMaker& maker) {
  TensorFacts facts = maker.Make(Role::kLinear, {5, 100, 60});
  facts.fan_in = 100;
  facts.fan_out = 60;
  facts.axes = {.batch = {0}, .output = {2}, .input = {1}};
  return facts;
}

// The second of four blocks.
TensorFacts InBlock(FactsMaker& maker, BlockRole block_role, bool residual) {
  TensorFacts facts = Wide(maker);
  facts.block_role = block_role;
  facts.residual_output = residual;
  facts.residual_branch_layers = 2;
  facts.block_index = 1;
  facts.block_count = 4;
  return facts;
}
Make Block(BlockRole block_role, bool residual = false) {
  return [=](FactsMaker& maker) { return InBlock(maker, block_role, residual); };
}

TensorFacts Table(FactsMaker& maker) {
  TensorFacts facts = maker.Make(Role::kEmbedding, {500, 100});
  facts.fan_in = 500;
  facts.fan_out = 100;
  return facts;
}

TensorFacts Positions(FactsMaker& maker) { return maker.Make(Role::kPositionEmbedding, {50, 100}); }

TensorFacts Recurrent(FactsMaker& maker) {
  TensorFacts facts = maker.Make(Role::kRnnInput, {1, 400, 300});
  facts.fan_in = 300;
  facts.fan_out = 100;
  facts.hidden_size = 100;
  facts.axes = {.batch = {0}, .output = {1}, .input = {2}};
  return facts;
}

TensorFacts AfterSine(FactsMaker& maker) {
  TensorFacts facts = Wide(maker);
  facts.preceding = {"sin", 0};
  return facts;
}

TensorFacts States(FactsMaker& maker) { return maker.Make(Role::kParameter, {800, 16}); }

enum class Shape { kConstant, kNormal, kUniform, kCut2, kCut3, kOther };

struct SchemeCase {
  const char* name;
  const char* scheme;
  Make facts;
  Shape shape;
  double mean;
  double std;
};

std::ostream& operator<<(std::ostream& out, const SchemeCase& c) { return out << c.name; }

// E[z^4] / E[z^2]^2 of a normal that is cut at +- c.
double KurtosisOfCut(double c) {
  constexpr int kSteps = 20000;
  double second = 0;
  double fourth = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double z = (2 * (i + 0.5) / kSteps - 1) * c;
    const double mass = NormalDensity(z) * 2 * c / kSteps / (1 - 2 * NormalProbability(-c));
    second += z * z * mass;
    fourth += z * z * z * z * mass;
  }
  return fourth / (second * second);
}

double KurtosisOf(Shape shape) {
  switch (shape) {
    case Shape::kNormal:
      return 3;
    case Shape::kUniform:
      return 1.8;
    case Shape::kCut2:
      return KurtosisOfCut(2);
    case Shape::kCut3:
      return KurtosisOfCut(3);
    default:
      return 0;
  }
}

// Half width in standard deviations; 0: none.
double BoundOf(Shape shape) {
  switch (shape) {
    case Shape::kUniform:
      return std::sqrt(3);
    case Shape::kCut2:
      return 2 / MomentsOfCut(-2, 2).std;
    case Shape::kCut3:
      return 3 / MomentsOfCut(-3, 3).std;
    default:
      return 0;
  }
}

class SchemeTest : public testing::TestWithParam<SchemeCase> {
 protected:
  // The tensor under test, with the scheme asked for by role.
  static TensorPlan Planned() {
    FactsMaker maker;
    const TensorFacts facts = GetParam().facts(maker);
    const std::string role{ToString(facts.role)};
    PlanOptions options;
    options.settings = {"role=" + role + ":" + GetParam().scheme};
    const auto plan = MakePlan({facts}, options, {});
    EXPECT_TRUE(plan.ok()) << plan.status();
    return plan.ok() ? plan->tensors[0] : TensorPlan{};
  }
};

TEST_P(SchemeTest, GivesTheNumbersOfItsFormula) {
  const TensorPlan planned = Planned();
  ASSERT_TRUE(planned.fill.has_value()) << planned.reason;
  EXPECT_NEAR(planned.mean, GetParam().mean, 1e-6);
  EXPECT_NEAR(planned.std, GetParam().std, 1e-6 * GetParam().std);
  EXPECT_NEAR(planned.bound, BoundOf(GetParam().shape) * GetParam().std, 1e-6 * planned.bound);
}

// Limits of six standard errors: were seeds drawn anew, one run in 10^8 of one of these checks
// would fail. (Seeds are fixed, so that the test is not a matter of luck at all.)
TEST_P(SchemeTest, GivesValuesThatHaveThem) {
  const TensorPlan planned = Planned();
  ASSERT_TRUE(planned.fill.has_value()) << planned.reason;
  const std::vector<float> values = Realise(*planned.fill);
  ASSERT_GT(values.size(), 1000U);
  const SampleMoments moments = MomentsOf(values);
  if (GetParam().shape == Shape::kConstant) {
    EXPECT_EQ(moments.lowest, planned.mean);
    EXPECT_EQ(moments.highest, planned.mean);
    return;
  }
  const double kurtosis = KurtosisOf(GetParam().shape);
  const double root = std::sqrt(static_cast<double>(values.size()));
  EXPECT_NEAR(moments.mean, planned.mean, 6 * planned.std / root + 1e-7);
  if (GetParam().shape == Shape::kOther) {  // not independent: exact to rounding or looser
    EXPECT_NEAR(moments.std, planned.std, 0.02 * planned.std);
    return;
  }
  EXPECT_NEAR(moments.std, planned.std, 3 * planned.std * std::sqrt(kurtosis) / root);
  EXPECT_NEAR(moments.kurtosis, kurtosis, 6 * 5 / root);
  if (planned.bound > 0) {
    EXPECT_GE(moments.lowest, planned.mean - planned.bound * (1 + 1e-6));
    EXPECT_LE(moments.highest, planned.mean + planned.bound * (1 + 1e-6));
    EXPECT_GT(moments.highest, planned.mean + 0.95 * planned.bound);
  }
}

const double kXavier = std::sqrt(2.0 / 500);
const double kOf300 = 1 / std::sqrt(300.0);
const double kCutStd = 0.87962566103423978;
const double kMoreThanLast = std::pow(4, -0.25);

INSTANTIATE_TEST_SUITE_P(
    Formulas, SchemeTest,
    testing::Values(
        SchemeCase{"Constant", "constant(value=0.5)", Wide, Shape::kConstant, 0.5, 0},
        SchemeCase{"Zeros", "zeros", Wide, Shape::kConstant, 0, 0},
        SchemeCase{"Ones", "ones", Wide, Shape::kConstant, 1, 0},
        SchemeCase{"Normal", "normal(mean=0.1,std=0.2)", Wide, Shape::kNormal, 0.1, 0.2},
        SchemeCase{"NormalByDepth", "normal(std=0.02,depth=additions)",
                   Block(BlockRole::kMlpOutput), Shape::kNormal, 0, 0.02 / std::sqrt(8)},
        SchemeCase{"NormalByBlocks", "normal(std=0.02,depth=blocks)", Block(BlockRole::kMlpOutput),
                   Shape::kNormal, 0, 0.01},
        SchemeCase{"NormalByDepthSoFar", "normal(std=0.02,depth=additions_so_far)",
                   Block(BlockRole::kMlpOutput), Shape::kNormal, 0, 0.01},
        SchemeCase{"TruncatedAtTwoSigma", "truncated-normal(std=0.02)", Wide, Shape::kCut2, 0,
                   0.02 * kCutStd},
        SchemeCase{"TruncatedAndCorrected", "truncated-normal(std=0.02,bounds=3,corrected=yes)",
                   Wide, Shape::kCut3, 0, 0.02},
        SchemeCase{"TruncatedAtValues",
                   "truncated-normal(mean=1,std=0.02,bounds=0.04,unit=absolute)", Wide,
                   Shape::kCut2, 1, 0.02 * kCutStd},
        SchemeCase{"Uniform", "uniform(a=-1,b=2)", Wide, Shape::kUniform, 0.5, std::sqrt(0.75)},
        SchemeCase{"XavierUniform", "xavier-uniform", Wide, Shape::kUniform, 0, kXavier},
        SchemeCase{"XavierNormal", "xavier-normal(gain=2)", Wide, Shape::kNormal, 0, 2 * kXavier},
        SchemeCase{"XavierOfGroups", "xavier-normal", Grouped, Shape::kNormal, 0,
                   std::sqrt(2.0 / (144 + 288))},
        SchemeCase{"XavierByActivation", "xavier-normal(gain_source=preceding)", BeforeRelu,
                   Shape::kNormal, 0, 5.0 / 3 * kXavier},
        SchemeCase{"KaimingNormal", "kaiming-normal", BeforeRelu, Shape::kNormal, 0,
                   std::sqrt(2) * kOf300},
        SchemeCase{"KaimingByPreceding", "kaiming-normal(gain_source=preceding)", BeforeRelu,
                   Shape::kNormal, 0, 1.592537419723 * kOf300},
        SchemeCase{"KaimingFanOut", "kaiming-normal(mode=fan_out,slope=0)", Grouped, Shape::kNormal,
                   0, std::sqrt(2.0 / 288)},
        SchemeCase{"KaimingUniformOfPyTorch", "kaiming-uniform(slope=2.23606797749979)", Wide,
                   Shape::kUniform, 0, kOf300 / std::sqrt(3)},
        SchemeCase{"KaimingOfExperts", "kaiming-uniform(slope=0)", Experts, Shape::kUniform, 0,
                   std::sqrt(2.0 / 100)},
        SchemeCase{"LecunNormal", "lecun-normal", Wide, Shape::kCut2, 0, kOf300},
        SchemeCase{"LecunUniform", "lecun-uniform", Wide, Shape::kUniform, 0, kOf300},
        SchemeCase{"VarianceScaling", "variance-scaling(scale=2,mode=fan_avg)", Wide, Shape::kCut2,
                   0, std::sqrt(2.0 / 250)},
        SchemeCase{"VarianceScalingGeometric",
                   "variance-scaling(mode=fan_geo_avg,distribution=uniform)", Wide, Shape::kUniform,
                   0, std::pow(60000, -0.25)},
        SchemeCase{"VarianceScalingUncorrected", "variance-scaling(corrected=no)", Wide,
                   Shape::kCut2, 0, kOf300* kCutStd},
        SchemeCase{"VarianceScalingByWidth", "variance-scaling(mode=width,distribution=normal)",
                   Block(BlockRole::kMlpOutput), Shape::kNormal, 0, 1 / std::sqrt(200)},
        SchemeCase{"VarianceScalingByHiddenSize",
                   "variance-scaling(scale=0.333333333333,mode=hidden,distribution=uniform)",
                   Recurrent, Shape::kUniform, 0, 1 / std::sqrt(300)},
        SchemeCase{"Orthogonal", "orthogonal(gain=2)", Wide, Shape::kOther, 0, 2 * kOf300},
        SchemeCase{"OrthogonalOfExperts", "orthogonal", Experts, Shape::kOther, 0, 0.1},
        SchemeCase{"OrthogonalOfGroups", "orthogonal", Grouped, Shape::kOther, 0, 1.0 / 12},
        SchemeCase{"DeltaOrthogonal", "delta-orthogonal", Grouped, Shape::kOther, 0,
                   std::sqrt(16.0 / (16 * 32 * 9))},
        SchemeCase{"Dirac", "dirac", Grouped, Shape::kOther, 16.0 / (16 * 32 * 9),
                   std::sqrt(1.0 / 288 * (1 - 1.0 / 288))},
        SchemeCase{"Identity", "identity(gain=3)", Wide, Shape::kOther, 3.0 / 300,
                   3 * std::sqrt(1.0 / 300 * (1 - 1.0 / 300))},
        SchemeCase{"Sparse", "sparse(sparsity=0.5,std=0.1)", Wide, Shape::kOther, 0,
                   0.1 * std::sqrt(0.5)},
        SchemeCase{"SmallInit", "small-init", Wide, Shape::kNormal, 0, std::sqrt(2.0 / 1500)},
        SchemeCase{"SmallInitOfTable", "small-init", Table, Shape::kNormal, 0,
                   std::sqrt(2.0 / 500)},
        SchemeCase{"WangInit", "wang-init", Block(BlockRole::kMlpOutput, true), Shape::kNormal, 0,
                   2 / (4 * std::sqrt(200))},
        SchemeCase{"SirenFirst", "siren", Wide, Shape::kUniform, 0, 1 / 300.0 / std::sqrt(3)},
        SchemeCase{"SirenHidden", "siren(omega=20)", AfterSine, Shape::kUniform, 0,
                   std::sqrt(2.0 / 300) / 20},
        SchemeCase{"FixupInside", "fixup", Block(BlockRole::kNone), Shape::kNormal, 0,
                   std::sqrt(2.0 / 200) * 0.5},
        SchemeCase{"FixupLast", "fixup", Block(BlockRole::kNone, true), Shape::kConstant, 0, 0},
        SchemeCase{"FixupHead", "fixup", Block(BlockRole::kHead), Shape::kConstant, 0, 0},
        SchemeCase{"FixupOutside", "fixup", Wide, Shape::kNormal, 0, 0.1},
        SchemeCase{"TFixupQuery", "t-fixup", Block(BlockRole::kQuery), Shape::kUniform, 0, kXavier},
        SchemeCase{"TFixupValue", "t-fixup", Block(BlockRole::kValue), Shape::kUniform, 0,
                   0.67 * kMoreThanLast* kXavier},
        SchemeCase{"TFixupTable", "t-fixup", Table, Shape::kNormal, 0, std::pow(9, -0.25) / 10},
        SchemeCase{"DeepNormKey", "deepnorm", Block(BlockRole::kKey), Shape::kNormal, 0, kXavier},
        SchemeCase{"DeepNormMlp", "deepnorm", Block(BlockRole::kMlpOutput), Shape::kNormal, 0,
                   std::pow(32, -0.25) * kXavier},
        SchemeCase{"DeepNormEncoder", "deepnorm(stack=encoder,decoder=3)",
                   Block(BlockRole::kMlpOutput), Shape::kNormal, 0,
                   0.87 * std::pow(256 * 3, -1.0 / 16) * kXavier},
        SchemeCase{"DeepNormDecoder", "deepnorm(stack=decoder)", Block(BlockRole::kMlpOutput),
                   Shape::kNormal, 0, std::pow(48, -0.25) * kXavier},
        SchemeCase{"MupTable", "mup(base=75,std=0.02)", Table, Shape::kNormal, 0, 0.02},
        SchemeCase{"MupPositions", "mup(base=75,std=0.02)", Positions, Shape::kNormal, 0, 0.02},
        SchemeCase{"MupHidden", "mup(base=75,std=0.02)", Block(BlockRole::kQuery), Shape::kNormal,
                   0, 0.01},
        SchemeCase{"MupHead", "mup(base=75,std=0.02)", Block(BlockRole::kHead), Shape::kNormal, 0,
                   0.02},
        SchemeCase{"LogRange", "log-range", States, Shape::kOther, 1.916991257, 0.764100446},
        SchemeCase{"InverseSoftplus", "inverse-softplus", States, Shape::kOther, -4.594376165,
                   1.340381597}),
    [](const auto& test) { return test.param.name; });

// --- Parts, gates, groups ---------------------------------------------------------------------

TEST(SchemePartsTest, EachPartOfAFusedMatrixHasItsOwnFans) {
  FactsMaker maker;
  TensorFacts facts = maker.Linear(64, 96);
  facts.block_role = BlockRole::kQkv;
  facts.parts = {{"query", BlockRole::kQuery, 0, 0, 64, 64, 64},
                 {"key", BlockRole::kKey, 0, 64, 80, 64, 16},
                 {"value", BlockRole::kValue, 0, 80, 96, 64, 16}};
  PlanOptions options{.scheme = "xavier-normal"};
  const auto plan = MakePlan({facts}, options, {});
  ASSERT_TRUE(plan.ok());
  const std::vector<Piece>& pieces = plan->tensors[0].fill->pieces;
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[0].label, "query");
  EXPECT_NEAR(pieces[0].values.std, std::sqrt(2.0 / 128), 1e-12);
  EXPECT_NEAR(pieces[1].values.std, std::sqrt(2.0 / 80), 1e-12);
  EXPECT_EQ(pieces[1].begin, 64);
  EXPECT_EQ(pieces[2].end, 96);
  EXPECT_NEAR(plan->tensors[0].std, std::sqrt((2.0 / 128 * 64 + 2.0 / 80 * 32) / 96), 1e-12);
}

struct StackCase {
  BlockRole block_role;
  int64_t outputs;
  double fan_out;  // that counts
};

TEST(SchemePartsTest, LayersOfOneSizeInOneMatrixCountOneByOne) {
  const std::vector<StackCase> cases = {{BlockRole::kQkv, 192, 64},
                                        {BlockRole::kQkv, 96, 96},  // fewer keys than queries
                                        {BlockRole::kKv, 96, 48},
                                        {BlockRole::kMlpGateUp, 512, 256},
                                        {BlockRole::kMlpIn, 512, 512}};
  for (const StackCase& c : cases) {
    FactsMaker maker;
    TensorFacts facts = maker.Linear(64, c.outputs);
    facts.block_role = c.block_role;
    const auto plan = MakePlan({facts}, {.scheme = "xavier-normal"}, {});
    ASSERT_TRUE(plan.ok());
    EXPECT_NEAR(plan->tensors[0].std, std::sqrt(2 / (64 + c.fan_out)), 1e-12) << c.outputs;
    EXPECT_EQ(plan->tensors[0].fan_out, c.outputs);
  }
}

TEST(SchemePartsTest, EachGateIsOrthogonalByItself) {
  FactsMaker maker;
  TensorFacts facts = maker.Make(Role::kRnnRecurrent, {1, 32, 8});
  facts.fan_in = facts.fan_out = 8;
  facts.axes = {.batch = {0}, .output = {1}, .input = {2}};
  for (int64_t gate = 0; gate < 4; ++gate) {
    facts.parts.push_back({"gate", BlockRole::kNone, 1, gate * 8, gate * 8 + 8, 8, 8});
  }
  const auto plan = MakePlan({facts}, {}, {});
  ASSERT_TRUE(plan.ok());
  const std::vector<float> values = Realise(*plan->tensors[0].fill);
  ASSERT_EQ(values.size(), 256U);
  for (size_t gate = 0; gate < 4; ++gate) {
    for (size_t a = 0; a < 8; ++a) {
      for (size_t b = 0; b < 8; ++b) {
        double product = 0;
        for (size_t i = 0; i < 8; ++i) {
          product += values[gate * 64 + a * 8 + i] * values[gate * 64 + b * 8 + i];
        }
        EXPECT_NEAR(product, a == b, 1e-5) << gate << " " << a << " " << b;
      }
    }
  }
}

TEST(SchemePartsTest, ADiracOfGroupsPassesEachChannelOfEachGroup) {
  FactsMaker maker;
  TensorFacts facts = maker.Conv(1, 3, 3);  // depthwise
  facts.groups = 3;
  facts.fan_out = 9;
  const auto plan = MakePlan({facts}, {.scheme = "dirac"}, {});
  ASSERT_TRUE(plan.ok());
  const std::vector<float> values = Realise(*plan->tensors[0].fill);
  ASSERT_EQ(values.size(), 27U);
  for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], i % 9 == 4) << i;
}

TEST(SchemePartsTest, WhatIsUsedTimesAConstantIsDrawnThatMuchSmaller) {
  FactsMaker maker;
  TensorFacts facts = maker.Linear(100, 50);
  facts.stored_scale = -4;
  const auto plan = MakePlan({facts}, {.scheme = "kaiming-uniform(slope=1)"}, {});
  ASSERT_TRUE(plan.ok());
  EXPECT_NEAR(plan->tensors[0].std, 0.1 / 4, 1e-12);
  EXPECT_NEAR(plan->tensors[0].bound, 0.1 * std::sqrt(3) / 4, 1e-12);
  // But a number that the user gives is what is stored, and a family's code knows of no constant.
  EXPECT_EQ(MakePlan({facts}, {.scheme = "normal(std=0.5)"}, {})->tensors[0].std, 0.5);
  EXPECT_NEAR(MakePlan({facts}, {.preset = "flax"}, {})->tensors[0].std, 0.1, 1e-12);
}

// --- The table --------------------------------------------------------------------------------

TEST(SchemeTableTest, RowsAreSortedAndSayWhatTheyDo) {
  const auto rows = SchemeRows();
  for (size_t i = 1; i < rows.size(); ++i) EXPECT_LT(rows[i - 1].name, rows[i].name);
  for (const SchemeRow& row : rows) EXPECT_FALSE(row.formula.empty()) << row.name;
}

struct LackCase {
  const char* name;
  const char* scheme;
  Make facts;
  const char* sentence;
};

std::ostream& operator<<(std::ostream& out, const LackCase& c) { return out << c.name; }

class LackTest : public testing::TestWithParam<LackCase> {};

TEST_P(LackTest, TheSchemeDoesNotFitAndSaysWhy) {
  FactsMaker maker;
  const auto plan = MakePlan({GetParam().facts(maker)},
                             {.settings = {std::string("name=.:") + GetParam().scheme}}, {});
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr(GetParam().sentence));
}

TensorFacts WithoutLayout(FactsMaker& maker) {
  TensorFacts facts = maker.Linear(10, 10);
  facts.axes = {};
  return facts;
}
TensorFacts WithoutFans(FactsMaker& maker) { return maker.Make(Role::kLinear, {4, 4}); }
TensorFacts SparselyStored(FactsMaker& maker) {
  TensorFacts facts = maker.Linear(10, 10);
  facts.source = Source::kSparseInitializer;
  return facts;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, LackTest,
    testing::Values(
        LackCase{"OrthogonalWithoutLayout", "orthogonal", WithoutLayout, "rows and columns"},
        LackCase{"OrthogonalOfSomeElements", "orthogonal", SparselyStored, "only some elements"},
        LackCase{"DiracOfALinear", "dirac", Wide, "it has no kernel"},
        LackCase{"KaimingWithoutFans", "kaiming-normal", WithoutFans, "divides by is not known"},
        LackCase{"WangOutsideBlocks", "wang-init", Wide, "divides by is not known"},
        LackCase{"HeadsWithoutTable", "variance-scaling(mode=fan_in_x_head)", Wide,
                 "divides by is not known"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace onnx_reinit::plan
