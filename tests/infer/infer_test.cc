#include "infer/infer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/text.h"
#include "base/threads.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

// So many layers, more tensors than one thread takes alone: weights that two products share, biases
// behind constants that are computed, norms, activations.
std::string ManyLayers(int layers) {
  std::string declared = "int64[1] rows = {-1}, float[4, 4] shared";
  std::string nodes = "shape = Concat <axis = 0> (rows, four)";
  absl::StrAppend(&declared, ", int64[1] four = {4}");
  std::string data = "x";
  for (int i = 0; i < layers; ++i) {
    absl::StrAppend(&declared, ", float[4, 4] w", i, ", float[2, 2] b", i, ", float[4] g", i);
    absl::StrAppend(&nodes, "\n a", i, " = MatMul(", data, ", w", i, ")");
    absl::StrAppend(&nodes, "\n f", i, " = Reshape(b", i, ", shape) c", i, " = Add(a", i, ", f", i,
                    ")");
    absl::StrAppend(&nodes, "\n n", i, " = LayerNormalization(c", i, ", g", i, ")");
    absl::StrAppend(&nodes, i % 2 == 0 ? "\n r" : "\n s", i, i % 2 == 0 ? " = Relu(n" : " = Tanh(n",
                    i, ")");
    absl::StrAppend(&nodes, "\n d", i, " = MatMul(", i % 2 == 0 ? "r" : "s", i, ", shared)");
    data = absl::StrCat("d", i);
  }
  return absl::StrCat("agraph (float[N, 4] x) => (float[N, 4] y) <", declared, "> { ", nodes,
                      "\n y = Identity(", data, ") }");
}

std::string Describe(const TensorFacts& facts) {
  return Text(facts.name, " ", static_cast<int>(facts.role), " ", facts.learned, " ", facts.fan_in,
              "/", facts.fan_out, " ", facts.preceding.name, " ", facts.following.name, " ",
              facts.weight_fan_in, " ", facts.block_index, ": ", facts.reason);
}

std::vector<std::string> DescribeAll(const test::Analysis& analysis, int threads) {
  std::vector<std::string> all;
  for (const TensorFacts& facts : Infer(analysis.graph(), analysis.values(), threads)) {
    all.push_back(Describe(facts));
  }
  return all;
}

// Reasons are texts that nothing else depends on.
TEST(Infer, GivesTheSameFactsWithoutReasons) {
  const test::Analysis analysis(ManyLayers(10));
  std::vector<TensorFacts> with = Infer(analysis.graph(), analysis.values(), 1, true);
  const std::vector<TensorFacts> without = Infer(analysis.graph(), analysis.values(), 1, false);
  ASSERT_EQ(with.size(), without.size());
  for (size_t i = 0; i < with.size(); ++i) {
    EXPECT_EQ(without[i].reason, "");
    with[i].reason.clear();
    EXPECT_EQ(Describe(without[i]), Describe(with[i]));
  }
}

class InferThreadsTest : public testing::TestWithParam<int> {};

TEST_P(InferThreadsTest, GivesWhatOneThreadGives) {
  const test::Analysis analysis(ManyLayers(1000));
  ASSERT_GT(SharingThreads(2, analysis.graph().tensors.size()), 1U);
  EXPECT_EQ(DescribeAll(analysis, GetParam()), DescribeAll(analysis, 1));
}

INSTANTIATE_TEST_SUITE_P(Counts, InferThreadsTest, testing::Values(0, 2, 7),
                         testing::PrintToStringParamName());

// A stack that one thread takes alone and one that several share say the same of a layer.
TEST(InferThreads, DoNotChangeWhatALayerIs) {
  const test::Inferred few(ManyLayers(10));
  const test::Inferred many(ManyLayers(1000));
  for (const char* name : {"w3", "b3", "g3", "w4", "shared"}) {
    EXPECT_EQ(std::tie(few[name].role, few[name].fan_in, few[name].following.name),
              std::tie(many[name].role, many[name].fan_in, many[name].following.name))
        << name;
  }
  EXPECT_EQ(many["w4"].following.name, "relu");
  EXPECT_EQ(many["b4"].role, Role::kBias);
}

}  // namespace
}  // namespace onnx_reinit::infer
