#include "infer/origin.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using enum OriginKind;
using test::Analysis;

std::string_view ToString(OriginKind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"input",         "product", "data product",
                                                      "normalisation", "softmax", "other"};
  return kNames[static_cast<size_t>(kind)];
}

// "product of p, scaled, shifted"
std::string Describe(const Analysis& analysis, const Origin& origin) {
  std::string text(ToString(origin.kind));
  if (origin.node != nullptr && origin.kind != kOther) {
    text += Text(" of ", analysis.NameOf(origin.node->Output(0)));
  }
  if (origin.is_scaled) text += ", scaled";
  if (origin.is_shifted) text += ", shifted";
  return text;
}

struct Row {
  std::string_view name;
  std::string_view nodes;  // make y of x and z [N, 4, 8, 8]
  std::string_view origin;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

constexpr std::string_view kModel =
    "g (float[N, 4, 8, 8] x, float[N, 4, 8, 8] z) => (float[M] y) <float[8, 8] w, "
    "float[6, 4, 3, 3] c, float[8] v, float[8] u, float s = {0.5}, int8[8, 8] i8, uint8 zp = {0}, "
    "float eps = {0.00001}, float two = {2}, float[2] ones = {1, 1}> {";

constexpr auto kRows = std::to_array<Row>({
    {"Input", "y = Identity(x)", "input"},
    {"InputMoved", "t = Transpose(x) y = Cast<to = 1>(t)", "input"},
    {"InputScaledAndShifted", "t = Mul(x, v) y = Sub(t, u)", "input, scaled, shifted"},
    {"InputByOneNumberIsNotScaled", "y = Mul(x, s)", "input"},
    {"Product", "p = MatMul(x, w) y = Identity(p)", "product of p"},
    {"ProductItself", "y = MatMul(x, w)", "product of y"},
    {"ProductOfTheLeft", "y = MatMul(w, x)", "product of y"},
    {"Convolution", "p = Conv(x, c) y = GlobalAveragePool(p)", "product of p"},
    {"ProductShifted", "p = MatMul(x, w) y = Add(p, v)", "product of p, shifted"},
    {"ProductWithATable", "p = MatMul(x, w) y = Add(p, w)", "product of p"},
    {"ProductShiftedOnTheLeft", "p = MatMul(x, w) y = Add(v, p)", "product of p, shifted"},
    {"ProductScaled", "p = MatMul(x, w) y = Mul(p, v)", "product of p, scaled"},
    {"ProductByOneNumber", "p = MatMul(x, w) y = Div(p, s)", "product of p"},
    {"ProductPooled", "p = MatMul(x, w) q = ReduceMean(p) y = Slice(q, q, q)", "product of p"},
    {"ProductRequantised",
     "p = MatMul(x, w) q = QuantizeLinear(p, s, zp) y = DequantizeLinear(q, s, zp)",
     "product of p"},
    {"ProductOfQuantisedData",
     "a, b, d = DynamicQuantizeLinear(x) p = MatMulInteger(a, i8, d) f = Cast<to = 1>(p)"
     "g2 = Mul(b, s) y = Mul(f, g2)",
     "product of p"},
    {"SumOfTwoProducts", "p = MatMul(x, w) q = MatMul(z, w) y = Add(p, q)", "product of p"},
    {"SumOfAProductAndData", "p = MatMul(x, w) y = Add(p, z)", "other"},
    {"ProductThatAddsData", "y = Gemm(x, w, z)", "product of y"},
    {"ProductThatAddsItsBias", "y = Gemm(x, w, v)", "product of y, shifted"},
    {"SumOfAProductWithItsBias", "p = Gemm(x, w, v) q = MatMul(z, w) y = Add(p, q)", "other"},
    {"ProductOfData", "y = MatMul(x, z)", "data product of y"},
    {"EinsumOfData", "y = Einsum<equation = \"nchw,nchw->nhw\">(x, z)", "data product of y"},
    {"QuantisedProductOfData", "y = QLinearMatMul(x, s, zp, z, s, zp, s, zp)", "data product of y"},
    {"OrderedProduct", "y = com.microsoft.QOrderedMatMul(x, s, i8, s, s)", "product of y"},
    {"OrderedProductWithItsBias", "y = com.microsoft.QOrderedMatMul(x, s, i8, s, s, v)",
     "product of y, shifted"},
    {"EinsumWithAWeight", "y = Einsum<equation = \"nchw,wd->nchd\">(x, w)", "product of y"},
    {"Normalisation", "p = LayerNormalization(x, v) y = Transpose(p)",
     "normalisation of p, scaled"},
    {"NormalisationWithABias", "p = LayerNormalization(x, v, u) y = Transpose(p)",
     "normalisation of p, scaled, shifted"},
    {"NormalisationWithAScaleOfOnes", "p = LayerNormalization(x, ones, u) y = Transpose(p)",
     "normalisation of p, shifted"},
    {"NormalisationOfInstances", "p = InstanceNormalization(x, v, u) y = Transpose(p)",
     "normalisation of p"},
    {"NormalisationScaledAndShifted", "p = LpNormalization(x) q = Mul(p, v) y = Add(q, u)",
     "normalisation of p, scaled, shifted"},
    {"NormalisationOfPlacesScaledAndShifted",
     "p = LpNormalization(x) q = Mul(p, w) r = Add(q, w) y = Slice(r, r, r)",
     "normalisation of p, scaled, shifted"},
    {"NormalisationWithATable", "p = LpNormalization(x) y = Add(p, w)", "normalisation of p"},
    {"NormalisationInPieces",
     "m = ReduceMean<axes = [-1]>(x) d = Sub(x, m) q = Mul(d, d) r = ReduceMean<axes = [-1]>(q)"
     "e = Add(r, eps) f = Sqrt(e) p = Div(d, f) y = Mul(p, v)",
     "normalisation of p, scaled"},
    {"NormalisationInPiecesOfQuantisedNumbers",
     "m = ReduceMean<axes = [-1]>(x) d = Sub(x, m) q = Mul(d, d) r = ReduceMean<axes = [-1]>(q)"
     "i = QuantizeLinear(eps, s, zp) j = DequantizeLinear(i, s, zp)"
     "e = Add(r, j) f = Sqrt(e) p = Div(d, f) y = Mul(p, v)",
     "normalisation of p, scaled"},
    {"NormalisationWithItsBiasInside",
     "m = ReduceMean<axes = [-1]>(x) d = Sub(x, m) q = Mul(d, d) k = ReduceMean<axes = [-1]>(q)"
     "a = Add(k, eps) f = Sqrt(a) r = Reciprocal(f) i = Mul(r, u) t = Mul(x, i) l = Mul(m, i)"
     "b = Sub(v, l) y = Add(t, b)",
     "normalisation of y, scaled, shifted"},
    {"Softmax", "p = Softmax(x) y = Transpose(p)", "softmax of p"},
    {"SumOfData", "y = Add(x, z)", "other"},
    {"ProductOfElements", "p = MatMul(x, w) y = Mul(p, z)", "other"},
    {"Activation", "p = MatMul(x, w) y = Relu(p)", "other"},
    {"UnknownOperator", "p = MatMul(x, w) y = other.Mystery(p)", "other"},
});

class OriginTest : public ::testing::TestWithParam<Row> {};

TEST_P(OriginTest, IsWhatTheValueIsMadeBy) {
  const Analysis analysis(Text(kModel, GetParam().nodes, "}"));
  EXPECT_EQ(Describe(analysis, OriginOf(analysis.slots(), analysis.Value("y"))), GetParam().origin);
}

INSTANTIATE_TEST_SUITE_P(Rows, OriginTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Origin, OfNothingIsOther) {
  const Analysis analysis(Text(kModel, "y = Relu(x) }"));
  EXPECT_EQ(OriginOf(analysis.slots(), graph::kNone).kind, kOther);
}

TEST(Origin, GivesUpAfterManyNodes) {
  std::string nodes = "t0 = Identity(x) ";
  for (int i = 1; i < 500; ++i) nodes += Text("t", i, " = Identity(t", i - 1, ") ");
  const Analysis analysis(Text(kModel, nodes, "y = Identity(t499) }"));
  EXPECT_EQ(OriginOf(analysis.slots(), analysis.Value("y")).kind, kOther);
}

struct OutputsRow {
  std::string_view name;
  std::string_view nodes;
  std::optional<int64_t> outputs;  // of the node that makes y
};

void PrintTo(const OutputsRow& row, std::ostream* out) { *out << row.name; }

constexpr auto kOutputs = std::to_array<OutputsRow>({
    {"MatMulRight", "y = MatMul(x, w)", 6},
    {"MatMulLeft", "y = MatMul(w, x)", 4},
    {"GemmTransB", "y = Gemm<transB = 1>(x, w)", 4},
    {"GemmTransA", "y = Gemm<transA = 1>(w, x)", 6},
    {"Conv", "y = Conv(x, c)", 8},
    {"ConvTransposeInGroups", "y = ConvTranspose<group = 2>(x, c)", 6},
    {"ConvTransposeOfAbsurdGroups", "y = ConvTranspose<group = 9223372036854775807>(x, c)",
     std::nullopt},
    {"ThroughTransposition", "t = Transpose(w) y = MatMul(x, t)", 4},
    {"ThroughDequantisation", "t = DequantizeLinear(q, s) y = MatMul(x, t)", 6},
    {"ThroughCast", "t = Cast<to = 1>(w) y = MatMul(x, t)", 6},
    {"Einsum", "y = Einsum<equation = \"ni,io->no\">(x, w)", 6},
    {"EinsumOfHeads", "y = Einsum<equation = \"ni,ihdk->nhdk\">(x, c)", 27},
    {"QLinearConv", "y = QLinearConv(x, s, z, c, s, z, s, z)", 8},
    {"QLinearMatMul", "y = QLinearMatMul(x, s, z, q, s, z, s, z)", 6},
    {"QOrderedMatMul", "y = com.microsoft.QOrderedMatMul(x, s, q, s, s)", 6},
    {"PackedBits", "y = com.microsoft.MatMulNBits<N = 7, K = 32>(x, q, s)", 7},
    {"WithAVector", "y = MatMul(x, v)", std::nullopt},
});

class ProductOutputsTest : public ::testing::TestWithParam<OutputsRow> {};

TEST_P(ProductOutputsTest, AreElementsAtEachPlace) {
  const Analysis analysis(
      Text("g (float[N, 4] x) => (float[M] y) <float[4, 6] w, float[8, 3, 3, 3] c, int8[4, 6] q, "
           "float s = {0.5}, uint8 z = {0}, float[4] v> {",
           GetParam().nodes, "}"));
  const std::optional<int64_t> outputs = ProductOutputs(analysis.slots(), analysis.MakerNode("y"));
  EXPECT_EQ(outputs, GetParam().outputs);
}

INSTANTIATE_TEST_SUITE_P(Rows, ProductOutputsTest, ::testing::ValuesIn(kOutputs),
                         [](const auto& test) { return std::string(test.param.name); });

struct YesRow {
  std::string_view name;
  std::string_view nodes;
  bool is_so;
};

void PrintTo(const YesRow& row, std::ostream* out) { *out << row.name; }

// Of the value scores.
constexpr auto kSoftmaxes = std::to_array<YesRow>({
    {"Directly", "scores = MatMul(x, z) y = Softmax(scores)", true},
    {"ScaledAndMasked", "scores = MatMul(x, z) t = Mul(scores, two) m = Add(t, w) y = Softmax(m)",
     true},
    {"Moved", "scores = MatMul(x, z) t = Transpose(scores) u1 = Reshape(t, w) y = Softmax(u1)",
     true},
    {"Requantised",
     "scores = MatMul(x, z) q = QuantizeLinear(scores, two, zp) d = DequantizeLinear(q, two, zp)"
     "y = Softmax(d)",
     true},
    {"AsALogarithm", "scores = MatMul(x, z) y = LogSoftmax(scores)", true},
    {"NotThroughAProduct", "scores = MatMul(x, z) t = MatMul(scores, w) y = Softmax(t)", false},
    {"NotThroughAnActivation", "scores = MatMul(x, z) t = Relu(scores) y = Softmax(t)", false},
    {"Never", "scores = MatMul(x, z) y = Sigmoid(scores)", false},
    {"AnOutput", "scores = MatMul(x, z) y = Identity(x)", false},
});

class ReachesSoftmaxTest : public ::testing::TestWithParam<YesRow> {};

TEST_P(ReachesSoftmaxTest, IsReached) {
  const Analysis analysis(Text(kModel, GetParam().nodes, "}"));
  EXPECT_EQ(ReachesSoftmax(analysis.slots(), analysis.Value("scores")), GetParam().is_so);
}

INSTANTIATE_TEST_SUITE_P(Rows, ReachesSoftmaxTest, ::testing::ValuesIn(kSoftmaxes),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ReachesSoftmax, OfNothingIsFalse) {
  const Analysis analysis(Text(kModel, "y = Relu(x) }"));
  EXPECT_FALSE(ReachesSoftmax(analysis.slots(), graph::kNone));
}

// Of the node that makes y.
constexpr auto kProducts = std::to_array<YesRow>({
    {"DataByAWeight", "y = MatMul(x, w)", true},
    {"AWeightByData", "y = MatMul(w, x)", true},
    {"DataByData", "y = MatMul(x, z)", false},
    {"StoredByStored", "y = MatMul(w, w)", true},
    {"Convolution", "y = Conv(x, c)", true},
    {"ConvolutionByComputedWeights", "k = MatMul(z, w) y = Conv(x, k)", false},
    {"Quantised", "y = QLinearMatMul(x, s, zp, i8, s, zp, s, zp)", true},
    {"QuantisedDataByData", "y = QLinearMatMul(x, s, zp, z, s, zp, s, zp)", false},
    {"QuantisedConvolutionByComputedWeights", "y = QLinearConv(x, s, zp, z, s, zp, s, zp)", false},
    {"Ordered", "y = com.microsoft.QOrderedMatMul(x, s, i8, s, s)", true},
    {"OrderedDataByData", "y = com.microsoft.QOrderedMatMul(x, s, z, s, s)", false},
    {"EinsumOfData", "y = Einsum<equation = \"nchw,nchw->nhw\">(x, z)", false},
    {"Sum", "y = Add(x, w)", false},
    {"Recurrence", "y = LSTM(x, w, w)", false},
});

class WeightProductTest : public ::testing::TestWithParam<YesRow> {};

TEST_P(WeightProductTest, IsAProductWithAWeight) {
  const Analysis analysis(Text(kModel, GetParam().nodes, "}"));
  EXPECT_EQ(IsWeightProduct(analysis.levels(), analysis.MakerNode("y")), GetParam().is_so);
}

INSTANTIATE_TEST_SUITE_P(Rows, WeightProductTest, ::testing::ValuesIn(kProducts),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
