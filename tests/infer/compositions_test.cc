#include "infer/compositions.h"

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

// y of the data x [N, 6] with w [8, 6], v [6, 8], b [8, 2] and a [2, 6].
struct Row {
  std::string_view name;
  std::string_view nodes;
  std::string_view b;  // "role fan_in -> fan_out"
  std::string_view a;
  std::string_view others;  // of the others that it uses, "name role ..." each
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

Inferred InferredOf(const Row& row) {
  return Inferred(
      Text("g (float[N, 6] x) => (float[M] y) <float[8, 6] w, float[6, 8] v, float[8, 2] b, "
           "float[2, 6] a, float half = {0.5}, float[6, 6] m, float[8] bias, float[8, 1] gain, "
           "int64[1] one = {1}, "
           "int64[4] kernel = {8, 6, 1, 1}, int64[4] image = {-1, 6, 1, 1}, float[8, 6, 1, 1] k> {",
           row.nodes, "}"));
}

std::string FansText(const TensorFacts& facts) {
  return Text(ToString(facts.role), " ", facts.fan_in, " -> ", facts.fan_out);
}

constexpr std::string_view kB = "linear 2 -> 8";
constexpr std::string_view kA = "linear 6 -> 2";

constexpr auto kRows = std::to_array<Row>({
    {"AddedToTheWeight", "p = MatMul(b, a) s = Add(w, p) t = Transpose(s) y = MatMul(x, t)", kB, kA,
     "w"},
    {"ScaledAndAdded", "p = MatMul(b, a) q = Mul(p, half) s = Add(q, w) y = Gemm<transB = 1>(x, s)",
     kB, kA, "w"},
    {"Turned", "p = MatMul(b, a) q = Transpose(p) s = Add(v, q) y = MatMul(x, s)", kB, kA, "v"},
    {"ByGemm", "p = Gemm(b, a) s = Add(w, p) y = Gemm<transB = 1>(x, s)", kB, kA, "w"},
    {"LeftOfTheData", "p = MatMul(b, a) s = Add(w, p) t = Transpose(x) y = MatMul(s, t)", kB, kA,
     "w"},
    {"InPlaceOfTheWeight", "p = MatMul(b, a) t = Transpose(p) y = MatMul(x, t)", kB, kA, ""},
    {"OfAConvolution",
     "p = MatMul(b, a) r = Reshape(p, kernel) s = Add(k, r) i = Reshape(x, image) y = Conv(i, s)",
     kB, kA, "k"},
    {"OfAConvolutionWithSizesThatAreComputed",
     "p = MatMul(b, a) z = Shape(k) r = Reshape(p, z) h = Mul(r, half) s = Add(k, h) "
     "i = Reshape(x, image) y = Conv(i, s)",
     kB, kA, "k"},
    {"OfTwoUpdates",
     "p = MatMul(b, a) q = MatMul(b, a) r = Add(p, q) s = Add(w, r) y = Gemm<transB = 1>(x, s)", kB,
     kA, "w"},
    // DoRA (Liu et al. 2024).
    {"ScaledAndDividedByItsNorm",
     "p = MatMul(b, a) s = Add(w, p) g = Mul(s, gain) n = ReduceL2<axes = [1]>(s) d = Div(g, n) "
     "t = Transpose(d) y = MatMul(x, t)",
     kB, kA, "w"},
    {"DividedByTheRootOfASum",
     "p = MatMul(b, a) s = Add(w, p) q = Mul(s, s) u = ReduceSum(q, one) n = Sqrt(u) d = Div(s, n) "
     "g = Mul(d, gain) y = Gemm<transB = 1>(x, g)",
     kB, kA, "w"},
    {"ThreeFactors", "p = MatMul(b, a) q = MatMul(p, m) y = Gemm<transB = 1>(x, q)", kB, kA, ""},
});

using CompositionTest = ::testing::TestWithParam<Row>;

TEST_P(CompositionTest, IsAWeightWithFactors) {
  const Row& row = GetParam();
  const Inferred inferred = InferredOf(row);
  EXPECT_EQ(FansText(inferred["b"]), row.b);
  EXPECT_EQ(FansText(inferred["a"]), row.a);
  if (!row.others.empty()) {
    const TensorFacts& weight = inferred[row.others];
    EXPECT_TRUE(IsWeight(weight.role)) << weight.reason;
    EXPECT_EQ(weight.fan_in, 6);
    EXPECT_EQ(weight.fan_out, 8);
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, CompositionTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

// What stored tensors make, and is no weight: a table that is added to the data, queries that are
// stored, and the output of a layer on stored data.
TEST(CompositionTwin, OffsetsAreAdded) {
  const Inferred inferred(
      "g (float[N, 8, 6] x) => (float[M] y) <float[8, 6] p, float[6, 6] m, float[6, 6] w> {"
      "o = MatMul(p, m) z = Add(x, o) y = MatMul(z, w) }");
  EXPECT_EQ(inferred["p"].role, Role::kToken);
  EXPECT_EQ(FansText(inferred["m"]), "linear 6 -> 6");
  EXPECT_EQ(FansText(inferred["w"]), "linear 6 -> 6");
}

TEST(CompositionTwin, TheTableBesideAnUpdateIsAdded) {
  const Inferred inferred(
      "g (float[N, 8, 6] x) => (float[M] y) <float[8, 6] p, float[8, 2] b, float[2, 6] a> {"
      "o = MatMul(b, a) s = Add(p, o) y = Add(x, s) }");
  EXPECT_NE(inferred["p"].role, Role::kLinear);
}

TEST(CompositionTwin, TheDataIsDividedByTheNorm) {
  const Inferred inferred(
      "g (float[N, 8, 6] x) => (float[M] y) <float[8, 6] p, float[8, 2] b, float[2, 6] a> {"
      "o = MatMul(b, a) s = Add(p, o) n = ReduceL2<axes = [1]>(s) y = Div(x, n) }");
  EXPECT_NE(inferred["p"].role, Role::kLinear);
}

TEST(CompositionTwin, TheNormIsThatOfTheData) {
  const Inferred inferred(
      "g (float[8, 6] x, float[N, 6] z) => (float[M] y) "
      "<float[8, 6] p, float[8, 2] b, float[2, 6] a> {"
      "o = MatMul(b, a) s = Add(p, o) n = ReduceL2<axes = [1]>(x) d = Div(s, n) t = Transpose(d) "
      "y = MatMul(z, t) }");
  EXPECT_NE(inferred["p"].role, Role::kLinear);
}

TEST(CompositionTwin, QueriesAreStored) {
  const Inferred inferred(
      "g (float[6, N] x) => (float[M] y) <float[5, 6] q, float[6, 6] wq> {"
      "p = MatMul(q, wq) s = MatMul(p, x) y = Softmax(s) }");
  EXPECT_EQ(inferred["q"].role, Role::kToken);
  EXPECT_EQ(FansText(inferred["wq"]), "linear 6 -> 6");
}

TEST(CompositionTwin, ValuesAreStored) {
  const Inferred inferred(
      "g (float[N, 5] x) => (float[M] y) <float[5, 6] q, float[6, 8] wv> {"
      "s = Softmax(x) v = MatMul(q, wv) y = MatMul(s, v) }");
  EXPECT_EQ(inferred["q"].role, Role::kToken);
  EXPECT_EQ(FansText(inferred["wv"]), "linear 6 -> 8");
}

TEST(CompositionTwin, LayersHaveBiases) {
  const Inferred inferred(
      "g (float[N, 8] x) => (float[M] y) <float[8, 6] z, float[6, 4] h, float[4] c> {"
      "o = MatMul(z, h) w = Add(o, c) y = MatMul(x, w) }");
  EXPECT_EQ(inferred["z"].role, Role::kToken);
  EXPECT_EQ(FansText(inferred["h"]), "linear 6 -> 4");
  EXPECT_EQ(inferred["c"].role, Role::kBias);
}

TEST(CompositionTwin, LayersHaveBiasesInside) {
  const Inferred inferred(
      "g (float[N, 8] x) => (float[M] y) <float[8, 6] z, float[6, 4] h, float[4] c> {"
      "o = Gemm(z, h, c) y = MatMul(x, o) }");
  EXPECT_EQ(inferred["z"].role, Role::kToken);
  EXPECT_EQ(FansText(inferred["h"]), "linear 6 -> 4");
  EXPECT_EQ(inferred["c"].role, Role::kBias);
}

TEST(Compositions, SayWhichAxisHoldsTheOutputs) {
  const test::Analysis analysis(
      "g (float[N, 6] x) => (float[M] y) <float[8, 2] b, float[2, 6] a> {"
      "p = MatMul(b, a) t = Transpose(p) y = MatMul(x, t) }");
  const Levels& levels = analysis.levels();
  EXPECT_EQ(levels.composition(analysis.Value("p")), Composition::kOutputsFirst);
  EXPECT_EQ(levels.composition(analysis.Value("t")), Composition::kOutputsLast);
  EXPECT_EQ(levels.composition(analysis.Value("y")), Composition::kNone);
  EXPECT_EQ(levels.of(analysis.Value("t")), Level::kFixed);
}

}  // namespace
}  // namespace onnx_reinit::infer
