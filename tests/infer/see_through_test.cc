#include "infer/see_through.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Analysis;

// The stored tensor w is asked for; x is data of dims [N, 4], b a truth value that is data, and n
// an index that is data.
struct Row {
  std::string name;
  std::string op_type;
  std::string nodes;   // make y
  std::string seen;    // of w behind the operator; "no" where it is not seen through
  std::string others;  // initializers beside w
  std::string weight = "float[6, 4] w";
  std::string domain;
  int output = 0;
  int opset = 17;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

Analysis Analysed(const Row& row) {
  return Analysis(Text("g (float[N, 4] x, bool b, int64 n) => (float[M] y) <", row.weight,
                       row.others.empty() ? "" : ", ", row.others, "> {", row.nodes, "}"),
                  {.opset = row.opset});
}

// Of the first use of w by an operator of the row's name.
std::string Seen(const Row& row) {
  Analysis analysis = Analysed(row);
  SeeThroughContext context{analysis.graph(), analysis.levels(), analysis.constants()};
  const View view = View::Of(analysis.Stored("w").tensor->dims);
  for (const graph::Use& use : analysis.UsesOf("w")) {
    const graph::Node& node = analysis.graph().node(use.node);
    if (node.op_type != row.op_type || node.domain != row.domain) continue;
    const std::optional<View> seen = SeeThrough(context, {node, use.input, row.output}, view);
    return seen ? test::Describe(*seen) : "no";
  }
  return "no such use";
}

constexpr std::string_view kMs = "com.microsoft";
constexpr std::string_view kNchwc = "com.microsoft.nchwc";
const std::string kInt8 = "int8[6, 4] w";
const std::string kScale = "float s = {0.5}, int8 z = {0}";

// At least one for each row of the table.
const auto kSeen = std::to_array<Row>({
    {"Abs", "Abs", "y = Abs(w)", "0:6 | 1:4 computed"},
    {"StandardizedByBatch", "BatchNormalization", "y = BatchNormalization(w, v, v, v, v)",
     "0:6 | 1:4 computed", "float[4] v"},
    {"Add", "Add", "y = Add(w, s)", "0:6 | 1:4 + 0.5", "float s = {0.5}"},
    {"AddOnTheRight", "Add", "y = Add(s, w)", "0:6 | 1:4 + 0.5", "float s = {0.5}"},
    {"AddOfAnEqualShape", "Add", "y = Add(w, v)", "0:6 | 1:4", "float[6, 4] v"},
    {"AddOfFewerElements", "Add", "y = Add(w, v)", "0:6 | 1:4", "float[4] v"},
    {"AddOfAWiderRank", "Add", "y = Add(w, v)", "- | 0:6 | 1:4", "float[1, 1, 4] v"},
    {"Cast", "Cast", "y = Cast<to = 10>(w)", "0:6 | 1:4"},
    {"CastLike", "CastLike", "y = CastLike(w, x)", "0:6 | 1:4"},
    {"Ceil", "Ceil", "y = Ceil(w)", "0:6 | 1:4 computed"},
    {"Clip", "Clip", "y = Clip(w, s)", "0:6 | 1:4 computed", "float s = {0.5}"},
    {"Concat", "Concat", "y = Concat<axis = 0>(v, w)", "0:8/6 | 1:4 joined", "float[2, 4] v"},
    {"ConcatOfTheLastAxis", "Concat", "y = Concat<axis = -1>(w, v)", "0:6 | 1:5/4 joined",
     "float[6, 1] v"},
    {"ConcatAlone", "Concat", "y = Concat<axis = 0>(w)", "0:6 | 1:4 joined"},
    {"Cos", "Cos", "y = Cos(w)", "0:6 | 1:4 computed angle"},
    {"DequantizeLinear", "DequantizeLinear", "y = DequantizeLinear(w, s, z)", "0:6 | 1:4", kScale,
     kInt8},
    {"Div", "Div", "y = Div(w, s)", "0:6 | 1:4 * 4", "float s = {0.25}"},
    {"DivOfANumberIsComputed", "Div", "y = Div(s, w)", "0:6 | 1:4 computed", "float s = {0.25}"},
    {"DivByZeroIsComputed", "Div", "y = Div(w, s)", "0:6 | 1:4 computed", "float s = {0}"},
    {"DivByAVectorIsComputed", "Div", "y = Div(w, v)", "0:6 | 1:4 computed", "float[4] v"},
    {"Dropout", "Dropout", "y = Dropout(w)", "0:6 | 1:4"},
    {"Exp", "Exp", "y = Exp(w)", "0:6 | 1:4 computed exponential"},
    {"Expand", "Expand", "y = Expand(w, s)", "x3 | 0:6 | 1:4", "int64[3] s = {3, 1, 4}"},
    {"ExpandOfOnes", "Expand", "y = Expand(w, s)", "0:1 x3 | 1:4", "int64[2] s = {3, 1}",
     "float[1, 4] w"},
    {"ExpandByTheDataKeepsTheAxes", "Expand",
     "t = Shape(x) s = Concat<axis = 0>(o, t) "
     "y = Expand(w, s)",
     "- | 0:6 | 1:4", "int64[1] o = {1}"},
    {"Flatten", "Flatten", "y = Flatten(w)", "0:6 | 1:2 2:2", "", "float[6, 2, 2] w"},
    {"FlattenFromTheEnd", "Flatten", "y = Flatten<axis = -1>(w)", "0:6 1:2 | 2:2", "",
     "float[6, 2, 2] w"},
    {"FlattenAll", "Flatten", "y = Flatten<axis = 0>(w)", "- | 0:6 1:4"},
    {"Floor", "Floor", "y = Floor(w)", "0:6 | 1:4 computed"},
    {"Gather", "Gather", "y = Gather(w, i)", "0:2/6 | 1:4 part picked", "int64[2] i = {0, 5}"},
    {"GatherOfOne", "Gather", "y = Gather<axis = -1>(w, i)", "0:6 part", "int64 i = {2}"},
    {"GatherByAMatrix", "Gather", "y = Gather(w, i)", "0:2 | 0:3 | 1:4 picked",
     "int64[2, 3] i = {0, 1, 2, 3, 4, 5}"},
    {"GatherThatRepeats", "Gather", "y = Gather(w, i)", "0:8/6 | 1:4 picked",
     "int64[8] i = {0, 1, 2, 3, 4, 5, 0, 1}"},
    {"GatherByAMatrixThatRepeats", "Gather", "y = Gather(w, i)", "opaque x2 | x4",
     "int64[2, 4] i = {0, 1, 2, 3, 1, 2, 3, 4}", "float[6] w"},
    {"GatherFromAnotherRank", "Gather", "y = Gather(w, i)", "0:2/3 | 1:2 | 2:4 part",
     "int64[2] i = {0, 1}", "float[3, 2, 4] w"},
    {"GatherElements", "GatherElements", "y = GatherElements(w, i)", "opaque part",
     "int64[1, 2] i = {0, 0}"},
    {"GatherND", "GatherND", "y = GatherND(w, i)", "opaque x1 | x4 part", "int64[1, 1] i = {0}"},
    {"Identity", "Identity", "y = Identity(w)", "0:6 | 1:4"},
    {"Log", "Log", "y = Log(w)", "0:6 | 1:4 computed"},
    {"LpNormalization", "LpNormalization", "y = LpNormalization(w)", "0:6 | 1:4 computed"},
    {"Max", "Max", "y = Max(w, s)", "0:6 | 1:4 computed", "float s = {0}"},
    {"MaxOfThree", "Max", "y = Max(s, v, w)", "0:6 | 1:4 computed", "float s = {0}, float[4] v"},
    {"Min", "Min", "y = Min(w, s)", "0:6 | 1:4 computed", "float s = {0}"},
    {"Mul", "Mul", "y = Mul(w, s)", "0:6 | 1:4 * 0.5", "float s = {0.5}"},
    {"MulByEqualNumbers", "Mul", "y = Mul(v, w)", "0:6 | 1:4 * 3", "float[4] v = {3, 3, 3, 3}"},
    {"MulByAGainOfUnknownShape", "Mul", "v = com.example.Gain(w) u = Mul(w, v) y = Neg(u)",
     "0:6 | 1:4 computed", "float[6, 4] u"},
    {"DivByANormOfALargeOne", "Div", "m = ReduceL2<axes = [1]>(w) y = Div(w, m)",
     "0:700 | 1:80 computed", "", "float[700, 80] w"},
    {"MulByAGainIsComputed", "Mul", "y = Mul(w, v)", "0:6 | 1:4 computed", "float[6, 1] v"},
    {"Neg", "Neg", "y = Neg(w)", "0:6 | 1:4 * -1"},
    {"Pad", "Pad", "y = Pad(w, p)", "0:9/6 | 1:4", "int64[4] p = {1, 0, 2, 0}"},
    {"PadThatCuts", "Pad", "y = Pad(w, p)", "0:5/6 | 1:4 part", "int64[4] p = {-1, 0, 0, 0}"},
    {"PadByAttribute", "Pad", "y = Pad<pads = [0, 1, 0, 1]>(w)", "0:6 | 1:6/4", "", "float[6, 4] w",
     "", 0, 9},
    {"Pow", "Pow", "y = Pow(w, s)", "0:6 | 1:4 computed", "float s = {2}"},
    {"QuantizeLinear", "QuantizeLinear", "y = QuantizeLinear(w, s, z)", "0:6 | 1:4", kScale},
    {"Reciprocal", "Reciprocal", "y = Reciprocal(w)", "0:6 | 1:4 computed"},
    {"Relu", "Relu", "y = Relu(w)", "0:6 | 1:4 computed"},
    {"Reshape", "Reshape", "y = Reshape(w, s)", "0:2 | 0:3 1:4", "int64[2] s = {2, -1}"},
    {"ReshapeWithZero", "Reshape", "y = Reshape(w, s)", "0:6 | 1:2 | 1:2",
     "int64[3] s = {0, 2, 2}"},
    {"ReshapeByAttribute", "Reshape", "y = Reshape<shape = [24]>(w)", "0:6 1:4", "",
     "float[6, 4] w", "", 0, 1},
    {"ReshapeByData", "Reshape", "y = Reshape(w, n)", "opaque"},
    {"Resize", "Resize", "y = Resize(w, , s)", "opaque part", "float[2] s = {2, 1}"},
    {"ResizeToADeclaredShape", "Resize", "t = Resize(w, , s) y = Neg(t)", "opaque x12 | x4 part",
     "float[2] s = {2, 1}, float[12, 4] t"},
    {"Round", "Round", "y = Round(w)", "0:6 | 1:4 computed"},
    {"Scatter", "Scatter", "y = Scatter(w, i, v)", "opaque part",
     "int64[1, 1] i = {0}, float[1, 1] v", "float[6, 4] w", "", 0, 9},
    {"ScatterElements", "ScatterElements", "y = ScatterElements(w, i, v)", "opaque part",
     "int64[1, 1] i = {0}, float[1, 1] v"},
    {"ScatterND", "ScatterND", "y = ScatterND(w, i, v)", "opaque part",
     "int64[1, 1] i = {0}, float[1, 4] v"},
    {"Sigmoid", "Sigmoid", "y = Sigmoid(w)", "0:6 | 1:4 computed"},
    {"Sin", "Sin", "y = Sin(w)", "0:6 | 1:4 computed angle"},
    {"Slice", "Slice", "y = Slice(w, a, e, c)", "0:2/6 | 1:4 part",
     "int64[1] a = {1}, int64[1] e = {3}, int64[1] c = {0}"},
    {"SliceOfAll", "Slice", "y = Slice(w, a, e)", "0:6 | 1:4",
     "int64[1] a = {0}, int64[1] e = {9223372036854775807}"},
    {"SliceByTwo", "Slice", "y = Slice(w, a, e, c, t)", "0:6 | 1:2/4 part",
     "int64[1] a = {1}, int64[1] e = {100}, int64[1] c = {-1}, int64[1] t = {2}"},
    {"SliceBackwards", "Slice", "y = Slice(w, a, e, c, t)", "0:3/6 | 1:4 part",
     "int64[1] a = {-1}, int64[1] e = {-100}, int64[1] c = {0}, int64[1] t = {-2}"},
    {"SliceBackwardsOfAll", "Slice", "y = Slice(w, a, e, c, t)", "0:6 | 1:4",
     "int64[1] a = {-1}, int64[1] e = {-9223372036854775807}, int64[1] c = {0}, "
     "int64[1] t = {-1}"},
    {"SliceByAttribute", "Slice", "y = Slice<starts = [2], ends = [4], axes = [1]>(w)",
     "0:6 | 1:2/4 part", "", "float[6, 4] w", "", 0, 9},
    {"SliceUpToTheLengthOfData", "Slice", "s = Shape<start = 0, end = 1>(x) y = Slice(w, a, s)",
     "0:6 | 1:4 part", "int64[1] a = {0}"},
    {"Atan", "Atan", "y = Atan(w)", "0:6 | 1:4 computed"},
    {"Celu", "Celu", "y = Celu(w)", "0:6 | 1:4 computed"},
    {"Elu", "Elu", "y = Elu(w)", "0:6 | 1:4 computed"},
    {"Erf", "Erf", "y = Erf(w)", "0:6 | 1:4 computed"},
    {"Gelu", "Gelu", "y = Gelu(w)", "0:6 | 1:4 computed", "", "float[6, 4] w", "", 0, 20},
    {"HardSigmoid", "HardSigmoid", "y = HardSigmoid(w)", "0:6 | 1:4 computed"},
    {"HardSwish", "HardSwish", "y = HardSwish(w)", "0:6 | 1:4 computed"},
    {"LeakyRelu", "LeakyRelu", "y = LeakyRelu(w)", "0:6 | 1:4 computed"},
    {"LogSoftmax", "LogSoftmax", "y = LogSoftmax(w)", "0:6 | 1:4 computed"},
    {"Mish", "Mish", "y = Mish(w)", "0:6 | 1:4 computed", "", "float[6, 4] w", "", 0, 18},
    {"Selu", "Selu", "y = Selu(w)", "0:6 | 1:4 computed"},
    {"Sign", "Sign", "y = Sign(w)", "0:6 | 1:4 computed"},
    {"Softmax", "Softmax", "y = Softmax(w)", "0:6 | 1:4 computed"},
    {"Softsign", "Softsign", "y = Softsign(w)", "0:6 | 1:4 computed"},
    {"ThresholdedRelu", "ThresholdedRelu", "y = ThresholdedRelu(w)", "0:6 | 1:4 computed"},
    {"Softplus", "Softplus", "y = Softplus(w)", "0:6 | 1:4 computed"},
    {"Split", "Split", "t, y = Split(w, s)", "0:4/6 | 1:4 part", "int64[2] s = {2, 4}",
     "float[6, 4] w", "", 1},
    {"SplitEvenly", "Split", "y, t = Split<axis = -1>(w)", "0:6 | 1:2/4 part"},
    {"SplitUnevenly", "Split", "t, u, v, y = Split(w)", "0:1/7 | 1:4 part", "", "float[7, 4] w", "",
     3},
    {"TheFirstOfAnUnevenSplit", "Split", "y, t, u, v = Split(w)", "0:2/7 | 1:4 part", "",
     "float[7, 4] w"},
    {"SplitByAttribute", "Split", "y, t = Split<split = [5, 1]>(w)", "0:5/6 | 1:4 part", "",
     "float[6, 4] w", "", 0, 11},
    {"Sqrt", "Sqrt", "y = Sqrt(w)", "0:6 | 1:4 computed"},
    {"Squeeze", "Squeeze", "y = Squeeze(w, i)", "0:1 | 2:4", "int64[1] i = {1}",
     "float[1, 1, 4] w"},
    {"SqueezeAll", "Squeeze", "y = Squeeze(w)", "2:4", "", "float[1, 1, 4] w"},
    {"SqueezeByAttribute", "Squeeze", "y = Squeeze<axes = [0]>(w)", "1:4", "", "float[1, 4] w", "",
     0, 11},
    {"Sub", "Sub", "y = Sub(w, s)", "0:6 | 1:4 + -0.5", "float s = {0.5}"},
    {"SubFromANumber", "Sub", "y = Sub(s, w)", "0:6 | 1:4 * -1 + 0.5", "float s = {0.5}"},
    {"Tanh", "Tanh", "y = Tanh(w)", "0:6 | 1:4 computed"},
    {"Tile", "Tile", "y = Tile(w, r)", "x2 0:6 | 1:4", "int64[2] r = {2, 1}"},
    {"Transpose", "Transpose", "y = Transpose<perm = [1, 0]>(w)", "1:4 | 0:6"},
    {"TransposeReverses", "Transpose", "y = Transpose(w)", "2:3 | 1:4 | 0:6", "",
     "float[6, 4, 3] w"},
    {"Trilu", "Trilu", "y = Trilu(w)", "0:6 | 1:4"},
    {"Unsqueeze", "Unsqueeze", "y = Unsqueeze(w, i)", "- | 0:6 | 1:4 | -", "int64[2] i = {0, -1}"},
    {"UnsqueezeByAttribute", "Unsqueeze", "y = Unsqueeze<axes = [1]>(w)", "0:6 | - | 1:4", "",
     "float[6, 4] w", "", 0, 11},
    {"Where", "Where", "c = Constant<value = bool[1] {1}>() y = Where(c, w, s)",
     "0:6 | 1:4 computed", "float s = {0}"},
    {"BorderAlias", "Alias",
     "m = Constant<value = int64 {3}>() c = Constant<value = bool {1}>()"
     "y, z = Loop <body = body (int64 i, bool d, float[6, 4] s, float[4] t)"
     "=> (bool d2, float[6, 4] s2, float[4] t2) {"
     "d2 = Identity(d) s2 = Identity(s) t2 = Add(t, t) }>(m, c, w, v)",
     "0:6 | 1:4", "float[4] v", "float[6, 4] w", "border"},
    {"BorderMerge", "Merge",
     "y = If <then_branch = one () => (float[6, 4] t) { t = Neg(v) },"
     "else_branch = two () => (float[6, 4] u) { u = Identity(v) }>(b)"
     "z = If <then_branch = one () => (float[6, 4] w) { },"
     "else_branch = two () => (float[6, 4] v) { }>(b)",
     "0:6 | 1:4", "float[6, 4] v", "float[6, 4] w", "border"},
    {"BorderScanInput", "ScanInput",
     "y = Scan <num_scan_inputs = 1, scan_input_axes = [-1], body = body "
     "(float[N, 4] h, float[6] s) => (float[N, 4] h2) { h2 = Add(h, s) }>(x, w)",
     "0:6", "", "float[6, 4] w", "border"},
    {"MsDequantizeLinear", "DequantizeLinear", "y = com.microsoft.DequantizeLinear(w, s, z)",
     "0:6 | 1:4", kScale, kInt8, std::string(kMs)},
    {"MsQuantizeLinear", "QuantizeLinear", "y = com.microsoft.QuantizeLinear(w, s, z)", "0:6 | 1:4",
     kScale, "float[6, 4] w", std::string(kMs)},
    {"MsTrilu", "Trilu", "y = com.microsoft.Trilu(w)", "0:6 | 1:4", "", "float[6, 4] w",
     std::string(kMs)},
    {"ReorderInput", "ReorderInput", "y = com.microsoft.nchwc.ReorderInput(w)", "0:6 | 1:4", "",
     "float[6, 4] w", std::string(kNchwc)},
    {"ReorderOutput", "ReorderOutput", "y = com.microsoft.nchwc.ReorderOutput(w)", "0:6 | 1:4", "",
     "float[6, 4] w", std::string(kNchwc)},
    {"BrevitasBipolarQuant", "BipolarQuant", "y = onnx.brevitas.BipolarQuant(w, s)", "0:6 | 1:4",
     "float s = {0.5}", "float[6, 4] w", "onnx.brevitas"},
    {"BrevitasQuant", "Quant", "y = onnx.brevitas.Quant(w, s)", "0:6 | 1:4", "float s = {0.5}",
     "float[6, 4] w", "onnx.brevitas"},
    {"BrevitasTrunc", "Trunc", "y = onnx.brevitas.Trunc(w, s)", "0:6 | 1:4", "float s = {0.5}",
     "float[6, 4] w", "onnx.brevitas"},
    {"QonnxBipolarQuant", "BipolarQuant", "y = qonnx.custom_op.general.BipolarQuant(w, s)",
     "0:6 | 1:4", "float s = {0.5}", "float[6, 4] w", "qonnx.custom_op.general"},
    {"QonnxFloatQuant", "FloatQuant", "y = qonnx.custom_op.general.FloatQuant(w, s)", "0:6 | 1:4",
     "float s = {0.5}", "float[6, 4] w", "qonnx.custom_op.general"},
    {"QonnxIntQuant", "IntQuant", "y = qonnx.custom_op.general.IntQuant(w, s)", "0:6 | 1:4",
     "float s = {0.5}", "float[6, 4] w", "qonnx.custom_op.general"},
    {"QonnxQuant", "Quant", "y = qonnx.custom_op.general.Quant(w, s)", "0:6 | 1:4",
     "float s = {0.5}", "float[6, 4] w", "qonnx.custom_op.general"},
    {"QonnxTrunc", "Trunc", "y = qonnx.custom_op.general.Trunc(w, s)", "0:6 | 1:4",
     "float s = {0.5}", "float[6, 4] w", "qonnx.custom_op.general"},
});

using SeenTest = ::testing::TestWithParam<Row>;

TEST_P(SeenTest, Shows) { EXPECT_EQ(Seen(GetParam()), GetParam().seen); }

INSTANTIATE_TEST_SUITE_P(Rows, SeenTest, ::testing::ValuesIn(kSeen),
                         [](const auto& test) { return test.param.name; });

// The twins: the same operators, where w stands at another input, meets data, or is the smaller
// operand; or an operator of the same name in a domain that is not known.
const auto kNotSeen = std::to_array<Row>({
    {"AddToData", "Add", "y = Add(x, w)"},
    {"AddToALargerOne", "Add", "y = Add(w, v)", "", "float[3, 6, 4] v"},
    {"CastLikeAsTheType", "CastLike", "y = CastLike(x, w)"},
    {"ClipAsTheLimit", "Clip", "y = Clip(v, w)", "", "float[6, 4] v"},
    {"ConcatWithData", "Concat", "y = Concat<axis = 0>(w, x)"},
    {"DequantizeLinearAsTheScale", "DequantizeLinear", "y = DequantizeLinear(v, w)", "",
     "int8[6, 4] v"},
    {"DivOfData", "Div", "y = Div(x, w)"},
    {"DropoutAsTheRatio", "Dropout", "y = Dropout(v, w)", "", "float[6, 4] v"},
    {"ExpandAsTheShape", "Expand", "y = Expand(v, w)", "", "float[6, 4] v"},
    {"GatherByData", "Gather", "y = Gather(w, n)"},
    {"GatherByTheShapeOfData", "Gather", "s = Shape(x) y = Gather(w, s)"},
    {"GatherAsTheIndices", "Gather", "y = Gather(v, w)", "", "float[6, 4] v"},
    {"GatherElementsByData", "GatherElements", "y = GatherElements(w, n)"},
    {"GatherNDByData", "GatherND", "y = GatherND(w, n)"},
    {"MaxWithData", "Max", "y = Max(w, x)"},
    {"MinWithData", "Min", "y = Min(w, x)"},
    {"MulWithData", "Mul", "y = Mul(w, x)"},
    {"MulIntoALargeOneThatIsComputed", "Mul", "u = Cast<to = 1>(v) y = Mul(u, w)", "",
     "float16[700, 80] v", "float[1, 80] w"},
    {"MulIntoANormalisedOne", "Mul", "m = ReduceL2<axes = [1]>(v) u = Div(v, m) y = Mul(u, w)", "",
     "float[700, 80] v", "float[700, 1] w"},
    {"MulIntoOneOfUnknownShape", "Mul", "u = com.example.Gain(v) y = Mul(u, w)", "",
     "float[6, 4] v", "float[6, 1] w"},
    {"MulIntoALargerOne", "Mul", "y = Mul(v, w)", "", "float[2, 6, 4] v"},
    {"PadAsTheFiller", "Pad", "y = Pad(v, p, w)", "", "float[6, 4] v, int64[4] p = {0, 0, 0, 0}"},
    {"PowAsTheExponent", "Pow", "y = Pow(v, w)", "", "float[6, 4] v"},
    {"QuantizeLinearAsTheScale", "QuantizeLinear", "y = QuantizeLinear(v, w)", "", "float[6, 4] v"},
    {"BrevitasQuantAsTheScale", "Quant", "y = onnx.brevitas.Quant(v, w)", "", "float[6, 4] v",
     "float[6, 4] w", "onnx.brevitas"},
    {"ReshapeAsTheShape", "Reshape", "y = Reshape(v, w)", "", "float[6, 4] v"},
    {"ResizeToTheSizeOfData", "Resize", "s = Cast<to = 1>(n) y = Resize(w, , s)"},
    {"ScatterElementsOfData", "ScatterElements", "y = ScatterElements(w, i, x)", "",
     "int64[1, 1] i = {0}"},
    {"ScatterNDOfData", "ScatterND", "y = ScatterND(w, i, x)", "", "int64[1, 1] i = {0}"},
    {"SliceAsTheStart", "Slice", "y = Slice(v, w, w)", "", "float[6, 4] v"},
    {"SplitAsTheSizes", "Split", "y = Split(v, w)", "", "float[6, 4] v"},
    {"SqueezeAsTheAxes", "Squeeze", "y = Squeeze(v, w)", "", "float[6, 4] v"},
    {"SubOfData", "Sub", "y = Sub(x, w)"},
    {"TileAsTheRepeats", "Tile", "y = Tile(v, w)", "", "float[6, 4] v"},
    {"TriluAsTheDiagonal", "Trilu", "y = Trilu(v, w)", "", "float[6, 4] v"},
    {"UnsqueezeAsTheAxes", "Unsqueeze", "y = Unsqueeze(v, w)", "", "float[6, 4] v"},
    {"WhereAsTheCondition", "Where", "y = Where(w, v, v)", "", "float[6, 4] v"},
    {"WhereWithData", "Where", "y = Where(b, w, x)"},
    {"StateOfALoop", "State",
     "m = Constant<value = int64 {3}>() c = Constant<value = bool {1}>()"
     "y = Loop <body = body (int64 i, bool d, float[6, 4] s) => (bool d2, float[6, 4] s2)"
     "{ d2 = Identity(d) s2 = Neg(s) }>(m, c, w)",
     "", "", "float[6, 4] w", "border"},
    {"Product", "MatMul", "y = MatMul(x, w)"},
});

using NotSeenTest = ::testing::TestWithParam<Row>;

TEST_P(NotSeenTest, ShowsNothing) { EXPECT_EQ(Seen(GetParam()), "no"); }

INSTANTIATE_TEST_SUITE_P(Twins, NotSeenTest, ::testing::ValuesIn(kNotSeen),
                         [](const auto& test) { return test.param.name; });

std::string NameOf(std::string_view domain, std::string_view op_type) {
  return Text(domain, domain.empty() ? "" : ".", op_type);
}

TEST(SeeThroughRows, EachHasACase) {
  for (const SeeThroughRow& row : SeeThroughRows()) {
    const bool has_case = std::any_of(kSeen.begin(), kSeen.end(), [&](const Row& seen) {
      return seen.op_type == row.op_type && seen.domain == row.domain;
    });
    EXPECT_TRUE(has_case) << NameOf(row.domain, row.op_type);
    EXPECT_FALSE(row.effect.empty()) << NameOf(row.domain, row.op_type);
  }
}

// An operator of the same name means nothing in another domain.
TEST(SeeThroughRows, HoldInTheirDomainOnly) {
  Analysis analysis("g (float[N] x) => (float[N] y) <float[6, 4] w> { y = other.Op(w, w) }");
  SeeThroughContext context{analysis.graph(), analysis.levels(), analysis.constants()};
  for (const SeeThroughRow& row : SeeThroughRows()) {
    graph::Node node = analysis.MakerNode("y");
    node.op_type = row.op_type;
    const Passage passage{node, std::max(row.input, 0), 0};
    EXPECT_FALSE(SeeThrough(context, passage, View::Of({6, 4})).has_value()) << row.op_type;
  }
}

// An input that a row does not name is none of its business.
TEST(SeeThroughRows, HoldAtTheirInputOnly) {
  Analysis analysis("g (float[N] x) => (float[N] y) <float[6, 4] w> { y = other.Op(w, w) }");
  SeeThroughContext context{analysis.graph(), analysis.levels(), analysis.constants()};
  for (const SeeThroughRow& row : SeeThroughRows()) {
    if (row.input < 0) continue;
    graph::Node node = analysis.MakerNode("y");
    node.op_type = row.op_type;
    node.domain = row.domain;
    const Passage passage{node, row.input + 1, 0};
    EXPECT_FALSE(SeeThrough(context, passage, View::Of({6, 4})).has_value()) << row.op_type;
  }
}

}  // namespace
}  // namespace onnx_reinit::infer
