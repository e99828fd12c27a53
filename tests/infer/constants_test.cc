#include "infer/constants.h"

#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer/constant_functions.h"
#include "support/model_proto.h"
#include "support/text_model.h"
#include "wire/payload.h"

namespace onnx_reinit::infer {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pointwise;

// A graph whose value `y` is asked for.
class Evaluated {
 public:
  explicit Evaluated(const std::string& graph_text, bool can_read = true)
      : Evaluated(test::ReadGraphText(graph_text, 18), can_read) {}
  explicit Evaluated(test::TestModel model, bool can_read = true)
      : model_(std::move(model)),
        external_(model_.input->path()),
        reader_(model_.input.get(), &external_),
        graph_(*graph::Build(model_.skeleton)),
        constants_(graph_, can_read ? &reader_ : nullptr) {}

  graph::ValueId Id(std::string_view name) const {
    for (size_t i = 0; i < graph_.values.size(); ++i) {
      if (graph_.values[i].name == name) return static_cast<graph::ValueId>(i);
    }
    return graph::kNone;
  }
  Constants& constants() { return constants_; }
  const graph::Graph& graph() const { return graph_; }
  const Array* Find(std::string_view name) { return constants_.Find(Id(name)); }

 private:
  test::TestModel model_;
  wire::ExternalFiles external_;
  wire::ValueReader reader_;
  graph::Graph graph_;
  Constants constants_;
};

// `nodes` make y; x is data of dims [N, 3, 8].
std::string GraphOf(std::string_view initializers, std::string_view nodes) {
  return Text("agraph (float[N, 3, 8] x) => (float[M] y) <", initializers, "> {", nodes, "}");
}

struct Case {
  std::string_view name;
  std::string_view initializers;
  std::string_view nodes;
  std::vector<int64_t> dims;
  std::vector<double> values;
};

void PrintTo(const Case& test_case, std::ostream* out) { *out << test_case.name; }

constexpr std::string_view kTwoByThree = "float[2, 3] a = {1, 2, 3, 4, 5, 6}";
constexpr std::string_view kLine = "float[4] a = {-1.5, 0, 4, 9}";
constexpr std::string_view kPairs =
    "float[2, 1] a = {7, -7}, float[2] b = {2, -4}, bool[2] t = {1, 0}";
constexpr std::string_view kWhole = "int64[2] a = {7, -7}, int64[1] b = {2}";

std::vector<Case> Cases() {
  return {
      // Elementwise, one operand.
      {"Abs", kLine, "y = Abs(a)", {4}, {1.5, 0, 4, 9}},
      {"Ceil", kLine, "y = Ceil(a)", {4}, {-1, 0, 4, 9}},
      {"Cos", "float[2] a = {0, 1}", "y = Cos(a)", {2}, {1, 0.540302305868140}},
      {"Exp", "float[2] a = {0, 1}", "y = Exp(a)", {2}, {1, 2.718281828459045}},
      {"Floor", kLine, "y = Floor(a)", {4}, {-2, 0, 4, 9}},
      {"Log", "float[1] a = {1}", "y = Log(a)", {1}, {0}},
      {"Neg", kLine, "y = Neg(a)", {4}, {1.5, 0, -4, -9}},
      {"Not", "bool[2] a = {1, 0}", "y = Not(a)", {2}, {0, 1}},
      {"Reciprocal", "float[2] a = {4, -2}", "y = Reciprocal(a)", {2}, {0.25, -0.5}},
      {"RoundToEven", "float[3] a = {0.5, 1.5, -2.5}", "y = Round(a)", {3}, {0, 2, -2}},
      {"Sin", "float[2] a = {0, 1}", "y = Sin(a)", {2}, {0, 0.841470984807897}},
      {"Sqrt", "float a = {9}", "y = Sqrt(a)", {}, {3}},
      // Two operands, broadcast.
      {"Add", kPairs, "y = Add(a, b)", {2, 2}, {9, 3, -5, -11}},
      {"Sub", kPairs, "y = Sub(a, b)", {2, 2}, {5, 11, -9, -3}},
      {"Mul", kPairs, "y = Mul(a, b)", {2, 2}, {14, -28, -14, 28}},
      {"Div", kPairs, "y = Div(a, b)", {2, 2}, {3.5, -1.75, -3.5, 1.75}},
      {"DivOfIntegersTruncates", kWhole, "y = Div(a, b)", {2}, {3, -3}},
      {"ModTakesTheDivisorsSign", kWhole, "y = Mod(a, b)", {2}, {1, 1}},
      {"ModAsFmod", kWhole, "y = Mod<fmod = 1>(a, b)", {2}, {1, -1}},
      {"Pow",
       "float[2] a = {3, 4}, float b = {0.5}",
       "y = Pow(a, b)",
       {2},
       {1.7320508075688772, 2}},
      {"And", kPairs, "y = And(t, t)", {2}, {1, 0}},
      {"Or", "bool[2] a = {1, 0}, bool[2] b = {0, 0}", "y = Or(a, b)", {2}, {1, 0}},
      {"Equal", kWhole, "c = Neg(a) y = Equal(a, c)", {2}, {0, 0}},
      {"Less", kPairs, "y = Less(a, b)", {2, 2}, {0, 0, 1, 1}},
      {"Greater", kPairs, "y = Greater(a, b)", {2, 2}, {1, 1, 0, 0}},
      {"LessOrEqual", kWhole, "y = LessOrEqual(a, a)", {2}, {1, 1}},
      {"GreaterOrEqual", kWhole, "y = GreaterOrEqual(a, b)", {2}, {1, 0}},
      {"MaxOfThree", kPairs, "c = Neg(a) y = Max(a, b, c)", {2, 2}, {7, 7, 7, 7}},
      {"MinOfThree", kPairs, "c = Neg(a) y = Min(a, b, c)", {2, 2}, {-7, -7, -7, -7}},
      {"Where", kPairs, "y = Where(t, a, b)", {2, 2}, {7, -4, -7, -4}},
      // Reductions.
      {"ReduceSumOfAll", kTwoByThree, "y = ReduceSum<keepdims = 0>(a)", {}, {21}},
      {"ReduceSumOfNone",
       kTwoByThree,
       "y = ReduceSum<noop_with_empty_axes = 1>(a)",
       {2, 3},
       {1, 2, 3, 4, 5, 6}},
      {"ReduceProdKeepsTheAxis", kTwoByThree, "y = ReduceProd<axes = [-1]>(a)", {2, 1}, {6, 120}},
      {"ReduceMax", kTwoByThree, "y = ReduceMax<axes = [0], keepdims = 0>(a)", {3}, {4, 5, 6}},
      {"ReduceMin", kTwoByThree, "y = ReduceMin<axes = [0, 1]>(a)", {1, 1}, {1}},
      {"ReduceByInput",
       "float[2, 2] a = {1, 2, 3, 4}, int64[1] axes = {0}",
       "y = ReduceSum<keepdims = 0>(a, axes)",
       {2},
       {4, 6}},
      // Moves.
      {"Identity", kLine, "y = Identity(a)", {4}, {-1.5, 0, 4, 9}},
      {"Concat", kPairs, "y = Concat<axis = -1>(a, a)", {2, 2}, {7, 7, -7, -7}},
      {"ConcatOfFirstAxis", kPairs, "y = Concat<axis = 0>(a, a)", {4, 1}, {7, -7, 7, -7}},
      {"ConstantOfShape",
       "int64[2] a = {2, 2}",
       "y = ConstantOfShape<value = float[1] {3}>(a)",
       {2, 2},
       {3, 3, 3, 3}},
      {"ConstantOfShapeIsZero", "int64[1] a = {2}", "y = ConstantOfShape(a)", {2}, {0, 0}},
      {"Expand",
       kPairs,
       "s = Constant<value_ints = [2, 2]>() y = Expand(a, s)",
       {2, 2},
       {7, 7, -7, -7}},
      {"ExpandKeepsWhereOneIsAsked",
       kPairs,
       "s = Constant<value_ints = [1]>() y = Expand(b, s)",
       {2},
       {2, -4}},
      {"Flatten", kTwoByThree, "y = Flatten<axis = 0>(a)", {1, 6}, {1, 2, 3, 4, 5, 6}},
      {"GatherOfAScalar",
       kTwoByThree,
       "i = Constant<value_int = -1>() y = Gather<axis = 1>(a, i)",
       {2},
       {3, 6}},
      {"GatherOfRank2",
       "float[3] a = {5, 6, 7}, int64[2, 2] i = {0, 1, 2, 0}",
       "y = Gather(a, i)",
       {2, 2},
       {5, 6, 7, 5}},
      {"RangeUp",
       "float a = {1}, float b = {2.5}, float c = {0.5}",
       "y = Range(a, b, c)",
       {3},
       {1, 1.5, 2}},
      {"RangeDown",
       "int64 a = {3}, int64 b = {0}, int64 c = {-2}",
       "y = Range(a, b, c)",
       {2},
       {3, 1}},
      {"EmptyRange", "int64 a = {3}, int64 b = {0}, int64 c = {2}", "y = Range(a, b, c)", {0}, {}},
      {"Reshape",
       kTwoByThree,
       "s = Constant<value_ints = [0, -1, 1]>() y = Reshape(a, s)",
       {2, 3, 1},
       {1, 2, 3, 4, 5, 6}},
      {"SliceToTheEnd",
       kTwoByThree,
       "b = Constant<value_ints = [1]>() e = Constant<value_ints = [9223372036854775807]>()"
       "ax = Constant<value_ints = [-1]>() y = Slice(a, b, e, ax)",
       {2, 2},
       {2, 3, 5, 6}},
      {"SliceBackwards",
       kLine,
       "b = Constant<value_ints = [-1]>() e = Constant<value_ints = [-9223372036854775807]>()"
       "ax = Constant<value_ints = [0]>() st = Constant<value_ints = [-2]>()"
       "y = Slice(a, b, e, ax, st)",
       {2},
       {9, 0}},
      {"SplitInto4And2",
       "float[6] a = {1, 2, 3, 4, 5, 6}, int64[2] s = {4, 2}",
       "z, y = Split(a, s)",
       {2},
       {5, 6}},
      {"SplitInto3",
       "float[6] a = {1, 2, 3, 4, 5, 6}",
       "u, y, v = Split<num_outputs = 3>(a)",
       {2},
       {3, 4}},
      {"SplitUneven",
       "float[5] a = {1, 2, 3, 4, 5}",
       "u, y = Split<num_outputs = 2>(a)",
       {2},
       {4, 5}},
      {"Squeeze", "float[1, 2, 1] a = {1, 2}", "y = Squeeze(a)", {2}, {1, 2}},
      {"SqueezeOne",
       "float[1, 2, 1] a = {1, 2}, int64[1] i = {-1}",
       "y = Squeeze(a, i)",
       {1, 2},
       {1, 2}},
      {"Tile",
       kPairs,
       "r = Constant<value_ints = [1, 2]>() y = Tile(a, r)",
       {2, 2},
       {7, 7, -7, -7}},
      {"Transpose", kTwoByThree, "y = Transpose(a)", {3, 2}, {1, 4, 2, 5, 3, 6}},
      {"TransposeBy",
       "float[1, 2, 3] a = {1, 2, 3, 4, 5, 6}",
       "y = Transpose<perm = [2, 0, 1]>(a)",
       {3, 1, 2},
       {1, 4, 2, 5, 3, 6}},
      {"Unsqueeze",
       kLine,
       "i = Constant<value_ints = [0, -1]>() y = Unsqueeze(a, i)",
       {1, 4, 1},
       {-1.5, 0, 4, 9}},
      // Types.
      {"CastToIntegerTruncates", kLine, "y = Cast<to = 7>(a)", {4}, {-1, 0, 4, 9}},
      {"CastToBool", kLine, "y = Cast<to = 9>(a)", {4}, {1, 0, 1, 1}},
      {"CastToFloatDivides",
       kWhole,
       "c = Cast<to = 1>(a) d = Cast<to = 10>(b) y = Div(c, d)",
       {2},
       {3.5, -3.5}},
      {"CastLikeDivides",
       kWhole,
       "c = CastLike(a, x) d = CastLike(b, x) y = Div(c, d)",
       {2},
       {3.5, -3.5}},
      {"DequantizePerTensor",
       "int8[2] a = {-3, 5}, float s = {0.5}, int8 z = {1}",
       "y = DequantizeLinear(a, s, z)",
       {2},
       {-2, 2}},
      {"DequantizePerAxis",
       "int8[2, 2] a = {1, 2, 3, 4}, float[2] s = {1, 10}",
       "y = DequantizeLinear<axis = 0>(a, s)",
       {2, 2},
       {1, 2, 30, 40}},
      // Sources.
      {"Float", "", "y = Constant<value_float = 0.5>()", {}, {0.5}},
      {"Floats", "", "y = Constant<value_floats = [0.5, 2.0]>()", {2}, {0.5, 2}},
      {"Integer", "", "y = Constant<value_int = 3>()", {}, {3}},
      {"Size", kTwoByThree, "y = Size(a)", {}, {6}},
      {"ShapeOfATensor", kTwoByThree, "y = Shape(a)", {2}, {2, 3}},
      {"ShapeOfAnExpression", kTwoByThree, "t = Transpose(a) y = Shape<start = -1>(t)", {1}, {2}},
      // x is [N, 3, 8]: what does not depend on N is known.
      {"KnownDimsOfData", "", "y = Shape<start = 1>(x)", {2}, {3, 8}},
      {"KnownDimOfPartlyKnownShape", "int64 i = {2}", "s = Shape(x) y = Gather(s, i)", {}, {8}},
      {"HeadDims",
       "int64[1] i = {2}, int64[1] h = {4}",
       "s = Shape(x) d = Gather(s, i) e = Div(d, h) y = Concat<axis = 0>(h, e)",
       {2},
       {4, 2}},
  };
}

using ConstantsTest = ::testing::TestWithParam<Case>;

TEST_P(ConstantsTest, Evaluates) {
  Evaluated evaluated(GraphOf(GetParam().initializers, GetParam().nodes));
  const Array* array = evaluated.Find("y");
  ASSERT_NE(array, nullptr);
  EXPECT_EQ(array->dims, GetParam().dims);
  EXPECT_THAT(array->values, Pointwise(DoubleNear(1e-12), GetParam().values));
}

INSTANTIATE_TEST_SUITE_P(Rows, ConstantsTest, ::testing::ValuesIn(Cases()),
                         [](const auto& test) { return std::string(test.param.name); });

// The operators of the table, each in a row above; those of borders are made by bodies, below.
TEST(ConstantRows, EachHasATest) {
  for (const ConstantRow& row : ConstantRows()) {
    if (!row.domain.empty()) continue;
    bool is_tested = false;
    for (const Case& test_case : Cases()) {
      const std::string_view nodes = test_case.nodes;
      const size_t at = nodes.find(Text("= ", row.op_type, "("));
      const size_t with_attributes = nodes.find(Text("= ", row.op_type, "<"));
      is_tested =
          is_tested || at != std::string_view::npos || with_attributes != std::string_view::npos;
    }
    EXPECT_TRUE(is_tested) << row.op_type;
  }
}

struct UnknownCase {
  std::string_view name;
  std::string_view initializers;
  std::string_view nodes;
};

void PrintTo(const UnknownCase& test_case, std::ostream* out) { *out << test_case.name; }

std::vector<UnknownCase> UnknownCases() {
  return {
      {"Data", "", "y = Identity(x)"},
      {"ArithmeticOfData", "float[1] a = {1}", "y = Mul(a, x)"},
      {"OtherOperator", kTwoByThree, "y = Softmax(a)"},
      {"WholeShapeOfData", "", "y = Shape(x)"},
      {"DimThatTheDataDecides", "int64 i = {0}", "s = Shape(x) y = Gather(s, i)"},
      {"SizeThatTheDataDecides", "", "y = Size(x)"},
      {"ShapeWithoutADeclaration", "", "a = Relu(x) y = Shape(a)"},
      {"ComparisonWithAnUnknownDim", "int64 i = {0}, int64 b = {1}",
       "s = Shape(x) d = Gather(s, i) y = Equal(d, b)"},
      {"LogicOfAnUnknownDim", "int64 i = {0}, bool t = {0}",
       "s = Shape(x) d = Gather(s, i) c = Cast<to = 9>(d) n = Not(c) y = And(n, t)"},
      {"ChoiceByAnUnknownDim", "int64 i = {0}, float a = {1}, float b = {2}",
       "s = Shape(x) d = Gather(s, i) c = Cast<to = 9>(d) y = Where(c, a, b)"},
      {"LargestOfAnUnknownDim", "int64[1] i = {0}, int64[1] b = {7}",
       "s = Shape(x) d = Gather(s, i) y = Max(b, d)"},
      {"ReshapeByAnUnknownDim", kTwoByThree, "s = Shape(x) y = Reshape(a, s)"},
      {"Infinitely", "float a = {1}, float b = {2}, float c = {0}", "y = Range(a, b, c)"},
      {"TooManySteps", "int64 a = {0}, int64 b = {5000}, int64 c = {1}", "y = Range(a, b, c)"},
      {"TooLarge", "int64[2] a = {100, 100}", "y = ConstantOfShape(a)"},
      {"FarTooLarge", "int64[3] a = {9223372036854775807, 9223372036854775807, 2}",
       "y = ConstantOfShape(a)"},
      {"EmptyWithALongAxis", "int64[2] a = {0, 4611686018427387904}", "y = ConstantOfShape(a)"},
      {"EmptyWithManyAxes", "int64[4] a = {0, 4096, 4096, 4096}", "y = ConstantOfShape(a)"},
      {"ExpandedTooFar", "float a = {1}, int64[1] s = {5000}", "y = Expand(a, s)"},
      {"TiledTooOften", "float[2] a = {1, 2}, int64[1] r = {4611686018427387905}",
       "y = Tile(a, r)"},
      {"NegativeDim", "int64[1] a = {-1}", "y = ConstantOfShape(a)"},
      {"ShapesThatDoNotFit", "float[2] a = {1, 2}, float[3] b = {1, 2, 3}", "y = Add(a, b)"},
      {"ExpandThatDoesNotFit", "float[2] a = {1, 2}, int64[1] s = {3}", "y = Expand(a, s)"},
      {"ReshapeThatDoesNotFit", kTwoByThree,
       "s = Constant<value_ints = [4, -1]>() y = Reshape(a, s)"},
      {"ReshapeToNothing", kTwoByThree,
       "s = Constant<value_ints = [0, 0, -1]>() z = Reshape<allowzero = 1>(a, s) y = Neg(z)"},
      {"ZeroBeyondTheInput", kTwoByThree,
       "s = Constant<value_ints = [2, 3, 0]>() y = Reshape(a, s)"},
      {"DivisionByZero", "int64 a = {1}, int64 b = {0}", "y = Div(a, b)"},
      {"NaN", "float a = {-1}", "y = Sqrt(a)"},
      {"IndexBeyondTheAxis", kTwoByThree, "i = Constant<value_int = 2>() y = Gather(a, i)"},
      {"AxisBeyondTheRank", kTwoByThree,
       "i = Constant<value_int = 0>() y = Gather<axis = 2>(a, i)"},
      {"ConcatOfDifferentRanks", "float[2] a = {1, 2}, float[1, 2] b = {1, 2}",
       "y = Concat<axis = 0>(a, b)"},
      {"ConcatWithData", kTwoByThree, "y = Concat<axis = 0>(a, x)"},
      {"FlattenBeyondTheRank", kTwoByThree, "y = Flatten<axis = 3>(a)"},
      {"SliceWithoutAnEnd", kTwoByThree,
       "b = Constant<value_ints = [0, 1]>() e = Constant<value_ints = [1]>() y = Slice(a, b, e)"},
      {"SliceOfAnAxisBeyondTheRank", kLine,
       "b = Constant<value_ints = [0]>() e = Constant<value_ints = [1]>()"
       "ax = Constant<value_ints = [1]>() y = Slice(a, b, e, ax)"},
      {"SplitBeyondTheExtent", kLine, "s = Constant<value_ints = [2, 5]>() z, y = Split(a, s)"},
      {"SplitIntoNegative", kLine, "s = Constant<value_ints = [5, -1]>() z, y = Split(a, s)"},
      {"SqueezeOfAWideAxis", kTwoByThree, "i = Constant<value_ints = [0]>() y = Squeeze(a, i)"},
      {"UnsqueezeTwice", kLine, "i = Constant<value_ints = [2, 2]>() y = Unsqueeze(a, i)"},
      {"TransposeTwiceTheSameAxis", kTwoByThree, "y = Transpose<perm = [0, 0]>(a)"},
      {"TransposeByTooFew", kTwoByThree, "y = Transpose<perm = [0]>(a)"},
      {"ReduceBeyondTheRank", kTwoByThree, "y = ReduceMax<axes = [2]>(a)"},
      {"CastToText", kLine, "y = Cast<to = 8>(a)"},
      {"ScalesThatDoNotFit", "int8[2, 2] a = {1, 2, 3, 4}, float[3] s = {1, 10, 100}",
       "y = DequantizeLinear<axis = 0>(a, s)"},
      {"RepeatsThatDoNotFit", kTwoByThree, "r = Constant<value_ints = [2]>() y = Tile(a, r)"},
  };
}

using UnknownTest = ::testing::TestWithParam<UnknownCase>;

TEST_P(UnknownTest, IsUnknown) {
  Evaluated evaluated(GraphOf(GetParam().initializers, GetParam().nodes));
  const graph::ValueId y = evaluated.Id("y");
  EXPECT_EQ(evaluated.constants().Find(y), nullptr);
  EXPECT_EQ(evaluated.constants().Scalar(y), std::nullopt);
  EXPECT_EQ(evaluated.constants().Integers(y), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Rows, UnknownTest, ::testing::ValuesIn(UnknownCases()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Constants, NoValueIsUnknown) {
  Evaluated evaluated(GraphOf("", "y = Identity(x)"));
  EXPECT_EQ(evaluated.constants().Find(graph::kNone), nullptr);
  EXPECT_EQ(evaluated.constants().Scalar(graph::kNone), std::nullopt);
  EXPECT_EQ(evaluated.constants().Integers(graph::kNone), std::nullopt);
  EXPECT_EQ(evaluated.constants().Dims(graph::kNone), std::nullopt);
}

TEST(Constants, ScalarIsWhatAllElementsEqual) {
  Evaluated evaluated(
      GraphOf("float[2, 2] same = {3, 3, 3, 3}, float[2] other = {3, 4},"
              "float[0] none = {}, float one = {0.5}",
              "sum = Add(same, one) y = Identity(x)"));
  Constants& constants = evaluated.constants();
  EXPECT_EQ(constants.Scalar(evaluated.Id("same")), 3);
  EXPECT_EQ(constants.Scalar(evaluated.Id("one")), 0.5);
  EXPECT_EQ(constants.Scalar(evaluated.Id("sum")), 3.5);
  EXPECT_EQ(constants.Scalar(evaluated.Id("other")), std::nullopt);
  EXPECT_EQ(constants.Scalar(evaluated.Id("none")), std::nullopt);
}

TEST(Constants, IntegersAreRoundedAndStayInRange) {
  Evaluated evaluated(GraphOf(
      "float[3] a = {1.4999, -2.6, 7}, int64[2] ends = {9223372036854775807, -9223372036854775808}",
      "y = Identity(x)"));
  EXPECT_THAT(*evaluated.constants().Integers(evaluated.Id("a")), ElementsAre(1, -3, 7));
  EXPECT_THAT(
      *evaluated.constants().Integers(evaluated.Id("ends")),
      ElementsAre(std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()));
}

TEST(Constants, DimsAreStoredDeclaredOrFollow) {
  Evaluated evaluated(R"(agraph (float[2, 3] x, float[N, 3] z, float w) => (float[M] y)
    <float[2, 2] a = {1, 2, 3, 4}, int64[1] i = {1}> {
      r = Gather(a, i)
      e = Relu(x)
      f = Relu(z)
      y = Identity(f)
    })");
  const auto dims = [&](std::string_view name) {
    return evaluated.constants().Dims(evaluated.Id(name));
  };
  EXPECT_THAT(*dims("a"), ElementsAre(2, 2));
  EXPECT_THAT(*dims("x"), ElementsAre(2, 3));
  EXPECT_THAT(*dims("w"), IsEmpty());
  EXPECT_THAT(*dims("r"), ElementsAre(1, 2));
  EXPECT_EQ(dims("z"), std::nullopt);
  EXPECT_THAT(*dims("e"), ElementsAre(2, 3));
  EXPECT_EQ(dims("f"), std::nullopt);
}

TEST(Constants, LargeTensorsHaveDimsAndNoNumbers) {
  onnx::ModelProto model = test::EmptyModel();
  *model.mutable_graph()->add_initializer() =
      test::FloatTensor("w", {65, 64}, std::vector<float>(size_t{65} * 64, 1.0F));
  test::AddInput(*model.mutable_graph(), "x", {1});
  test::AddOutput(*model.mutable_graph(), "y", {1});
  test::AddNode(*model.mutable_graph(), "Identity", {"x"}, {"y"});
  Evaluated evaluated(test::ReadModelProto(model));
  const graph::ValueId w = evaluated.Id("w");
  EXPECT_EQ(evaluated.constants().Find(w), nullptr);
  EXPECT_EQ(evaluated.constants().Scalar(w), std::nullopt);
  EXPECT_THAT(*evaluated.constants().Dims(w), ElementsAre(65, 64));
}

TEST(Constants, WithoutAReaderTheSkeletonIsKnown) {
  Evaluated evaluated(GraphOf("float[1] a = {1}", R"(
      axes = Constant<value_ints = [2, 1]>()
      number = Constant<value_float = 1.0>()
      dims = Shape<start = 1>(x)
      y = Identity(a))"),
                      false);
  EXPECT_THAT(*evaluated.constants().Integers(evaluated.Id("axes")), ElementsAre(2, 1));
  EXPECT_THAT(*evaluated.constants().Integers(evaluated.Id("dims")), ElementsAre(3, 8));
  EXPECT_EQ(evaluated.Find("a"), nullptr);
  EXPECT_EQ(evaluated.Find("number"), nullptr);
  EXPECT_EQ(evaluated.Find("y"), nullptr);
}

TEST(Constants, TheSameAnswerLivesOn) {
  Evaluated evaluated(GraphOf(kTwoByThree, "t = Transpose(a) y = Neg(t)"));
  const Array* y = evaluated.Find("y");
  const Array* t = evaluated.Find("t");
  ASSERT_NE(y, nullptr);
  ASSERT_NE(t, nullptr);
  EXPECT_EQ(evaluated.Find("y"), y);
  EXPECT_EQ(evaluated.Find("t"), t);
}

TEST(Constants, LongChainsNeedNoStack) {
  onnx::ModelProto model = test::EmptyModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  *graph.add_initializer() = test::FloatTensor("v0", {1}, {0.0F});
  *graph.add_initializer() = test::FloatTensor("one", {}, {1.0F});
  constexpr int kNodes = 50'000;
  for (int i = 0; i < kNodes; ++i) {
    test::AddNode(graph, "Add", {Text("v", i), "one"}, {Text("v", i + 1)});
  }
  test::AddOutput(graph, Text("v", kNodes), {1});
  Evaluated evaluated(test::ReadModelProto(model));
  EXPECT_EQ(evaluated.constants().Scalar(evaluated.Id(Text("v", kNodes))), kNodes);
}

// ---- Bodies.

std::string BranchesOf(std::string_view then_value, std::string_view else_value) {
  return Text(R"(agraph (bool c) => (float[1] y) {
      y = If (c) <then_branch = a () => (float[1] t) { t = Constant<value_floats = [)",
              then_value, R"(]>() },
                  else_branch = b () => (float[1] e) { e = Constant<value_floats = [)",
              else_value, "]>() }>\n}");
}

TEST(Constants, BranchesThatAgreeAreKnown) {
  Evaluated same(BranchesOf("2.5", "2.5"));
  EXPECT_EQ(same.constants().Scalar(same.Id("y")), 2.5);
  Evaluated different(BranchesOf("2.5", "3.5"));
  EXPECT_EQ(different.Find("y"), nullptr);
}

TEST(Constants, CallsAreSeenThrough) {
  const std::string_view text = R"(
    <ir_version: 8, opset_import: ["" : 17, "local" : 1]>
    agraph (float[1] x) => (float[2] y) <float[2] a = {1, 2}> { y = local.twice(a) }
    <domain: "local", opset_import: ["" : 17]>
    twice (v) => (w) { w = Add(v, v) })";
  Evaluated evaluated(test::ReadModelText(text));
  const Array* y = evaluated.Find("y");
  ASSERT_NE(y, nullptr);
  EXPECT_THAT(y->values, ElementsAre(2, 4));
}

}  // namespace
}  // namespace onnx_reinit::infer
