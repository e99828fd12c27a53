// A plan without reasons is the same plan.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "onnx_reinit/reinit.h"
#include "onnx_reinit/report.h"

namespace onnx_reinit {
namespace {

using testing::EndsWith;
using testing::IsEmpty;
using testing::StartsWith;

std::string PathOf(const std::string& model) {
  return std::string(ONNX_REINIT_SOURCE_DIR) + "/testdata/models/" + model;
}

class ReasonsTest : public testing::TestWithParam<const char*> {
 protected:
  // Some tensors are kept by a rule, some by name, and some for what they are.
  static Plan Make(bool reasons) {
    const auto model = Model::Open(PathOf(GetParam()));
    EXPECT_TRUE(model.ok()) << model.status();
    const auto plan = MakePlan(
        *model, {.settings = {"role=conv|linear:keep"}, .keep = {"[02468]$"}, .reasons = reasons});
    EXPECT_TRUE(plan.ok()) << plan.status();
    return *plan;
  }
};

TEST_P(ReasonsTest, ChangeNothingElse) {
  Plan with = Make(true);
  Plan without = Make(false);
  EXPECT_EQ(PlanSummary(without, {}), PlanSummary(with, {}));
  for (Plan* plan : {&with, &without}) {
    for (TensorPlan& tensor : plan->tensors) {
      tensor.reason.clear();
      tensor.uses.clear();
    }
  }
  EXPECT_EQ(PlanToJson(without), PlanToJson(with));
}

TEST_P(ReasonsTest, SayWhyATensorStaysInAnyCase) {
  const Plan with = Make(true);
  const Plan without = Make(false);
  int kept = 0;
  for (size_t i = 0; i < with.tensors.size(); ++i) {
    const std::string& reason = without.tensors[i].reason;
    EXPECT_THAT(with.tensors[i].reason, EndsWith(reason));
    if (without.tensors[i].action == Action::kReinitialize) {
      EXPECT_THAT(reason, IsEmpty());
    } else if (!reason.empty()) {
      EXPECT_THAT(reason, StartsWith("kept: "));
      ++kept;
    }
  }
  EXPECT_GT(kept, 0);
}

TEST_P(ReasonsTest, ComeWithTheUses) {
  for (const TensorPlan& tensor : Make(false).tensors) EXPECT_THAT(tensor.uses, IsEmpty());
  int used = 0;
  for (const TensorPlan& tensor : Make(true).tensors) used += tensor.uses.empty() ? 0 : 1;
  EXPECT_GT(used, 0);
}

TEST_P(ReasonsTest, AreNoPartOfAJob) {
  const auto model = Model::Open(PathOf(GetParam()));
  ASSERT_TRUE(model.ok()) << model.status();
  const std::string output = testing::TempDir() + "/reasons_" + GetParam();
  ASSERT_TRUE(PrepareParts(*model, Make(true), output, {}).ok());
  const absl::Status status = ApplyPart(*model, Make(false), output, 1, 1, {});
  EXPECT_TRUE(status.ok()) << status;
}

INSTANTIATE_TEST_SUITE_P(Models, ReasonsTest,
                         testing::Values("mnist.onnx", "tinybert.onnx", "yunet.onnx"),
                         [](const auto& row) {
                           const std::string_view name = row.param;
                           return std::string(name.substr(0, name.find('.')));
                         });

}  // namespace
}  // namespace onnx_reinit
