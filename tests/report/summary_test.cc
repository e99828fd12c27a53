#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "onnx_reinit/report.h"
#include "report/sample_plan.h"

namespace onnx_reinit {
namespace {

using report::SampleConv;
using report::SamplePlan;

using testing::HasSubstr;
using testing::Not;

TEST(SummaryTest, ARowForEachRoleAndScheme) {
  EXPECT_EQ(
      PlanSummary(SamplePlan(), {}),
      "2 tensors (448 elements) with new values, 1 kept; seed 42, preset auto\n"
      "role        tensors  elements  scheme          values, or why kept\n"
      "conv              1       432  kaiming_normal  std 0.272\n"
      "bias              1        16  zeros           0\n"
      "structural        1         2  kept            integers, truth values and text are not "
      "trained\n");
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
  plan.tensors[1].reason = "conv.weight -> Conv; followed by relu; kept: --keep names it";
  EXPECT_THAT(PlanSummary(plan, {}),
              HasSubstr("conv        1       432  kept            --keep names it\n"));
}

Plan KeptConvs(const std::vector<std::string>& reasons) {
  Plan plan{.preset = "auto"};
  for (const std::string& reason : reasons) {
    TensorPlan& tensor = plan.tensors.emplace_back(SampleConv());
    tensor.action = Action::kKeep;
    tensor.scheme = "";
    tensor.reason = reason;
  }
  return plan;
}

TEST(SummaryTest, KeptTensorsAreGroupedByTheEndOfTheirReason) {
  const std::string text = PlanSummary(
      KeptConvs({"a -> Conv; kept: one", "b -> Conv; kept: one", "c -> Conv; kept: two"}), {});
  EXPECT_THAT(text, HasSubstr("conv        2       864  kept    one\n"));
  EXPECT_THAT(text, HasSubstr("conv        1       432  kept    two\n"));
  EXPECT_THAT(text, Not(HasSubstr("->")));
}

TEST(SummaryTest, ManyReasonsTakeFourRows) {
  std::vector<std::string> reasons;
  reasons.reserve(100);
  for (int i = 0; i < 100; ++i) reasons.push_back("kept: for reason " + std::to_string(i));
  const std::string text = PlanSummary(KeptConvs(reasons), {});
  EXPECT_THAT(text, HasSubstr("conv       97    41,904  kept    other reasons"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 6);
}

TEST(SummaryTest, LongReasonsAreCutToTheWidth) {
  const std::string text =
      PlanSummary(KeptConvs({"kept: " + std::string(200, 'x')}), {.width = 80});
  EXPECT_THAT(text, HasSubstr("xxx...\n"));
  const size_t last = text.find_last_of('\n', text.size() - 2) + 1;
  EXPECT_EQ(text.size() - last, 81U);
}

TEST(SummaryTest, FitsOneScreenWhateverTheSize) {
  Plan plan{.preset = "auto"};
  plan.tensors.assign(10000, SampleConv());
  const std::string text = PlanSummary(plan, {});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
}

}  // namespace
}  // namespace onnx_reinit
