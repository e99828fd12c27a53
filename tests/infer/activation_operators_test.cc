#include "infer/activation_operators.h"

#include <string>
#include <string_view>

#include "base/text.h"
#include "gtest/gtest.h"
#include "infer/activation_forms.h"
#include "infer/found_forms.h"
#include "infer/infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::ActivationsOf;
using test::Analysis;

struct Row {
  std::string_view name;
  std::string_view nodes;
  std::string_view found;
  double alpha = 0;  // of the last
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.nodes; }

class ActivationOperatorsTest : public ::testing::TestWithParam<Row> {};

TEST_P(ActivationOperatorsTest, AreFound) {
  const Analysis analysis(
      Text("agraph (float[N, 8, H, W] x, float[N, 8, H, W] z, uint8[N, 8, H, W] q) => "
           "(float[N, 8, H, W] y) <float[8, 8, 1, 1] w, float[8, 8] m, float[8] b, "
           "float[4, 8, 8] experts, float one = {1}, float three = {3}, "
           "float lowest_half = {-65504}, float highest_half = {65504}, float zero = {0}, float "
           "scale = {0.02}, "
           "float six_255ths = {0.0235294}, uint8 lowest = {0}, uint8 middle = {128}, "
           "int8 signed_lowest = {-128}, int8 signed_middle = {0}, uint8[8, 8, 1, 1] qw> {",
           GetParam().nodes, "}"));
  EXPECT_EQ(ActivationsOf(analysis), GetParam().found);
  const std::vector<ActivationSite>& sites = analysis.surroundings().activations.sites();
  EXPECT_NEAR(sites.empty() ? 0 : sites.back().activation.alpha, GetParam().alpha, 1e-6);
}

std::string NameOf(const ::testing::TestParamInfo<Row>& row) { return std::string(row.param.name); }

constexpr Row kOperators[] = {
    {"Relu", "y = Relu(x)", "relu x -> y by Relu"},
    {"LeakyRelu", "y = LeakyRelu<alpha = 0.2>(x)", "leaky_relu x -> y by LeakyRelu", 0.2},
    {"LeakyReluDefault", "y = LeakyRelu(x)", "leaky_relu x -> y by LeakyRelu", 0.01},
    {"PRelu", "y = PRelu(x, w)", "prelu x -> y by PRelu"},
    {"PReluOfATrainedSlope", "y = PRelu(x, scale)", "prelu x -> y by PRelu"},
    {"Elu", "y = Elu<alpha = 0.5>(x)", "elu x -> y by Elu", 0.5},
    {"Selu", "y = Selu(x)", "selu x -> y by Selu"},
    {"Celu", "y = Celu<alpha = 2.0>(x)", "celu x -> y by Celu", 2},
    {"Gelu", "y = Gelu(x)", "gelu x -> y by Gelu"},
    {"GeluTanh", "y = Gelu<approximate = \"tanh\">(x)", "gelu_tanh x -> y by Gelu"},
    {"Mish", "y = Mish(x)", "mish x -> y by Mish"},
    {"HardSwish", "y = HardSwish(x)", "hard_swish x -> y by HardSwish"},
    {"HardSigmoid", "y = HardSigmoid(x)", "hard_sigmoid x -> y by HardSigmoid", 0.2},
    {"SwishOfOne", "y = Swish(x)", "silu x -> y by Swish"},
    {"SwishOfQuickGelu", "y = Swish<alpha = 1.702>(x)", "quick_gelu x -> y by Swish"},
    {"SwishOfOther", "y = Swish<alpha = 1.5>(x)", "silu x -> y by Swish", 1.5},
    {"SwiGluGate", "y = SwiGLU(x, z)", "silu x -> y by SwiGLU"},
    {"Softmax", "y = Softmax(x)", "softmax x -> y by Softmax"},
    {"LogSoftmax", "y = LogSoftmax(x)", "log_softmax x -> y by LogSoftmax"},
    {"Hardmax", "y = Hardmax(x)", "hardmax x -> y by Hardmax"},
    {"Softplus", "y = Softplus(x)", "softplus x -> y by Softplus"},
    {"Softsign", "y = Softsign(x)", "softsign x -> y by Softsign"},
    {"ThresholdedRelu", "y = ThresholdedRelu<alpha = 2.0>(x)",
     "thresholded_relu x -> y by ThresholdedRelu", 2},
    {"Shrink", "y = Shrink(x)", "shrink x -> y by Shrink"},
    {"ShrinkThatIsSoft", "y = Shrink<lambd = 0.25, bias = 0.25>(x)", "shrink x -> y by Shrink",
     0.25},
    {"ShrinkThatMovesLess", "y = Shrink<lambd = 0.5, bias = 0.25>(x)", "shrink x -> y by Shrink"},
    {"Clip", "y = Clip(x, zero, one)", "clip x -> y by Clip", 1},
    {"ClipFromBelow", "y = Clip(x, one)", "clip x -> y by Clip"},
    {"ClipThatOnlyGuards", "y = Clip(x, lowest_half, highest_half)", ""},
    {"Max", "y = Max(x, one)", "max x -> y by Max"},
    {"MaxThatOnlyGuards", "y = Max(lowest_half, x)", ""},
    {"MaxOfTwoValues", "y = Max(x, z)", ""},
    {"Min", "y = Min(one, x)", "min x -> y by Min"},
    {"Pow", "y = Pow(x, three)", "pow x -> y by Pow"},
    {"PowOfTwoValues", "y = Pow(x, z)", ""},
    {"Sin", "y = Sin(x)", "sin x -> y by Sin"},
    {"MsGelu", "y = com.microsoft.Gelu(x)", "gelu x -> y by Gelu"},
    {"MsBiasGelu", "y = com.microsoft.BiasGelu(x, b)", "gelu x -> y by BiasGelu"},
    {"MsFastGelu", "y = com.microsoft.FastGelu(x, b)", "gelu_tanh x -> y by FastGelu"},
    {"MsQuickGelu", "y = com.microsoft.QuickGelu(x)", "quick_gelu x -> y by QuickGelu"},
    {"MsQuickGeluOfOne", "y = com.microsoft.QuickGelu<alpha = 1.0>(x)", "silu x -> y by QuickGelu"},
    {"MsQLinearLeakyRelu",
     "y = com.microsoft.QLinearLeakyRelu<alpha = 0.1>(q, scale, middle, scale, middle)",
     "leaky_relu q -> y by QLinearLeakyRelu", 0.1},
    {"MsGroupNormWithSilu", "y = com.microsoft.GroupNorm<activation = 1>(x, b, b)",
     "silu x -> y by GroupNorm"},
    {"MsGroupNormWithout", "y = com.microsoft.GroupNorm<activation = 0>(x, b, b)", ""},
};
INSTANTIATE_TEST_SUITE_P(OfAnInput, ActivationOperatorsTest, ::testing::ValuesIn(kOperators),
                         NameOf);

constexpr Row kInside[] = {
    {"FusedConv", "y = com.microsoft.FusedConv<activation = \"Relu\">(x, w)",
     "relu (weight) -> y by inside FusedConv"},
    {"FusedConvLeakyRelu",
     "y = com.microsoft.FusedConv<activation = \"LeakyRelu\", activation_params = [0.3]>(x, w)",
     "leaky_relu (weight) -> y by inside FusedConv", 0.3},
    {"FusedConvRelu6",
     "y = com.microsoft.FusedConv<activation = \"Clip\", activation_params = [0.0, 6.0]>(x, w)",
     "relu6 (weight) -> y by inside FusedConv"},
    {"FusedConvClip",
     "y = com.microsoft.FusedConv<activation = \"Clip\", activation_params = [0.0, 1.0]>(x, w)",
     "clip (weight) -> y by inside FusedConv", 1},
    {"FusedConvHardSigmoid",
     "y = com.microsoft.FusedConv<activation = \"HardSigmoid\", "
     "activation_params = [0.25, 0.5]>(x, w)",
     "hard_sigmoid (weight) -> y by inside FusedConv", 0.25},
    {"FusedConvWithout", "y = com.microsoft.FusedConv(x, w)", ""},
    {"NchwcConv", "y = com.microsoft.nchwc.Conv<activation = \"HardSwish\">(x, w)",
     "hard_swish (weight) -> y by inside Conv"},
    {"PlainConv", "y = Conv<activation = \"Relu\">(x, w)", ""},
    {"FusedGemm",
     "y = com.microsoft.FusedGemm<activation = \"LeakyRelu\", activation_alpha = 0.2>(x, m)",
     "leaky_relu (weight) -> y by inside FusedGemm", 0.2},
    {"GemmFastGelu", "y = com.microsoft.GemmFastGelu(x, m)",
     "gelu_tanh (weight) -> y by inside GemmFastGelu"},
    {"CausalConvWithState", "y = CausalConvWithState<activation = \"silu\">(x, w)",
     "silu (weight) -> y by inside CausalConvWithState"},
    {"MoE", "y = com.microsoft.MoE<activation_type = \"swiglu\">(x, z, experts, b, experts)",
     "silu (weight) -> y by inside MoE"},
    {"MoEIdentity", "y = com.microsoft.MoE<activation_type = \"identity\">(x, z, experts)", ""},
};
INSTANTIATE_TEST_SUITE_P(InsideOthers, ActivationOperatorsTest, ::testing::ValuesIn(kInside),
                         NameOf);

// A range that begins at zero is what is left of a ReLU.
constexpr Row kRanges[] = {
    {"OfAProduct", "c = Conv(x, w) y = QuantizeLinear(c, scale, lowest)",
     "relu c -> y by QuantizeLinear"},
    {"OfAProductSigned", "c = Conv(x, w) y = QuantizeLinear(c, scale, signed_lowest)",
     "relu c -> y by QuantizeLinear"},
    {"ThatEndsAtSix", "c = Conv(x, w) y = QuantizeLinear(c, six_255ths, lowest)",
     "relu6 c -> y by QuantizeLinear"},
    {"OfASum", "s = Add(x, z) y = QuantizeLinear(s, scale, lowest)",
     "relu s -> y by QuantizeLinear"},
    {"OfASumWithAVector", "s = Add(x, b) y = QuantizeLinear(s, scale, lowest)",
     "relu s -> y by QuantizeLinear"},
    {"OfASumWithOneNumber", "s = Add(x, scale) y = QuantizeLinear(s, scale, lowest)", ""},
    {"OfADifferenceFromOneNumber", "s = Sub(scale, x) y = QuantizeLinear(s, scale, lowest)", ""},
    {"WithNegativeNumbers", "c = Conv(x, w) y = QuantizeLinear(c, scale, middle)", ""},
    {"SymmetricSigned", "c = Conv(x, w) y = QuantizeLinear(c, scale, signed_middle)", ""},
    {"OfAnActivation", "s = Sigmoid(x) y = QuantizeLinear(s, scale, lowest)",
     "sigmoid x -> s by Sigmoid"},
    {"OfTheOutput",
     "c = Conv(x, w) k = QuantizeLinear(c, scale, lowest) "
     "y = DequantizeLinear(k, scale, lowest)",
     ""},
    {"OfQLinearConv", "y = QLinearConv(q, scale, middle, qw, scale, middle, scale, lowest)",
     "relu (weight) -> y by inside QLinearConv"},
    {"OfQLinearConvWithNegativeNumbers",
     "y = QLinearConv(q, scale, middle, qw, scale, middle, scale, middle)", ""},
    {"OfQLinearAdd",
     "y = com.microsoft.QLinearAdd(q, scale, middle, q, scale, middle, scale, lowest)",
     "relu (weight) -> y by inside QLinearAdd"},
};
INSTANTIATE_TEST_SUITE_P(Ranges, ActivationOperatorsTest, ::testing::ValuesIn(kRanges), NameOf);

// The activation of `weight`, one of the weights of a row's nodes.
struct Following {
  std::string_view name;
  std::string_view nodes;
  std::string_view weight;
  std::string_view activation;
};

void PrintTo(const Following& row, std::ostream* out) { *out << row.nodes; }

class FollowingInside : public ::testing::TestWithParam<Following> {};

TEST_P(FollowingInside, IsThatOfTheWeight) {
  const test::Inferred inferred(
      Text("agraph (float[N, 8, H, W] x, float[N, 4] scores) => (float[N, 8, H, W] y) "
           "<float[8, 8, 3, 3] v, float[8, 8, 3, 3] w, float[4, 8, 8] fc1, float[4, 8, 8] fc2, "
           "float[8] b, float lowest = {-65504}, float highest = {65504}> {",
           GetParam().nodes, "}"));
  EXPECT_EQ(inferred[GetParam().weight].following.name, GetParam().activation);
}

constexpr Following kFollowing[] = {
    {"OwnOfFusedConv", "y = com.microsoft.FusedConv<activation = \"Relu\">(x, w)", "w", "relu"},
    {"AddedToFusedConv",
     "s = Conv(x, v) y = com.microsoft.FusedConv<activation = \"Relu\">(x, w, b, s)", "v", "relu"},
    {"BeforeFusedConv", "s = Conv(x, v) y = com.microsoft.FusedConv<activation = \"Relu\">(s, w)",
     "v", "none"},
    {"BeforeAGuard", "s = Conv(x, v) g = Clip(s, lowest, highest) y = Relu(g)", "v", "relu"},
    {"BeforeAMaxOfTwo", "s = Conv(x, v) g = Max(s, x) y = Relu(g)", "v", "none"},
    {"FirstOfExperts", "y = com.microsoft.MoE<activation_type = \"gelu\">(x, scores, fc1, , fc2)",
     "fc1", "gelu"},
    {"SecondOfExperts", "y = com.microsoft.MoE<activation_type = \"gelu\">(x, scores, fc1, , fc2)",
     "fc2", "none"},
};
INSTANTIATE_TEST_SUITE_P(Weights, FollowingInside, ::testing::ValuesIn(kFollowing),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ActivationOperators, SayWhatTheyAre) {
  const auto says = [](std::string_view domain, std::string_view op_type) {
    graph::Node node;
    node.domain = domain;
    node.op_type = op_type;
    return Says(*FindActivationOperator(node));
  };
  EXPECT_EQ(says("", "HardSwish"), "hard_swish");
  EXPECT_EQ(says("", "PRelu"), "prelu");
  EXPECT_EQ(says("", "Gelu"), "gelu; gelu_tanh where approximate is tanh");
  EXPECT_EQ(says("com.microsoft", "FusedConv"), "what the attribute activation names");
}

TEST(SnakeCase, IsThatOfThePlan) {
  EXPECT_EQ(SnakeCase("LeakyRelu"), "leaky_relu");
  EXPECT_EQ(SnakeCase("Relu"), "relu");
  EXPECT_EQ(SnakeCase("relu"), "relu");
}

}  // namespace
}  // namespace onnx_reinit::infer
