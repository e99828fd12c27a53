#include "infer/following.h"

#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

// Where h = MatMul(x, w) goes, with x and z data [N, 6, 8], b a truth value and i indices.
struct Row {
  std::string_view name;
  std::string_view nodes;
  std::string_view following;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

test::Inferred InferredOf(std::string_view nodes) {
  return test::Inferred(
      Text("g (float[N, 6, 8] x, float[N, 6, 8] z, bool b, int64[N] i) => (float[M] y) <"
           "float[8, 8] w, float[8, 8] v, float[8] a, float[8] c, float[6, 8] table, "
           "float s = {0.5}, float one = {1}, float eps = {0.00001}, uint8 zp = {0}, "
           "int64[4] heads = {0, 0, 2, 4}, int64[1] axis = {1}, int64[1] zero = {0}, "
           "int64[1] four = {4}, int64[3] fours = {2, 2, 4}, float[4, 8, 3] filter, "
           "float[8] mean, float[8] var, float[1, 2, 4, 4] cache> { h = MatMul(x, w) ",
           nodes, "}"),
      {.opset = 17});
}

constexpr auto kRows = std::to_array<Row>({
    {"Directly", "y = Relu(h)", "relu"},
    {"Nothing", "y = Identity(h)", "none"},
    {"AnOutput", "y = Identity(x)", "none"},

    // What the way leads through.
    {"ABias", "t = Add(h, a) y = Relu(t)", "relu"},
    {"ABiasOnTheLeft", "t = Add(a, h) y = Sigmoid(t)", "sigmoid"},
    {"ATable", "t = Add(h, table) y = Tanh(t)", "tanh"},
    {"ASubtraction", "t = Sub(h, a) y = Relu(t)", "relu"},
    {"AFactor", "t = Mul(h, s) y = Relu(t)", "relu"},
    {"ALearnedVector", "t = Mul(h, a) y = Relu(t)", "relu"},
    {"ADivision", "t = Div(h, s) y = Relu(t)", "relu"},
    {"ANegation", "t = Neg(h) y = Relu(t)", "relu"},
    {"LayerNormalization", "t = LayerNormalization(h, a, c) y = Relu(t)", "relu"},
    {"BatchNormalization", "t = BatchNormalization(h, a, c, mean, var) y = Relu(t)", "relu"},
    {"InstanceNormalization", "t = InstanceNormalization(h, a, c) y = Relu(t)", "relu"},
    {"LpNormalization", "t = LpNormalization(h) y = Relu(t)", "relu"},
    {"NormalisationInPieces",
     "m = ReduceMean<axes = [-1]>(h) d = Sub(h, m) q = Mul(d, d) e = ReduceMean<axes = [-1]>(q)"
     "f = Add(e, eps) r = Sqrt(f) n = Div(d, r) t = Mul(n, a) u = Add(t, c) y = Relu(u)",
     "relu"},
    {"Reshape", "t = Reshape(h, heads) y = Relu(t)", "relu"},
    {"Flatten", "t = Flatten(h) y = Relu(t)", "relu"},
    {"Transpose", "t = Transpose<perm = [0, 2, 1]>(h) y = Relu(t)", "relu"},
    {"Squeeze", "t = Squeeze(h, axis) y = Relu(t)", "relu"},
    {"Unsqueeze", "t = Unsqueeze(h, axis) y = Relu(t)", "relu"},
    {"Slice", "t = Slice(h, zero, four) y = Relu(t)", "relu"},
    {"Split", "t, u = Split<axis = 2>(h) y = Relu(u)", "relu"},
    {"Gather", "t = Gather<axis = 1>(h, i) y = Relu(t)", "relu"},
    {"Concat", "t = Concat<axis = 1>(z, h) y = Relu(t)", "relu"},
    {"Expand", "t = Expand(h, heads) y = Relu(t)", "relu"},
    {"Tile", "t = Tile(h, fours) y = Relu(t)", "relu"},
    {"Pad", "t = Pad(h, fours) y = Relu(t)", "relu"},
    {"DepthToSpace", "t = DepthToSpace<blocksize = 2>(h) y = Relu(t)", "relu"},
    {"MaxPool", "t = MaxPool<kernel_shape = [2]>(h) y = Relu(t)", "relu"},
    {"AveragePool", "t = AveragePool<kernel_shape = [2]>(h) y = Relu(t)", "relu"},
    {"GlobalAveragePool", "t = GlobalAveragePool(h) y = Relu(t)", "relu"},
    {"ReduceMean", "t = ReduceMean<axes = [1]>(h) y = Relu(t)", "relu"},
    {"ReduceMax", "t = ReduceMax<axes = [1]>(h) y = Relu(t)", "relu"},
    {"Resize", "t = Resize(h, , s) y = Relu(t)", "relu"},
    {"Dropout", "t = Dropout(h) y = Relu(t)", "relu"},
    {"Cast", "t = Cast<to = 10>(h) y = Relu(t)", "relu"},
    {"Requantised", "q = QuantizeLinear(h, s, zp) t = DequantizeLinear(q, s, zp) y = Relu(t)",
     "relu"},
    {"DynamicallyQuantised",
     "k, l, m = DynamicQuantizeLinear(h) t = DequantizeLinear(k, l, m) y = Relu(t)", "relu"},
    {"Where", "t = Where(b, h, s) y = Relu(t)", "relu"},
    {"ManyInARow", "p = Add(h, a) q = Reshape(p, heads) r = Transpose(q) t = Mul(r, s) y = Selu(t)",
     "selu"},
    {"OutOfABranch",
     "t = If <then_branch = one () => (float[N, 6, 8] f) { f = Identity(h) },"
     "else_branch = two () => (float[N, 6, 8] g2) { g2 = Identity(z) }>(b) y = Relu(t)",
     "relu"},

    // Residual additions.
    {"AResidual", "t = Add(h, z) y = Relu(t)", "relu"},
    {"BeforeAResidualWinsOverAfter",
     "t = Add(h, z) u = Sigmoid(t) p = Identity(h) q = Identity(p) r = Relu(q) y = Mul(u, r)",
     "relu"},
    {"TwoResiduals", "t = Add(h, z) u = Add(t, x) y = Tanh(u)", "tanh"},
    {"AddedByAnotherProduct", "t = Gemm(z, v, h) y = Tanh(t)", "tanh"},
    {"SkipLayerNormalization", "t = com.microsoft.SkipLayerNormalization(h, z, a) y = Relu(t)",
     "relu"},
    {"TheNearestOfTwo", "t = Relu(h) u = Identity(h) q = Sigmoid(u) y = Concat<axis = 1>(t, q)",
     "relu"},

    // Where it ends.
    {"AsTheScaleOfASkipLayerNormalization",
     "t = com.microsoft.SkipLayerNormalization(z, z, h) y = Relu(t)", "none"},
    {"ScaledByDataAfterACast", "t = Cast<to = 10>(h) u = Mul(t, z) y = Relu(u)", "none"},
    {"AnotherWeight", "t = MatMul(h, v) y = Relu(t)", "none"},
    {"AsTheRightOfAnotherWeight", "t = Gemm(v, h) y = Relu(t)", "none"},
    {"AConvolution", "t = Conv(h, filter) y = Relu(t)", "none"},
    {"AProductOfTwoValues", "t = MatMul(h, z) y = Relu(t)", "none"},
    {"AsTheRightOfAProduct", "t = MatMul(z, h) y = Relu(t)", "none"},
    {"AGatedProduct", "t = Mul(h, z) y = Relu(t)", "none"},
    {"AQuotientOfValues", "t = Div(h, z) y = Relu(t)", "none"},
    {"Softmax", "y = Softmax(h)", "none"},
    {"LogSoftmax", "y = LogSoftmax(h)", "none"},
    {"ScaledSoftmax", "t = Mul(h, s) y = Softmax(t)", "none"},
    {"AnUnknownOperator", "t = other.Mystery(h) y = Relu(t)", "none"},
    {"AsTheConditionOfWhere", "t = Cast<to = 9>(h) u = Where(t, z, s) y = Relu(u)", "none"},
    {"AsIndices", "t = Cast<to = 7>(h) u = Gather(z, t) y = Relu(u)", "none"},
    {"AsTheShape", "t = Cast<to = 7>(h) u = Reshape(z, t) y = Relu(u)", "none"},
    {"AsTheInputOfALstm", "t = LSTM<hidden_size = 8>(h, z, z) y = Relu(t)", "none"},
    {"OnlyItsShape", "t = Shape(h) u = Reshape(z, t) y = Relu(u)", "none"},

    // A gate: the activated branch has one, the other factor none.
    {"GatedBySilu", "t = Sigmoid(h) u = Mul(h, t) q = MatMul(z, v) y = Mul(u, q)", "silu"},
    {"OtherFactorOfAGate", "q = MatMul(z, v) r = Relu(q) y = Mul(h, r)", "none"},
});

class FollowingTest : public ::testing::TestWithParam<Row> {};

TEST_P(FollowingTest, IsTheFirstNonlinearity) {
  EXPECT_EQ(InferredOf(GetParam().nodes)["w"].following.name, GetParam().following);
}

INSTANTIATE_TEST_SUITE_P(Rows, FollowingTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

// The scales are data, but they only undo a quantisation.
TEST(Following, StandsBehindTheScaleOfQuantisedData) {
  const test::Inferred inferred(
      "g (float[N, 6, 8] x) => (float[M] y) <int8[8, 8] w, float s = {0.5}> {"
      "a, d, e = DynamicQuantizeLinear(x) p = MatMulInteger(a, w, e) c = Cast<to = 1>(p)"
      "f = Mul(d, s) t = Mul(c, f) y = Relu(t) }");
  EXPECT_EQ(inferred["w"].following.name, "relu");
}

TEST(Following, HasItsParameter) {
  EXPECT_FLOAT_EQ(
      static_cast<float>(InferredOf("y = LeakyRelu<alpha = 0.2>(h)")["w"].following.alpha), 0.2F);
}

TEST(Following, OfAFusedOperatorIsItsOwn) {
  const test::Inferred inferred(
      "g (float[N, 4, 8] x) => (float[M] y) <float[8, 4, 3] w> {"
      "t = com.microsoft.FusedConv<activation = \"Relu\">(x, w) y = Sigmoid(t) }");
  EXPECT_EQ(inferred["w"].following.name, "relu");
}

TEST(Following, IsSaidInTheReason) {
  const auto says = [](std::string_view nodes, std::string_view text) {
    return ::testing::Value(InferredOf(nodes)["w"].reason, ::testing::HasSubstr(Text("; ", text)));
  };
  EXPECT_TRUE(says("y = Relu(h)", "followed by relu"));
  EXPECT_TRUE(says("y = Identity(h)", "followed by no nonlinearity"));
}

// What stands before q = MatMul(t, w), where t is made of x.
struct BeforeRow {
  std::string_view name;
  std::string_view nodes;
  std::string_view preceding;
};

void PrintTo(const BeforeRow& row, std::ostream* out) { *out << row.name; }

constexpr auto kBefore = std::to_array<BeforeRow>({
    {"Directly", "t = Relu(x)", "relu"},
    {"AnInput", "t = Identity(x)", "none"},
    {"ThroughADropoutAndAReshape", "p = Tanh(x) q = Dropout(p) t = Reshape(q, shape)", "tanh"},
    {"ThroughAPool", "p = Relu(x) t = GlobalAveragePool(p)", "relu"},
    {"ThroughAFactor", "p = Sigmoid(x) t = Mul(p, s)", "sigmoid"},
    {"ANormalisationHidesIt", "p = Relu(x) t = LayerNormalization(p, a)", "none"},
    {"ANormalisationInPiecesHidesIt",
     "p = Relu(x) m = ReduceMean<axes = [-1]>(p) d = Sub(p, m) r = Mul(d, d)"
     "e = ReduceMean<axes = [-1]>(r) f = Add(e, eps) h = Sqrt(f) t = Div(d, h)",
     "none"},
    {"AnotherWeightHidesIt", "p = Relu(x) t = MatMul(p, v)", "none"},
    {"AResidualHidesIt", "p = Relu(x) t = Add(p, x)", "none"},
    {"AGateHidesIt", "p = Sigmoid(x) t = Mul(p, z)", "none"},
    {"ActivationInPieces", "p = Sigmoid(x) t = Mul(x, p)", "silu"},
});

class PrecedingTest : public ::testing::TestWithParam<BeforeRow> {};

TEST_P(PrecedingTest, IsTheNonlinearityBefore) {
  const test::Inferred inferred(
      Text("g (float[N, 6, 8] x, float[N, 6, 8] z) => (float[M] y) <float[8, 8] w, float[8, 8] v, "
           "float[8] a, float s = {0.5}, float eps = {0.00001}, int64[2] shape = {-1, 8}> {",
           GetParam().nodes, " y = MatMul(t, w) }"));
  EXPECT_EQ(inferred["w"].preceding.name, GetParam().preceding);
}

INSTANTIATE_TEST_SUITE_P(Rows, PrecedingTest, ::testing::ValuesIn(kBefore),
                         [](const auto& test) { return std::string(test.param.name); });

// After: one step.
struct StepRow {
  std::string_view name;
  std::string_view node;  // uses h first
  Step step;
};

void PrintTo(const StepRow& row, std::ostream* out) { *out << row.name; }

constexpr auto kSteps = std::to_array<StepRow>({
    {"Move", "y = Identity(h)", Step::kPass},
    {"Bias", "y = Add(h, a)", Step::kPass},
    {"OtherData", "y = Add(h, z)", Step::kResidual},
    {"Activation", "y = Relu(h)", Step::kActivation},
    {"Weight", "y = MatMul(h, v)", Step::kEnd},
    {"Data", "y = Mul(h, z)", Step::kEnd},
    {"Softmax", "y = Softmax(h)", Step::kEnd},
    {"SoftmaxInPieces", "e = Exp(h) r = ReduceSum(e) y = Div(e, r)", Step::kEnd},
});

class StepTest : public ::testing::TestWithParam<StepRow> {};

TEST_P(StepTest, IsWhatTheDataMeets) {
  const test::Analysis analysis(
      Text("g (float[N, 8] x, float[N, 8] z) => (float[M] y) <float[8, 8] w, float[8, 8] v, "
           "float[8] a> { h = MatMul(x, w) ",
           GetParam().node, "}"));
  const graph::ValueId value = analysis.Value("h");
  const NextStep next =
      After(analysis.surroundings(), value, analysis.graph().value(value).uses.front());
  EXPECT_EQ(next.step, GetParam().step);
  const bool goes_on = next.step == Step::kPass || next.step == Step::kResidual;
  EXPECT_EQ(next.values.empty(), !goes_on);
  EXPECT_EQ(next.activation != nullptr, next.step == Step::kActivation);
}

INSTANTIATE_TEST_SUITE_P(Rows, StepTest, ::testing::ValuesIn(kSteps),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
