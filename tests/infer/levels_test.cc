#include "infer/levels.h"

#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {

void PrintTo(Level level, std::ostream* out) {
  constexpr std::array<std::string_view, 3> kNames = {"fixed", "shape", "data"};
  *out << kNames[static_cast<size_t>(level)];
}

namespace {

struct Row {
  std::string name;
  std::string nodes;  // make y, out of data x, the matrix w and the indices i
  Level level;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

constexpr Level kFixed = Level::kFixed;
constexpr Level kShape = Level::kShape;
constexpr Level kData = Level::kData;

const auto kRows = std::to_array<Row>({
    {"StoredTensor", "y = Identity(w)", kFixed},
    {"ArithmeticOfStored", "t = Add(w, w) y = Neg(t)", kFixed},
    {"ConstantNode", "y = Constant<value = float[1] {1}>()", kFixed},
    {"ShapeOfStored", "y = Shape(w)", kFixed},
    {"Input", "y = Identity(x)", kData},
    {"ArithmeticWithData", "y = Mul(w, x)", kData},
    {"ActivationOfData", "y = Relu(x)", kData},
    {"ShapeOfData", "y = Shape(x)", kShape},
    {"SizeOfData", "y = Size(x)", kShape},
    {"ArithmeticOfShapes", "s = Shape(x) d = Gather(s, i) y = Mul(d, i)", kShape},
    {"RangeOfShapes", "s = Size(x) y = Range(i, s, i)", kShape},
    {"ConstantOfShape", "s = Shape(x) y = ConstantOfShape(s)", kShape},
    // The sizes say how much is taken, not what.
    {"StoredCutByAShape", "s = Shape(x) y = Slice(w, i, s)", kFixed},
    {"StoredReshapedByAShape", "s = Shape(x) y = Reshape(w, s)", kFixed},
    {"StoredExpandedByAShape", "s = Shape(x) y = Expand(w, s)", kFixed},
    {"StoredPickedByAShape", "s = Shape(x) y = Gather(w, s)", kShape},
    {"DataReshapedByAConstant", "y = Reshape(x, i)", kData},
    {"ShapeOfAShapedValue", "s = Shape(x) t = ConstantOfShape(s) y = Shape(t)", kShape},
    {"StoredPickedByData", "j = Cast<to = 7>(x) y = Gather(w, j)", kData},
    // What a network computes, even of stored tensors alone.
    {"ProductOfStored", "y = MatMul(w, w)", kData},
    {"SoftmaxOfStored", "y = Softmax(w)", kFixed},
    {"SoftmaxOfAProductOfStored", "p = MatMul(w, w) y = Softmax(p)", kData},
    {"NormalisedStored", "y = LayerNormalization(w, i)", kData},
    {"Random", "y = RandomNormal<shape = [2, 2]>()", kData},
    {"RandomLikeStored", "y = RandomNormalLike(w)", kData},
    {"ElementwiseOfStored", "y = Sigmoid(w)", kFixed},
    {"OtherDomainsProductByName", "y = other.MatMul(w, w)", kFixed},
    {"IfOfData",
     "c = Cast<to = 9>(x) y = If <then_branch = a () => (float[2, 2] t) { t = Identity(w) }, "
     "else_branch = b () => (float[2, 2] u) { u = Identity(x) }>(c)",
     kData},
    {"LoopStateIsData",
     "m = Constant<value = int64 {3}>() c = Constant<value = bool {1}>()"
     "y = Loop <body = b (int64 n, bool d, float[2, 2] s) => (bool d2, float[2, 2] s2)"
     "{ d2 = Identity(d) s2 = Add(s, w) }>(m, c, w)",
     kData},
});

using LevelsTest = ::testing::TestWithParam<Row>;

TEST_P(LevelsTest, IsTheHighestOfWhatItIsMadeOf) {
  const test::Analysis analysis(
      Text("g (float[N, 2] x) => (float[M] y) <float[2, 2] w, int64[1] i = {0}> {",
           GetParam().nodes, "}"));
  EXPECT_EQ(analysis.levels().of(analysis.Value("y")), GetParam().level);
}

INSTANTIATE_TEST_SUITE_P(Rows, LevelsTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return test.param.name; });

TEST(Levels, AnAbsentOptionalIsFixed) {
  const test::Analysis analysis("g (float[N] x) => (float[N] y) { y = Relu(x) }");
  EXPECT_EQ(analysis.levels().of(graph::kNone), kFixed);
}

TEST(Levels, SayWhetherANodeReadsData) {
  const test::Analysis analysis(
      "g (float[N, 2] x) => (float[N, 2] y) <float[2, 2] w> {"
      "v = Neg(w) s = Shape(x) t = Neg(s) y = MatMul(x, v) }");
  const Levels& levels = analysis.levels();
  EXPECT_TRUE(levels.HasDataInput(analysis.MakerNode("y")));
  EXPECT_TRUE(levels.HasDataInput(analysis.MakerNode("s")));
  EXPECT_FALSE(levels.HasDataInput(analysis.MakerNode("v")));
  EXPECT_FALSE(levels.HasDataInput(analysis.MakerNode("t")));
  EXPECT_EQ(levels.CountData(analysis.MakerNode("y")), 1);
  EXPECT_EQ(levels.CountData(analysis.MakerNode("v")), 0);
}

// A product of stored tensors is data, but nothing from outside takes part in it.
TEST(Levels, SayWhatIsFedFromOutside) {
  const test::Analysis analysis(
      "g (float[N, 2] x) => (float[N, 2] y) <float[2, 2] w, float[2] v> {"
      "p = MatMul(w, v) q = Neg(p) r = RandomNormalLike(w) y = Mul(x, q) }");
  const Levels& levels = analysis.levels();
  for (const char* name : {"w", "p", "q"}) EXPECT_FALSE(levels.IsFed(analysis.Value(name))) << name;
  for (const char* name : {"x", "r", "y"}) EXPECT_TRUE(levels.IsFed(analysis.Value(name))) << name;
  EXPECT_FALSE(levels.IsFed(graph::kNone));
}

// Up to IR 3 every initializer is a graph input too; its default makes it no data.
TEST(Levels, AnOverridableDefaultIsFixed) {
  const test::Analysis analysis(
      "g (float[N, 2] x, float[2, 2] w = {1, 2, 3, 4}) => (float[N, 2] y) { y = MatMul(x, w) }",
      {.opset = 8, .ir_version = 3});
  EXPECT_EQ(analysis.levels().of(analysis.Value("w")), kFixed);
  EXPECT_EQ(analysis.levels().of(analysis.Value("y")), kData);
}

}  // namespace
}  // namespace onnx_reinit::infer
