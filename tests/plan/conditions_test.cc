// Each condition of a preset's row, from a graph to the plan: a row that never fires is no row.
#include "plan/conditions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <vector>

#include "plan/planned_graph.h"
#include "plan/presets.h"
#include "plan/schemes.h"

namespace onnx_reinit::plan {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Row {
  const Condition* condition;
  const char* name;
  const char* preset;
  const char* scheme;  // in the reason of the tensors that it holds for
  const char* graph;
  const char* holds;
  const char* fails;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

// A branch of c1 and c2 that begins and ends at z, before the nodes that make y of u.
#define BRANCH(last)                                                       \
  "g (float[N, 3, 8, 8] x) => (float[N, 4, 8, 8] y) <float[4, 3, 1, 1] e," \
  "  float[4, 4, 3, 3] c1, float[4, 4, 3, 3] c2> { z = Conv(x, e)"         \
  "  p = Conv<pads = [1, 1, 1, 1]>(z, c1) q = Relu(p)"                     \
  "  r = Conv<pads = [1, 1, 1, 1]>(q, c2) u = Add(z, r) " last " }"

// A block of attention and an MLP over the entries of a table, and two heads.
constexpr const char* kTransformer =
    "g (int64[1, 6] ids) => (float[1, 6, 50] y, float[1, 6, 3] c) <float[50, 8] words,"
    "  float[6, 8] places, float[8, 8] e, float[8, 8] wq, float[8, 8] wk, float[8, 8] wv,"
    "  float[8, 8] wo, float[8, 16] w1, float[16] b1, float[16, 8] w2, float[8, 8] bq,"
    "  float[8] b2, float[8, 50] h, float[8, 3] h2, float[8] b3> {"
    "  w = Gather(words, ids) a0 = Add(w, places) a = MatMul(a0, e)"
    "  q0 = MatMul(a, wq) q = Add(q0, b3) k = MatMul(a, wk) v = MatMul(a, wv)"
    "  t = Transpose<perm = [0, 2, 1]>(k) s = MatMul(q, t) p = Softmax(s) o = MatMul(p, v)"
    "  n = MatMul(o, wo) z = Add(a, n) i0 = MatMul(z, w1) i = Add(i0, b1) r = Relu(i)"
    "  m = MatMul(r, w2) f = Add(z, m) y = MatMul(f, h) c = MatMul(f, h2) }";

// A table of positions and another of patches' positions, of other width than the words.
constexpr const char* kTwoTowers =
    "g (int64[1, 6] ids, float[1, 3, 8, 8] x) => (float[1, 6, 5] y, float[1, 4, 5] c)"
    "  <float[50, 8] words, float[6, 8] places, float[16, 3, 4, 4] patch, float[4, 16] spots,"
    "  float[8, 8] w, float[8, 5] h, float[16, 16] w2, float[16, 5] h2, int64[3] flat = {1, 16, "
    "4}> {"
    "  t = Gather(words, ids) a = Add(t, places) b = MatMul(a, w) r = Relu(b) y = MatMul(r, h)"
    "  i = Conv<kernel_shape = [4, 4], strides = [4, 4]>(x, patch) f = Reshape(i, flat)"
    "  j = Transpose<perm = [0, 2, 1]>(f) k = Add(j, spots) l = MatMul(k, w2) m = Relu(l)"
    "  c = MatMul(m, h2) }";

constexpr const char* kFused =
    "g (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 8] e, float[8, 24] w,"
    "  float[24] b, float[8, 8] o, float[8] c> { z = MatMul(x, e) f = MatMul(z, w) g = Add(f, b)"
    "  q, k, v = Split<axis = 2, num_outputs = 3>(g) t = Transpose<perm = [0, 2, 1]>(k)"
    "  s = MatMul(q, t) p = Softmax(s) a = MatMul(p, v) m = MatMul(a, o) n = Add(m, c)"
    "  y = Add(z, n) }";

constexpr const char* kGated =
    "g (float[N, 8] x) => (float[N, 4] y) <float[8, 8] e, float[8, 16] a, float[8, 16] b,"
    "  float[16, 8] d, float[8, 16] w1, float[16, 8] w2, float[8, 4] h> {"
    "  z = MatMul(x, e) g = MatMul(z, a) s = Sigmoid(g) t = Mul(g, s) u = MatMul(z, b)"
    "  c = Mul(t, u) o = MatMul(c, d) r = Add(z, o) i = MatMul(r, w1) j = Relu(i)"
    "  k = MatMul(j, w2) l = Add(r, k) y = MatMul(l, h) }";

constexpr const char* kStateSpace =
    "g (float[N, 8] x) => (float[N, 8] y) <float[8, 8] e, float[8, 8] w, float[8] b,"
    "  float[8, 4] a, float[8] d, float[8] b2, float[1, 8, 4] table, int64[1] last = {-1}> {"
    "  z0 = MatMul(x, e) z = Add(z0, b2) p = MatMul(z, w) s = Add(p, b) t = Softplus(s)"
    "  u = Unsqueeze(t, last) n = Exp(a) m = Neg(n) q = Mul(u, m) h = Exp(q) l = Mul(h, table)"
    "  r = ReduceSum<keepdims = 0>(l, last) k = Mul(z, d) y = Add(r, k) }";

constexpr const char* kConvolutions =
    "g (float[N, 8, 6, 6] x) => (float[N, 4] y) <float[8, 8, 3, 3] a, float[8] b,"
    "  float[8, 2, 3, 3] c, float[128, 4] w, float[4] v> {"
    "  p = Conv(x, a, b) q = Relu(p) r = Conv<group = 4>(q, c) s = Flatten(r)"
    "  t = MatMul(s, w) y = Add(t, v) }";

constexpr const char* kNorms =
    "g (float[N, 8] x) => (float[N, 8] y) <float[8, 8] e, float[8] a, float[8] b, float[8] c,"
    "  float one = {1}> { z = MatMul(x, e) n = LayerNormalization(z, a, c)"
    "  d = Add(b, one) y = LayerNormalization(n, d, c) }";

constexpr const char* kRecurrent =
    "g (float[T, N, 4] x) => (float[T, 1, N, 8] y, float[T, 1, N, 8] v) <float[1, 32, 4] w,"
    "  float[1, 32, 8] r, float[1, 64] b, float[1, 24, 4] w2, float[1, 24, 8] r2,"
    "  float[1, 48] b2> { y = LSTM<hidden_size = 8>(x, w, r, b)"
    "  v = GRU<hidden_size = 8>(x, w2, r2, b2) }";

const auto kRows = std::to_array<Row>({
    {&kBeforeRectifier, "BeforeRectifier", "auto", "auto: kaiming-normal, gain",
     BRANCH("y = Neg(u)"), "c1", "c2"},
    {&kBeforeSaturating, "BeforeSaturating", "auto",
     "auto: xavier-normal(gain_source=following), gain",
     "g (float[N, 4] x) => (float[N, 4] y) <float[4, 4] a, float[4, 4] b> {"
     "  p = MatMul(x, a) q = Tanh(p) y = MatMul(q, b) }",
     "a", "b"},
    {&kResidualOutput, "ResidualOutput", "diffusion", "diffusion: zeros", BRANCH("y = Relu(u)"),
     "c2", "c1"},
    {&kWritesStream, "WritesStream", "gpt2", "gpt2: normal(std=0.02,depth=additions)", kTransformer,
     "w2", "wq"},
    {&kEndsPlainBranch, "EndsPlainBranch", "auto", "auto: lecun-normal(depth=blocks)",
     BRANCH("y = Neg(u)"), "c2", "e"},
    {&kEndsPlainBranchBeforeRectifier, "EndsPlainBranchBeforeRectifier", "auto",
     "auto: kaiming-normal(depth=blocks)", BRANCH("y = Relu(u)"), "c2", "c1"},
    {&kEndsPlainBranchBeforeSaturating, "EndsPlainBranchBeforeSaturating", "auto",
     "auto: xavier-normal(gain_source=following,depth=blocks)", BRANCH("y = Tanh(u)"), "c2", "c1"},
    {&kOutsideBlocks, "OutsideBlocks", "modernbert",
     "modernbert: truncated-normal(std=0.02,depth=additions)", kTransformer, "e", "wq"},
    {&kVocabularyHead, "VocabularyHead", "t5", "t5: normal, gain", kTransformer, "h", "h2"},
    {&kWithoutActivation, "WithoutActivation", "llama",
     "llama: truncated-normal(std=0.02,unit=absolute,depth=additions_so_far)", kGated, "b", "w1"},
    {&kFusedAttention, "FusedAttention", "torch", "torch: zeros", kFused, "b", "c"},
    {&kRestsAtZero, "RestsAtZero", "auto", "auto: zeros", kNorms, "b", "a"},
    {&kForgetGate, "ForgetGate", "auto", "auto: ones", kRecurrent, "b", "b2"},
    {&kGrouped, "Grouped", "wav2vec2",
     "wav2vec2: variance-scaling(scale=4,mode=fan_out,distribution=normal)", kConvolutions, "c",
     "a"},
    {&kConvolutionBias, "ConvolutionBias", "swin", "swin: kaiming-uniform", kConvolutions, "b",
     "v"},
    {&kMlpBias, "MlpBias", "vit", "vit: normal(std=1e-", kTransformer, "b1", "b3"},
    {&kBiasBeforeSoftplus, "BiasBeforeSoftplus", "mamba", "mamba: inverse-softplus", kStateSpace,
     "b", "b2"},
    {&kExponentiated, "Exponentiated", "mamba", "mamba: log-range", kStateSpace, "a", "table"},
    {&kNotOfWords, "NotOfWords", "clip", "clip: variance-scaling(mode=width", kTwoTowers, "spots",
     "places"},
    {&kVector, "Vector", "mamba", "mamba: ones", kStateSpace, "d", "table"},
});

#undef BRANCH

using ConditionTest = testing::TestWithParam<Row>;

TEST_P(ConditionTest, DecidesInAPlan) {
  const Row& row = GetParam();
  const PlannedGraph planned(row.graph, {.preset = row.preset});
  EXPECT_THAT(planned[row.holds].reason, HasSubstr(row.scheme));
  EXPECT_THAT(planned[row.fails].reason, Not(HasSubstr(row.scheme)));
}

INSTANTIATE_TEST_SUITE_P(Rows, ConditionTest, testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

// Those of all rows of presets and schemes.
TEST(ConditionTableTest, EveryConditionHasATest) {
  std::vector<const Condition*> used;
  for (const PresetTable& table : PresetTables()) {
    for (const PresetRow& row : table.rows) used.push_back(row.when);
  }
  for (const PresetRow& row : ResetRows()) used.push_back(row.when);
  for (const SchemeRow& row : SchemeRows()) used.push_back(row.when);
  for (const Condition* condition : used) {
    const bool is_tested = std::ranges::find(kRows, condition, &Row::condition) != kRows.end();
    EXPECT_TRUE(is_tested || condition == &kAlways) << condition->text;
  }
}

}  // namespace
}  // namespace onnx_reinit::plan
