#include "infer/residuals.h"

#include <algorithm>
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

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

std::string ModelOf(std::string_view nodes) {
  return Text(
      "g (float[N, 4] x, float[N, 8] mask, int64[N] ids) => (float[M] y) <float[4, 8] e, "
      "float[8, 8] u, float[8, 8] v, float[8, 8] w, float[16, 8] wide, float[4, 4] half, "
      "float[8, 2] down, float[2, 8] up, float two = {2}, uint8 low = {0}, float[8] a, "
      "float[8] c, float[8] mean, float[8] var, float[20, 8] table> { z = MatMul(x, e) ",
      nodes, "}");
}

// "y from z" for each addition, with "identity" where the shortcut is, and "stream.index".
std::vector<std::string> Found(std::string_view nodes) {
  const test::Layered layered(ModelOf(nodes));
  const test::Analysis& analysis = layered.analysis();
  std::vector<std::string> found;
  for (const Residual& residual : FindResiduals(layered.layers()).additions) {
    found.push_back(Text(analysis.NameOf(analysis.graph().node(residual.node).Output(0)), " from ",
                         analysis.NameOf(residual.from), residual.is_identity ? " identity " : " ",
                         residual.stream, ".", residual.index));
  }
  return found;
}

struct Row {
  std::string_view name;
  std::string_view nodes;
  std::vector<std::string> additions;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

const auto kRows = std::to_array<Row>({
    {"Identity", "p = MatMul(z, w) y = Add(z, p)", {"y from z identity 0.0"}},
    {"IdentityOnTheRight", "p = MatMul(z, w) y = Add(p, z)", {"y from z identity 0.0"}},
    {"ALongBranch",
     "n = LayerNormalization(z, a, c) p = MatMul(n, u) q = Relu(p) r = MatMul(q, v) s = Add(r, a)"
     "y = Add(s, z)",
     {"y from z identity 0.0"}},
    {"Projection",
     "p = MatMul(z, w) q = Relu(p) r = MatMul(q, v) s = MatMul(z, u) y = Add(r, s)",
     {"y from z 0.0"}},
    {"TwoInARow",
     "p = MatMul(z, w) q = Add(z, p) r = MatMul(q, v) y = Add(q, r)",
     {"q from z identity 0.0", "y from q identity 0.1"}},
    {"TwoWithANormalisationBetween",
     "p = MatMul(z, w) q = Add(z, p) n = LayerNormalization(q, a, c) r = MatMul(n, v)"
     "y = Add(n, r)",
     {"q from z identity 0.0", "y from n identity 0.1"}},
    {"PreNormalised",
     "m = LayerNormalization(z, a, c) p = MatMul(m, w) q = Add(z, p)"
     "n = LayerNormalization(q, a, c) r = MatMul(n, v) y = Add(q, r)",
     {"q from z identity 0.0", "y from q identity 0.1"}},
    {"ALayerBetweenBeginsAnotherStream",
     "p = MatMul(z, w) q = Add(z, p) o = MatMul(q, u) r = MatMul(o, v) y = Add(o, r)",
     {"q from z identity 0.0", "y from o identity 1.0"}},
    {"FromATable",
     "t = Gather(table, ids) p = MatMul(t, w) y = Add(t, p)",
     {"y from t identity 0.0"}},
    {"BySkipLayerNormalization",
     "p = MatMul(z, w) y = com.microsoft.SkipLayerNormalization(p, z, a, c)",
     {"y from z identity 0.0"}},
    {"BySkipLayerNormalizationWithoutAnInput",
     "p = MatMul(z, w) y = com.microsoft.SkipLayerNormalization(p, z, a, , c)",
     {"y from z identity 0.0"}},
    {"BesideTheSumOfSkipLayerNormalization",
     "p = MatMul(z, w) n, , , s = com.microsoft.SkipLayerNormalization(p, z, a, c)"
     "q = MatMul(n, v) y = com.microsoft.SkipLayerNormalization(q, s, a, c)",
     {"n from z identity 0.0", "y from s identity 0.1"}},
    {"ParallelBranches",
     "p = MatMul(z, u) q = MatMul(z, v) s = Add(p, q) y = Add(z, s)",
     {"y from z identity 0.0"}},

    {"ALowRankPairOnTheBranch",
     "p = MatMul(z, w) n = Relu(p) o = MatMul(n, u) q = MatMul(n, down) r = MatMul(q, up)"
     "s = Add(o, r) y = Add(z, s)",
     {"y from z identity 0.0"}},

    {"AProductOfDataOnASide",
     "p = MatMul(z, u) q = MatMul(z, v) r = Mul(q, z) y = Add(p, r)",
     {"y from z 0.0"}},
    {"QuantisedWithAnActivationInside",
     "p = MatMul(z, w) y = com.microsoft.QLinearAdd(z, two, low, p, two, low, two, low)",
     {"y from z identity 0.0"}},

    // What is none.
    {"ALowRankPair",
     "p = MatMul(z, w) q = MatMul(z, down) r = MatMul(q, up) s = Mul(r, two) y = Add(p, s)",
     {}},
    {"TwoMatrices", "p = MatMul(z, w) q = MatMul(z, u) y = Add(p, q)", {}},
    {"ABias", "p = MatMul(z, w) y = Add(p, a)", {}},
    {"AMask", "p = MatMul(z, w) y = Add(p, mask)", {}},
    {"ItselfTwice", "p = MatMul(z, w) y = Add(p, p)", {}},
    {"AConcatenation", "p = MatMul(z, w) q = Concat<axis = 1>(z, p) y = MatMul(q, wide)", {}},
    {"WithoutALayer", "p = Relu(z) y = Add(z, p)", {}},
    {"OneHalfOfASplitFromTheOther",
     "h, i = Split<axis = 1, num_outputs = 2>(z) p = MatMul(i, half) y = Add(h, p)",
     {}},
    {"AProduct", "p = MatMul(z, w) y = Mul(z, p)", {}},
    {"TwoNetworks", "o = MatMul(mask, w) y = Add(z, o)", {}},
});

class ResidualTest : public ::testing::TestWithParam<Row> {};

TEST_P(ResidualTest, IsFound) {
  EXPECT_THAT(Found(GetParam().nodes), ElementsAreArray(GetParam().additions));
}

INSTANTIATE_TEST_SUITE_P(Rows, ResidualTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Residuals, AFarMergeIsNone) {
  std::string nodes = "p0 = MatMul(z, w) ";
  for (int i = 1; i <= 450; ++i) nodes += Text("p", i, " = Neg(p", i - 1, ") ");
  EXPECT_THAT(Found(Text(nodes, "y = Add(z, p450)")), IsEmpty());
}

// The branch holds the nodes between, and neither the addition nor what comes before.
TEST(Residuals, TellTheirBranch) {
  const test::Layered layered(
      ModelOf("o = Relu(z) p = MatMul(o, w) q = Relu(p) r = MatMul(q, v) y = Add(o, r)"));
  const Residuals found = FindResiduals(layered.layers());
  ASSERT_EQ(found.additions.size(), 1U);
  std::vector<graph::NodeId> branch = found.additions[0].branch;
  std::sort(branch.begin(), branch.end());
  const test::Analysis& analysis = layered.analysis();
  EXPECT_THAT(branch, ::testing::ElementsAre(analysis.Maker("p"), analysis.Maker("q"),
                                             analysis.Maker("r")));
}

TEST(Residuals, NameTheAdditionsOfParallelBranches) {
  const test::Layered layered(
      ModelOf("p = MatMul(z, u) q = MatMul(z, v) s = Add(p, q) y = Add(z, s)"));
  EXPECT_THAT(FindResiduals(layered.layers()).parallel,
              ::testing::ElementsAre(layered.analysis().Maker("s")));
}

TEST(Residuals, NameNoAdditionDeepWithinABranch) {
  const test::Layered layered(
      ModelOf("p = MatMul(z, u) q = MatMul(z, v) s = Add(p, q) t = Relu(s) o = MatMul(t, w)"
              "y = Add(z, o)"));
  EXPECT_THAT(FindResiduals(layered.layers()).parallel, IsEmpty());
}

TEST(Residuals, TellInnerOnesApart) {
  const test::Layered layered(
      ModelOf("p = MatMul(z, w) q = Relu(p) r = MatMul(q, v) s = MatMul(z, u) t = Add(r, s)"
              "k = Relu(t) o = MatMul(k, w) y = Add(z, o)"));
  const Residuals found = FindResiduals(layered.layers());
  ASSERT_EQ(found.inner.size(), 1U);
  EXPECT_EQ(layered.analysis().NameOf(found.inner[0].shortcut_end), "s");
  EXPECT_EQ(found.additions.size(), 1U);
}

}  // namespace
}  // namespace onnx_reinit::infer
