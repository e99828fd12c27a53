#include "infer/block_places.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Inferred;

// A stem e, two residual blocks and a head h; `s` is 8 numbers somewhere in them.
struct Row {
  std::string name;
  std::string nodes;  // from z to y
  int index;
  int count = 2;
  std::string others = "float[8] t";
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

// z to y by a branch of one layer and its activation.
std::string Block(const std::string& from, const std::string& to, const std::string& weight) {
  return absl::StrCat(to, "_l = MatMul(", from, ", ", weight, ") ", to, "_a = Tanh(", to, "_l) ",
                      to, " = Add(", from, ", ", to, "_a) ");
}

std::string Norm(const std::string& from, const std::string& to, const std::string& scale) {
  return absl::StrCat(to, " = LayerNormalization(", from, ", ", scale, ") ");
}

std::string Skip(const std::string& from, const std::string& to) {
  return absl::StrCat(to, ", , , ", to, "_sum = com.microsoft.SkipLayerNormalization(", from, ") ");
}

const std::vector<Row>& Rows() {
  static const auto* const kRows = new std::vector<Row>{
      {"BiasOfAConvolutionOrProduct",
       "l = Gemm(z, v, s) a = Tanh(l) r = Add(z, a)" + Block("r", "y", "w"), 0},
      {"BiasThatIsAdded",
       Block("z", "r", "v") + "l = MatMul(r, w) b = Add(l, s) a = Tanh(b) y = Add(r, a)", 1},
      {"BiasBeforeTheBlocks", "b = Add(z, s)" + Block("b", "r", "v") + Block("r", "y", "w"), -1, 0},
      {"BiasAfterTheBlocks",
       Block("z", "r", "v") + Block("r", "q", "w") + "l = MatMul(q, u) y = Add(l, s)", -1, 0,
       "float[8, 8] u"},
      {"ScaleBeforeTheBranch",
       Block("z", "r", "v") + Norm("r", "n", "s") + "l = MatMul(n, w) y = Add(r, l)", 1},
      {"ScaleOfTheLastNormalisation",
       Norm("z", "m", "t") + "k = MatMul(m, v) r = Add(z, k)" + Norm("r", "n", "t") +
           "l = MatMul(n, w) q = Add(r, l)" + Norm("q", "y", "s"),
       -1, 0},
      {"ScaleOfTheSum",
       Block("z", "p", "v") + Norm("p", "r", "s") + Block("r", "q", "w") + Norm("q", "y", "t"), 0},
      {"ScaleOfTheLastSum",
       Block("z", "p", "v") + Norm("p", "r", "t") + Block("r", "q", "w") + Norm("q", "y", "s"), 1},
      // The layer begins another stream, and what is normalised before it tells nothing of that.
      {"ScaleOfTheLastNormalisationBehindALayer",
       Block("z", "p", "v") + Norm("p", "m", "t") + "q = MatMul(m, u)" + Block("q", "o", "w") +
           Norm("o", "y", "s"),
       -1, 0, "float[8] t, float[8, 8] u"},
      {"ScaleBeforeSumsThatAreNormalised",
       Norm("z", "i", "s") + Block("i", "p", "v") + Norm("p", "r", "t") + Block("r", "q", "w") +
           Norm("q", "y", "t"),
       -1, 0},
      {"ScaleOfALayer", "l = MatMul(z, v) a = Mul(l, s) r = Add(z, a)" + Block("r", "y", "w"), 0},
      {"ScaleOfAFusedSum",
       "a = MatMul(z, v)" + Skip("z, a, s, t", "r") + "b = MatMul(r, w)" + Skip("r, b, t, t", "y"),
       0},
      {"ScaleAfterAFusedSumForTheNextBranch",
       "a = MatMul(z, v)" + Skip("z, a, s, t", "r") + "b = MatMul(r, w)" +
           Skip("r_sum, b, t, t", "y"),
       1},
      {"ScaleAfterTheLastFusedSum",
       "a = MatMul(z, v)" + Skip("z, a, t, t", "r") + "b = MatMul(r, w)" +
           Skip("r_sum, b, s, t", "y"),
       -1, 0},
      {"BiasOfAFusedSum",
       "a = MatMul(z, v)" + Skip("z, a, t, t, s", "r") + "b = MatMul(r, w)" +
           Skip("r_sum, b, t, t", "y"),
       0},
  };
  return *kRows;
}

using BlockPlacesTest = ::testing::TestWithParam<Row>;

TEST_P(BlockPlacesTest, OfAVector) {
  const Row& row = GetParam();
  const Inferred inferred(absl::StrCat(
      "g (float[N, 4] x) => (float[N, 8] y) <float[4, 8] e, float[8, 8] v, float[8, 8] w, "
      "float[8] s, ",
      row.others, "> { z = MatMul(x, e) ", row.nodes, "}"));
  ASSERT_TRUE(inferred["s"].learned) << ToString(inferred["s"].role);
  EXPECT_EQ(inferred["s"].block_index, row.index);
  EXPECT_EQ(inferred["s"].block_count, row.count);
}

INSTANTIATE_TEST_SUITE_P(Rows, BlockPlacesTest, ::testing::ValuesIn(Rows()),
                         [](const auto& row) { return row.param.name; });

TEST(BlockPlacesTest, ALayerBehindTheLastSumIsInNoBlock) {
  const Inferred inferred(absl::StrCat(
      "g (float[N, 4] x) => (float[N, 8] y) <float[4, 8] e, float[8, 8] v, float[8] s, "
      "float[8, 8] h> { z = MatMul(x, e) ",
      Block("z", "p", "v"), Norm("p", "r", "s"), "y = MatMul(r, h) }"));
  EXPECT_EQ(inferred["v"].block_index, 0);
  EXPECT_EQ(inferred["h"].block_index, -1);
}

TEST(BlockPlacesTest, ANumberThatNoTrainingChangesIsInNoBlock) {
  const Inferred inferred(
      "g (float[N, 4] x) => (float[N, 8] y) <float[4, 8] e, float[8, 8] v, float c = {2}> {"
      "  z = MatMul(x, e) l = MatMul(z, v) a = Mul(l, c) b = Tanh(a) y = Add(z, b) }");
  EXPECT_EQ(inferred["v"].block_index, 0);
  EXPECT_EQ(inferred["c"].block_index, -1);
}

}  // namespace
}  // namespace onnx_reinit::infer
