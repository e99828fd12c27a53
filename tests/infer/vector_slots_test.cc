#include "infer/vector_slots.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer/reach.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

// The nodes make y out of x and z [N, 6, 4], images [N, 4, 9, 9], the truth value b, the index n
// and p = MatMul(x, m) [N, 6, 8]; w is asked for.
struct Row {
  std::string_view name;
  std::string_view weight;
  std::string_view nodes;
  std::string_view meaning;  // "role evidence" of the first use; "nothing" where it has none
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

std::string MeaningOf(const Row& row) {
  const test::Analysis analysis(
      Text("g (float[N, 6, 4] x, float[N, 6, 4] z, float[N, 4, 9, 9] images, bool b, int64[N] n)"
           "=> (float[M] y) <",
           row.weight,
           " w, float[4, 8] m, float[8] u, float[8] v, float[8, 8] k, float s = {0.5}, "
           "float one = {1}, float eps = {0.00001}, int8[4, 8] i8, float[8, 4, 3, 3] c, "
           "int64[6] places = {5, 3, 1, 0, 2, 4}, int64[4] heads = {0, 0, 2, 4}, "
           "int64[3] flat = {0, 2, -1}, float[4] v4, float[2] v2, float[8, 1] v1, int64[2] one2 = "
           "{1, 1}, int64[1] one1 = {1}, float[3, 4, 8] e> { p = MatMul(x, m) ",
           row.nodes, "}"));
  const std::vector<Reached> reached = Reach(analysis.slots(), analysis.Stored("w"));
  if (reached.empty() || !reached[0].meaning) return "nothing";
  const SlotMeaning& meaning = *reached[0].meaning;
  return Text(ToString(meaning.role), " ", test::ToString(meaning.evidence));
}

constexpr auto kRows = std::to_array<Row>({
    {"MixAfterANormalisationWithItsScale", "float[4]",
     "t = LayerNormalization(x, v4) y = Mul(t, w)", "layer_scale open"},
    {"ScaleAfterANormalisationOfInstances", "float[4, 1, 1]",
     "t = InstanceNormalization(images, v4, v4) y = Mul(t, w)", "norm_scale structure"},
    // Distances.
    {"CodebookOfTheNearest", "float[1, 6, 4]",
     "d = Sub(x, w) e = Mul(d, d) r = ReduceSum(e) y = ArgMin(r)", "embedding open"},
    {"CodebookOfTheNearestByMagnitude", "float[6, 4]",
     "d = Sub(w, x) e = Abs(d) r = ReduceMean(e) q = Sqrt(r) y = ArgMin(q)", "embedding open"},
    {"CentresOfRadialFunctions", "float[6, 4]",
     "d = Sub(x, w) e = Mul(d, d) r = ReduceSum(e) q = Neg(r) y = Exp(q)", "parameter open"},
    {"SubtractedAndSummedWithoutASquare", "float[6, 4]",
     "d = Sub(x, w) e = Mul(d, s) r = ReduceSum(e) y = ArgMin(r)", "constant not"},
    {"SubtractedAndNotSummed", "float[6, 4]", "d = Sub(x, w) y = Mul(d, d)", "constant not"},
    {"MeansOfAnInput", "float[4]", "d = Sub(x, w) e = Mul(d, d) r = ReduceSum(e) y = ArgMin(r)",
     "constant not"},
    // Biases.
    {"BiasAfterAProduct", "float[8]", "y = Add(p, w)", "bias structure"},
    {"BiasOnTheLeft", "float[8]", "y = Add(w, p)", "bias structure"},
    {"BiasOfStackedExperts", "float[3, 1, 8]",
     "u1 = Unsqueeze(x, one1) q = MatMul(u1, e) y = Add(q, w)", "bias structure"},
    {"BiasOfStackedExpertsByLetters", "float[3, 1, 8]",
     "q = Einsum<equation = \"ni,eio->eno\">(x, e) y = Add(q, w)", "bias structure"},
    {"TableAfterStackedExperts", "float[5, 1, 8]",
     "u1 = Unsqueeze(x, one1) q = MatMul(u1, e) y = Add(q, w)", "position_embedding open"},
    {"TableAfterOneMatrix", "float[3, 1, 8]", "y = Add(p, w)", "position_embedding open"},
    {"TableInAShapeThatIsNotKnown", "float[48]", "h = Shape(p) t = Reshape(w, h) y = Add(p, t)",
     "position_embedding open"},
    {"BiasAfterATable", "float[8]", "q = Add(p, k) y = Add(q, w)", "bias structure"},
    {"NoiseAfterAConvolution", "float[1, 1, 7, 7]", "q = Conv(images, c) y = Add(q, w)",
     "constant not"},
    {"MapsAfterAConvolution", "float[1, 8, 7, 7]", "q = Conv(images, c) y = Add(q, w)",
     "position_embedding open"},
    {"OneMapAfterAProduct", "float[1, 1, 6, 8]", "y = Add(p, w)", "position_embedding open"},
    {"BiasAfterAFusedProduct", "float[8]",
     "q = com.microsoft.FusedMatMulActivation(x, m) y = Add(q, w)", "bias structure"},
    {"BiasAfterAPackedProduct", "float[8]", "q = com.microsoft.MatMulFpQ4(x, i8) y = Add(q, w)",
     "bias structure"},
    {"BiasAfterASparseProduct", "float[8]",
     "q = com.microsoft.SparseToDenseMatMul(x, m) y = Add(q, w)", "bias structure"},
    {"BiasAfterATransposedConvolution", "float[4, 1, 1]",
     "q = com.microsoft.ConvTransposeWithDynamicPads(images, c, heads) y = Add(q, w)",
     "bias structure"},
    {"BiasAfterADeformableConvolution", "float[8, 1, 1]",
     "q = DeformConv(images, c, z) y = Add(q, w)", "bias structure"},
    {"SecondBiasOfADeformableConvolution", "float[8, 1, 1]",
     "q = DeformConv(images, c, z, u) y = Add(q, w)", "parameter open"},
    {"SecondBiasOfATransposedConvolution", "float[4, 1, 1]",
     "q = com.microsoft.ConvTransposeWithDynamicPads(images, c, heads, v4) y = Add(q, w)",
     "parameter open"},
    {"SecondBiasOfPackedBits", "float[8]",
     "q = com.microsoft.MatMulNBits<N = 8, K = 4>(x, i8, s, , , u) y = Add(q, w)",
     "parameter open"},
    {"BiasOfMoreAxes", "float[1, 1, 8]", "y = Add(p, w)", "bias structure"},
    {"BiasOfAConvolution", "float[8, 1, 1]", "t = Conv(images, c) y = Add(t, w)", "bias structure"},
    {"BiasAfterHeadsAreSplit", "float[2, 4]", "h = Reshape(p, heads) y = Add(h, w)",
     "bias structure"},
    {"BiasAfterASumOfProducts", "float[8]", "t = MatMul(z, m) q = Add(p, t) y = Add(q, w)",
     "bias structure"},
    {"BiasAfterASum", "float[8]", "q = Add(p, z) y = Add(q, w)", "parameter open"},
    {"BiasAfterAnActivation", "float[8]", "r = Relu(p) y = Add(r, w)", "parameter open"},
    {"SecondBias", "float[8]", "q = Add(p, u) y = Add(q, w)", "parameter open"},
    {"PriorOfTheClasses", "float[8]", "q = Add(p, u) r = Add(q, w) y = Softmax(r)", "constant not"},
    {"BiasBeforeASoftmax", "float[8]", "q = Add(p, w) y = Softmax(q)", "bias structure"},
    {"VectorAddedToAttentionScores", "float[8]", "q = MatMul(x, p) r = Add(q, w) y = Softmax(r)",
     "rel_pos_bias open"},
    {"BiasAfterAScale", "float[8]", "q = Mul(p, s) y = Add(q, w)", "bias structure"},
    {"BiasAfterQuantisedProduct", "float[8]",
     "a, d, e = DynamicQuantizeLinear(x) f = MatMulInteger(a, i8, e) g2 = Cast<to = 1>(f)"
     "h = Mul(d, s) q = Mul(g2, h) y = Add(q, w)",
     "bias structure"},
    {"BiasOfOneOutput", "float[1]", "q = MatMul(p, v1) y = Add(q, w)", "bias structure"},
    {"OneNumberAddedToMoreOutputs", "float[1]", "y = Add(p, w)", "constant not"},
    {"AScalarIsAdded", "float", "y = Add(p, w)", "constant not"},
    {"AddedToAnInput", "float[4]", "y = Add(x, w)", "constant not"},
    {"AddedToAnInputPerChannel", "float[4, 1, 1]", "y = Add(images, w)", "constant not"},
    {"AddedByASum", "float[8]", "y = Sum(p, w)", "bias structure"},

    // Normalisations in pieces.
    {"ScaleAfterANormalisation", "float[4]", "t = LpNormalization(x) y = Mul(t, w)",
     "norm_scale structure"},
    {"ScaleAfterLayerNormalisationInPieces", "float[4]",
     "a = ReduceMean<axes = [-1]>(x) d = Sub(x, a) q = Mul(d, d) e = ReduceMean<axes = [-1]>(q)"
     "f = Add(e, eps) h = Sqrt(f) t = Div(d, h) y = Mul(t, w)",
     "norm_scale structure"},
    {"ScaleAfterRootMeanSquareInPieces", "float[4]",
     "q = Mul(x, x) e = ReduceMean<axes = [-1]>(q) f = Add(e, eps) h = Sqrt(f) t = Div(x, h)"
     "y = Mul(w, t)",
     "norm_scale structure"},
    {"SecondScaleAfterANormalisation", "float[4]",
     "t = LpNormalization(x) q = Mul(t, v4) y = Mul(q, w)", "layer_scale open"},
    {"BiasAfterANormalisationAndItsScale", "float[4]",
     "t = LpNormalization(x) q = Mul(t, v4) y = Add(q, w)", "norm_bias structure"},
    {"BiasAfterANormalisationAlone", "float[4]", "t = LpNormalization(x) y = Add(t, w)",
     "norm_bias open"},
    {"SecondBiasAfterANormalisation", "float[4]",
     "t = LpNormalization(x) q = Mul(t, v4) r = Add(q, v4) y = Add(r, w)", "parameter open"},
    {"InstanceScale", "float[4]", "y = InstanceNormalization(images, w, v4)",
     "norm_scale operator"},
    {"InstanceBias", "float[4]", "y = InstanceNormalization(images, v4, w)", "norm_bias operator"},
    {"InstanceScaleOfAGroupNormalisation", "float[2]",
     "t = Reshape(images, flat) q = InstanceNormalization(t, w, v2) r = Reshape(q, heads)"
     "y = Mul(r, v4)",
     "constant not"},

    // Tables.
    {"PositionsAddedToData", "float[6, 8]", "y = Add(p, w)", "position_embedding open"},
    {"PositionsOfRankThree", "float[1, 6, 8]", "y = Add(p, w)", "position_embedding open"},
    {"PositionsAfterABias", "float[1, 6, 8]", "q = Add(p, u) y = Add(q, w)",
     "position_embedding open"},
    {"PositionsAddedToAnInput", "float[6, 4]", "y = Add(x, w)", "position_embedding open"},
    {"PositionsPicked", "float[9, 8]", "t = Gather(w, places) y = Add(p, t)",
     "position_embedding open"},
    {"BiasOfScores", "float[2, 6, 6]",
     "t = Transpose(z) q = MatMul(x, t) r = Add(q, w) y = Softmax(r)", "rel_pos_bias open"},
    {"BiasOfProductsOfData", "float[6, 6]", "t = Transpose(z) q = MatMul(x, t) y = Add(q, w)",
     "rel_pos_bias open"},
    {"VectorOfScores", "float[6]", "t = Transpose(z) q = MatMul(x, t) r = Add(q, w) y = Softmax(r)",
     "rel_pos_bias open"},

    // Factors.
    {"LayerScale", "float[8]", "q = Mul(p, w) y = Add(q, p)", "layer_scale open"},
    {"LayerScalePerChannel", "float[8, 1, 1]", "t = Conv(images, c) y = Mul(t, w)",
     "layer_scale open"},
    {"OneNumberMultiplied", "float[1]", "y = Mul(p, w)", "constant not"},
    {"AScalarMultiplied", "float", "y = Mul(p, w)", "constant not"},
    {"LogitScale", "float", "e = Exp(w) y = Mul(p, e)", "logit_scale open"},
    {"LogitScaleOfEachHead", "float[2, 1, 1]",
     "t = Transpose(z) q = MatMul(x, t) r = Mul(q, w) y = Softmax(r)", "logit_scale open"},
    {"ASigmoidOfANumberIsNoLogitScale", "float", "e = Sigmoid(w) y = Mul(p, e)", "constant not"},
    {"TableMultiplied", "float[6, 8]", "y = Mul(p, w)", "parameter open"},
    {"FactorOfAnInput", "float[4]", "y = Mul(x, w)", "constant not"},
    {"PowerIterationInPieces", "float[8]",
     "t = MatMul(k, v) q = Mul(w, t) r = ReduceSum<keepdims = 0>(q) l = Div(k, r) y = MatMul(p, l)",
     "constant not"},
    {"SumOfScaledData", "float[8]", "q = Mul(w, p) y = ReduceSum<keepdims = 0>(q)",
     "layer_scale open"},
    {"ScaleOfAProductOfStoredOnes", "float[8]", "t = MatMul(k, v) q = Mul(w, t) y = Add(p, q)",
     "layer_scale open"},
    {"ScaleOfQuantisedData", "float", "a, d, e = DynamicQuantizeLinear(x) y = Mul(d, w)",
     "quant_scale not"},
    {"ScaleOfCastIntegers", "float[8]", "a = Cast<to = 1>(i8) q = Mul(a, w) y = MatMul(x, q)",
     "quant_scale not"},
    {"ZeroPointOfCastIntegers", "float[8]",
     "a = Cast<to = 1>(i8) d = Sub(a, w) q = Mul(d, v) y = MatMul(x, q)", "quant_zero_point not"},
    {"GainOfCastNumbers", "float[1, 8]", "a = Cast<to = 1>(k) q = Mul(a, w) y = MatMul(p, q)",
     "parameter open"},
    {"GainOfALargerStoredOne", "float[8, 1]", "q = Mul(k, w) y = MatMul(p, q)", "parameter open"},

    // Limits and preprocessing.
    {"SubtractedFromAnInput", "float[4]", "y = Sub(x, w)", "constant not"},
    {"DividedIntoAnInput", "float[4]", "y = Div(x, w)", "constant not"},
    {"SubtractedFromAnInputLater", "float[4]", "q = Mul(x, s) y = Sub(q, w)", "constant not"},
    {"SubtractedFromAProduct", "float[8]", "y = Sub(p, w)", "parameter open"},
    {"DividesByANumber", "float", "y = Div(p, w)", "constant not"},
    {"PowerOfANumber", "float", "y = Pow(p, w)", "constant not"},
    {"LargerOfANumber", "float[1]", "y = Max(p, w)", "constant not"},

    // Tokens.
    {"ClassToken", "float[1, 1, 8]", "y = Concat<axis = 1>(w, p)", "token open"},
    {"ClassTokenExpanded", "float[1, 1, 8]",
     "t = Shape<start = 0, end = 1>(x) q = Concat<axis = 0>(t, one2) e = Expand(w, q) "
     "y = Concat<axis = 1>(e, p)",
     "token open"},
    {"MaskToken", "float[1, 1, 8]", "y = Where(b, w, p)", "token open"},
    {"MaskTokenOtherwise", "float[8]", "y = Where(b, p, w)", "token open"},
    {"FillerOfOneNumber", "float", "y = Where(b, w, p)", "constant not"},
    {"PaddingOfOneNumber", "float[1, 1, 1]", "y = Concat<axis = 1>(w, p)", "constant not"},
    {"NormalisedAlone", "float[1, 6, 8]", "y = LayerNormalization(w, u)", "token open"},
});

class VectorSlotTest : public ::testing::TestWithParam<Row> {};

TEST_P(VectorSlotTest, MeansWhatThePlaceSays) {
  EXPECT_EQ(MeaningOf(GetParam()), GetParam().meaning);
}

INSTANTIATE_TEST_SUITE_P(Rows, VectorSlotTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

// What comes of it: the values decide where the place is open.
TEST(VectorSlots, AnOpenPlaceIsLearnedWhereItsValuesAreNoise) {
  const test::Inferred inferred(
      "g (float[N, 6, 4] x) => (float[N, 6, 8] y) <float[4, 8] m, float[6, 8] learned, "
      "float[6, 8] zeros = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
      "0, "
      "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}> {"
      "p = MatMul(x, m) q = Add(p, learned) y = Add(q, zeros) }");
  EXPECT_EQ(inferred["learned"].role, Role::kPositionEmbedding);
  EXPECT_TRUE(inferred["learned"].learned);
  EXPECT_EQ(inferred["zeros"].role, Role::kConstant);
  EXPECT_FALSE(inferred["zeros"].learned);
}

}  // namespace
}  // namespace onnx_reinit::infer
