#include "plan/plan_json.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "plan.pb.h"
#include "plan/summary.h"

namespace onnx_reinit::plan {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

TensorPlan Reinitialized() {
  TensorPlan tensor{.name = "fc.weight", .data_type = 10, .dims = {8, 4}, .role = Role::kLinear};
  tensor.block_role = BlockRole::kQkv;
  tensor.uses = {{"/fc", "Gemm", "", 1}};
  tensor.fan_in = 4;
  tensor.fan_out = 8;
  tensor.preceding_activation = "none";
  tensor.following_activation = "relu";
  tensor.block_count = 2;
  tensor.action = Action::kReinitialize;
  tensor.scheme = "orthogonal";
  tensor.gain = 2;
  Fill fill{.dims = tensor.dims, .data_type = tensor.data_type};
  fill.pieces.push_back({.label = "query", .axis = 0, .begin = 0, .end = 6});
  fill.pieces[0].values = {.distribution = Distribution::kOrthogonal, .gain = 2};
  fill.pieces[0].matrix = {.output = {0}, .input = {1}};
  fill.pieces.push_back({.label = "key", .axis = 0, .begin = 6, .end = 8});
  fill.pieces[1].values = {.distribution = Distribution::kTruncatedNormal,
                           .mean = 0.5,
                           .std = 0.1,
                           .bound = 0.3,
                           .parent_std = 1.0 / 3,
                           .low = -0.3,
                           .high = 0.3};
  tensor.fill = fill;
  const Summary summary = Summarize(fill);
  tensor.distribution = summary.distribution;
  tensor.mean = summary.mean;
  tensor.std = summary.std;
  tensor.bound = summary.bound;
  tensor.grid = Grid{.scale_name = "scale", .zero_point_scope = "body", .axis = 0, .block_size = 4};
  return tensor;
}

Plan Sample() {
  Plan plan{.seed = 18446744073709551615U, .preset = "auto", .warnings = {"Careful."}};
  plan.tensors.push_back(Reinitialized());
  plan.tensors.push_back({.name = "shape", .scope = "loop.body", .data_type = 7, .dims = {2}});
  return plan;
}

Plan RoundTrip(const Plan& plan) {
  const auto back = FromJson(ToJson(plan));
  EXPECT_TRUE(back.ok()) << back.status();
  return back.ok() ? *back : Plan{};
}

TEST(PlanJsonTest, WhatWasWrittenComesBack) {
  const Plan back = RoundTrip(Sample());
  EXPECT_EQ(ToJson(back), ToJson(Sample()));
  EXPECT_EQ(back.seed, Sample().seed);
  const Fill& fill = *back.tensors.at(0).fill;
  EXPECT_EQ(fill.dims, Sample().tensors[0].dims);
  EXPECT_EQ(fill.pieces[1].values.parent_std, 1.0 / 3);
  EXPECT_EQ(fill.pieces[1].values.gain, 1);
  EXPECT_EQ(fill.pieces[0].values.gain, 2);
  EXPECT_EQ(fill.pieces[0].end, 6);
  EXPECT_EQ(back.tensors[0].grid->scale_name, "scale");
  EXPECT_EQ(back.tensors[0].grid->zero_point_scope, "body");
  EXPECT_EQ(back.tensors[0].grid->block_size, 4);
}

// The tensors are printed one by one.
TEST(PlanJsonTest, TheWholeIsAsProtobufPrintsIt) {
  Plan tricky = Sample();
  tricky.preset_reason = "\n \"tensors\": [";
  for (const Plan& plan : {Plan{}, Sample(), tricky}) {
    proto::Plan whole;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(ToJson(plan), &whole).ok());
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    options.always_print_primitive_fields = true;
    options.add_whitespace = true;
    std::string json;
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(whole, &json, options).ok());
    EXPECT_EQ(ToJson(plan), json);
  }
}

TEST(PlanJsonTest, KeysAreThoseOfTheReadmeWithDefaultsKept) {
  const std::string json = ToJson(Sample());
  for (const char* key : {"name",
                          "scope",
                          "source",
                          "data_type",
                          "dims",
                          "role",
                          "block_role",
                          "uses",
                          "node",
                          "op_type",
                          "domain",
                          "input",
                          "fan_in",
                          "fan_out",
                          "preceding_activation",
                          "following_activation",
                          "residual_output",
                          "block_index",
                          "block_count",
                          "action",
                          "scheme",
                          "distribution",
                          "gain",
                          "mean",
                          "std",
                          "bound",
                          "reason"}) {
    EXPECT_THAT(json, HasSubstr("\"" + std::string(key) + "\": "));
  }
  EXPECT_THAT(json, HasSubstr(R"("data_type": "FLOAT16")"));
  EXPECT_THAT(json, HasSubstr(R"("residual_output": false)"));
  EXPECT_THAT(json, Not(HasSubstr("sparsity"))) << "a piece lists only what its values use";
}

TEST(PlanJsonTest, NamesThatAreNoUtf8ComeBack) {
  Plan plan = Sample();
  plan.tensors[0].name = "w\xFF";
  plan.tensors[1].scope = "\xC0";
  plan.tensors[0].grid = Grid{.scale_scope = "\xC1",
                              .scale_name = "s\xFF",
                              .zero_point_scope = "\xC2",
                              .zero_point_name = "z\xFF"};
  const Plan back = RoundTrip(plan);
  EXPECT_EQ(back.tensors.at(0).name, "w\xFF");
  EXPECT_EQ(back.tensors.at(1).scope, "\xC0");
  const Grid grid = back.tensors[0].grid.value_or(Grid{});
  EXPECT_EQ(grid.scale_scope, "\xC1");
  EXPECT_EQ(grid.scale_name, "s\xFF");
  EXPECT_EQ(grid.zero_point_scope, "\xC2");
  EXPECT_EQ(grid.zero_point_name, "z\xFF");
}

TEST(PlanJsonTest, ATensorThatIsSetToKeepLosesItsFill) {
  std::string json = ToJson(Sample());
  json.replace(json.find("\"reinitialize\""), 14, "\"keep\"");
  const auto plan = FromJson(json);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_FALSE(plan->tensors[0].fill.has_value());
}

TEST(PlanJsonTest, OfAnEditedPlanTheFillCountsAndSaysSo) {
  std::string json = ToJson(Sample());
  const std::string before = R"("std": 0.1,)";
  json.replace(json.rfind(before), before.size(), R"("std": 0.5,)");
  const auto plan = FromJson(json);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->tensors[0].fill->pieces[1].values.std, 0.5);
  EXPECT_NE(plan->tensors[0].std, Sample().tensors[0].std);
  EXPECT_THAT(plan->warnings, Contains(HasSubstr("tensor 'fc.weight' has std")));
}

TEST(PlanJsonTest, AMatrixOfAxesThatTheTensorHasNotIsRefused) {
  Plan plan = Sample();
  plan.tensors[0].fill->pieces[0].matrix.input = {7};
  const auto back = FromJson(ToJson(plan));
  EXPECT_EQ(back.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(back.status().message()), HasSubstr("an axis that it has not"));
}

struct BadCase {
  const char* name;
  const char* from;
  const char* to;
  const char* sentence;
};

std::ostream& operator<<(std::ostream& out, const BadCase& c) { return out << c.name; }

class BadPlanTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadPlanTest, IsRefused) {
  std::string json = ToJson(Sample());
  const size_t at = json.find(GetParam().from);
  ASSERT_NE(at, std::string::npos);
  json.replace(at, std::string(GetParam().from).size(), GetParam().to);
  const auto plan = FromJson(json);
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr(GetParam().sentence));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadPlanTest,
    testing::Values(
        BadCase{"NoJson", "{", "[", "this is no plan"},
        BadCase{"UnknownField", "\"seed\"", "\"sede\"", "sede"},
        BadCase{"UnknownRole", "\"linear\"", "\"linaer\"", "'fc.weight': its role is 'linaer'"},
        BadCase{"UnknownAction", "\"keep\"", "\"kept\"",
                "'kept', which is none of reinitialize, keep"},
        BadCase{"UnknownBlockRole", "\"qkv\"", "\"qvk\"", "none of query, key, value, qkv, kv,"},
        BadCase{"UnknownType", "FLOAT16", "FLOAT17",
                "its data_type is 'FLOAT17', which is none of"},
        BadCase{"UnknownDistribution", "\"distribution\": \"orthogonal\"",
                "\"distribution\": \"normla\"",
                "its distribution is 'normla', which is none of constant, uniform, normal,"},
        BadCase{"OtherStream", "\"stream\": 1", "\"stream\": 2", "stream 2"},
        BadCase{"AnAxisWithoutItsEnd", R"("end": "6",)", "", "but not all three"},
        BadCase{"AnEndWithoutItsAxis", R"("axis": 0,)", "", "but not all three"},
        BadCase{"NoSuchAxis", R"("axis": 0,)", R"("axis": 2,)", "an axis that it has not"},
        BadCase{"NoFill", "\"keep\"", "\"reinitialize\"", "'shape': it is to be reinitialized"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace onnx_reinit::plan
