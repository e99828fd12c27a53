#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "onnx_reinit/report.h"
#include "report/sample_plan.h"

namespace onnx_reinit {
namespace {

using report::SampleConv;
using report::SamplePlan;

using testing::HasSubstr;

TEST(SummaryTest, ARowForEachRoleAndScheme) {
  EXPECT_EQ(PlanSummary(SamplePlan(), {}),
            "2 tensors (448 elements) with new values, 1 kept; seed 42, preset auto\n"
            "role        tensors  elements  scheme          values, or why kept\n"
            "conv              1       432  kaiming_normal  std 0.272\n"
            "bias              1        16  zeros           0\n"
            "structural        1         2  kept            shape of Reshape\n");
}

TEST(SummaryTest, ShowsTheRangeOfStandardDeviations) {
  Plan plan{.preset = "auto", .tensors = {SampleConv(), SampleConv(), SampleConv()}};
  plan.tensors[1].std = 0.1;
  plan.tensors[2].std = 0.5;
  EXPECT_THAT(PlanSummary(plan, {}),
              HasSubstr("conv        3     1,296  kaiming_normal  std 0.1 to 0.5\n"));
}

TEST(SummaryTest, KeptTensorsOfARoleHaveTheirOwnRow) {
  Plan plan{.preset = "auto", .tensors = {SampleConv(), SampleConv()}};
  plan.tensors[1].action = Action::kKeep;
  plan.tensors[1].scheme = "";
  plan.tensors[1].reason = "--keep conv";
  EXPECT_THAT(PlanSummary(plan, {}),
              HasSubstr("conv        1       432  kept            --keep conv\n"));
}

TEST(SummaryTest, FitsOneScreenWhateverTheSize) {
  Plan plan{.preset = "auto"};
  plan.tensors.assign(10000, SampleConv());
  const std::string text = PlanSummary(plan, {});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
}

}  // namespace
}  // namespace onnx_reinit
