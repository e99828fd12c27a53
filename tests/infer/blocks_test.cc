#include "infer/blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Inferred;

std::string Attention(const std::string& from, const std::string& suffix) {
  std::string text =
      "q# = MatMul(@, wq#) k# = MatMul(@, wk#) v# = MatMul(@, wv#)"
      "t# = Transpose<perm = [0, 2, 1]>(k#) s# = MatMul(q#, t#) sm# = Add(s#, mask) "
      "p# = Softmax(sm#) c# = MatMul(p#, v#) o# = MatMul(c#, wo#)";
  std::string result;
  for (const char letter : text) {
    if (letter == '#') {
      result += suffix;
    } else if (letter == '@') {
      result += from;
    } else {
      result += letter;
    }
  }
  return result;
}

std::string Weights(const std::string& suffix) {
  return absl::StrCat("float[8, 8] wq", suffix, ", float[8, 8] wk", suffix, ", float[8, 8] wv",
                      suffix, ", float[8, 8] wo", suffix, ", float[8, 32] w1", suffix,
                      ", float[32, 8] w2", suffix);
}

// Two blocks of a transformer, each with attention under a mask that is an input, and an MLP.
std::string TwoBlocks() {
  return absl::StrCat(
      "agraph (float[1, 6, 4] x, float[1, 6, 6] mask) => (float[1, 6, 8] y) <float[4, 8] we, ",
      Weights("0"), ", ", Weights("1"), "> { e = MatMul(x, we) ", Attention("e", "0"),
      " r0 = Add(e, o0) h0 = MatMul(r0, w10) g0 = Relu(h0) m0 = MatMul(g0, w20) z = Add(r0, m0) ",
      Attention("z", "1"),
      " r1 = Add(z, o1) h1 = MatMul(r1, w11) g1 = Relu(h1) m1 = MatMul(g1, w21) y = Add(r1, m1) }");
}

TEST(BlocksTest, BranchesBeforeTheFirstAttentionBelongToItsBlock) {
  const Inferred inferred(absl::StrCat(
      "agraph (float[1, 6, 4] x, float[1, 6, 6] mask) => (float[1, 6, 8] y) <float[4, 8] we, ",
      Weights("0"), ", ", Weights("1"), "> { e = MatMul(x, we)",
      " h1 = MatMul(e, w11) g1 = Relu(h1) m1 = MatMul(g1, w21) r1 = Add(e, m1)",
      " h0 = MatMul(r1, w10) g0 = Relu(h0) m0 = MatMul(g0, w20) z = Add(r1, m0) ",
      Attention("z", "0"), " y = Add(z, o0) }"));
  for (const char* layer : {"w21", "w20", "wo0"}) {
    EXPECT_EQ(inferred[layer].block_index, 0) << layer;
    EXPECT_EQ(inferred[layer].block_count, 1) << layer;
  }
}

TEST(BlocksTest, TellsTheLayersOfATransformer) {
  const Inferred inferred(TwoBlocks());
  EXPECT_EQ(inferred["wq0"].block_role, BlockRole::kQuery);
  EXPECT_EQ(inferred["wk0"].block_role, BlockRole::kKey);
  EXPECT_EQ(inferred["wv1"].block_role, BlockRole::kValue);
  EXPECT_EQ(inferred["wo1"].block_role, BlockRole::kAttentionOutput);
  EXPECT_EQ(inferred["w10"].block_role, BlockRole::kMlpIn);
  EXPECT_EQ(inferred["w21"].block_role, BlockRole::kMlpOutput);
}

TEST(BlocksTest, CountsBlocksBesideAMask) {
  const Inferred inferred(TwoBlocks());
  for (const char* first : {"wq0", "wk0", "wv0", "wo0", "w10", "w20"}) {
    EXPECT_EQ(inferred[first].block_index, 0) << first;
    EXPECT_EQ(inferred[first].block_count, 2) << first;
  }
  for (const char* second : {"wq1", "wo1", "w21"}) {
    EXPECT_EQ(inferred[second].block_index, 1) << second;
  }
  EXPECT_EQ(inferred["we"].block_index, -1);
}

TEST(BlocksTest, OnlyWhatIsAddedToTheStreamIsAResidualOutput) {
  const Inferred inferred(TwoBlocks());
  for (const char* output : {"wo0", "w20", "wo1", "w21"}) {
    EXPECT_TRUE(inferred[output].residual_output) << output;
  }
  for (const char* other : {"we", "wq0", "wk0", "wv0", "w10"}) {
    EXPECT_FALSE(inferred[other].residual_output) << other;
  }
}

struct Row {
  const char* name;
  const char* graph;
  BlockRole role;  // of w
};

const auto kRows = std::to_array<Row>({
    {"GateOfAGatedMlp",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 16] w, float[8, 16] u, float[16, 8] d> {"
     "  g = MatMul(x, w) s = Sigmoid(g) a = Mul(g, s) b = MatMul(x, u) c = Mul(a, b)"
     "  o = MatMul(c, d) y = Add(x, o) }",
     BlockRole::kMlpGate},
    {"OtherFactorOfAGatedMlp",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 16] v, float[8, 16] w, float[16, 8] d> {"
     "  g = MatMul(x, v) s = Sigmoid(g) a = Mul(g, s) b = MatMul(x, w) c = Mul(a, b)"
     "  o = MatMul(c, d) y = Add(x, o) }",
     BlockRole::kMlpIn},
    {"BeforeANormOfTheActivation",
     "agraph (float[1, 8, 6, 6] x) => (float[1, 8, 6, 6] y) <float[16, 8, 1, 1] w,"
     "  float[8, 16, 1, 1] d, float[16, 1, 1] a, float[16, 1, 1] b> {"
     "  g = Conv(x, w) r = Relu(g) n = ReduceL2<axes = [2, 3]>(r) s = Mul(r, n) t = Mul(s, a)"
     "  u = Add(t, b) v = Add(r, u) o = Conv(v, d) y = Add(x, o) }",
     BlockRole::kMlpIn},
    {"BothFactorsWithANormOfTheOther",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 32] w, float[16, 8] d> {"
     "  m = MatMul(x, w) a, b = Split<axis = 1>(m) r = Relu(a) n = ReduceL2<axes = [1]>(b)"
     "  c = Mul(r, n) o = MatMul(c, d) y = Add(x, o) }",
     BlockRole::kMlpGateUp},
    {"BeforeASquaredRelu",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 16] w, float[16, 8] d> {"
     "  g = MatMul(x, w) r = Relu(g) s = Mul(r, r) o = MatMul(s, d) y = Add(x, o) }",
     BlockRole::kMlpIn},
    {"NotBackToAStreamIsNoMlp",
     "agraph (float[N, 8] x) => (float[N, 4] y) <float[8, 16] w, float[16, 4] d> {"
     "  g = MatMul(x, w) r = Relu(g) y = MatMul(r, d) }",
     BlockRole::kNone},
    {"TheLastLayerIsTheHead",
     "agraph (float[N, 8] x) => (float[N, 4] y) <float[8, 16] v, float[16, 4] w> {"
     "  g = MatMul(x, v) r = Relu(g) y = MatMul(r, w) }",
     BlockRole::kHead},
    {"PatchesHaveAStrideLikeTheirKernel",
     "agraph (float[1, 3, 8, 8] x) => (float[1, 6, 2, 2] y) <float[6, 3, 4, 4] w, float[5, 6, 1, "
     "1] "
     "v> { p = Conv<kernel_shape = [4, 4], strides = [4, 4]>(x, w) r = Relu(p) y = Conv(r, v) }",
     BlockRole::kPatchEmbedding},
    {"TheFirstConvolutionIsTheStem",
     "agraph (float[1, 3, 8, 8] x) => (float[1, 5, 6, 6] y) <float[6, 3, 3, 3] w, float[5, 6, 1, "
     "1] "
     "v> { p = Conv<kernel_shape = [3, 3]>(x, w) r = Relu(p) y = Conv(r, v) }",
     BlockRole::kStem},
    {"BothFactorsOfAGatedMlp",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 32] w, float[16, 8] d> {"
     "  m = MatMul(x, w) a, b = Split<axis = 1>(m) s = Sigmoid(a) t = Mul(a, s) c = Mul(t, b)"
     "  o = MatMul(c, d) y = Add(x, o) }",
     BlockRole::kMlpGateUp},
    {"OutputOfAGatedMlp",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 16] v, float[8, 16] u, float[16, 8] w> {"
     "  g = MatMul(x, v) s = Sigmoid(g) a = Mul(g, s) b = MatMul(x, u) c = Mul(a, b)"
     "  o = MatMul(c, w) y = Add(x, o) }",
     BlockRole::kMlpOutput},
    {"MlpOfPointwiseConvolutions",
     "agraph (float[1, 8, 6, 6] x) => (float[1, 8, 6, 6] y) <float[8, 8, 3, 3] e,"
     "  float[16, 8, 1, 1] w, float[8, 16, 1, 1] d> {"
     "  z = Conv(x, e) h = Conv(z, w) g = Relu(h) o = Conv(g, d) y = Add(z, o) }",
     BlockRole::kMlpIn},
    {"WideConvolutionsAreNoMlp",
     "agraph (float[1, 8, 6, 6] x) => (float[1, 8, 6, 6] y) <float[8, 8, 3, 3] e,"
     "  float[16, 8, 3, 3] w, float[8, 16, 3, 3] d> {"
     "  z = Conv(x, e) h = Conv(z, w) g = Relu(h) o = Conv(g, d) y = Add(z, o) }",
     BlockRole::kNone},
    {"DepthwiseByItsGroups",
     "agraph (float[1, 3, 6, 6] x) => (float[1, 8, 6, 6] y) <float[8, 3, 3, 3] e,"
     "  float[8, 1, 3, 3] w, float[8, 8, 3, 3] d> {"
     "  z = Conv(x, e) r = Relu(z) h = Conv<group = 8>(r, w) s = Relu(h) y = Conv(s, d) }",
     BlockRole::kDepthwise},
    {"GroupsOfSeveralChannelsAreNot",
     "agraph (float[1, 3, 6, 6] x) => (float[1, 8, 6, 6] y) <float[8, 3, 3, 3] e,"
     "  float[8, 2, 3, 3] w, float[8, 8, 3, 3] d> {"
     "  z = Conv(x, e) r = Relu(z) h = Conv<group = 4>(r, w) s = Relu(h) y = Conv(s, d) }",
     BlockRole::kNone},
    {"PointwiseByItsKernel",
     "agraph (float[1, 3, 6, 6] x) => (float[1, 8, 6, 6] y) <float[8, 3, 3, 3] e,"
     "  float[8, 8, 1, 1] w, float[8, 8, 3, 3] d> {"
     "  z = Conv(x, e) r = Relu(z) h = Conv(r, w) s = Relu(h) y = Conv(s, d) }",
     BlockRole::kPointwise},
    {"TheHeadBeforeASoftmax",
     "agraph (float[N, 8] x) => (float[N, 4] y) <float[8, 16] v, float[16, 4] w> {"
     "  g = MatMul(x, v) r = Relu(g) l = MatMul(r, w) y = Softmax(l) }",
     BlockRole::kHead},
    {"TheHeadBeforeABias",
     "agraph (float[N, 8] x) => (float[N, 4] y) <float[8, 16] v, float[16, 4] w, float[4] b> {"
     "  g = MatMul(x, v) r = Relu(g) l = MatMul(r, w) y = Add(l, b) }",
     BlockRole::kHead},
    {"TheHeadBeforeASigmoid",
     "agraph (float[N, 8] x) => (float[N, 4] y) <float[8, 16] v, float[16, 4] w> {"
     "  g = MatMul(x, v) r = Relu(g) l = MatMul(r, w) y = Sigmoid(l) }",
     BlockRole::kHead},
    {"TheHeadBeforeACap",
     "agraph (float[N, 8] x) => (float[N, 4] y) <float[8, 16] v, float[16, 4] w, float c = {15}> {"
     "  g = MatMul(x, v) r = Relu(g) l = MatMul(r, w) d = Div(l, c) t = Tanh(d) y = Mul(t, c) }",
     BlockRole::kHead},
    {"AGateIsNoHead",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 8] w> {"
     "  l = MatMul(x, w) s = Sigmoid(l) y = Mul(s, x) }",
     BlockRole::kNone},
    {"FeaturesAreNoHead",
     "agraph (float[N, 8] x) => (float[N, 4] y) <float[8, 16] v, float[16, 4] w> {"
     "  g = MatMul(x, v) r = Relu(g) l = MatMul(r, w) y = Relu(l) }",
     BlockRole::kNone},
    {"BeforeTheHead",
     "agraph (float[N, 8] x) => (float[N, 4] y) <float[8, 16] w, float[16, 4] v> {"
     "  g = MatMul(x, w) r = Relu(g) y = MatMul(r, v) }",
     BlockRole::kNone},
    {"StemBehindANormalisation",
     "agraph (float[1, 3, 8, 8] x) => (float[1, 4, 4, 4] y) <float[3] a, float[3] b, float[3] m,"
     "  float[3] u, float[6, 3, 3, 3] w, float[4, 6, 3, 3] v> {"
     "  n = BatchNormalization(x, a, b, m, u) c = Conv(n, w) r = Relu(c) y = Conv(r, v) }",
     BlockRole::kStem},
    {"RouterBySoftmaxAndTopK",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 4] w, float[4, 8, 8] experts,"
     "  int64[1] k = {2}> { l = MatMul(x, w) p = Softmax(l) v, i = TopK(p, k)"
     "  e = Gather(experts, i) y = MatMul(x, e) }",
     BlockRole::kRouter},
    {"RouterByTopKAlone",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 4] w, float[4, 8, 8] experts,"
     "  int64[1] k = {1}> { l = MatMul(x, w) v, i = TopK(l, k) e = Gather(experts, i)"
     "  y = MatMul(x, e) }",
     BlockRole::kRouter},
    {"RouterBySigmoidAndTopK",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 4] w, float[4, 8, 8] experts,"
     "  int64[1] k = {1}> { l = MatMul(x, w) p = Sigmoid(l) v, i = TopK(p, k)"
     "  e = Gather(experts, i) y = MatMul(x, e) }",
     BlockRole::kRouter},
    {"RouterOfAnOperatorWithExperts",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 4] w, float[4, 16, 8] a,"
     "  float[4, 8, 16] b> { l = MatMul(x, w) y = com.microsoft.MoE<k = 1>(x, l, a, , b) }",
     BlockRole::kRouter},
    {"TheDataOfAnOperatorWithExperts",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 8] w, float[8, 4] r, float[4, 16, 8] a,"
     "  float[4, 8, 16] b> { d = MatMul(x, w) l = MatMul(x, r)"
     "  y = com.microsoft.MoE<k = 1>(d, l, a, , b) }",
     BlockRole::kNone},
    {"TheBestClassesAreNoRouter",
     "agraph (float[N, 8] x) => (float[N, 2] y, int64[N, 2] i) <float[8, 16] v, float[16, 4] w,"
     "  int64[1] k = {2}> { g = MatMul(x, v) r = Relu(g) l = MatMul(r, w) p = Softmax(l)"
     "  y, i = TopK(p, k) }",
     BlockRole::kHead},
    {"ScoresWithoutASoftmax",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 8] w, float[8, 8] k, float[8, 8] "
     "v, "
     "float[8, 8] o> { q = MatMul(x, w) kk = MatMul(x, k) vv = MatMul(x, v)"
     "  t = Transpose<perm = [0, 2, 1]>(kk) s = MatMul(q, t) c = MatMul(s, vv) y = MatMul(c, o) }",
     BlockRole::kQuery},
    {"QueryKeyAndValueOfOneProduct",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 24] w, float[8, 8] o> {"
     "  a = MatMul(x, w) q, k, v = Split<axis = 2>(a)"
     "  t = Transpose<perm = [0, 2, 1]>(k) s = MatMul(q, t) p = Softmax(s) c = MatMul(p, v)"
     "  y = MatMul(c, o) }",
     BlockRole::kQkv},
});

using BlockRoleTest = testing::TestWithParam<Row>;

TEST_P(BlockRoleTest, SaysWhereTheLayerStands) {
  EXPECT_EQ(Inferred(GetParam().graph)["w"].block_role, GetParam().role);
}

INSTANTIATE_TEST_SUITE_P(Rows, BlockRoleTest, testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

// Of w on a branch that leads back to z.
struct BranchRow {
  const char* name;
  const char* nodes;
  bool residual_output;
  int layers;  // of the branch
  bool has_norm;
};

constexpr auto kBranches = std::to_array<BranchRow>({
    {"Alone", "o = MatMul(z, w) y = Add(z, o)", true, 1, false},
    {"BeforeABias", "p = MatMul(z, w) o = Add(p, a) y = Add(o, z)", true, 1, false},
    {"BeforeALayerScale", "p = MatMul(z, w) o = Mul(p, a) y = Add(o, z)", true, 1, false},
    {"BeforeANormalisation", "p = MatMul(z, w) o = LayerNormalization(p, a) y = Add(o, z)", true, 1,
     true},
    {"AfterANormalisation", "p = LayerNormalization(z, a) o = MatMul(p, w) y = Add(o, z)", true, 1,
     true},
    {"TheLastOfTwo", "p = MatMul(z, v) q = Relu(p) o = MatMul(q, w) y = Add(o, z)", true, 2, false},
    {"TheFirstOfTwo", "p = MatMul(z, w) q = Relu(p) o = MatMul(q, v) y = Add(o, z)", false, 2,
     false},
    {"BeforeAnActivation", "p = MatMul(z, w) o = Relu(p) y = Add(o, z)", false, 1, false},
    {"BeforeAGate", "p = MatMul(z, w) o = Mul(p, z) y = Add(o, z)", false, 1, false},
    {"OffTheBranch", "o = MatMul(z, w) y = Relu(o)", false, 0, false},
    {"ConcatenatedAsInAUNet", "o = MatMul(z, w) y = Concat<axis = 1>(o, z)", false, 0, false},
});

using BranchTest = testing::TestWithParam<BranchRow>;

TEST_P(BranchTest, IsNotedAtTheLayer) {
  const BranchRow& row = GetParam();
  const Inferred inferred(absl::StrCat(
      "agraph (float[N, 4] x) => (float[N, 8] y) <float[4, 8] e, float[8, 8] w, float[8, 8] v,"
      " float[8] a> { z = MatMul(x, e) ",
      row.nodes, "}"));
  EXPECT_EQ(inferred["w"].residual_output, row.residual_output);
  EXPECT_EQ(inferred["w"].residual_branch_layers, row.layers);
  EXPECT_EQ(inferred["w"].branch_has_norm, row.has_norm);
  EXPECT_EQ(inferred["w"].block_index, row.layers > 0 ? 0 : -1);
  EXPECT_EQ(inferred["w"].block_count, row.layers > 0 ? 1 : 0);
}

INSTANTIATE_TEST_SUITE_P(Rows, BranchTest, testing::ValuesIn(kBranches),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ResidualsTest, ARotationIsNoBranch) {
  const Inferred inferred(
      "agraph (float[1, 6, 4] x) => (float[1, 6, 8] y) <float[4, 8] w, float[6, 8] c, float[6, 8] "
      "s> {"
      "  q = MatMul(x, w) a = Mul(q, c) h1, h2 = Split<axis = 2, num_outputs = 2>(q) n = Neg(h2)"
      "  t = Concat<axis = 2>(n, h1) b = Mul(t, s) y = Add(a, b) }",
      {.opset = 18});
  EXPECT_FALSE(inferred["w"].residual_output);
  EXPECT_EQ(inferred["w"].block_index, -1);
}

TEST(ResidualsTest, ParallelBranchesAreOneBlock) {
  const Inferred inferred(
      "agraph (float[N, 4] x) => (float[N, 8] y) <float[4, 8] e, float[8, 8] a, float[8, 8] b> {"
      "  z = MatMul(x, e) p = MatMul(z, a) q = MatMul(z, b) s = Add(p, q) y = Add(z, s) }");
  EXPECT_EQ(inferred["a"].block_count, 1);
  EXPECT_EQ(inferred["b"].block_index, 0);
  EXPECT_TRUE(inferred["a"].residual_output);
}

// A branch of w1 and w2, and a projection s, normalised, on the shortcut.
const char* const kProjected =
    "agraph (float[1, 3, 8, 8] x) => (float[1, 6, 8, 8] y) <float[4, 3, 1, 1] e,"
    "  float[6, 4, 1, 1] w1, float[6, 6, 1, 1] w2, float[6, 4, 1, 1] s, float[6] a, float[6] b,"
    "  float[6] m, float[6] v> {"
    "  z = Conv(x, e) r = Relu(z) p = Conv(r, w1) q = Relu(p) o = Conv(q, w2)"
    "  t = Conv(r, s) n = BatchNormalization(t, a, b, m, v) y = Add(n, o) }";

TEST(ResidualsTest, AProjectionMayStandOnTheShortcut) {
  const Inferred inferred(kProjected);
  EXPECT_TRUE(inferred["w2"].residual_output);
  EXPECT_EQ(inferred["w2"].residual_branch_layers, 2);
  EXPECT_FALSE(inferred["w2"].branch_has_norm);
  EXPECT_EQ(inferred["w2"].block_count, 1);
}

TEST(ResidualsTest, AProjectionIsOnNoBranchButInTheBlock) {
  const Inferred inferred(kProjected);
  EXPECT_FALSE(inferred["s"].residual_output);
  EXPECT_EQ(inferred["s"].residual_branch_layers, 0);
  EXPECT_FALSE(inferred["s"].branch_has_norm);
  EXPECT_EQ(inferred["s"].block_index, 0);
}

// Of the scale a on a branch that leads back to z.
struct ScaleRow {
  const char* name;
  const char* nodes;
  bool residual_output;
};

constexpr auto kScales = std::to_array<ScaleRow>({
    {"LastNormalisation", "p = MatMul(z, w) o = LayerNormalization(p, a, b) y = Add(o, z)", true},
    {"BeforeAMove", "p = MatMul(z, w) n = LayerNormalization(p, a, b) o = Dropout(n) y = Add(o, z)",
     true},
    {"InPieces",
     "p = MatMul(z, w) m = ReduceMean<axes = [-1]>(p) d = Sub(p, m) s = Mul(d, d)"
     "  v = ReduceMean<axes = [-1]>(s) f = Add(v, eps) r = Sqrt(f) n = Div(d, r) t = Mul(n, a)"
     "  o = Add(t, b) y = Add(o, z)",
     true},
    {"LayerScale", "p = MatMul(z, w) q = Relu(p) r = MatMul(q, u) o = Mul(r, a) y = Add(z, o)",
     true},
    {"FirstNormalisation", "n = LayerNormalization(z, a, b) o = MatMul(n, w) y = Add(o, z)", false},
    {"BeforeAnActivation",
     "p = MatMul(z, w) n = LayerNormalization(p, a, b) o = Relu(n) y = Add(o, z)", false},
    {"OfTheStream",
     "p = MatMul(z, w) q = Add(p, z) n = LayerNormalization(q, a, b) r = MatMul(n, u)"
     "  y = Add(n, r)",
     false},
    {"OfAProjectionOnTheShortcut",
     "p = MatMul(z, w) q = Relu(p) o = MatMul(q, u) t = MatMul(z, v)"
     "  n = LayerNormalization(t, a, b) y = Add(n, o)",
     false},
});

using ScaleTest = testing::TestWithParam<ScaleRow>;

TEST_P(ScaleTest, IsLastOfABranchOrNot) {
  const Inferred inferred(absl::StrCat(
      "agraph (float[N, 4] x) => (float[N, 8] y) <float[4, 8] e, float[8, 8] w, float[8, 8] u,"
      " float[8, 8] v, float[8] a, float[8] b, float eps = {0.00001}> { z = MatMul(x, e) ",
      GetParam().nodes, "}"));
  EXPECT_EQ(inferred["a"].residual_output, GetParam().residual_output);
}

INSTANTIATE_TEST_SUITE_P(Rows, ScaleTest, testing::ValuesIn(kScales),
                         [](const auto& test) { return std::string(test.param.name); });

// An operator with experts inside: their first matrices, their last, and those beside the first.
struct ExpertRow {
  const char* name;
  const char* call;
  BlockRole first;
  BlockRole beside;
};

constexpr auto kExperts = std::to_array<ExpertRow>({
    {"Plain", "o = com.microsoft.MoE<activation_type = \"gelu\", k = 1>(z, l, a, , c)",
     BlockRole::kMlpIn, BlockRole::kNone},
    {"WithAMatrixBesideTheFirst",
     "o = com.microsoft.MoE<activation_type = \"silu\", k = 1>(z, l, a, , c, , b)",
     BlockRole::kMlpGate, BlockRole::kMlpIn},
    {"BothInOne", "o = com.microsoft.MoE<activation_type = \"swiglu\", k = 1>(z, l, a, , c)",
     BlockRole::kMlpGateUp, BlockRole::kNone},
});

using ExpertRoleTest = testing::TestWithParam<ExpertRow>;

TEST_P(ExpertRoleTest, IsByTheInput) {
  const Inferred inferred(absl::StrCat(
      "agraph (float[N, 4] x) => (float[N, 8] y) <float[4, 8] e, float[8, 4] r, float[4, 16, 8] a,"
      "  float[4, 16, 8] b, float[4, 8, 16] c> {"
      "  z = MatMul(x, e) l = MatMul(z, r) ",
      GetParam().call, " y = Add(z, o) }"));
  EXPECT_EQ(inferred["a"].block_role, GetParam().first);
  EXPECT_EQ(inferred["b"].block_role, GetParam().beside);
  EXPECT_EQ(inferred["c"].block_role, BlockRole::kMlpOutput);
  EXPECT_FALSE(inferred["a"].residual_output);
  EXPECT_FALSE(inferred["b"].residual_output);
  EXPECT_TRUE(inferred["c"].residual_output);
  EXPECT_EQ(inferred["a"].block_index, 0);
  EXPECT_EQ(inferred["c"].block_index, 0);
}

INSTANTIATE_TEST_SUITE_P(Rows, ExpertRoleTest, testing::ValuesIn(kExperts),
                         [](const auto& test) { return std::string(test.param.name); });

// --- Parts of fused layers ----------------------------------------------------------------------

struct PartsRow {
  const char* name;
  const char* graph;
  BlockRole role;     // of w
  const char* parts;  // of w
};

// Query q, key k and value v, [1, 6, 8] each, in attention of one head.
#define ATTENTION                                                                         \
  " t = Transpose<perm = [0, 2, 1]>(k) s = MatMul(q, t) p = Softmax(s) c = MatMul(p, v) " \
  " y = MatMul(c, o) }"

constexpr auto kParts = std::to_array<PartsRow>({
    {"QueryKeyAndValue",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 24] w, float[8, 8] o> {"
     "  a = MatMul(x, w) q, k, v = Split<axis = 2>(a)" ATTENTION,
     BlockRole::kQkv, "query 8 | key 8 | value 8"},
    {"InTheOrderOfTheMatrix",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 24] w, float[8, 8] o> {"
     "  a = MatMul(x, w) v, q, k = Split<axis = 2>(a)" ATTENTION,
     BlockRole::kQkv, "value 8 | query 8 | key 8"},
    {"ByThirdsOfAReshape",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[24, 8] w, float[8, 8] o,"
     "  int64[4] thirds = {1, 6, 3, 8}, int64 zero = {0}, int64 one = {1}, int64 two = {2}> {"
     "  m = Transpose<perm = [1, 0]>(w) a = MatMul(x, m) r = Reshape(a, thirds)"
     "  q = Gather<axis = 2>(r, zero) k = Gather<axis = 2>(r, one) v = Gather<axis = 2>(r, "
     "two)" ATTENTION,
     BlockRole::kQkv, "query 8 | key 8 | value 8"},
    {"SplitBeforeTheProducts",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 24] w, float[8, 8] o> {"
     "  wq, wk, wv = Split<axis = 1>(w) q = MatMul(x, wq) k = MatMul(x, wk) v = MatMul(x, "
     "wv)" ATTENTION,
     BlockRole::kQkv, "query 8 | key 8 | value 8"},
    {"InterleavedHeadsHaveNone",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 24] w, float[8, 8] o,"
     "  int64[4] within = {1, 6, 8, 3}, int64 zero = {0}, int64 one = {1}, int64 two = {2}> {"
     "  a = MatMul(x, w) r = Reshape(a, within)"
     "  q = Gather<axis = 3>(r, zero) k = Gather<axis = 3>(r, one) v = Gather<axis = 3>(r, "
     "two)" ATTENTION,
     BlockRole::kQkv, ""},
    {"NoneOfAMatrixThatTheyDoNotFill",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 32] w, float[8, 8] o> {"
     "  a = MatMul(x, w) q, k, v, h = Split<axis = 2>(a)" ATTENTION,
     BlockRole::kQkv, ""},
    {"NoneOfAMatrixWithAGapBetweenThem",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 32] w, float[8, 8] o> {"
     "  a = MatMul(x, w) q, k, h, v = Split<axis = 2>(a)" ATTENTION,
     BlockRole::kQkv, ""},
    {"KeyAndValue",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 16] w, float[8, 8] u,"
     "  float[8, 8] o> { a = MatMul(x, w) q = MatMul(x, u) k, v = Split<axis = 2>(a)" ATTENTION,
     BlockRole::kKv, "key 8 | value 8"},
    {"ASeparateQuery",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 16] u, float[8, 8] w,"
     "  float[8, 8] o> { a = MatMul(x, u) q = MatMul(x, w) k, v = Split<axis = 2>(a)" ATTENTION,
     BlockRole::kQuery, ""},
    {"GateAndUp",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 32] w, float[16, 8] d> {"
     "  m = MatMul(x, w) b, a = Split<axis = 1>(m) s = Sigmoid(a) t = Mul(a, s) c = Mul(t, b)"
     "  o = MatMul(c, d) y = Add(x, o) }",
     BlockRole::kMlpGateUp, "up 16 | gate 16"},
    {"WithoutAGate",
     "agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 16] w, float[16, 8] d> {"
     "  m = MatMul(x, w) a = Relu(m) o = MatMul(a, d) y = Add(x, o) }",
     BlockRole::kMlpIn, ""},
});

#undef ATTENTION

using PartsTest = testing::TestWithParam<PartsRow>;

TEST_P(PartsTest, AreListed) {
  const Inferred inferred(GetParam().graph);
  EXPECT_EQ(inferred["w"].block_role, GetParam().role);
  EXPECT_EQ(test::Describe(inferred["w"].parts), GetParam().parts);
  for (const Part& part : inferred["w"].parts) {
    EXPECT_EQ(part.fan_in, 8) << part.label;
    EXPECT_EQ(part.fan_out, part.end - part.begin) << part.label;
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, PartsTest, testing::ValuesIn(kParts),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ResidualsTest, OfTwoBranchesOfOneLengthNeitherIsAShortcut) {
  const Inferred inferred(
      "agraph (float[1, 3, 8, 8] x) => (float[1, 6, 8, 8] y) <float[4, 3, 1, 1] e,"
      "  float[6, 4, 3, 3] w, float[6, 4, 1, 1] s> {"
      "  z = Conv(x, e) r = Relu(z) p = Relu(r) a = Conv<pads = [1, 1, 1, 1]>(p, w)"
      "  b = Conv(r, s) y = Add(a, b) }");
  for (const char* layer : {"w", "s"}) {
    EXPECT_FALSE(inferred[layer].residual_output) << layer;
    EXPECT_EQ(inferred[layer].residual_branch_layers, 0) << layer;
    EXPECT_EQ(inferred[layer].block_index, 0) << layer;
  }
}

}  // namespace
}  // namespace onnx_reinit::infer
