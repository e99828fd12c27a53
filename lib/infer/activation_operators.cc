// Sources: ONNX's operator documentation, and ContribOperators.md of onnxruntime.
#include "infer/activation_operators.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include "base/element_type.h"
#include "infer/operator_rows.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;

constexpr std::string_view kMs = "com.microsoft";
constexpr std::string_view kNchwc = "com.microsoft.nchwc";
constexpr std::string_view kNhwc = "com.ms.internal.nhwc";

using Context = ActivationContext;

Activation ByName(const Context&, const Node& node) { return {.name = SnakeCase(node.op_type)}; }
Activation Gelu(const Context&, const Node&) { return {.name = "gelu"}; }
Activation GeluTanh(const Context&, const Node&) { return {.name = "gelu_tanh"}; }
Activation Sigmoid(const Context&, const Node&) { return {.name = "sigmoid"}; }
Activation Softmax(const Context&, const Node&) { return {.name = "softmax"}; }

Activation GeluByAttribute(const Context& context, const Node& node) {
  const bool is_tanh = node.StringAttribute("approximate", "none") == "tanh";
  return is_tanh ? GeluTanh(context, node) : Gelu(context, node);
}

// With the attribute `alpha`, which is 1 where it is not given.
Activation WithAlpha(const Context&, const Node& node) {
  return {SnakeCase(node.op_type), node.FloatAttribute("alpha", 1)};
}
Activation HardSigmoid(const Context&, const Node& node) {
  return {"hard_sigmoid", node.FloatAttribute("alpha", 0.2F)};
}
Activation LeakyRelu(const Context&, const Node& node) {
  return {"leaky_relu", node.FloatAttribute("alpha", 0.01F)};
}
// Its slope is learned: what it was trained to says nothing of where training starts.
Activation PRelu(const Context&, const Node&) { return {.name = "prelu"}; }

// x * sigmoid(alpha * x)
Activation SwishOf(double alpha) {
  if (std::abs(alpha - 1) < 1e-3) return {.name = "silu"};
  if (std::abs(alpha / 1.702 - 1) < 1e-3) return {.name = "quick_gelu"};
  return {"silu", alpha};
}
Activation Swish(const Context&, const Node& node) {
  return SwishOf(node.FloatAttribute("alpha", 1));
}
Activation QuickGelu(const Context&, const Node& node) {
  return SwishOf(node.FloatAttribute("alpha", 1.702F));
}

// GroupNorm of com.microsoft: 0 none, 1 SiLU.
Activation OfGroupNorm(const Context&, const Node& node) {
  return {.name = node.IntAttribute("activation", 0) == 1 ? "silu" : "none"};
}

// Beyond it a limit only guards against overflow.
constexpr double kLargestLimit = 1e4;

bool IsLimit(std::optional<double> limit) { return limit && std::abs(*limit) < kLargestLimit; }

Activation ClipTo(double low, double high) {
  if (low == 0 && std::abs(high - 6) < 6e-3) return {.name = "relu6"};
  if (low == 0 && high > 1e30) return {.name = "relu"};
  if (low == -1 && high == 1) return {.name = "hard_tanh"};
  return {"clip", low == 0 && IsLimit(high) ? high : 0};
}

// An operator's name as an attribute, and its parameters.
Activation Named(std::string_view name, const std::vector<double>& parameters) {
  const auto parameter = [&](size_t i, double otherwise) {
    return i < parameters.size() ? parameters[i] : otherwise;
  };
  const std::string snake = SnakeCase(name);
  if (snake.empty() || snake == "identity" || snake == "none") return {};
  if (snake == "clip") return ClipTo(parameter(0, 0), parameter(1, 6));
  if (snake == "swish" || snake == "swiglu") return {.name = "silu"};
  if (snake == "leaky_relu") return {snake, parameter(0, 0.01)};
  if (snake == "hard_sigmoid") return {snake, parameter(0, 0.2)};
  if (snake == "elu") return {snake, parameter(0, 1)};
  return {.name = snake};
}

// FusedConv, NhwcFusedConv, Conv of nchwc.
Activation OfConv(const Context& context, const Node& node) {
  return Named(
      node.StringAttribute("activation", ""),
      context.constants.Numbers(node, "activation_params").value_or(std::vector<double>{}));
}

Activation OfGemm(const Context&, const Node& node) {
  std::vector<double> parameters;
  for (const std::string_view name : {"activation_alpha", "activation_beta"}) {
    const wire::Attribute* given = node.FindAttribute(name);
    if (given != nullptr) parameters.push_back(given->f);
  }
  return Named(node.StringAttribute("activation", ""), parameters);
}

Activation OfExperts(const Context&, const Node& node) {
  return Named(node.StringAttribute("activation_type", "relu"), {});
}

// A limit of Clip: an attribute up to opset 6.
std::optional<double> LimitOf(const Context& context, const Node& node, std::string_view name,
                              size_t input) {
  const wire::Attribute* attribute = node.FindAttribute(name);
  if (attribute != nullptr) return attribute->f;
  return context.constants.Scalar(node.Input(input));
}

Activation Clip(const Context& context, const Node& node) {
  const std::optional<double> low = LimitOf(context, node, "min", 1);
  const std::optional<double> high = LimitOf(context, node, "max", 2);
  if (IsLimit(low) && IsLimit(high)) return ClipTo(*low, *high);
  return {.name = IsLimit(low) || IsLimit(high) ? "clip" : "none"};
}

// Soft where it moves what it lets pass by as much as it cuts off.
Activation Shrink(const Context&, const Node& node) {
  const double bias = node.FloatAttribute("bias", 0);
  return {"shrink", bias == node.FloatAttribute("lambd", 0.5F) ? bias : 0};
}

// Max or Min of the data and a number.
Activation Limited(const Context& context, const Node& node) {
  const bool is_limited = std::ranges::any_of(
      node.inputs, [&](graph::ValueId input) { return IsLimit(context.constants.Scalar(input)); });
  return {.name = is_limited ? SnakeCase(node.op_type) : "none"};
}

// The numbers of a quantised type.
struct QuantizedRange {
  double low = 0;
  double high = 0;
};

std::optional<QuantizedRange> RangeOf(const Context& context, graph::ValueId zero_point) {
  const graph::StoredTensor* stored = context.graph.Stored(zero_point);
  if (stored == nullptr) return std::nullopt;
  const ElementTypeInfo* type = FindElementType(stored->tensor->data_type);
  if (type == nullptr || type->bits > 16) return std::nullopt;
  const double count = std::exp2(type->bits);
  if (type->kind == NumberKind::kUnsigned) return QuantizedRange{0, count - 1};
  if (type->kind == NumberKind::kSigned) return QuantizedRange{-count / 2, count / 2 - 1};
  return std::nullopt;
}

// Quantisers drop a ReLU where the range of what follows begins at zero: rounding into that range
// does the same. Where it ends at 6, it was ReLU6.
Activation OfRange(const Context& context, const Node& node, size_t scale, size_t zero_point) {
  const std::optional<double> step = context.constants.Scalar(node.Input(scale));
  const std::optional<double> zero = context.constants.Scalar(node.Input(zero_point));
  const std::optional<QuantizedRange> range = RangeOf(context, node.Input(zero_point));
  if (!step || !zero || !range || *zero != range->low) return {};
  const double end = *step * (range->high - range->low);
  return {.name = std::abs(end - 6) < 6e-3 ? "relu6" : "relu"};
}

template <size_t scale, size_t zero_point>
Activation OfQuantizedRange(const Context& context, const Node& node) {
  return OfRange(context, node, scale, zero_point);
}

// Sums and products, which are negative as often as not.
constexpr auto kSigned =
    std::to_array<std::string_view>({"Add", "BatchNormalization", "Conv", "ConvTranspose", "Gemm",
                                     "InstanceNormalization", "MatMul", "Sub", "Sum"});

// 1 + x is as positive as x is small.
bool AddsOneNumber(const Context& context, const Node& node) {
  if (!node.Is("Add") && !node.Is("Sub")) return false;
  return context.constants.Scalar(node.Input(0)) || context.constants.Scalar(node.Input(1));
}

bool IsSigned(const Context& context, const Node* node) {
  return node != nullptr && std::ranges::find(kSigned, node->op_type) != kSigned.end() &&
         !AddsOneNumber(context, *node);
}

bool IsModelOutput(const graph::Graph& graph, const Node& quantize) {
  return std::ranges::any_of(graph.UsesOf(quantize.Output(0)), [&](const graph::Use& use) {
    const graph::ValueId output = graph.node(use.node).Output(0);
    return output != graph::kNone && graph.value(output).is_output;
  });
}

// Few numbers may all be positive by chance: that of a model's output says nothing.
Activation OfQuantize(const Context& context, const Node& node) {
  if (!IsSigned(context, context.graph.Producer(node.Input(0)))) return {};
  if (IsModelOutput(context.graph, node)) return {};
  return OfRange(context, node, 1, 2);
}

using enum ActivationPlace;

constexpr std::string_view kNamed = "what the attribute activation names";
constexpr std::string_view kRange = "relu where the quantised range begins at zero; relu6 to 6";
constexpr std::string_view kSwish = "silu; quick_gelu where alpha is 1.702";

constexpr std::array kRows = {
    ActivationOperator{"", "Abs", ByName},
    ActivationOperator{"", "Acos", ByName},
    ActivationOperator{"", "Acosh", ByName},
    ActivationOperator{"", "Asin", ByName},
    ActivationOperator{"", "Asinh", ByName},
    ActivationOperator{"", "Atan", ByName},
    ActivationOperator{"", "Atanh", ByName},
    ActivationOperator{"", "CausalConvWithState", OfConv, kNamed, kProduct},
    ActivationOperator{"", "Ceil", ByName},
    ActivationOperator{"", "Celu", WithAlpha},
    ActivationOperator{"", "Clip", Clip},
    ActivationOperator{"", "Cos", ByName},
    ActivationOperator{"", "Cosh", ByName},
    ActivationOperator{"", "Elu", WithAlpha},
    ActivationOperator{"", "Erf", ByName},
    ActivationOperator{"", "Exp", ByName},
    ActivationOperator{"", "Floor", ByName},
    ActivationOperator{"", "Gelu", GeluByAttribute, "gelu; gelu_tanh where approximate is tanh"},
    ActivationOperator{"", "HardSigmoid", HardSigmoid},
    ActivationOperator{"", "HardSwish", ByName},
    ActivationOperator{"", "Hardmax", ByName},
    ActivationOperator{"", "LeakyRelu", LeakyRelu},
    ActivationOperator{"", "Log", ByName},
    ActivationOperator{"", "LogSoftmax", ByName},
    ActivationOperator{"", "Max", Limited, "", kOnlyData},
    ActivationOperator{"", "Min", Limited, "", kOnlyData},
    ActivationOperator{"", "Mish", ByName},
    ActivationOperator{"", "PRelu", PRelu, "prelu"},
    ActivationOperator{"", "Pow", ByName, "", kOnlyData},
    ActivationOperator{"", "QLinearConv", OfQuantizedRange<6, 7>, kRange, kProduct},
    ActivationOperator{"", "QLinearMatMul", OfQuantizedRange<6, 7>, kRange, kProduct},
    ActivationOperator{"", "QuantizeLinear", OfQuantize, kRange},
    ActivationOperator{"", "Reciprocal", ByName},
    ActivationOperator{"", "Relu", ByName},
    ActivationOperator{"", "Round", ByName},
    ActivationOperator{"", "Selu", ByName},
    ActivationOperator{"", "Shrink", Shrink},
    ActivationOperator{"", "Sigmoid", ByName},
    ActivationOperator{"", "Sign", ByName},
    ActivationOperator{"", "Sin", ByName},
    ActivationOperator{"", "Sinh", ByName},
    ActivationOperator{"", "Softmax", ByName},
    ActivationOperator{"", "Softplus", ByName},
    ActivationOperator{"", "Softsign", ByName},
    ActivationOperator{"", "Sqrt", ByName},
    ActivationOperator{"", "SwiGLU", Swish, kSwish},
    ActivationOperator{"", "Swish", Swish, kSwish},
    ActivationOperator{"", "Tan", ByName},
    ActivationOperator{"", "Tanh", ByName},
    ActivationOperator{"", "ThresholdedRelu", WithAlpha},
    ActivationOperator{kMs, "BiasGelu", Gelu, "gelu"},
    ActivationOperator{kMs, "BiasSoftmax", Softmax, "softmax"},
    ActivationOperator{kMs, "BiasSplitGelu", Gelu, "gelu"},
    ActivationOperator{kMs, "CausalConvWithState", OfConv, kNamed, kProduct},
    ActivationOperator{kMs, "FastGelu", GeluTanh, "gelu_tanh"},
    ActivationOperator{kMs, "FusedConv", OfConv, kNamed, kProduct, 3},
    ActivationOperator{kMs, "FusedGemm", OfGemm, kNamed, kProduct, 2},
    ActivationOperator{kMs, "FusedMatMulActivation", OfGemm, kNamed, kProduct},
    ActivationOperator{kMs, "Gelu", Gelu, "gelu"},
    ActivationOperator{kMs, "GemmFastGelu", GeluTanh, "gelu_tanh", kProduct},
    ActivationOperator{kMs, "GroupNorm", OfGroupNorm, "silu where activation is 1"},
    ActivationOperator{kMs, "MoE", OfExperts, "what activation_type names, of the first weights",
                       kExperts},
    ActivationOperator{kMs, "NhwcFusedConv", OfConv, kNamed, kProduct, 3},
    ActivationOperator{kMs, "QGemm", OfQuantizedRange<7, 8>, kRange, kProduct},
    ActivationOperator{kMs, "QLinearAdd", OfQuantizedRange<6, 7>, kRange, kSum},
    ActivationOperator{kMs, "QLinearConv", OfQuantizedRange<6, 7>, kRange, kProduct},
    ActivationOperator{kMs, "QLinearLeakyRelu", LeakyRelu, "leaky_relu"},
    ActivationOperator{kMs, "QLinearSigmoid", Sigmoid, "sigmoid"},
    ActivationOperator{kMs, "QLinearSoftmax", Softmax, "softmax"},
    ActivationOperator{kMs, "QMoE", OfExperts, "what activation_type names, of the first weights",
                       kExperts},
    ActivationOperator{kMs, "QOrderedGelu", Gelu, "gelu"},
    ActivationOperator{kMs, "QuantizeLinear", OfQuantize, kRange},
    ActivationOperator{kMs, "QuickGelu", QuickGelu, kSwish},
    ActivationOperator{kMs, "SkipGroupNorm", OfGroupNorm, "silu where activation is 1"},
    ActivationOperator{kNchwc, "Conv", OfConv, kNamed, kProduct, 3},
    ActivationOperator{kNhwc, "Conv", OfConv, kNamed, kProduct},
    ActivationOperator{kNhwc, "QLinearConv", OfQuantizedRange<6, 7>, kRange, kProduct},
};

}  // namespace

std::string SnakeCase(std::string_view name) {
  std::string snake;
  for (const char letter : name) {
    const bool is_upper = std::isupper(static_cast<unsigned char>(letter)) != 0;
    if (is_upper && !snake.empty()) snake += '_';
    snake += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return snake;
}

std::string Says(const ActivationOperator& row) {
  return row.says.empty() ? SnakeCase(row.op_type) : std::string(row.says);
}

absl::Span<const ActivationOperator> ActivationOperators() { return kRows; }

const ActivationOperator* FindActivationOperator(const Node& node) { return RowOf<kRows>(node); }

}  // namespace onnx_reinit::infer
