#include "infer/normalizations.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "infer/found_forms.h"

namespace onnx_reinit::infer {
namespace {

using test::Analysis;
using test::ArithmeticText;
using test::NormalizationsOf;

// What is found in the nodes of a row.
struct Row {
  std::string_view name;
  std::string_view nodes;
  std::string_view found;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.nodes; }

class Normalizations : public ::testing::TestWithParam<Row> {};

TEST_P(Normalizations, AreFound) {
  const Analysis analysis(ArithmeticText(GetParam().nodes));
  EXPECT_EQ(NormalizationsOf(analysis), GetParam().found);
}

std::string NameOf(const ::testing::TestParamInfo<Row>& row) { return std::string(row.param.name); }

constexpr Row kForms[] = {
    {"LayerTorchScript",
     "m = ReduceMean<axes = [-1]>(x) d = Sub(x, m) p = Pow(d, two) v = ReduceMean<axes = [-1]>(p) "
     "a = Add(v, eps) s = Sqrt(a) n = Div(d, s) w = Mul(n, vector) y = Add(w, other)",
     "layer normalization x -> n in 7 nodes"},
    {"LayerTwoDifferences",
     "m = ReduceMean<axes = [-1]>(x) d = Sub(x, m) e = Sub(x, m) p = Mul(d, d) "
     "v = ReduceMean<axes = [-1]>(p) a = Add(eps, v) s = Sqrt(a) y = Div(e, s)",
     "layer normalization x -> y in 8 nodes"},
    {"LayerByReciprocal",
     "m = ReduceMean<axes = [-1]>(x) d = Sub(x, m) p = Mul(d, d) v = ReduceMean<axes = [-1]>(p) "
     "a = Add(v, eps) s = Sqrt(a) r = Reciprocal(s) y = Mul(d, r)",
     "layer normalization x -> y in 8 nodes"},
    {"LayerByPower",
     "m = ReduceMean<axes = [-1]>(x) d = Sub(x, m) p = Mul(d, d) v = ReduceMean<axes = [-1]>(p) "
     "a = Add(v, eps) r = Pow(a, minus_half) y = Mul(d, r)",
     "layer normalization x -> y in 7 nodes"},
    {"LayerOfMeanSquares",
     "m = ReduceMean<axes = [-1]>(x) p = Mul(x, x) q = ReduceMean<axes = [-1]>(p) "
     "k = Mul(m, m) v = Sub(q, k) a = Add(v, eps) s = Sqrt(a) d = Sub(x, m) y = Div(d, s)",
     "layer normalization x -> y in 9 nodes"},
    {"LayerUnbiased",
     "m = ReduceMean<axes = [-1]>(x) d = Sub(x, m) p = Mul(d, d) v = ReduceMean<axes = [-1]>(p) "
     "u = Mul(v, ratio) s = Sqrt(u) a = Add(s, eps) y = Div(d, a)",
     "layer normalization x -> y in 8 nodes"},
    {"LayerOfSumsByCount",
     "t = ReduceSum(x, last) m = Div(t, eight) d = Sub(x, m) p = Mul(d, d) u = ReduceSum(p, last) "
     "v = Mul(u, eighth) a = Add(v, eps) s = Sqrt(a) y = Div(d, s)",
     "layer normalization x -> y in 9 nodes"},
    {"LayerOfSumsByCountFromShape",
     "h = Shape(x) i = Gather(h, first) c = Cast<to = 1>(i) t = ReduceSum(x, last) m = Div(t, c) "
     "d = Sub(x, m) p = Mul(d, d) u = ReduceSum(p, last) v = Div(u, c) a = Add(v, eps) "
     "s = Sqrt(a) y = Div(d, s)",
     "layer normalization x -> y in 9 nodes"},
    {"LayerKeras",
     "m = ReduceMean<axes = [-1]>(x) d = Sub(x, m) p = Mul(d, d) v = ReduceMean<axes = [-1]>(p) "
     "a = Add(v, eps) s = Sqrt(a) r = Reciprocal(s) i = Mul(r, vector) k = Mul(x, i) "
     "l = Mul(m, i) b = Sub(other, l) y = Add(k, b)",
     "layer normalization x -> y in 12 nodes"},
    // tf2onnx writes the mean of the last of three axes as a pool.
    {"LayerKerasByPools",
     "m = GlobalAveragePool(x) d = Sub(x, m) p = Mul(d, d) v = GlobalAveragePool(p) "
     "a = Add(v, eps) s = Sqrt(a) r = Reciprocal(s) i = Mul(r, vector) k = Mul(x, i) "
     "n = Neg(m) l = Mul(n, i) b = Add(l, other) y = Add(k, b)",
     "layer normalization x -> y in 13 nodes"},
    {"LayerCastAround",
     "f = Cast<to = 1>(x) m = ReduceMean<axes = [-1]>(f) d = Sub(f, m) p = Mul(d, d) "
     "v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) s = Sqrt(a) n = Div(d, s) "
     "y = Cast<to = 10>(n)",
     "layer normalization f -> n in 7 nodes"},
    {"LayerOverOtherAxes",
     "m = ReduceMean<axes = [1, 2]>(x) d = Sub(x, m) p = Mul(d, d) "
     "v = ReduceMean<axes = [2, 1]>(p) a = Add(v, eps) s = Sqrt(a) y = Div(d, s)",
     "layer normalization x -> y in 7 nodes"},
    {"LayerWithoutKeptAxes",
     "m = ReduceMean<axes = [-1], keepdims = 0>(x) k = Unsqueeze(m, last) d = Sub(x, k) "
     "p = Mul(d, d) v = ReduceMean<axes = [-1], keepdims = 0>(p) a = Add(v, eps) s = Sqrt(a) "
     "t = Unsqueeze(s, last) y = Div(d, t)",
     "layer normalization x -> y in 9 nodes"},
    {"LayerOfHalvedInput",
     "h = Mul(x, half) m = ReduceMean<axes = [-1]>(h) d = Sub(h, m) p = Mul(d, d) "
     "v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) s = Sqrt(a) y = Div(d, s)",
     "layer normalization h -> y in 7 nodes"},
    {"RootMeanSquareDivided",
     "p = Pow(x, two) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) s = Sqrt(a) n = Div(x, s) "
     "y = Mul(n, vector)",
     "root mean square normalization x -> n in 5 nodes"},
    {"RootMeanSquareReciprocal",
     "p = Mul(x, x) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) s = Sqrt(a) r = Reciprocal(s) "
     "n = Mul(x, r) y = Mul(vector, n)",
     "root mean square normalization x -> n in 6 nodes"},
    {"RootMeanSquareOneDivided",
     "p = Pow(x, two) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) s = Sqrt(a) r = Div(one, s) "
     "y = Mul(x, r)",
     "root mean square normalization x -> y in 6 nodes"},
    {"RootMeanSquareByPower",
     "p = Pow(x, two) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) r = Pow(a, minus_half) "
     "y = Mul(x, r)",
     "root mean square normalization x -> y in 5 nodes"},
    {"RootMeanSquareOfACast",
     "f = Cast<to = 1>(x) p = Pow(f, two) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) "
     "s = Sqrt(a) r = Reciprocal(s) y = Mul(x, r)",
     "root mean square normalization x -> y in 7 nodes"},
    {"RootMeanSquareScaleInside",
     "p = Pow(x, two) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) s = Sqrt(a) "
     "r = Reciprocal(s) w = Mul(r, vector) y = Mul(x, w)",
     "root mean square normalization x -> y in 7 nodes"},
    {"RootMeanSquareByNorm",
     "s = ReduceL2<axes = [-1]>(x) k = Mul(s, tenth) c = Clip(k, eps) y = Div(x, c)",
     "root mean square normalization x -> y in 4 nodes"},
    {"L2ByNorm",
     "s = ReduceL2<axes = [-1]>(x) c = Clip(s, tiny) t = Shape(x) e = Expand(c, t) y = Div(x, e)",
     "L2 normalization x -> y in 4 nodes"},
    {"L2ByMax", "s = ReduceL2<axes = [-1]>(x) c = Max(s, tiny) y = Div(x, c)",
     "L2 normalization x -> y in 3 nodes"},
    {"L2OfAbsolutePowers",
     "b = Abs(x) p = Pow(b, two) r = ReduceSum(p, last) s = Pow(r, half) c = Clip(s, tiny) "
     "y = Div(x, c)",
     "L2 normalization x -> y in 6 nodes"},
    {"L2BySumSquare",
     "p = ReduceSumSquare<axes = [-1]>(x) a = Max(p, tiny) s = Sqrt(a) r = Reciprocal(s) "
     "y = Mul(x, r)",
     "L2 normalization x -> y in 5 nodes"},
    {"GlobalResponse",
     "g = ReduceL2<axes = [1, 2]>(x) m = ReduceMean<axes = [-1]>(g) a = Add(m, eps) "
     "n = Div(g, a) w = Mul(x, n) s = Mul(w, vector) t = Add(s, other) y = Add(t, x)",
     "global response normalization x -> w in 5 nodes"},
};
INSTANTIATE_TEST_SUITE_P(Forms, Normalizations, ::testing::ValuesIn(kForms), NameOf);

constexpr Row kPlaces[] = {
    {"OneAfterTheOther",
     "p = Pow(x, two) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) s = Sqrt(a) n = Div(x, s) "
     "q = Pow(n, two) w = ReduceMean<axes = [-1]>(q) b = Add(w, eps) t = Sqrt(b) y = Div(n, t)",
     "root mean square normalization x -> n in 5 nodes; "
     "root mean square normalization n -> y in 5 nodes"},
    {"OfAnActivation",
     "h = Relu(x) p = Pow(h, two) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) s = Sqrt(a) "
     "y = Div(h, s)",
     "root mean square normalization h -> y in 5 nodes"},
    {"WhoseDeviationNobodyReads",
     "p = Pow(x, two) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) s = Sqrt(a) "
     "r = Reciprocal(s) c = Cast<to = 1>(r) y = Div(x, s)",
     "root mean square normalization x -> y in 5 nodes"},
};
INSTANTIATE_TEST_SUITE_P(Places, Normalizations, ::testing::ValuesIn(kPlaces), NameOf);

constexpr Row kTwins[] = {
    {"Centred", "m = ReduceMean<axes = [-1]>(x) y = Sub(x, m)", ""},
    {"Pooled", "m = ReduceMean<axes = [-1]>(x) y = Mul(x, m)", ""},
    {"SquaresWithoutRoot",
     "p = Pow(x, two) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) y = Div(x, a)", ""},
    {"OfOtherData",
     "p = Pow(z, two) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) s = Sqrt(a) y = Div(x, s)",
     ""},
    {"MeanOverOneAxisVarianceOverAnother",
     "m = ReduceMean<axes = [1]>(x) d = Sub(x, m) p = Mul(d, d) v = ReduceMean<axes = [2]>(p) "
     "a = Add(v, eps) s = Sqrt(a) y = Div(d, s)",
     "root mean square normalization d -> y in 5 nodes"},
    {"DeviationAlsoUsedElsewhere",
     "p = Pow(x, two) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) s = Sqrt(a) n = Div(x, s) "
     "y = Mul(n, s)",
     ""},
    {"OfAFixedValue",
     "p = Pow(matrix, two) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) s = Sqrt(a) "
     "n = Div(matrix, s) y = MatMul(x, n)",
     ""},
    {"SumsByAWrongCount",
     "t = ReduceSum(x, last) m = Div(t, eight) d = Sub(x, m) p = Mul(d, d) u = ReduceSum(p, last) "
     "v = Div(u, two) k = Sub(x, half) s = Sqrt(v) y = Div(k, s)",
     ""},
    {"SumOfAbsoluteValues", "s = ReduceL1<axes = [-1]>(x) y = Div(x, s)", ""},
    {"Gate", "m = ReduceMean<axes = [-1]>(x) g = Sigmoid(m) y = Mul(x, g)", ""},
};
INSTANTIATE_TEST_SUITE_P(Twins, Normalizations, ::testing::ValuesIn(kTwins), NameOf);

TEST(NormalizationMap, KnowsTheSiteOfEachNode) {
  const Analysis analysis(ArithmeticText(
      "p = Pow(x, two) v = ReduceMean<axes = [-1]>(p) a = Add(v, eps) s = Sqrt(a) n = Div(x, s) "
      "y = Mul(n, vector)"));
  const NormalizationMap& map = analysis.surroundings().normalizations;
  ASSERT_EQ(map.sites().size(), 1);
  EXPECT_EQ(map.sites()[0].last, 4);
  for (graph::NodeId node = 0; node < 5; ++node) EXPECT_EQ(map.At(node), &map.sites().front());
  EXPECT_EQ(map.At(5), nullptr);
}

}  // namespace
}  // namespace onnx_reinit::infer
