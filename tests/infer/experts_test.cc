#include "infer/experts.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Inferred;

struct Row {
  const char* name;
  const char* graph;
  Role role;  // of w
  int64_t fan_in;
  int64_t fan_out;
};

const auto kRows = std::to_array<Row>({
    {"OutByIn",
     "agraph (float[N, 1, 6] x, int64[N] i) => (float[N, 1, 8] y) <float[4, 8, 6] w> {"
     "  g = Gather(w, i) t = Transpose<perm = [0, 2, 1]>(g) y = MatMul(x, t) }",
     Role::kLinear, 6, 8},
    {"InByOut",
     "agraph (float[N, 1, 6] x, int64[N] i) => (float[N, 1, 8] y) <float[4, 6, 8] w> {"
     "  g = Gather(w, i) y = MatMul(x, g) }",
     Role::kLinear, 6, 8},
    {"AsTheLeftOperand",
     "agraph (float[N, 6, 1] x, int64[N] i) => (float[N, 8, 1] y) <float[4, 8, 6] w> {"
     "  g = Gather(w, i) y = MatMul(g, x) }",
     Role::kLinear, 6, 8},
    {"ByGatherND",
     "agraph (float[N, 1, 6] x, int64[N, 1] i) => (float[N, 1, 8] y) <float[4, 6, 8] w> {"
     "  g = GatherND(w, i) y = MatMul(x, g) }",
     Role::kLinear, 6, 8},
    {"OneExpertByAnIndexOfUnknownRank",
     "agraph (float[N, 6] x, bool[4] c) => (float[N, 8] y) <float[4, 8, 6] w> {"
     "  n = NonZero(c) i = Squeeze(n) g = Gather(w, i) t = Transpose<perm = [1, 0]>(g)"
     "  y = MatMul(x, t) }",
     Role::kLinear, 6, 8},
    {"SeveralExpertsByIndicesOfUnknownRank",
     "agraph (float[N, 1, 6] x, bool[4] c) => (float[N, 1, 8] y) <float[4, 8, 6] w> {"
     "  n = NonZero(c) i = Squeeze(n) g = Gather(w, i) t = Transpose<perm = [0, 2, 1]>(g)"
     "  y = MatMul(x, t) }",
     Role::kLinear, 6, 8},
    {"InAnOperatorOutByIn",
     "agraph (float[N, 6] x) => (float[N, 6] y) <float[6, 4] r, float[4, 10, 6] w,"
     "  float[4, 6, 10] v> { l = MatMul(x, r) y = com.microsoft.MoE<k = 1>(x, l, w, , v) }",
     Role::kLinear, 6, 10},
    {"InAnOperatorInByOutAsTheScoresTell",
     "agraph (float[N, 6] x) => (float[N, 6] y) <float[6, 4] r, float[4, 6, 10] w,"
     "  float[4, 10, 6] v> { l = MatMul(x, r) y = com.microsoft.MoE<k = 1>(x, l, w, , v) }",
     Role::kLinear, 6, 10},
    {"TheLastInAnOperatorInByOut",
     "agraph (float[N, 6] x) => (float[N, 6] y) <float[6, 4] r, float[4, 6, 10] v,"
     "  float[4, 10, 6] w> { l = MatMul(x, r) y = com.microsoft.MoE<k = 1>(x, l, v, , w) }",
     Role::kLinear, 10, 6},
    {"VectorsByGatherNDAreAnEmbedding",
     "agraph (float[N, 1, 6] x, int64[N, 2] i) => (float[N, 8] y) <float[4, 6, 8] w, float[8, 8] v>"
     "{ g = GatherND(w, i) y = MatMul(g, v) }",
     Role::kEmbedding, 4, 48},
    {"ATableOfVectorsIsAnEmbedding",
     "agraph (int64[N] i) => (float[N, 8] y) <float[20, 8] w, float[8, 8] v> {"
     "  g = Gather(w, i) y = MatMul(g, v) }",
     Role::kEmbedding, 20, 8},
    {"ABiasForEachExpert",
     "agraph (float[N, 6] x) => (float[N, 8] y) <float[4, 8] w, float[6, 8] m, float[6, 4] r,"
     "  int64[1] k = {1}, int64[1] a = {1}> {"
     "  s = MatMul(x, r) v, i = TopK(s, k) j = Squeeze(i, a)"
     "  p = MatMul(x, m) b = Gather(w, j) y = Add(p, b) }",
     Role::kBias, 0, 0},
    {"RowsThatAreUsedBesideTheProductAreNoBias",
     "agraph (float[N, 6] x) => (float[N, 8] y, float[N, 8] z) <float[4, 8] w, float[6, 8] m,"
     "  float[6, 4] r, int64[1] k = {1}, int64[1] a = {1}> {"
     "  s = MatMul(x, r) v, i = TopK(s, k) j = Squeeze(i, a)"
     "  p = MatMul(x, m) b = Gather(w, j) y = Add(p, b) z = Neg(b) }",
     Role::kEmbedding, 4, 8},
    {"RowsThatNoScoresChooseAreNoBias",
     "agraph (float[N, 6] x, int64[N] i) => (float[N, 8] y) <float[4, 8] w, float[6, 8] m> {"
     "  p = MatMul(x, m) b = Gather(w, i) y = Add(p, b) }",
     Role::kEmbedding, 4, 8},
});

using ExpertsTest = testing::TestWithParam<Row>;

TEST_P(ExpertsTest, SaysWhatTheTensorIs) {
  const Row& row = GetParam();
  const Inferred inferred(row.graph);
  EXPECT_EQ(inferred["w"].role, row.role);
  EXPECT_EQ(inferred["w"].fan_in, row.fan_in);
  EXPECT_EQ(inferred["w"].fan_out, row.fan_out);
}

INSTANTIATE_TEST_SUITE_P(Rows, ExpertsTest, testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
