#include "infer/weight_norms.h"

#include <array>
#include <ostream>
#include <string>
#include <string_view>

#include "base/text.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Inferred;

// Nodes that make w of v [8, 4, 3] and the gain g, for a convolution of the data x.
struct Row {
  std::string_view name;
  std::string_view gain;  // its type
  std::string_view nodes;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

std::string GraphOf(const Row& row) {
  return Text("g (float[N, 4, 9] x) => (float[M] y) <float[8, 4, 3] v, float[8, 4, 3] u, ",
              row.gain,
              " g, float two = {2}, float tiny = {0.000001}, int64[2] rows = {8, 12}, "
              "int64[3] own = {8, 1, 1}, int64[1] axis = {1}, int64[2] axes = {1, 2}> {",
              row.nodes, " y = Conv(x, w) }");
}

constexpr std::string_view kOfOutputs = "float[8, 1, 1]";

constexpr auto kRows = std::to_array<Row>({
    {"QuotientFirst", kOfOutputs, "n = ReduceL2<axes = [1, 2]>(v) d = Div(v, n) w = Mul(d, g)"},
    {"GainFirst", kOfOutputs, "n = ReduceL2<axes = [1, 2]>(v) d = Div(g, n) w = Mul(v, d)"},
    {"GainFirstLeft", kOfOutputs, "n = ReduceL2<axes = [1, 2]>(v) d = Div(g, n) w = Mul(d, v)"},
    {"OfInputs", "float[1, 4, 1]", "n = ReduceL2<axes = [0, 2]>(v) d = Div(v, n) w = Mul(d, g)"},
    {"OfTaps", "float[1, 1, 3]", "n = ReduceL2<axes = [0, 1]>(v) d = Div(v, n) w = Mul(g, d)"},
    {"OfAll", "float", "n = ReduceL2<keepdims = 0>(v) d = Div(g, n) w = Mul(v, d)"},
    {"Operator", "float[1, 4, 1]", "d = LpNormalization<axis = 1>(v) w = Mul(d, g)"},
    {"Reshaped", kOfOutputs,
     "f = Reshape(v, rows) m = ReduceL2<axes = [1]>(f) n = Reshape(m, own) d = Div(v, n) "
     "w = Mul(d, g)"},
    {"InPieces", kOfOutputs,
     "s = Pow(v, two) m = ReduceSum(s, axes) n = Sqrt(m) d = Div(v, n) w = Mul(d, g)"},
    {"InPiecesLimited", kOfOutputs,
     "s = Mul(v, v) m = ReduceSum(s, axes) r = Sqrt(m) n = Max(r, tiny) d = Div(v, n) "
     "w = Mul(d, g)"},
});

using WeightNormTest = ::testing::TestWithParam<Row>;

TEST_P(WeightNormTest, HasADirectionAndAGain) {
  const Inferred inferred(GraphOf(GetParam()));
  EXPECT_EQ(inferred["v"].role, Role::kConv);
  EXPECT_EQ(inferred["v"].fan_in, 12);
  EXPECT_EQ(inferred["v"].fan_out, 24);
  EXPECT_TRUE(inferred["g"].learned);
  EXPECT_EQ(inferred["g"].direction, inferred["v"].tensor);
}

INSTANTIATE_TEST_SUITE_P(Rows, WeightNormTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

// A factor of a stored weight that no norm stands beside.
constexpr auto kTwins = std::to_array<Row>({
    {"NoNorm", kOfOutputs, "w = Mul(v, g)"},
    {"MeanForTheNorm", kOfOutputs, "n = ReduceMean<axes = [1, 2]>(v) d = Div(v, n) w = Mul(d, g)"},
    {"SumOfNoSquares", kOfOutputs, "n = ReduceSum(v, axes) d = Div(v, n) w = Mul(d, g)"},
    {"NormOfAnother", kOfOutputs, "n = ReduceL2<axes = [1, 2]>(u) d = Div(v, n) w = Mul(d, g)"},
    {"NormIsMultiplied", kOfOutputs, "n = ReduceL2<axes = [1, 2]>(v) d = Mul(v, n) w = Mul(d, g)"},
});

using WeightNormTwinTest = ::testing::TestWithParam<Row>;

TEST_P(WeightNormTwinTest, HasNone) {
  EXPECT_EQ(Inferred(GraphOf(GetParam()))["g"].direction, nullptr);
}

INSTANTIATE_TEST_SUITE_P(Rows, WeightNormTwinTest, ::testing::ValuesIn(kTwins),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
