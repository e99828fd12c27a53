#include "infer/activations.h"

#include <string>
#include <string_view>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer/found_forms.h"

namespace onnx_reinit::infer {
namespace {

using test::ActivationsOf;
using test::Analysis;
using test::ArithmeticText;

// What is found in the nodes of a row.
struct Row {
  std::string_view name;
  std::string_view nodes;
  std::string_view found;
  double alpha = 0;  // of the last
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.nodes; }

class Activations : public ::testing::TestWithParam<Row> {};

TEST_P(Activations, AreFound) {
  const Analysis analysis(ArithmeticText(GetParam().nodes));
  EXPECT_EQ(ActivationsOf(analysis), GetParam().found);
  const std::vector<ActivationSite>& sites = analysis.surroundings().activations.sites();
  EXPECT_NEAR(sites.empty() ? 0 : sites.back().activation.alpha, GetParam().alpha, 1e-4);
}

std::string NameOf(const ::testing::TestParamInfo<Row>& row) { return std::string(row.param.name); }

// One formula, in the orders and with the operators that exporters write it.
constexpr Row kForms[] = {
    {"GeluTorchScript",
     "a = Div(x, root_two) b = Erf(a) c = Add(b, one) d = Mul(x, c) y = Mul(d, half)",
     "gelu x -> y by erf form of 5 nodes"},
    {"GeluDynamo", "a = Div(x, root_two) b = Erf(a) c = Add(b, one) d = Mul(half, c) y = Mul(x, d)",
     "gelu x -> y by erf form of 5 nodes"},
    {"GeluHalfFirst",
     "h = Mul(x, half) a = Mul(x, root_half) b = Erf(a) c = Add(one, b) y = Mul(h, c)",
     "gelu x -> y by erf form of 5 nodes"},
    {"GeluHalfInside",
     "a = Mul(root_half, x) b = Erf(a) c = Mul(b, half) d = Add(c, half) y = Mul(x, d)",
     "gelu x -> y by erf form of 5 nodes"},
    {"GeluExpanded", "a = Div(x, root_two) b = Erf(a) h = Mul(half, x) c = Mul(h, b) y = Add(h, c)",
     "gelu x -> y by erf form of 5 nodes"},
    {"GeluOfOneMinusErfOfMinus",
     "n = Neg(x) a = Mul(n, root_half) b = Erf(a) c = Sub(one, b) d = Mul(c, half) y = Mul(d, x)",
     "gelu x -> y by erf form of 6 nodes"},
    {"GeluTensorFlow",
     "h = Mul(half, x) n = Neg(x) a = Mul(n, root_half) b = Erfc(a) y = Mul(h, b)",
     "gelu x -> y by erfc form of 5 nodes"},
    {"EluTensorFlow", "l = Min(x, zero) a = Expm1(l) h = Max(x, zero) y = Add(h, a)",
     "elu x -> y by min form of 4 nodes", 1},
    {"GeluRoundedToHalf",
     "a = Div(x, root_two_fp16) b = Erf(a) c = Add(b, one) d = Mul(x, c) y = Mul(d, half)",
     "gelu x -> y by erf form of 5 nodes"},
    {"GeluCastAround",
     "f = Cast<to = 1>(x) a = Div(f, root_two) b = Erf(a) c = Add(b, one) d = Mul(f, c) "
     "e = Mul(d, half) y = Cast<to = 10>(e)",
     "gelu f -> e by erf form of 5 nodes"},
    {"GeluQuantizedAround",
     "q = QuantizeLinear(x, step, middle) f = DequantizeLinear(q, step, middle) "
     "a = Div(f, root_two) b = Erf(a) bq = QuantizeLinear(b, scale, middle) "
     "bd = DequantizeLinear(bq, scale, middle) oq = QuantizeLinear(one, scale, lowest) "
     "od = DequantizeLinear(oq, scale, lowest) c = Add(bd, od) d = Mul(f, c) y = Mul(d, half)",
     "gelu f -> y by erf form of 7 nodes"},
    {"GeluHalfQuantizedItself",
     "hd = DequantizeLinear(quantized_half, scale, lowest) a = Div(x, root_two) b = Erf(a) "
     "c = Add(b, one) d = Mul(x, c) y = Mul(d, half)",
     "gelu x -> y by erf form of 5 nodes"},
    {"GeluTanhPow",
     "a = Pow(x, three) b = Mul(a, cube) c = Add(x, b) d = Mul(c, slope_tanh) e = Tanh(d) "
     "f = Add(e, one) g = Mul(x, f) y = Mul(g, half)",
     "gelu_tanh x -> y by pow form of 8 nodes"},
    {"GeluTanhMulMul",
     "s = Mul(x, x) a = Mul(s, x) b = Mul(cube, a) c = Add(x, b) d = Mul(slope_tanh, c) "
     "e = Tanh(d) f = Add(one, e) h = Mul(half, x) y = Mul(h, f)",
     "gelu_tanh x -> y by tanh form of 9 nodes"},
    {"GeluTanhFactored",
     "h = Mul(x, half) k = Mul(x, slope_tanh) s = Mul(x, x) a = Mul(s, cube) b = Add(a, one) "
     "d = Mul(k, b) e = Tanh(d) f = Add(e, one) y = Mul(h, f)",
     "gelu_tanh x -> y by tanh form of 9 nodes"},
    {"GeluCutAtTen",
     "a = Div(x, root_two) b = Erf(a) c = Add(b, one) d = Mul(x, c) e = Mul(d, half) "
     "y = Min(e, twenty)",
     "gelu x -> y by erf form of 6 nodes"},
    {"QuickGelu", "a = Mul(x, quick) b = Sigmoid(a) y = Mul(x, b)",
     "quick_gelu x -> y by sigmoid form of 3 nodes"},
    {"QuickGeluByExp", "a = Mul(x, quick) n = Neg(a) e = Exp(n) d = Add(e, one) y = Div(x, d)",
     "quick_gelu x -> y by exp form of 5 nodes"},
    {"Silu", "a = Sigmoid(x) y = Mul(x, a)", "silu x -> y by sigmoid form of 2 nodes"},
    {"SiluSwapped", "a = Sigmoid(x) y = Mul(a, x)", "silu x -> y by sigmoid form of 2 nodes"},
    {"SiluByDivision", "n = Neg(x) e = Exp(n) d = Add(e, one) y = Div(x, d)",
     "silu x -> y by exp form of 4 nodes"},
    {"SiluByTanh", "h = Mul(x, half) t = Tanh(h) a = Add(t, one) b = Mul(a, half) y = Mul(x, b)",
     "silu x -> y by tanh form of 5 nodes"},
    {"SiluQuantizedOperators",
     "q = com.microsoft.QLinearSigmoid(x, step, middle, scale, lowest) "
     "y = com.microsoft.QLinearMul(x, step, middle, q, scale, lowest, step, middle)",
     "silu x -> y by q_linear_sigmoid form of 2 nodes"},
    {"SwishBeta", "a = Mul(x, beta) b = Sigmoid(a) y = Mul(x, b)",
     "silu x -> y by sigmoid form of 3 nodes", 1.25},
    {"SwishLearnedBeta", "a = Mul(x, vector) b = Sigmoid(a) y = Mul(x, b)",
     "silu x -> y by sigmoid form of 3 nodes"},
    {"MishSoftplus", "a = Softplus(x) b = Tanh(a) y = Mul(x, b)",
     "mish x -> y by softplus form of 3 nodes"},
    {"MishExpLog", "e = Exp(x) a = Add(e, one) l = Log(a) t = Tanh(l) y = Mul(t, x)",
     "mish x -> y by exp form of 5 nodes"},
    {"MishRational",
     "e = Exp(x) s = Mul(e, e) d = Mul(e, two) n = Add(s, d) m = Mul(x, n) w = Add(n, two) "
     "y = Div(m, w)",
     "mish x -> y by exp form of 7 nodes"},
    {"HardSwishClip", "a = Add(x, three) b = Clip(a, zero, six) c = Mul(x, b) y = Div(c, six)",
     "hard_swish x -> y by clip form of 4 nodes"},
    {"HardSwishReciprocal",
     "a = Add(x, one_by_one) b = Clip(a, zero, six) c = Mul(b, sixth) y = Mul(x, c)",
     "hard_swish x -> y by clip form of 4 nodes"},
    {"HardSwishMinRelu",
     "a = Add(x, three) r = Relu(a) b = Min(r, six) c = Mul(x, b) y = Mul(c, sixth)",
     "hard_swish x -> y by relu form of 5 nodes"},
    {"HardSwishHardSigmoid", "a = HardSigmoid<alpha = 0.16666667>(x) y = Mul(x, a)",
     "hard_swish x -> y by hard_sigmoid form of 2 nodes"},
    {"HardSwishUnit", "a = Mul(x, sixth) b = Add(a, half) c = Clip(b, zero, one) y = Mul(x, c)",
     "hard_swish x -> y by clip form of 4 nodes"},
    {"HardSigmoid", "a = Add(x, three) b = Clip(a, zero, six) y = Div(b, six)",
     "hard_sigmoid x -> y by clip form of 3 nodes", 1.0 / 6},
    {"HardSigmoidKeras", "a = Mul(x, fifth) b = Add(a, half) y = Clip(b, zero, one)",
     "hard_sigmoid x -> y by clip form of 3 nodes", 0.2},
    {"SigmoidByExp", "n = Neg(x) e = Exp(n) d = Add(one, e) y = Reciprocal(d)",
     "sigmoid x -> y by exp form of 4 nodes"},
    {"SigmoidByQuotient", "e = Exp(x) d = Add(e, one) y = Div(e, d)",
     "sigmoid x -> y by exp form of 3 nodes"},
    {"SigmoidByTanh", "h = Mul(x, half) t = Tanh(h) s = Mul(t, half) y = Add(s, half)",
     "sigmoid x -> y by tanh form of 4 nodes"},
    {"TanhBySigmoid", "d = Mul(x, two) s = Sigmoid(d) t = Mul(s, two) y = Sub(t, one)",
     "tanh x -> y by sigmoid form of 4 nodes"},
    {"TanhByExp", "e = Exp(x) m = Neg(x) f = Exp(m) n = Sub(e, f) d = Add(e, f) y = Div(n, d)",
     "tanh x -> y by exp form of 6 nodes"},
    {"ReluByMax", "y = Max(x, zero)", "relu x -> y by Max"},
    {"ReluByClip", "y = Clip(x, zero)", "relu x -> y by Clip"},
    {"ReluByWhere", "g = Greater(x, zero) y = Where(g, x, zero)",
     "relu x -> y by greater form of 2 nodes"},
    {"ReluByMask", "g = Greater(x, zero) m = Cast<to = 1>(g) y = Mul(x, m)",
     "relu x -> y by greater form of 3 nodes"},
    {"ReluOfZerosLike", "s = Shape(x) o = ConstantOfShape(s) g = Greater(x, o) y = Where(g, x, o)",
     "relu x -> y by greater form of 2 nodes"},
    {"ReluOfExpandedZero", "s = Shape(x) o = Expand(zero, s) y = Max(x, o)", "relu x -> y by Max"},
    {"Relu6ByClip", "y = Clip(x, zero, six)", "relu6 x -> y by Clip"},
    {"Relu6ByMinRelu", "r = Relu(x) y = Min(r, six)", "relu6 x -> y by relu form of 2 nodes"},
    {"Relu6ByReluMin", "m = Min(six, x) y = Relu(m)", "relu6 x -> y by min form of 2 nodes"},
    {"HardTanhByClip", "y = Clip(x, minus_one, one)", "hard_tanh x -> y by Clip"},
    {"HardTanhByMaxMin", "a = Max(x, minus_one) y = Min(a, one)",
     "hard_tanh x -> y by max form of 2 nodes"},
    {"LeakyReluByMax", "a = Mul(x, tenth) y = Max(x, a)",
     "leaky_relu x -> y by max form of 2 nodes", 0.1},
    {"LeakyReluByWhere", "g = Less(x, zero) a = Mul(tenth, x) y = Where(g, a, x)",
     "leaky_relu x -> y by less form of 3 nodes", 0.1},
    {"LeakyReluByTwoRelus", "r = Relu(x) n = Neg(x) s = Relu(n) t = Mul(s, tenth) y = Sub(r, t)",
     "leaky_relu x -> y by relu form of 5 nodes", 0.1},
    {"PreluByTwoRelus",
     "r = Relu(x) n = Neg(x) s = Relu(n) m = Neg(vector) t = Mul(m, s) y = Add(r, t)",
     "prelu x -> y by relu form of 5 nodes"},
    {"PreluByAbs",
     "r = Relu(x) b = Abs(x) d = Sub(x, b) v = Mul(vector, d) h = Mul(v, half) y = Add(r, h)",
     "prelu x -> y by relu form of 6 nodes"},
    {"PreluByWhere", "g = GreaterOrEqual(x, zero) a = Mul(x, vector) y = Where(g, x, a)",
     "prelu x -> y by greater_or_equal form of 3 nodes"},
    {"EluByWhere", "g = Greater(x, zero) e = Exp(x) m = Sub(e, one) y = Where(g, x, m)",
     "elu x -> y by greater form of 4 nodes", 1},
    {"EluWithoutOverflow",
     "r = Relu(x) n = Min(x, zero) e = Exp(n) m = Sub(e, one) a = Mul(m, elu_alpha) y = Add(r, a)",
     "elu x -> y by relu form of 6 nodes", 1.5},
    {"CeluByMaxMin",
     "r = Max(x, zero) q = Div(x, elu_alpha) e = Exp(q) m = Sub(e, one) a = Mul(m, elu_alpha) "
     "n = Min(a, zero) y = Add(r, n)",
     "celu x -> y by max form of 7 nodes", 1.5},
    {"SeluByWhere",
     "g = Greater(x, zero) e = Exp(x) m = Sub(e, one) a = Mul(selu_alpha, m) w = Where(g, x, a) "
     "y = Mul(selu_scale, w)",
     "selu x -> y by greater form of 6 nodes"},
    {"SeluByElu", "e = Elu<alpha = 1.67326324>(x) y = Mul(e, selu_scale)",
     "selu x -> y by elu form of 2 nodes"},
    {"Softplus", "e = Exp(x) a = Add(e, one) y = Log(a)", "softplus x -> y by exp form of 3 nodes"},
    {"SoftplusWithThreshold",
     "e = Exp(x) a = Add(e, one) l = Log(a) g = Greater(x, twenty) y = Where(g, x, l)",
     "softplus x -> y by exp form of 5 nodes"},
    {"SoftplusStable",
     "m = Max(x, zero) b = Abs(x) n = Neg(b) e = Exp(n) a = Add(one, e) l = Log(a) y = Add(m, l)",
     "softplus x -> y by max form of 7 nodes"},
    {"SoftplusBeta", "b = Mul(x, beta) s = Softplus(b) y = Div(s, beta)",
     "softplus x -> y by softplus form of 3 nodes", 1.25},
    {"LogSigmoid", "s = Sigmoid(x) y = Log(s)", "log_sigmoid x -> y by sigmoid form of 2 nodes"},
    {"LogSigmoidBySoftplus", "n = Neg(x) s = Softplus(n) y = Neg(s)",
     "log_sigmoid x -> y by softplus form of 3 nodes"},
    {"Softsign", "b = Abs(x) a = Add(b, one) y = Div(x, a)",
     "softsign x -> y by abs form of 3 nodes"},
    {"Hardshrink",
     "g = Greater(x, half) l = Less(x, minus_half) o = Or(g, l) y = Where(o, x, zero)",
     "shrink x -> y by greater form of 4 nodes"},
    {"Softshrink",
     "g = Greater(x, half) s = Sub(x, half) w = Where(g, s, zero) l = Less(x, minus_half) "
     "a = Add(x, half) v = Where(l, a, zero) y = Add(w, v)",
     "shrink x -> y by greater form of 7 nodes", 0.5},
    {"ThresholdedRelu", "g = Greater(x, one) y = Where(g, x, zero)",
     "thresholded_relu x -> y by greater form of 2 nodes"},
    {"Softmax",
     "m = ReduceMax<axes = [-1]>(x) d = Sub(x, m) e = Exp(d) s = ReduceSum(e, last) y = Div(e, s)",
     "softmax x -> y by exp form of 5 nodes"},
    {"SoftmaxWithoutMax", "e = Exp(x) s = ReduceSum(e, last) y = Div(e, s)",
     "softmax x -> y by exp form of 3 nodes"},
    {"LogSoftmax",
     "m = ReduceMax<axes = [-1]>(x) d = Sub(x, m) e = Exp(d) s = ReduceSum(e, last) l = Log(s) "
     "y = Sub(d, l)",
     "log_softmax x -> y by exp form of 6 nodes"},
    {"LogSoftmaxByLogSumExp", "l = ReduceLogSumExp<axes = [-1]>(x) y = Sub(x, l)",
     "log_softmax x -> y by sub form of 2 nodes"},
    {"SquaredRelu", "r = Relu(x) y = Pow(r, two)", "relu x -> r by Relu; square r -> y by Pow"},
    {"SquaredReluByMul", "r = Relu(x) y = Mul(r, r)", "relu x -> r by Relu; square r -> y by Mul"},
    {"HardSwishFoldedScale",
     "a = Add(x, three) b = Clip(a, zero, six) c = Mul(b, vector) y = Mul(x, c)",
     "hard_swish x -> y by clip form of 4 nodes"},
};
INSTANTIATE_TEST_SUITE_P(Forms, Activations, ::testing::ValuesIn(kForms), NameOf);

// Where a form stands among other nodes.
constexpr Row kPlaces[] = {
    {"AfterABias", "h = Add(x, vector) a = Sigmoid(h) y = Mul(h, a)",
     "silu h -> y by sigmoid form of 2 nodes"},
    {"BeforeALayerScale", "a = Sigmoid(x) s = Mul(x, a) y = Mul(s, vector)",
     "silu x -> s by sigmoid form of 2 nodes"},
    {"ReluBeforeALayerScale", "r = Relu(x) y = Mul(r, vector)", "relu x -> r by Relu"},
    {"TwiceInARow", "a = Sigmoid(x) s = Mul(x, a) b = Sigmoid(s) y = Mul(s, b)",
     "silu x -> s by sigmoid form of 2 nodes; silu s -> y by sigmoid form of 2 nodes"},
    {"BesideAResidual", "a = Sigmoid(x) s = Mul(x, a) y = Add(s, x)",
     "silu x -> s by sigmoid form of 2 nodes"},
    {"OfAnInteriorWhoseShapeIsRead", "a = Sigmoid(x) s = Shape(a) y = Mul(x, a)",
     "silu x -> y by sigmoid form of 2 nodes"},
    {"OfAnInteriorThatDeadNodesRead", "a = Sigmoid(x) b = Mul(a, two) c = Neg(b) y = Mul(x, a)",
     "silu x -> y by sigmoid form of 2 nodes"},
    {"GatedProduct", "m = MatMul(z, matrix) a = Sigmoid(x) s = Mul(x, a) y = Mul(s, m)",
     "silu x -> s by sigmoid form of 2 nodes"},
    {"Softcap", "a = Div(x, twenty) t = Tanh(a) y = Mul(t, twenty)", "tanh a -> t by Tanh"},
};
INSTANTIATE_TEST_SUITE_P(Places, Activations, ::testing::ValuesIn(kPlaces), NameOf);

// Near misses: what is found instead.
constexpr Row kTwins[] = {
    {"ErfAlone", "a = Div(x, root_two) y = Erf(a)", "erf a -> y by Erf"},
    {"GeluOfAWrongNumber",
     "a = Div(x, root_two_wrong) b = Erf(a) c = Add(b, one) d = Mul(x, c) y = Mul(d, half)",
     "erf a -> b by Erf"},
    {"GeluWithoutItsHalf", "a = Div(x, root_two) b = Erf(a) c = Add(b, one) y = Mul(x, c)",
     "erf a -> b by Erf"},
    {"GeluOfTwoValues",
     "a = Div(z, root_two) b = Erf(a) c = Add(b, one) d = Mul(x, c) y = Mul(d, half)",
     "erf a -> b by Erf"},
    {"LeakyReluOfTwoValues", "a = Mul(z, tenth) y = Max(x, a)", ""},
    {"GeluTanhOfAnotherPower",
     "a = Pow(x, two) b = Mul(a, cube) c = Add(x, b) d = Mul(c, slope_tanh) e = Tanh(d) "
     "f = Add(e, one) g = Mul(x, f) y = Mul(g, half)",
     "square x -> a by Pow; tanh d -> e by Tanh"},
    {"GateOfOtherData", "a = Sigmoid(z) y = Mul(x, a)", "sigmoid z -> a by Sigmoid"},
    {"GateAlsoUsedElsewhere", "a = Sigmoid(x) s = Mul(x, a) t = Mul(z, a) y = Add(s, t)",
     "sigmoid x -> a by Sigmoid"},
    {"HardSwishOfAWrongDivisor",
     "a = Add(x, three) b = Clip(a, zero, six) c = Mul(x, b) y = Div(c, four)",
     "relu6 a -> b by Clip"},
    {"MishWithoutTanh", "a = Softplus(x) y = Mul(x, a)", "softplus x -> a by Softplus"},
    {"SoftsignOfAWrongNumber", "b = Abs(x) a = Add(b, two) y = Div(x, a)", "abs x -> b by Abs"},
    {"ClipOfOtherLimits", "y = Clip(x, minus_two, three)", "clip x -> y by Clip"},
    {"MaskOfOtherData", "g = Greater(z, zero) y = Where(g, x, zero)", ""},
    {"MaskThatIsFixed", "y = Where(mask, x, zero)", ""},
    {"ScaleAndShift", "a = Mul(x, half) y = Add(a, one)", ""},
    {"ProductOfTwoValues", "y = Mul(x, z)", ""},
    {"FixedOperand", "a = Sigmoid(vector) y = Mul(x, a)", ""},
    {"ExpLessOne", "e = Exp(x) y = Sub(e, one)", "exp x -> e by Exp"},
    {"SumOfOtherExponentials", "e = Exp(x) f = Exp(z) s = ReduceSum(f, last) y = Div(e, s)",
     "exp x -> e by Exp; exp z -> f by Exp"},
    {"MeanOfExponentials", "e = Exp(x) s = ReduceMean<axes = [-1]>(e) y = Div(e, s)",
     "exp x -> e by Exp"},
};
INSTANTIATE_TEST_SUITE_P(Twins, Activations, ::testing::ValuesIn(kTwins), NameOf);

// Of two sites in one model each node belongs to one.
TEST(ActivationMap, KnowsTheSiteOfEachNode) {
  const Analysis analysis(ArithmeticText("a = Sigmoid(x) s = Mul(x, a) m = Add(s, z) y = Relu(m)"));
  const ActivationMap& map = analysis.surroundings().activations;
  ASSERT_EQ(map.sites().size(), 2);
  EXPECT_EQ(map.At(0), &map.sites().front());
  EXPECT_EQ(map.At(1), &map.sites().front());
  EXPECT_EQ(map.At(2), nullptr);
  EXPECT_EQ(map.At(3), &map.sites().back());
  EXPECT_EQ(map.sites()[0].last, 1);
  EXPECT_THAT(map.sites()[0].nodes, ::testing::ElementsAre(0, 1));
}

TEST(ActivationMap, LeavesNormalizationsAlone) {
  const Analysis analysis(ArithmeticText(
      "a = Pow(x, two) b = ReduceMean<axes = [-1]>(a) c = Add(b, eps) d = Sqrt(c) y = Div(x, d)"));
  EXPECT_EQ(ActivationsOf(analysis), "");
}

}  // namespace
}  // namespace onnx_reinit::infer
