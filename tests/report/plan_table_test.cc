#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "onnx_reinit/report.h"
#include "report/sample_plan.h"

namespace onnx_reinit {
namespace {

using report::SamplePlan;

using testing::HasSubstr;
using testing::Not;

TEST(PlanTableTest, OneLinePerTensorThatTrainingChanges) {
  EXPECT_EQ(
      PlanTable(SamplePlan(), {}),
      "tensor       shape     type   role  fan_in  fan_out  activation  scheme          values\n"
      "conv.weight  16x3x3x3  float  conv      27      144  relu        kaiming_normal  std 0.272\n"
      "conv.bias    16        float  bias                               zeros           0\n"
      "not shown: 1 tensor that no training changes (--verbose lists them)\n"
      "2 tensors (448 elements) with new values, 1 kept; seed 42, preset auto\n");
}

TEST(PlanTableTest, VerboseListsEveryTensorWithItsReason) {
  const std::string table = PlanTable(SamplePlan(), {.verbose = true});
  EXPECT_THAT(table, HasSubstr("\n    weight of Conv\n"));
  EXPECT_THAT(table, HasSubstr("structural"));
  EXPECT_THAT(table, HasSubstr("\n    shape of Reshape\n"));
  EXPECT_THAT(table, Not(HasSubstr("not shown")));
}

TEST(PlanTableTest, AKeptLearnedTensorIsAlwaysShown) {
  Plan plan = SamplePlan();
  plan.tensors[0].action = Action::kKeep;
  EXPECT_THAT(PlanTable(plan, {}), HasSubstr("relu        kept\n"));
}

TEST(PlanTableTest, GroupsByBlock) {
  Plan plan = SamplePlan();
  plan.tensors[0].block_index = 1;
  plan.tensors[0].block_count = 2;
  const std::string table = PlanTable(plan, {});
  const size_t outside = table.find("outside the blocks\nconv.bias");
  const size_t block = table.find("block 2 of 2\nconv.weight");
  ASSERT_NE(outside, std::string::npos) << table;
  ASSERT_NE(block, std::string::npos) << table;
  EXPECT_LT(outside, block);
}

TEST(PlanTableTest, NoHeadingsWithoutBlocks) {
  EXPECT_THAT(PlanTable(SamplePlan(), {}), Not(HasSubstr("block")));
}

TEST(PlanTableTest, AnEmptyPlanHasItsTotals) {
  EXPECT_THAT(PlanTable({.preset = "vgg", .preset_reason = "native is vgg here: so"}, {}),
              HasSubstr(", preset vgg (native is vgg here: so)\n"));
  EXPECT_THAT(PlanTable({.preset = "auto"}, {}),
              HasSubstr("0 tensors (0 elements) with new values, 0 kept; seed 0, preset auto\n"));
}

TEST(PlanTableTest, NamesCannotSteerTheTerminal) {
  Plan plan = SamplePlan();
  plan.tensors[0].name = "\x1b[2J";
  plan.tensors[0].reason = "because\x07";
  EXPECT_THAT(PlanTable(plan, {.verbose = true}),
              Not(testing::AnyOf(HasSubstr("\x1b"), HasSubstr("\x07"))));
}

}  // namespace
}  // namespace onnx_reinit
