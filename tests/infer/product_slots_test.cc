#include "infer/product_slots.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Inferred;

// The weight w of the nodes that make y out of the data x [N, 4], i [N] and a product t [N, 4].
struct Row {
  std::string_view name;
  std::string_view weight;
  std::string_view nodes;
  std::string_view fans;  // "role fan_in -> fan_out"
  std::string_view axes;  // of the stored tensor; empty: none can be told
  std::string_view others;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

std::string FansText(const TensorFacts& facts) {
  return Text(ToString(facts.role), " ", facts.fan_in, " -> ", facts.fan_out);
}

Inferred InferredOf(const Row& row) {
  return Inferred(Text("g (float[N, 4] x, int64[N] i) => (float[M] y) <", row.weight,
                       " w, float[4, 4] m", row.others.empty() ? "" : ", ", row.others,
                       "> { t = MatMul(x, m) ", row.nodes, "}"));
}

constexpr auto kRows = std::to_array<Row>({
    // Convolutions.
    {"ConvOfOneAxis", "float[8, 4, 3]", "y = Conv(x, w)", "conv 12 -> 24",
     "output 0 | input 1 | kernel 2"},
    {"ConvOfThreeAxes", "float[8, 4, 3, 2, 1]", "y = Conv(x, w)", "conv 24 -> 48",
     "output 0 | input 1 | kernel 2 3 4"},
    {"ConvInGroups", "float[8, 2, 3, 3]", "y = Conv<group = 2>(x, w)", "conv 18 -> 36",
     "output 0 | input 1 | kernel 2 3"},
    {"ConvIsDepthwise", "float[8, 1, 3, 3]", "y = Conv<group = 8>(x, w)", "conv 9 -> 9",
     "output 0 | input 1 | kernel 2 3"},
    {"ConvIsDepthwiseWithAMultiplier", "float[16, 1, 3, 3]", "y = Conv<group = 8>(x, w)",
     "conv 9 -> 18", "output 0 | input 1 | kernel 2 3"},
    {"ConvStrideIsNotCounted", "float[8, 4, 4, 4]", "y = Conv<strides = [4, 4]>(x, w)",
     "conv 64 -> 128", "output 0 | input 1 | kernel 2 3"},
    {"ConvWithoutKernelAxes", "float[8, 4]", "y = Conv(x, w)", "conv 4 -> 8", "output 0 | input 1"},
    {"ConvTranspose", "float[4, 8, 2, 2]", "y = ConvTranspose(x, w)", "conv_transpose 16 -> 32",
     "output 1 | input 0 | kernel 2 3"},
    {"ConvTransposeInGroups", "float[4, 8, 2, 2]", "y = ConvTranspose<group = 4>(x, w)",
     "conv_transpose 4 -> 32", "output 1 | input 0 | kernel 2 3"},
    {"NhwcConvAsTheFusionWritesIt", "float[8, 3, 3, 4]",
     "y = com.microsoft.NhwcConv<kernel_shape = [3, 3]>(x, w)", "conv 36 -> 72",
     "output 0 | input 3 | kernel 1 2"},
    {"NhwcConvAsTheDocumentSays", "float[8, 4, 3, 3]",
     "y = com.microsoft.NhwcConv<kernel_shape = [3, 3]>(x, w)", "conv 36 -> 72",
     "output 0 | input 1 | kernel 2 3"},
    {"NhwcConvWithAsManyChannelsAsTaps", "float[8, 3, 3, 3]",
     "y = com.microsoft.NhwcConv<kernel_shape = [3, 3]>(x, w)", "conv 27 -> 72",
     "output 0 | input 3 | kernel 1 2"},
    {"NhwcConvInGroups", "float[8, 3, 3, 2]",
     "y = com.microsoft.NhwcConv<kernel_shape = [3, 3], group = 2>(x, w)", "conv 18 -> 36",
     "output 0 | input 3 | kernel 1 2"},
    // Matrix products.
    {"GemmPlain", "float[4, 8]", "y = Gemm(x, w)", "linear 4 -> 8", "output 1 | input 0"},
    {"GemmTransB", "float[8, 4]", "y = Gemm<transB = 1>(x, w)", "linear 4 -> 8",
     "output 0 | input 1"},
    {"GemmTransAIsTheDatas", "float[4, 8]", "y = Gemm<transA = 1>(x, w)", "linear 4 -> 8",
     "output 1 | input 0"},
    {"GemmLeft", "float[8, 4]", "y = Gemm<transB = 1>(w, x)", "linear 4 -> 8",
     "output 0 | input 1"},
    {"GemmLeftTransA", "float[4, 8]", "y = Gemm<transA = 1>(w, x)", "linear 4 -> 8",
     "output 1 | input 0"},
    {"MatMulLeft", "float[8, 4]", "s = Transpose(x) y = MatMul(w, s)", "linear 4 -> 8",
     "output 0 | input 1"},
    {"MatMulOfAStack", "float[3, 4, 8]", "y = MatMul(x, w)", "linear 4 -> 8",
     "batch 0 | output 2 | input 1"},
    {"MatMulOfAStackOfStacks", "float[2, 3, 4, 8]", "y = MatMul(x, w)", "linear 4 -> 8",
     "batch 0 1 | output 3 | input 2"},
    {"MatMulLeftOfAStack", "float[3, 8, 4]", "s = Transpose(x) y = MatMul(w, s)", "linear 4 -> 8",
     "batch 0 | output 1 | input 2"},
    {"MatMulWithAVector", "float[4]", "y = MatMul(x, w)", "linear 4 -> 1", "input 0"},
    {"FusedMatMulTransB", "float[3, 8, 4]", "y = com.microsoft.FusedMatMul<transB = 1>(x, w)",
     "linear 4 -> 8", "batch 0 | output 1 | input 2"},
    // Einsum, by its letters.
    {"EinsumMatrix", "float[4, 8]", "y = Einsum<equation = \"ni,io->no\">(x, w)", "linear 4 -> 8",
     "output 1 | input 0"},
    {"EinsumTransposed", "float[8, 4]", "y = Einsum<equation = \"ni,oi->no\">(x, w)",
     "linear 4 -> 8", "output 0 | input 1"},
    {"EinsumLeft", "float[8, 4]", "y = Einsum<equation = \"oi,ni->no\">(w, x)", "linear 4 -> 8",
     "output 0 | input 1"},
    {"EinsumHeads", "float[4, 2, 6]", "y = Einsum<equation = \"ni,ihd->nhd\">(x, w)",
     "linear 4 -> 12", "output 1 2 | input 0"},
    {"EinsumBackFromHeads", "float[2, 6, 4]",
     "h = Unsqueeze(t, a) y = Einsum<equation = \"nhd,hdo->no\">(h, w)", "linear 12 -> 4",
     "output 2 | input 0 1", "int64[1] a = {1}"},
    {"EinsumExperts", "float[3, 4, 8]", "y = Einsum<equation = \"eni,eio->eno\">(x, w)",
     "linear 4 -> 8", "batch 0 | output 2 | input 1"},
    {"EinsumMixesChannelsOnly", "float[4, 4]", "y = Einsum<equation = \"nchw , cd -> ndhw\">(x, w)",
     "linear 4 -> 4", "output 1 | input 0"},
    {"EinsumImplicitOutput", "float[4, 8]", "y = Einsum<equation = \"bi,ij\">(x, w)",
     "linear 4 -> 8", "output 1 | input 0"},
    {"EinsumEllipsis", "float[4, 8]", "y = Einsum<equation = \"...i,io->...o\">(x, w)",
     "linear 4 -> 8", "output 1 | input 0"},
    {"EinsumEllipsisOfTheWeight", "float[3, 4, 8]",
     "y = Einsum<equation = \"ni,...io->...no\">(x, w)", "linear 4 -> 8",
     "batch 0 | output 2 | input 1"},
    {"EinsumOfThree", "float[4, 5, 8]", "y = Einsum<equation = \"ni,nj,ijo->no\">(x, x, w)",
     "linear 20 -> 8", "output 2 | input 0 1"},
    {"EinsumOfThreeLeft", "float[4, 5, 8]", "y = Einsum<equation = \"ijo,ni,nj->no\">(w, x, x)",
     "linear 20 -> 8", "output 2 | input 0 1"},
    {"EinsumChainNearTheData", "float[4, 2]", "y = Einsum<equation = \"ni,ir,ro->no\">(x, w, v)",
     "linear 4 -> 2", "output 1 | input 0", "float[2, 8] v"},
    {"EinsumChainFarFromTheData", "float[2, 8]", "y = Einsum<equation = \"ni,ir,ro->no\">(x, v, w)",
     "linear 2 -> 8", "output 1 | input 0", "float[4, 2] v"},
    {"EinsumChainBackwards", "float[2, 8]", "y = Einsum<equation = \"ro,ir,ni->no\">(w, v, x)",
     "linear 2 -> 8", "output 1 | input 0", "float[4, 2] v"},
    {"EinsumChainMiddleOfThree", "float[2, 3]",
     "y = Einsum<equation = \"ni,ir,rs,so->no\">(x, v, w, u)", "linear 2 -> 3",
     "output 1 | input 0", "float[4, 2] v, float[3, 8] u"},
    {"EinsumFactorOfABilinearForm", "float[4, 2]",
     "y = Einsum<equation = \"ni,nj,ir,jr,ro->no\">(x, x, w, v, u)", "linear 4 -> 2",
     "output 1 | input 0", "float[4, 2] v, float[2, 8] u"},
    {"EinsumChainOfExperts", "float[3, 4, 2]",
     "y = Einsum<equation = \"ni,eir,ero->eno\">(x, w, v)", "linear 4 -> 2",
     "batch 0 | output 2 | input 1", "float[3, 2, 8] v"},
    // Tables.
    {"Embedding", "float[10, 6]", "y = Gather(w, i)", "embedding 10 -> 6", "output 1 | input 0"},
    {"EmbeddingOfAnExplicitAxis", "float[10, 6]", "y = Gather<axis = 0>(w, i)", "embedding 10 -> 6",
     "output 1 | input 0"},
    // Experts of one operator.
    {"MoEOutByIn", "float[3, 10, 4]", "y = com.microsoft.MoE(x, x, w, b)", "linear 4 -> 10",
     "batch 0 | output 1 | input 2", "float[3, 10] b"},
    {"MoEInByOutOfOldFiles", "float[3, 4, 10]", "y = com.microsoft.MoE(x, x, w, b)",
     "linear 4 -> 10", "batch 0 | output 2 | input 1", "float[3, 10] b"},
    {"MoESquareIsOutByIn", "float[3, 4, 4]", "y = com.microsoft.MoE(x, x, w, b)", "linear 4 -> 4",
     "batch 0 | output 1 | input 2", "float[3, 4] b"},
    // Packed numbers: the layout is none of their axes.
    {"FourBits", "uint8[8, 2, 16]",
     "y = com.microsoft.MatMulNBits<K = 50, N = 8, bits = 4, block_size = 32>(x, w, s)",
     "linear 50 -> 8", "", "float[16] s"},
});

using ProductTest = ::testing::TestWithParam<Row>;

TEST_P(ProductTest, HasFans) {
  const Inferred inferred = InferredOf(GetParam());
  EXPECT_EQ(FansText(inferred["w"]), GetParam().fans);
  EXPECT_EQ(test::Describe(inferred["w"].axes), GetParam().axes);
}

INSTANTIATE_TEST_SUITE_P(Rows, ProductTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

// What stands where a weight stands, and is none.
constexpr auto kTwins = std::to_array<Row>({
    {"LeftOfAProductWithStored", "float[5, 8]", "y = MatMul(w, v)", "token 0 -> 0", "",
     "float[8, 6] v"},
    {"LeftOfAQuantisedProductWithStored", "int8[5, 8]",
     "y = QLinearMatMul(w, one, zero, v, one, zero, one, zero)", "token 0 -> 0", "",
     "int8[8, 6] v, float one = {1}, int8 zero = {0}"},
    {"LeftOfScores", "float[5, 8]", "k = Transpose(t) s = MatMul(w, k) y = Softmax(s)",
     "token 0 -> 0"},
    {"RightOfScoresIsAWeight", "float[4, 5]", "s = MatMul(t, w) y = Softmax(s)", "linear 4 -> 5",
     "output 1 | input 0"},
    {"CoordinatesBeforeAProduct", "float[9, 2]", "y = MatMul(w, v)", "constant 0 -> 0", "",
     "float[2, 6] v"},
    {"EinsumOfOneOperand", "float[4, 4]", "y = Einsum<equation = \"ii->i\">(w)", "constant 0 -> 0"},
    {"EinsumThatIsNone", "float[4, 8]", "y = Einsum<equation = \"i\">(x, w)", "constant 0 -> 0"},
    {"ConvOfAVector", "float[8]", "y = Conv(x, w)", "constant 0 -> 0"},
    {"RecurrentOfAnotherRank", "float[20, 4]", "y = LSTM(x, w, r)", "constant 0 -> 0", "",
     "float[1, 20, 5] r"},
    {"PrepackedBits", "uint8[8, 2, 16]",
     "y = com.microsoft.MatMulNBits<K = 50, N = 8, weight_prepacked = 1>(x, w, s)",
     "linear 50 -> 8", "", "float[16] s"},
    {"TableBehindDenseData", "float[4, 6]", "y = MatMul(t, w)", "linear 4 -> 6"},
    {"TableBehindAMask", "float[4, 6]", "h = Equal(x, zero) f = Cast<to = 1>(h) y = MatMul(f, w)",
     "linear 4 -> 6", "", "float zero = {0}"},
    {"LayerOnOneHotHasABias", "float[10, 6]",
     "h = OneHot(i, depth, on) m2 = MatMul(h, w) y = Add(m2, b)", "linear 10 -> 6", "",
     "int64 depth = {10}, float[2] on = {0, 1}, float[6] b"},
    {"LayerOnOneHotIsTransposed", "float[6, 10]",
     "h = OneHot(i, depth, on) v = Transpose(w) y = MatMul(h, v)", "linear 10 -> 6", "",
     "int64 depth = {10}, float[2] on = {0, 1}"},
    {"TableOnAnotherAxis", "float[6, 10]", "y = Gather<axis = 1>(w, i)", "rel_pos_bias 0 -> 0"},
    {"RowsForPairsInAnEinsum", "float[10, 8]",
     "e = Gather(w, pairs) y = Einsum<equation = \"bld,lrd->blr\">(x, e)",
     "position_embedding 0 -> 0", "", "int64[2, 3] pairs = {0, 1, 2, 1, 2, 3}"},
    {"MatricesForPlacesInAnEinsum", "float[2, 3, 8]",
     "y = Einsum<equation = \"bld,lrd->blr\">(x, w)", "linear 8 -> 3"},
    {"TableByPosition", "float[10, 6]",
     "s = Shape(x) d = Gather(s, z) p = Range(z, d, o) q = Cast<to = 7>(p) e = Gather(w, q) "
     "y = Add(x, e)",
     "position_embedding 0 -> 0", "", "int64 z = {0}, int64 o = {1}"},
});

using ProductTwinTest = ::testing::TestWithParam<Row>;

TEST_P(ProductTwinTest, HasTheFansOfNoWeight) {
  EXPECT_EQ(FansText(InferredOf(GetParam())["w"]), GetParam().fans);
}

INSTANTIATE_TEST_SUITE_P(Rows, ProductTwinTest, ::testing::ValuesIn(kTwins),
                         [](const auto& test) { return std::string(test.param.name); });

// Layers of their own within one tensor.
struct PartsRow {
  std::string_view name;
  std::string_view weight;
  std::string_view nodes;
  std::string_view fans;
  std::string_view parts;  // "label extent | ..."
  int axis;
};

void PrintTo(const PartsRow& row, std::ostream* out) { *out << row.name; }

constexpr auto kParts = std::to_array<PartsRow>({
    {"Lstm", "float[1, 20, 4]", "y = LSTM<hidden_size = 5>(x, w, r)", "rnn_input 4 -> 5",
     "input gate 5 | output gate 5 | forget gate 5 | cell gate 5", 1},
    {"LstmOfTwoDirections", "float[2, 20, 4]",
     "y = LSTM<hidden_size = 5, direction = \"bidirectional\">(x, w, r)", "rnn_input 4 -> 5",
     "input gate 5 | output gate 5 | forget gate 5 | cell gate 5", 1},
    {"LstmState", "float[1, 16, 4]", "y = LSTM<hidden_size = 4>(x, r, w)", "rnn_recurrent 4 -> 4",
     "input gate 4 | output gate 4 | forget gate 4 | cell gate 4", 1},
    {"Gru", "float[1, 15, 4]", "y = GRU<hidden_size = 5>(x, w, r)", "rnn_input 4 -> 5",
     "update gate 5 | reset gate 5 | hidden gate 5", 1},
    {"RnnHasOneGate", "float[1, 5, 4]", "y = RNN<hidden_size = 5>(x, w, r)", "rnn_input 4 -> 5", "",
     0},
    {"TransposedLstm", "int8[1, 4, 20]", "y = com.microsoft.DynamicQuantizeLSTM(x, w, r)",
     "rnn_input 4 -> 5", "input gate 5 | output gate 5 | forget gate 5 | cell gate 5", 2},
    {"QueryKeyValue", "float[4, 24]", "y = com.microsoft.Attention<num_heads = 2>(x, w)",
     "linear 4 -> 24", "query 8 | key 8 | value 8", 1},
    {"QueryKeyValueOfGivenSizes", "float[4, 24]",
     "y = com.microsoft.Attention<num_heads = 2, qkv_hidden_sizes = [10, 10, 4]>(x, w)",
     "linear 4 -> 24", "query 10 | key 10 | value 4", 1},
    {"SizesThatAreNotItsOwn", "float[4, 24]",
     "y = com.microsoft.Attention<num_heads = 2, qkv_hidden_sizes = [10, 10, 10]>(x, w)",
     "linear 4 -> 24", "", 0},
});

class ProductPartsTest : public ::testing::TestWithParam<PartsRow> {};

TEST_P(ProductPartsTest, TileTheTensor) {
  const PartsRow& row = GetParam();
  const Inferred inferred(Text("g (float[N, 4] x) => (float[M] y) <", row.weight,
                               " w, float[1, 16, 4] r> {", row.nodes, "}"));
  const TensorFacts& facts = inferred["w"];
  EXPECT_EQ(FansText(facts), row.fans);
  EXPECT_EQ(test::Describe(facts.parts), row.parts);
  int64_t begin = 0;
  for (const Part& part : facts.parts) {
    EXPECT_EQ(part.axis, row.axis);
    EXPECT_EQ(part.begin, begin);
    EXPECT_EQ(part.fan_in, facts.fan_in);
    EXPECT_EQ(part.fan_out, part.end - part.begin);
    begin = part.end;
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, ProductPartsTest, ::testing::ValuesIn(kParts),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(RecurrentFacts, NameTheOperatorAndItsSize) {
  const Inferred inferred(
      "g (float[T, N, 4] x) => (float[M] y) <float[1, 20, 4] w, float[1, 20, 5] r, "
      "float[1, 40] b, float[1, 15] p> { y = LSTM(x, w, r, b, , , , p) }");
  for (const char* name : {"w", "r", "b", "p"}) {
    EXPECT_EQ(inferred[name].recurrent_operator, "LSTM") << name;
    EXPECT_EQ(inferred[name].hidden_size, 5) << name;
  }
}

// PyTorch multiplies the matrix first, and the other vector with that; older code the other way
// round. Vectors that meet data are weights of one output, and stored rows before a layer are not.
TEST(PowerIteration, HasNoWeightButTheMatrix) {
  const std::string values = "<float[6, 4] w, float[6] u, float[4] v> {";
  const std::string rest = "n = Div(w, s) y = Gemm<transB = 1>(x, n) }";
  for (const char* norm :
       {"a = MatMul(w, v) s = MatMul(u, a) ", "a = MatMul(u, w) s = MatMul(a, v) "}) {
    const Inferred inferred(Text("g (float[N, 4] x) => (float[N, 6] y) ", values, norm, rest));
    EXPECT_EQ(FansText(inferred["w"]), "linear 4 -> 6") << norm;
    EXPECT_FALSE(inferred["u"].learned) << norm;
    EXPECT_FALSE(inferred["v"].learned) << norm;
  }
  const Inferred twin(Text("g (float[N, 4] x) => (float[N] y) ", values,
                           "a = Gemm<transB = 1>(x, w) b = Relu(a) c = MatMul(b, u) "
                           "d = MatMul(x, v) y = Add(c, d) }"));
  EXPECT_EQ(FansText(twin["u"]), "linear 6 -> 1");
  EXPECT_EQ(FansText(twin["v"]), "linear 4 -> 1");
}

}  // namespace
}  // namespace onnx_reinit::infer
