#include "infer/constants.h"

#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer/constant_functions.h"
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
  explicit Evaluated(const std::string& graph_text, bool can_read = true, int opset = 18)
      : model_(test::ReadGraphText(graph_text, opset)),
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

const Case kCases[] = {
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
    {"Pow", "float[2] a = {3, 4}, float b = {0.5}", "y = Pow(a, b)", {2}, {1.7320508075688772, 2}},
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
    {"Tile", kPairs, "r = Constant<value_ints = [1, 2]>() y = Tile(a, r)", {2, 2}, {7, 7, -7, -7}},
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

using ConstantsTest = ::testing::TestWithParam<Case>;

TEST_P(ConstantsTest, Evaluates) {
  Evaluated evaluated(GraphOf(GetParam().initializers, GetParam().nodes));
  const Array* array = evaluated.Find("y");
  ASSERT_NE(array, nullptr);
  EXPECT_EQ(array->dims, GetParam().dims);
  EXPECT_THAT(array->values, Pointwise(DoubleNear(1e-12), GetParam().values));
}

INSTANTIATE_TEST_SUITE_P(Rows, ConstantsTest, ::testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
