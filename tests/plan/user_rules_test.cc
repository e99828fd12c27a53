// --set and recipes: what they select, and which sentence each mistake gets.
#include "plan/user_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "plan/facts.h"
#include "plan/planner.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;
using testing::ElementsAre;
using testing::HasSubstr;

// A small network: a stem, two blocks whose ends are `mlp_output`, a table, a bias, a shape.
class Network5 {
 public:
  Network5() {
    TensorFacts stem = maker_.Conv(3, 8, 3);
    stem.name = "stem.weight";
    stem.following = {"relu", 0};
    stem.uses = {{"/stem", "Conv", "", 1}};
    facts_.push_back(stem);
    for (int block = 0; block < 2; ++block) {
      TensorFacts layer = maker_.Linear(8, 8);
      layer.name = block == 0 ? "blocks.0.weight" : "blocks.1.weight";
      layer.scope = block == 0 ? "" : "loop.body";
      layer.block_role = BlockRole::kMlpOutput;
      layer.block_index = block;
      layer.block_count = 2;
      layer.residual_output = block == 1;
      layer.uses = {{"/fc", "MatMul", "", 1}};
      facts_.push_back(layer);
    }
    Add(Role::kEmbedding, {10, 8}, "table");
    Add(Role::kBias, {8}, "stem.bias");
    Add(Role::kConstant, {8}, "window");
  }

  absl::StatusOr<Plan> MakePlan(const PlanOptions& options) const {
    return plan::MakePlan(facts_, options, {});
  }

 private:
  void Add(Role role, wire::Dims dims, const char* name) {
    facts_.push_back(maker_.Make(role, std::move(dims)));
    facts_.back().name = name;
  }

  FactsMaker maker_;
  std::vector<TensorFacts> facts_;
};

// Names of the tensors for which the rule decided: with 0.125 for their value.
std::vector<std::string> Marked(const Plan& plan) {
  std::vector<std::string> names;
  for (const TensorPlan& tensor : plan.tensors) {
    if (tensor.fill && tensor.std == 0 && tensor.mean == 0.125) names.push_back(tensor.name);
  }
  return names;
}

struct SelectCase {
  const char* name;
  const char* setting;  // the selector of --set
  const char* recipe;   // the same in a recipe
  std::vector<std::string> marked;
};

std::ostream& operator<<(std::ostream& out, const SelectCase& c) { return out << c.name; }

class SelectTest : public testing::TestWithParam<SelectCase> {};

TEST_P(SelectTest, AsASetting) {
  const auto plan = Network5().MakePlan(
      {.settings = {std::string(GetParam().setting) + ":constant(value=0.125)"}});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(Marked(*plan), GetParam().marked);
}

TEST_P(SelectTest, AsARecipe) {
  const auto plan = Network5().MakePlan(
      {.recipe = std::string("rule { ") + GetParam().recipe + " scheme: 'constant(value=0.125)' }",
       .recipe_name = "recipe.txt"});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(Marked(*plan), GetParam().marked);
}

INSTANTIATE_TEST_SUITE_P(
    Selectors, SelectTest,
    testing::Values(
        SelectCase{"Role", "role=embedding", "role: 'embedding'", {"table"}},
        SelectCase{"OneOfRoles",
                   "role=embedding|conv",
                   "role: 'embedding' role: 'conv'",
                   {"stem.weight", "table"}},
        SelectCase{"NameIsFoundAnywhere",
                   "name=weight",
                   "name: 'weight'",
                   {"stem.weight", "blocks.0.weight", "blocks.1.weight"}},
        SelectCase{"NameFromTheBeginning",
                   "name=^stem\\.",
                   "name: '^stem\\\\.'",
                   {"stem.weight", "stem.bias"}},
        SelectCase{"BlockRole",
                   "block_role=mlp_output",
                   "block_role: 'mlp_output'",
                   {"blocks.0.weight", "blocks.1.weight"}},
        SelectCase{"Operator", "op_type=Conv", "op_type: 'Conv'", {"stem.weight"}},
        SelectCase{"Scope", "scope=^loop", "scope: '^loop'", {"blocks.1.weight"}},
        SelectCase{"Dims", "dims=-1x3x3x3", "dims: [-1, 3, 3, 3]", {"stem.weight"}},
        SelectCase{"DimsOfOneAxis", "dims=8", "dims: 8", {"stem.bias"}},
        SelectCase{"FirstBlock", "first_block=1", "first_block: 1", {"blocks.1.weight"}},
        SelectCase{"LastBlock", "last_block=0", "last_block: 0", {"blocks.0.weight"}},
        SelectCase{
            "ResidualOutput", "residual_output=true", "residual_output: true", {"blocks.1.weight"}},
        SelectCase{"Activation",
                   "following_activation=relu",
                   "following_activation: 'relu'",
                   {"stem.weight"}},
        SelectCase{"AllConditionsHold",
                   "role=linear,first_block=0,scope=^$",
                   "role: 'linear' first_block: 0 scope: '^$'",
                   {"blocks.0.weight"}},
        SelectCase{"AConstantOnlyByItsRole", "role=constant", "role: 'constant'", {"window"}}),
    [](const auto& test) { return test.param.name; });

TEST(UserRulesTest, TheFirstRuleThatFitsDecidesThenThePreset) {
  const auto plan = Network5().MakePlan({.settings = {"name=blocks.0:ones", "role=linear:zeros"},
                                         .recipe = "rule { name: 'blocks' scheme: 'normal' }\n"
                                                   "rule { name: 'stem.w' scheme: 'orthogonal' }",
                                         .recipe_name = "r"});
  // blocks.1 is zeros by the second setting, so that the recipe's first rule never decides.
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("r:1:1: the rule never decides"));

  const auto good = Network5().MakePlan({.settings = {"name=blocks.0:ones"},
                                         .recipe = "rule { name: 'blocks' scheme: 'normal' }\n",
                                         .recipe_name = "r"});
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_EQ(good->tensors[1].scheme, "ones");
  EXPECT_EQ(good->tensors[2].scheme, "normal");
  EXPECT_EQ(good->tensors[0].scheme, "kaiming-normal");
}

TEST(UserRulesTest, KeepAndReset) {
  const auto plan = Network5().MakePlan({.recipe = "rule { name: 'stem' role: 'conv' keep: true }\n"
                                                   "rule { role: 'bias' reset: true }",
                                         .recipe_name = "r"});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->tensors[0].action, Action::kKeep);
  EXPECT_THAT(plan->tensors[0].reason, HasSubstr("kept: r:1:1"));
  EXPECT_EQ(plan->tensors[4].scheme, "zeros");
}

TEST(UserRulesTest, ARuleMayDecideForOnePartOfAFusedMatrix) {
  FactsMaker maker;
  TensorFacts fused = maker.Linear(4, 8);
  fused.parts = {{"query", BlockRole::kQuery, 0, 0, 4, 4, 4},
                 {"key", BlockRole::kKey, 0, 4, 8, 4, 4}};
  const auto plan = MakePlan({fused}, {.settings = {"block_role=key:zeros"}}, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  const std::vector<Piece>& pieces = plan->tensors[0].fill->pieces;
  EXPECT_EQ(pieces[0].values.distribution, Distribution::kTruncatedNormal);
  EXPECT_EQ(pieces[1].values.distribution, Distribution::kConstant);
  EXPECT_EQ(plan->tensors[0].distribution, "mixed");

  const auto kept = MakePlan({fused}, {.settings = {"block_role=key:keep"}}, {});
  EXPECT_THAT(std::string(kept.status().message()), HasSubstr("cannot be kept in part"));
}

TEST(UserRulesTest, WhatASchemeDoesNotFitIsLeftToTheNextRuleWithAWarning) {
  const auto plan = Network5().MakePlan({.settings = {"role=conv|linear:dirac"}});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->tensors[0].scheme, "dirac");
  EXPECT_NE(plan->tensors[1].scheme, "dirac");
  EXPECT_THAT(
      plan->warnings,
      ElementsAre(HasSubstr("left to the rules after it: tensor 'blocks.0.weight': dirac")));
}

struct BadCase {
  const char* name;
  const char* text;
  const char* sentence;
};

std::ostream& operator<<(std::ostream& out, const BadCase& c) { return out << c.name; }

void ExpectRefused(const absl::StatusOr<Plan>& plan, const char* sentence) {
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument) << plan.status();
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr(sentence));
}

class BadSettingTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadSettingTest, IsRefused) {
  ExpectRefused(Network5().MakePlan({.settings = {GetParam().text}}), GetParam().sentence);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadSettingTest,
    testing::Values(
        BadCase{"NoColon", "role=bias", "it is SELECTOR:SCHEME, such as"},
        BadCase{"NoSelector", ":zeros", "column 1: a selector is key=value"},
        BadCase{"CommaInAPattern", "name=x{1,2}:zeros",
                "column 10: a selector is key=value; a pattern that has a comma can be written"},
        BadCase{"ShapesAreNotDrawn", "role=structural:zeros", "it can be kept, but not drawn"},
        BadCase{"UnknownSelector", "role=bias,rule=x:zeros",
                "column 11: there is no selector 'rule', only block_role, dims, first_block,"},
        BadCase{"UnknownRole", "role=baias:zeros", "there is no role 'baias', only linear, conv,"},
        BadCase{"UnknownBlockRole", "block_role=q:zeros",
                "there is no block_role 'q', only query, key,"},
        BadCase{"NoPattern", "name=(:zeros", "'(' is no RE2 pattern"},
        BadCase{"NoDims", "dims=3xa:zeros", "'3xa' is no dims"},
        BadCase{"NoNumber", "first_block=one:zeros", "'one' is no first_block"},
        BadCase{"NoTruth", "residual_output=yes:zeros", "'yes' is no residual_output"},
        BadCase{"UnknownScheme", "role=bias:zeroes", "there is no scheme 'zeroes'"},
        BadCase{"MatchesNothing", "name=decoder:zeros",
                "--set 'name=decoder:zeros': the rule fits no tensor"},
        BadCase{"ContradictsItself", "role=bias,block_role=query:zeros", "fits no tensor"},
        BadCase{"NoneMayChange", "name=window:zeros", "fits no tensor of this model that may"},
        BadCase{"ResetOfAWeight", "role=linear:reset", "a linear has no value to be reset to"}),
    [](const auto& test) { return test.param.name; });

class BadRecipeTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadRecipeTest, IsRefusedWithLineAndColumn) {
  ExpectRefused(Network5().MakePlan({.recipe = GetParam().text, .recipe_name = "dir/recipe.txt"}),
                GetParam().sentence);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadRecipeTest,
    testing::Values(
        BadCase{"UnknownField", "rule {\n  rolle: 'bias'\n}", "dir/recipe.txt:2:8: "},
        BadCase{"NoTextFormat", "rules\n", "dir/recipe.txt:"},
        BadCase{"WrongType", "rule { name: 3 keep: true }", "dir/recipe.txt:1:14: "},
        BadCase{"UnknownRole", "rule {\n  role: 'bias'\n  role: 'wieght'\n  keep: true\n}",
                "dir/recipe.txt:3:3: there is no role 'wieght'"},
        BadCase{"NoPattern", "# first\nrule { name: '(' keep: true }",
                "dir/recipe.txt:2:8: '(' is no RE2 pattern"},
        BadCase{"NoScheme", "rule { role: 'bias'\n       scheme: 'zeroes' }",
                "dir/recipe.txt:2:8: scheme 'zeroes', column 1"},
        BadCase{"NoValues", "rule { role: 'bias' }", "dir/recipe.txt:1:1: the rule says neither"},
        BadCase{"TwoValues", "rule { role: 'bias' keep: true reset: true }",
                "dir/recipe.txt:1:37: "},
        BadCase{"KeepFalse", "rule { role: 'bias' keep: false }", "the rule says neither"},
        BadCase{"MatchesNothing",
                "rule { role: 'bias' scheme: 'zeros' }\nrule { name: 'head' keep: true }",
                "dir/recipe.txt:2:1: the rule fits no tensor"},
        BadCase{"NeverApplies",
                "rule { name: '.' keep: true }\n\n rule { role: 'bias' scheme: 'ones' }",
                "dir/recipe.txt:3:2: the rule never decides"},
        BadCase{"CannotBeCarriedOut", "rule { role: 'linear' scheme: 'dirac' }",
                "dir/recipe.txt:1:1: the rule cannot be carried out: tensor 'blocks.0.weight': "
                "dirac does not fit: it has no kernel"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace onnx_reinit::plan
