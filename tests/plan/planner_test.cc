// The planner around the schemes: what is kept and why, quantised tensors, ties, large plans.
#include "plan/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "plan/facts.h"
#include "plan/plan_json.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TensorFacts Named(TensorFacts facts, const char* name) {
  facts.name = name;
  return facts;
}

class PlannerTest : public testing::Test {
 protected:
  static Plan Make(const std::vector<TensorFacts>& facts, const PlanOptions& options = {}) {
    auto plan = MakePlan(facts, options, {});
    EXPECT_TRUE(plan.ok()) << plan.status();
    return plan.ok() ? *std::move(plan) : Plan{};
  }
  FactsMaker maker_;
};

// --- Threads ----------------------------------------------------------------------------------

// More tensors than one thread takes alone; the first that `dirac` is not for is in a later share.
std::vector<TensorFacts> ManyFacts(FactsMaker& maker) {
  constexpr int kCount = 3000;
  std::vector<TensorFacts> facts;
  facts.reserve(kCount);
  for (int i = 0; i < kCount; ++i) {
    facts.push_back(i < 200 || i % 3 == 0 ? maker.Conv(4, 8, 3) : maker.Linear(16, 8));
  }
  return facts;
}

class PlannerThreadsTest : public testing::TestWithParam<int> {
 protected:
  absl::StatusOr<Plan> Make(PlanOptions options, int threads) {
    options.threads = threads;
    return MakePlan(facts_, options, {});
  }
  FactsMaker maker_;
  std::vector<TensorFacts> facts_ = ManyFacts(maker_);
};

TEST_P(PlannerThreadsTest, GiveThePlanOfOne) {
  const PlanOptions options = {.settings = {"role=conv|linear:dirac"},
                               .keep = {"tensor777$", "nothing"}};
  const auto one = Make(options, 1);
  const auto several = Make(options, GetParam());
  ASSERT_TRUE(one.ok() && several.ok()) << one.status() << several.status();
  EXPECT_EQ(ToJson(*several), ToJson(*one));
  EXPECT_EQ(several->warnings, one->warnings);
  EXPECT_THAT(several->warnings, Contains(HasSubstr("tensor 'tensor201'")));
}

TEST_P(PlannerThreadsTest, RefuseTheFirstTensorThatIsRefused) {
  for (const size_t i : {2500U, 1500U, 2000U}) {
    facts_[i].parts = {{"query", BlockRole::kQuery, 0, 0, 4, 36, 36},
                       {"key", BlockRole::kKey, 0, 4, 8, 36, 36}};
  }
  const auto plan = Make({.settings = {"block_role=query:keep"}}, GetParam());
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("'tensor1501'"));
}

INSTANTIATE_TEST_SUITE_P(Counts, PlannerThreadsTest, testing::Values(1, 2, 7),
                         testing::PrintToStringParamName());

// --- Kept, and why ----------------------------------------------------------------------------

TEST_F(PlannerTest, ThereIsAnEntryForEachTensorInTheirOrder) {
  TensorFacts shape = Named(maker_.Make(Role::kStructural, {4}), "shape");
  shape.reason = "integers are not trained";
  const Plan plan = Make({Named(maker_.Linear(4, 4), "w"), shape}, {.seed = 7});
  ASSERT_EQ(plan.tensors.size(), 2U);
  EXPECT_EQ(plan.seed, 7U);
  EXPECT_EQ(plan.preset, "auto");
  EXPECT_EQ(plan.tensors[0].name, "w");
  EXPECT_EQ(plan.tensors[1].action, Action::kKeep);
  EXPECT_EQ(plan.tensors[1].reason, "integers are not trained");
  EXPECT_EQ(plan.tensors[1].scheme, "");
}

TEST_F(PlannerTest, TheReasonIsThatOfTheRoleThenTheRule) {
  TensorFacts facts = maker_.Linear(100, 60);
  facts.reason = "W -> Gemm.B of fc1; followed by relu";
  facts.following = {"relu", 0};
  EXPECT_EQ(Make({facts}).tensors[0].reason,
            "W -> Gemm.B of fc1; followed by relu; preset auto: kaiming-normal, gain 1.414, fan_in "
            "100, fan_out 60, std 0.1414");
}

// What is kept although it is learned is a weight, too.
TEST_F(PlannerTest, AModelWithoutWeightsIsWorthAWarning) {
  const auto no_weights = HasSubstr("stores no weights");
  EXPECT_THAT(Make({maker_.Make(Role::kConstant, {4})}).warnings, ElementsAre(no_weights));
  EXPECT_THAT(Make({}).warnings, ElementsAre(no_weights));
  TensorFacts kept = maker_.Make(Role::kBias, {4});
  kept.unfillable = "it is packed";
  EXPECT_THAT(Make({kept}).warnings, IsEmpty());
}

TEST_F(PlannerTest, WhereNoReasonIsWantedOnlyThatOfWhatStaysIsGiven) {
  TensorFacts drawn = Named(maker_.Linear(4, 4), "drawn");
  TensorFacts kept = Named(maker_.Linear(4, 4), "kept");
  TensorFacts gain = Named(maker_.Make(Role::kParameter, {4, 1}), "gain");
  gain.direction = drawn.tensor;
  drawn.is_explained = kept.is_explained = gain.is_explained = false;
  const Plan plan = Make({drawn, kept, gain}, {.keep = {"kept"}});
  EXPECT_EQ(plan.tensors[0].reason, "");
  EXPECT_EQ(plan.tensors[1].reason, "kept: --keep names it");
  EXPECT_EQ(plan.tensors[2].action, Action::kReinitialize);
  EXPECT_EQ(plan.tensors[2].reason, "");
}

TEST_F(PlannerTest, KeepWinsOverEverything) {
  const Plan plan = Make({Named(maker_.Linear(4, 4), "a.weight"), maker_.Linear(4, 4)},
                         {.settings = {"role=linear:zeros"}, .keep = {"^a\\."}});
  EXPECT_EQ(plan.tensors[0].action, Action::kKeep);
  EXPECT_THAT(plan.tensors[0].reason, HasSubstr("kept: --keep names it"));
  EXPECT_EQ(plan.tensors[1].scheme, "zeros");
  EXPECT_THAT(plan.warnings, IsEmpty());
}

TEST_F(PlannerTest, OnlyLeavesAllOthers) {
  const Plan plan = Make({Named(maker_.Linear(4, 4), "a.weight"), Named(maker_.Linear(4, 4), "b")},
                         {.only = {"weight$"}});
  EXPECT_EQ(plan.tensors[0].action, Action::kReinitialize);
  EXPECT_EQ(plan.tensors[1].action, Action::kKeep);
  EXPECT_THAT(plan.tensors[1].reason, HasSubstr("--only does not name it"));
}

TEST_F(PlannerTest, APatternThatIsFoundNowhereIsAWarning) {
  const Plan plan = Make({Named(maker_.Linear(4, 4), "a")}, {.keep = {"head"}, .only = {"a", "b"}});
  EXPECT_THAT(plan.warnings,
              ElementsAre("--keep 'head' is found in no name", "--only 'b' is found in no name"));
}

TEST_F(PlannerTest, APatternThatIsNoneIsRefused) {
  const auto plan = MakePlan({}, {.only = {"["}}, {});
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("--only '[' is no RE2 pattern"));
}

TEST_F(PlannerTest, RequireAllNamesTheFirstTensorThatWouldStay) {
  const std::vector<TensorFacts> facts = {maker_.Linear(4, 4),
                                          Named(maker_.Make(Role::kLayerScale, {4}), "gamma"),
                                          maker_.Make(Role::kConstant, {4})};
  const auto plan = MakePlan(facts, {.require_all = true}, {});
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(plan.status().message()),
              HasSubstr("tensor 'gamma' would keep its values, which --require-all forbids: kept"));

  EXPECT_TRUE(
      MakePlan(facts, {.settings = {"role=layer_scale:ones"}, .require_all = true}, {}).ok());
}

TEST_F(PlannerTest, WhatCannotBeWrittenIsKeptWithItsReason) {
  TensorFacts empty = maker_.Linear(0, 4);
  TensorFacts integers = maker_.Linear(4, 4);
  maker_.tensor(integers).data_type = 3;  // INT8, without a grid
  const Plan plan = Make({empty, integers});
  EXPECT_THAT(plan.tensors[0].reason, HasSubstr("kept: it has no elements"));
  EXPECT_THAT(plan.tensors[1].reason, HasSubstr("INT8 stand for no real numbers"));
  EXPECT_EQ(plan.tensors[1].action, Action::kKeep);
}

TEST_F(PlannerTest, WhatIsPackedIsKeptAndRequireAllRefusesIt) {
  TensorFacts packed = Named(maker_.Linear(4, 4), "packed");
  packed.unfillable = "it is packed";
  TensorFacts constant = Named(maker_.Make(Role::kConstant, {4}), "constant");
  constant.unfillable = "it is packed";
  const Plan plan = Make({packed, constant});
  EXPECT_EQ(plan.tensors[0].action, Action::kKeep);
  EXPECT_THAT(plan.tensors[0].reason, HasSubstr("kept: it is packed"));
  EXPECT_THAT(plan.tensors[1].reason, Not(HasSubstr("packed")));
  EXPECT_EQ(MakePlan({packed}, {.require_all = true}, {}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(MakePlan({constant}, {.require_all = true}, {}).ok());
}

TEST_F(PlannerTest, TensorsOfUnknownOperatorsAreCountedInAWarning) {
  TensorFacts first = Named(maker_.Make(Role::kConstant, {4}), "first");
  first.unknown_reader = "Dense of domain 'vendor'";
  TensorFacts second = Named(maker_.Make(Role::kConstant, {4}), "second");
  second.unknown_reader = "Other of domain ''";
  EXPECT_THAT(Make({maker_.Linear(4, 4), first, second}).warnings,
              ElementsAre(HasSubstr(": 2; the first is 'first', which Dense of domain 'vendor'")));
  EXPECT_THAT(Make({maker_.Linear(4, 4)}).warnings, IsEmpty());
}

TEST_F(PlannerTest, IntegersThatAreResetToZeroNeedNoGrid) {
  TensorFacts bias = maker_.Make(Role::kBias, {4});
  maker_.tensor(bias).data_type = 6;  // INT32
  EXPECT_EQ(Make({bias}).tensors[0].scheme, "zeros");
  EXPECT_EQ(Make({bias}, {.settings = {"role=bias:ones"}}).tensors[0].action, Action::kKeep);
}

// --- What is drawn ----------------------------------------------------------------------------

TEST_F(PlannerTest, ASchemeIsForTheTensorsThatItMakesSenseFor) {
  std::vector<TensorFacts> facts = {maker_.Linear(4, 4), maker_.Make(Role::kEmbedding, {9, 4}),
                                    maker_.Make(Role::kBias, {4})};
  const Plan by_fans = Make(facts, {.scheme = "xavier-uniform"});
  EXPECT_EQ(by_fans.tensors[0].scheme, "xavier-uniform");
  EXPECT_EQ(by_fans.tensors[1].scheme, "truncated-normal");
  EXPECT_EQ(by_fans.tensors[2].scheme, "zeros");
  const Plan by_numbers = Make(facts, {.scheme = "normal(std=0.5)"});
  EXPECT_EQ(by_numbers.tensors[1].std, 0.5);
  EXPECT_EQ(by_numbers.tensors[2].scheme, "zeros");
}

TEST_F(PlannerTest, ASchemeThatDoesNotFitLeavesTheTensorToThePreset) {
  const Plan plan =
      Make({maker_.Conv(4, 4, 3), maker_.Linear(4, 4)}, {.scheme = "delta-orthogonal"});
  EXPECT_EQ(plan.tensors[0].scheme, "delta-orthogonal");
  EXPECT_EQ(plan.tensors[1].scheme, "lecun-normal");
}

TEST_F(PlannerTest, LayerscaleAndZeroGammaAreForTheirRoles) {
  TensorFacts last = maker_.Make(Role::kNormScale, {4});
  last.residual_output = true;
  const std::vector<TensorFacts> facts = {maker_.Make(Role::kLayerScale, {4}), last,
                                          maker_.Make(Role::kNormScale, {4})};
  EXPECT_EQ(Make(facts, {.scheme = "layerscale(eps=1e-4)"}).tensors[0].mean, 1e-4);
  const Plan plan = Make(facts, {.scheme = "zero-gamma"});
  EXPECT_EQ(plan.tensors[1].mean, 0);
  EXPECT_EQ(plan.tensors[2].mean, 1);
}

TEST_F(PlannerTest, ASchemeForSingleTensorsIsNoneForAll) {
  const auto plan = MakePlan({maker_.Linear(4, 4)}, {.scheme = "log-range"}, {});
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("name them with --set"));
}

TEST_F(PlannerTest, AMatrixThatIsAlsoATableIsDrawnOnceAsATable) {
  TensorFacts tied = maker_.Linear(64, 500);
  tied.uses = {{"/embed", "Gather", "", 0}, {"/head", "MatMul", "", 1}};
  const Plan plan = Make({tied});
  ASSERT_EQ(plan.tensors.size(), 1U);
  EXPECT_NEAR(plan.tensors[0].std, 0.02, 1e-12);
  EXPECT_EQ(plan.tensors[0].uses.size(), 2U);
}

TEST_F(PlannerTest, IndicesDoNotMakeATable) {
  TensorFacts picked = maker_.Linear(64, 500);
  picked.uses = {{"/pick", "Gather", "", 1}, {"/fc", "MatMul", "", 1}};
  EXPECT_EQ(Make({picked}).tensors[0].scheme, "lecun-normal");
}

TEST_F(PlannerTest, AFrameworksFansAreShownWhereTheyWereAskedFor) {
  TensorFacts facts = maker_.Conv(1, 8, 3);
  facts.groups = 8;
  facts.fan_out = 9;
  const Plan torch =
      Make({facts}, {.scheme = "xavier-normal", .fan_convention = FanConvention::kTorch});
  EXPECT_EQ(torch.tensors[0].fan_out, 72);
  EXPECT_NEAR(torch.tensors[0].std, std::sqrt(2.0 / 81), 1e-12);
}

// A preset that counts otherwise says so in the reason; the plan has the graph's fans.
TEST_F(PlannerTest, APresetsFansAreInTheReason) {
  TensorFacts facts = maker_.Conv(1, 8, 3);
  facts.groups = 8;
  facts.fan_out = 9;
  const TensorPlan preset = Make({facts}, {.preset = "resnet"}).tensors[0];
  EXPECT_EQ(preset.fan_out, 9);
  EXPECT_NEAR(preset.std, std::sqrt(2.0 / 72), 1e-12);
  EXPECT_THAT(preset.reason, HasSubstr("fan_out 72 as the framework counts them"));
  const TensorPlan exact =
      Make({facts}, {.preset = "resnet", .fan_convention = FanConvention::kExact}).tensors[0];
  EXPECT_NEAR(exact.std, std::sqrt(2.0 / 9), 1e-12);
  EXPECT_THAT(exact.reason, HasSubstr("fan_out 9, std"));
}

TEST_F(PlannerTest, ASchemeThatDecidesForNothingIsAWarning) {
  const Plan idle = Make({maker_.Linear(4, 4)}, {.scheme = "zero-gamma"});
  EXPECT_THAT(idle.warnings, ElementsAre(HasSubstr("--scheme zero-gamma decides for no tensor: no "
                                                   "tensor of this model is of the kind")));
  const Plan failed = Make({maker_.Linear(4, 4)}, {.scheme = "sparse"});
  EXPECT_THAT(failed.warnings, ElementsAre(HasSubstr("sparse does not fit: of so few outputs")));
  EXPECT_THAT(Make({maker_.Linear(4, 4)}, {.scheme = "orthogonal"}).warnings, IsEmpty());
}

TEST_F(PlannerTest, TheReasonOfAStructuredMatrixHasNoStd) {
  const TensorPlan planned = Make({maker_.Linear(16, 4)}, {.scheme = "orthogonal"}).tensors[0];
  EXPECT_EQ(planned.reason, "--scheme orthogonal: orthogonal, gain 1, fan_in 16, fan_out 4");
  EXPECT_NEAR(planned.std, 0.25, 1e-12);
}

TEST_F(PlannerTest, OfASparseInitializerTheStoredElementsAreDrawn) {
  TensorFacts sparse = maker_.Linear(100, 50);
  maker_.tensor(sparse).dims = {30};
  sparse.source = Source::kSparseInitializer;
  sparse.parts = {{"query", BlockRole::kQuery, 0, 0, 50, 100, 50}};
  const TensorPlan planned = Make({sparse}).tensors[0];
  ASSERT_TRUE(planned.fill.has_value());
  EXPECT_THAT(planned.fill->dims, ElementsAre(30));
  EXPECT_EQ(planned.fill->pieces.size(), 1U);
  EXPECT_NEAR(planned.std, 0.1, 1e-12);
}

// --- Large plans ------------------------------------------------------------------------------

double Seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Ten times the tensors take about ten times as long; quadratic work would take a hundred times.
TEST_F(PlannerTest, PlansAndTheirJsonAreLinearInTheNumberOfTensors) {
  const auto time = [&](int tensors) {
    std::vector<TensorFacts> facts;
    facts.reserve(static_cast<size_t>(tensors));
    for (int i = 0; i < tensors; ++i) facts.push_back(maker_.Linear(8, 8));
    return Seconds([&] {
      const auto plan = MakePlan(facts, {}, {});
      EXPECT_EQ(FromJson(ToJson(*plan))->tensors.size(), facts.size());
    });
  };
  time(100);
  const double small = time(1000);
  EXPECT_LT(time(10000), 40 * small);
}

}  // namespace
}  // namespace onnx_reinit::plan
