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

graph::Node NodeOf(std::string_view domain, std::string_view op_type, size_t inputs) {
  graph::Node node;
  node.domain = domain;
  node.op_type = op_type;
  node.inputs.resize(inputs, 0);
  node.outputs = {1};
  return node;
}

TEST(ArithmeticRows, AreFoundByDomainAndOperator) {
  for (const ArithmeticRow& row : ArithmeticRows()) {
    EXPECT_EQ(FindArithmetic(NodeOf(row.domain, row.op_type, 3)), &row) << row.op_type;
    EXPECT_EQ(FindArithmetic(NodeOf("elsewhere", row.op_type, 3)), nullptr) << row.op_type;
  }
}

TEST(ArithmeticRows, NeedInputsAndAnOutput) {
  EXPECT_EQ(FindArithmetic(NodeOf("", "Add", 0)), nullptr);
  EXPECT_EQ(FindArithmetic(NodeOf("", "Where", 2)), nullptr);
  EXPECT_EQ(FindArithmetic(NodeOf("", "Sum", 1000)), nullptr);
  graph::Node node = NodeOf("", "Add", 2);
  node.outputs = {graph::kNone, 1};
  EXPECT_EQ(FindArithmetic(node), nullptr);
  node.outputs.clear();
  EXPECT_EQ(FindArithmetic(node), nullptr);
}

// Operators that lack inputs are looked at, and nothing is found in them.
TEST(Regions, SurviveOperatorsWithoutInputs) {
  for (const std::string_view nodes :
       {"y = Where(x)", "a = Exp(x) y = Div(a)", "a = ReduceMean() y = Sub(x, a)", "y = Relu()",
        "a = com.microsoft.QLinearMul(x) y = Neg(a)", "y = com.microsoft.MoE(x)",
        "y = com.microsoft.FusedConv()", "y = QuantizeLinear(x)", "y = QLinearConv(x)"}) {
    const Analysis analysis(ArithmeticText(nodes));
    EXPECT_LE(analysis.surroundings().activations.sites().size(), 1) << nodes;
    EXPECT_TRUE(analysis.surroundings().normalizations.sites().empty()) << nodes;
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
    {"Erfc", "y = Erfc(x)", 0.2888443663},
    {"Expm1", "y = Expm1(x)", 1.1170000166},
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
    {"QLinearAddOfANumberQuantisedInTheGraph",
     "q = QuantizeLinear(x, step, middle) h = QuantizeLinear(half, scale, lowest) "
     "y = com.microsoft.QLinearAdd(q, step, middle, h, scale, lowest, step, middle)",
     1.25},
    {"UnknownVector", "y = Mul(x, vector)", 0.75 * kStandIn},
    {"TwoUnknownVectors", "a = Mul(x, vector) y = Add(a, other)", 2.75 * kStandIn},
};
INSTANTIATE_TEST_SUITE_P(Operators, Arithmetic, ::testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

// Whether elements meet only their own, of x [2, 8].
bool IsElementwise(std::string_view nodes) {
  Analysis analysis(
      Text("agraph (float[2, 8] x) => (float[2, 8] y) <int64[2] back = {2, 8}, "
           "int64[1] line = {16}, int64[2] turned = {8, 2}, int64[1] last = {1}> {",
           nodes, "}"));
  const RegionContext context(analysis.graph(), analysis.levels(), analysis.constants());
  Regions regions(context, analysis.Maker("y"));
  EXPECT_TRUE(regions.Next());
  return Evaluate(context, regions, Filled(1)).has_value();
}

TEST(Evaluate, FollowsReshapedDataBack) {
  EXPECT_TRUE(
      IsElementwise("l = Reshape(x, line) a = Sigmoid(l) r = Reshape(a, back) y = Mul(x, r)"));
  EXPECT_FALSE(IsElementwise("l = Reshape(x, line) a = Sigmoid(l) y = Mul(x, a)"));
  EXPECT_FALSE(
      IsElementwise("l = Reshape(x, line) a = Sigmoid(l) r = Reshape(a, turned) y = Mul(x, r)"));
  EXPECT_FALSE(IsElementwise("a = Sigmoid(x) u = Unsqueeze(a, last) y = Mul(x, u)"));
  EXPECT_FALSE(IsElementwise("a = Sigmoid(x) e = Expand(a, back) y = Mul(x, e)"));
}

// The axes of a reduction would be others.
TEST(Evaluate, DeclinesReductionsOfReshapedData) {
  EXPECT_FALSE(IsElementwise(
      "r = Reshape(x, turned) m = ReduceMean<axes = [1], keepdims = 0>(r) y = Mul(x, m)"));
}

}  // namespace
}  // namespace onnx_reinit::infer
