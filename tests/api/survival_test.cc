// No trained value survives: over the real models, every tensor that training changes has other
// bytes afterwards, or is at a value at which a reset leaves it, or is named as kept with a reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "onnx/onnx_pb.h"
#include "onnx_reinit/reinit.h"
#include "support/temp_file.h"

namespace onnx_reinit {
namespace {

using testing::HasSubstr;

std::map<std::string, std::string> Payloads(const std::string& path) {
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(test::ReadFile(path)));
  std::map<std::string, std::string> payloads;
  for (const onnx::TensorProto& tensor : model.graph().initializer()) {
    payloads[tensor.name()] = tensor.raw_data() + std::string(tensor.float_data_size(), '.');
    for (const float value : tensor.float_data()) payloads[tensor.name()] += std::to_string(value);
  }
  return payloads;
}

class SurvivalTest : public testing::TestWithParam<const char*> {};

TEST_P(SurvivalTest, EveryLearnedTensorIsDrawnOrNamedAsKept) {
  const std::string input = std::string(ONNX_REINIT_SOURCE_DIR) + "/testdata/models/" + GetParam();
  const auto model = Model::Open(input);
  ASSERT_TRUE(model.ok()) << model.status();
  const auto plan = MakePlan(*model, {.seed = 3});
  ASSERT_TRUE(plan.ok()) << plan.status();
  const test::TempDirectory directory;
  const std::string output = directory.Path("out.onnx");
  ASSERT_TRUE(Apply(*model, *plan, output, {}).ok());
  const auto before = Payloads(input);
  const auto after = Payloads(output);
  int drawn = 0;
  for (const TensorPlan& tensor : plan->tensors) {
    if (!IsLearned(tensor.role) || !before.contains(tensor.name)) continue;
    if (tensor.action == Action::kKeep) {
      EXPECT_THAT(tensor.reason, HasSubstr("kept: ")) << tensor.name;
      continue;
    }
    ++drawn;
    const bool is_constant = tensor.std == 0;  // the trained value may be the same one
    EXPECT_TRUE(is_constant || before.at(tensor.name) != after.at(tensor.name)) << tensor.name;
  }
  EXPECT_GT(drawn, 5);
}

INSTANTIATE_TEST_SUITE_P(RealModels, SurvivalTest,
                         testing::Values("mnist.onnx", "tinybert.onnx", "yunet.onnx"),
                         [](const auto& test) {
                           const std::string name = test.param;
                           return name.substr(0, name.find('.'));
                         });

}  // namespace
}  // namespace onnx_reinit
