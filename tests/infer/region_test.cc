#include "infer/region.h"

#include <string>

#include "absl/strings/str_join.h"
#include "base/text.h"
#include "gtest/gtest.h"
#include "infer/arithmetic.h"
#include "infer/evaluation.h"
#include "infer/found_forms.h"
#include "infer/infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Analysis;
using test::ArithmeticText;

// "x in 2; w in 5": the inputs of the regions that end at y, and how many nodes they have.
std::string RegionsOf(std::string_view nodes) {
  Analysis analysis(ArithmeticText(nodes));
  const RegionContext context(analysis.graph(), analysis.levels(), analysis.constants());
  std::vector<std::string> found;
  Regions regions(context, analysis.Maker("y"));
  while (regions.Next()) {
    found.push_back(Text(analysis.NameOf(regions.input()), " in ", regions.nodes().size()));
  }
  return absl::StrJoin(found, "; ");
}

TEST(Regions, GrowFromTheLastNode) {
  EXPECT_EQ(RegionsOf("a = Exp(x) b = Add(a, one) y = Log(b)"), "b in 1; a in 2; x in 3");
}

TEST(Regions, CloseWhereAllWaysMeet) {
  EXPECT_EQ(RegionsOf("h = Relu(x) a = Sigmoid(h) y = Mul(h, a)"), "h in 2; x in 3");
}

TEST(Regions, EndAtWhatIsNoArithmetic) {
  EXPECT_EQ(RegionsOf("m = MatMul(x, matrix) y = Exp(m)"), "m in 1");
}

TEST(Regions, HaveOneInput) { EXPECT_EQ(RegionsOf("a = Exp(z) y = Mul(x, a)"), ""); }

TEST(Regions, DoNotHoldWhatOthersUse) {
  EXPECT_EQ(RegionsOf("a = Exp(x) b = Sigmoid(a) s = Mul(a, b) t = Add(s, z) y = Mul(t, b)"), "");
}

TEST(Regions, HoldWhatOnlyIdleNodesUse) {
  EXPECT_EQ(RegionsOf("a = Exp(x) s = Shape(a) n = Neg(a) y = Log(a)"), "a in 1; x in 2");
}

TEST(Regions, FollowOnlyTheData) {
  EXPECT_EQ(RegionsOf("a = Exp(vector) y = Mul(x, a)"), "x in 1");
}

// However long a graph is, a region is not.
TEST(Regions, AreBounded) {
  const auto chain = [](std::string_view operation, int length) {
    std::string nodes = "v0 = Identity(x) ";
    for (int i = 0; i < length; ++i) nodes += Text("v", i + 1, " = ", operation, "(v", i, ") ");
    return Text(nodes, "y = Neg(v", length, ")");
  };
  const auto count = [&](const std::string& nodes) {
    Analysis analysis(ArithmeticText(nodes));
    const RegionContext context(analysis.graph(), analysis.levels(), analysis.constants());
    Regions regions(context, analysis.Maker("y"));
    while (regions.Next()) {
    }
    return regions.nodes().size();
  };
  EXPECT_EQ(count(chain("Exp", 100)), 1 + Regions::kMaxBendsInLine);
  EXPECT_EQ(count(chain("Neg", 100)), Regions::kMaxStraight);
}

TEST(ArithmeticRows, AreFoundByDomainAndOperator) {
  for (const ArithmeticRow& row : ArithmeticRows()) {
    graph::Node node;
    node.op_type = row.op_type;
    node.domain = row.domain;
    EXPECT_EQ(FindArithmetic(node), &row) << row.op_type;
    node.domain = "elsewhere";
    EXPECT_EQ(FindArithmetic(node), nullptr) << row.op_type;
  }
}

// y at x = 0.75 and elsewhere: what Evaluate makes of the region before y.
struct Row {
  std::string_view name;
  std::string_view nodes;
  double value;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.nodes; }

class Arithmetic : public ::testing::TestWithParam<Row> {};

TEST_P(Arithmetic, IsEvaluated) {
  Analysis analysis(ArithmeticText(GetParam().nodes));
  const RegionContext context(analysis.graph(), analysis.levels(), analysis.constants());
  Regions regions(context, analysis.Maker("y"));
  while (regions.Next() && analysis.NameOf(regions.input()) != "x") {
  }
  const std::optional<Outcome> outcome = Evaluate(context, regions, Filled(0.75));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_NEAR(outcome->grid[0], GetParam().value, 1e-6);
}

constexpr Row kRows[] = {
    {"Abs", "n = Neg(x) y = Abs(n)", 0.75},
    {"And", "g = Greater(x, half) l = Less(x, one) b = And(g, l) y = Cast<to = 1>(b)", 1},
    {"Clip", "y = Clip(x, zero, half)", 0.5},
    {"Dropout", "d = Dropout(x) y = Neg(d)", -0.75},
    {"Elu", "n = Neg(x) y = Elu<alpha = 2.0>(n)", 2 * (0.4723665527 - 1)},
    {"Erf", "y = Erf(x)", 0.7111556337},
    {"GreaterOrEqual", "g = GreaterOrEqual(x, one) y = Cast<to = 1>(g)", 0},
    {"HardSigmoid", "y = HardSigmoid<alpha = 0.2, beta = 0.5>(x)", 0.65},
    {"LeakyRelu", "n = Neg(x) y = LeakyRelu<alpha = 0.1>(n)", -0.075},
    {"LessOrEqual", "g = LessOrEqual(x, one) y = Cast<to = 1>(g)", 1},
    {"Mean", "y = Mean(x, half, one)", 0.75},
    {"MinMax", "a = Min(x, half) y = Max(a, tenth)", 0.5},
    {"Not", "g = Greater(x, half) n = Not(g) y = Cast<to = 1>(n)", 0},
    {"Or", "g = Greater(x, one) l = Less(x, one) b = Or(g, l) y = Cast<to = 1>(b)", 1},
    {"Pow", "y = Pow(x, two)", 0.5625},
    {"Reciprocal", "y = Reciprocal(x)", 4.0 / 3},
    {"Sign", "n = Neg(x) y = Sign(n)", -1},
    {"Softplus", "y = Softplus(x)", 1.1368710061},
    {"Sqrt", "y = Sqrt(x)", 0.8660254038},
    {"Sum", "y = Sum(x, half, one)", 2.25},
    {"Where", "g = Greater(x, one) y = Where(g, two, x)", 0.75},
    {"ReduceMax", "m = ReduceMax<axes = [-1]>(x) y = Sub(x, m)", 0},
    {"ReduceSum", "s = ReduceSum(x, last) y = Div(x, s)", 0.25},
    {"QLinearAdd",
     "q = QuantizeLinear(x, step, middle) "
     "y = com.microsoft.QLinearAdd(q, step, middle, quantized_half, scale, lowest, step, middle)",
     0.75 + 128 * 0.00392156862},
    {"UnknownVector", "y = Mul(x, vector)", 0.75 * kStandIn},
    {"TwoUnknownVectors", "a = Mul(x, vector) y = Add(a, other)", 2.75 * kStandIn},
};
INSTANTIATE_TEST_SUITE_P(Operators, Arithmetic, ::testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

// Reshaped data is no longer what it is compared with.
TEST(Evaluate, DeclinesWhatMovesData) {
  Analysis analysis(ArithmeticText("a = Sigmoid(x) r = Reshape(a, last) y = Mul(x, r)"));
  const RegionContext context(analysis.graph(), analysis.levels(), analysis.constants());
  Regions regions(context, analysis.Maker("y"));
  ASSERT_TRUE(regions.Next());
  EXPECT_EQ(Evaluate(context, regions, Filled(1)), std::nullopt);
}

}  // namespace
}  // namespace onnx_reinit::infer
