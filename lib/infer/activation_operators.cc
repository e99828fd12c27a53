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
Activation PRelu(const Context& context, const Node& node) {
  return {"prelu", context.constants.Scalar(node.Input(1)).value_or(0)};
}

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

Activation ClipTo(double low, double high) {
  if (low == 0 && std::abs(high - 6) < 6e-3) return {.name = "relu6"};
  if (low == 0 && high > 1e30) return {.name = "relu"};
  if (low == -1 && high == 1) return {.name = "hard_tanh"};
  return {.name = "clip"};
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
  return Named(node.StringAttribute("activation", ""),
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
bool IsSigned(const Node* node) {
  constexpr std::string_view kSigned[] = {
      "Add",  "BatchNormalization",    "Conv",   "ConvTranspose",
      "Gemm", "InstanceNormalization", "MatMul", "Sub",
      "Sum"};
  return node != nullptr &&
         std::find(std::begin(kSigned), std::end(kSigned), node->op_type) != std::end(kSigned);
}

bool IsModelOutput(const graph::Graph& graph, const Node& quantize) {
  for (const graph::Use& use : graph.value(quantize.outputs[0]).uses) {
    const Node& next = graph.node(use.node);
    if (!next.outputs.empty() && graph.value(next.outputs[0]).is_output) return true;
  }
  return false;
}

// Few numbers may all be positive by chance: that of a model's output says nothing.
Activation OfQuantize(const Context& context, const Node& node) {
  if (!IsSigned(context.graph.Producer(node.Input(0)))) return {};
  if (IsModelOutput(context.graph, node)) return {};
  return OfRange(context, node, 1, 2);
}

using enum ActivationPlace;

constexpr std::array kRows = {
    ActivationOperator{"", "Abs", ByName},
    ActivationOperator{"", "Acos", ByName},
    ActivationOperator{"", "Acosh", ByName},
    ActivationOperator{"", "Asin", ByName},
    ActivationOperator{"", "Asinh", ByName},
    ActivationOperator{"", "Atan", ByName},
    ActivationOperator{"", "Atanh", ByName},
    ActivationOperator{"", "CausalConvWithState", OfConv, kProduct},
    ActivationOperator{"", "Ceil", ByName},
    ActivationOperator{"", "Celu", WithAlpha},
    ActivationOperator{"", "Clip", ByName},
    ActivationOperator{"", "Cos", ByName},
    ActivationOperator{"", "Cosh", ByName},
    ActivationOperator{"", "Elu", WithAlpha},
    ActivationOperator{"", "Erf", ByName},
    ActivationOperator{"", "Exp", ByName},
    ActivationOperator{"", "Floor", ByName},
    ActivationOperator{"", "Gelu", GeluByAttribute},
    ActivationOperator{"", "HardSigmoid", HardSigmoid},
    ActivationOperator{"", "HardSwish", ByName},
    ActivationOperator{"", "Hardmax", ByName},
    ActivationOperator{"", "LeakyRelu", LeakyRelu},
    ActivationOperator{"", "Log", ByName},
    ActivationOperator{"", "LogSoftmax", ByName},
    ActivationOperator{"", "Mish", ByName},
    ActivationOperator{"", "PRelu", PRelu},
    ActivationOperator{"", "QLinearConv", OfQuantizedRange<6, 7>, kProduct},
    ActivationOperator{"", "QLinearMatMul", OfQuantizedRange<6, 7>, kProduct},
    ActivationOperator{"", "QuantizeLinear", OfQuantize},
    ActivationOperator{"", "Reciprocal", ByName},
    ActivationOperator{"", "Relu", ByName},
    ActivationOperator{"", "Round", ByName},
    ActivationOperator{"", "Selu", ByName},
    ActivationOperator{"", "Shrink", ByName},
    ActivationOperator{"", "Sigmoid", ByName},
    ActivationOperator{"", "Sign", ByName},
    ActivationOperator{"", "Sin", ByName},
    ActivationOperator{"", "Sinh", ByName},
    ActivationOperator{"", "Softmax", ByName},
    ActivationOperator{"", "Softplus", ByName},
    ActivationOperator{"", "Softsign", ByName},
    ActivationOperator{"", "Sqrt", ByName},
    ActivationOperator{"", "SwiGLU", Swish},
    ActivationOperator{"", "Swish", Swish},
    ActivationOperator{"", "Tan", ByName},
    ActivationOperator{"", "Tanh", ByName},
    ActivationOperator{"", "ThresholdedRelu", WithAlpha},
    ActivationOperator{kMs, "BiasGelu", Gelu},
    ActivationOperator{kMs, "BiasSoftmax", Softmax},
    ActivationOperator{kMs, "BiasSplitGelu", Gelu},
    ActivationOperator{kMs, "CausalConvWithState", OfConv, kProduct},
    ActivationOperator{kMs, "FastGelu", GeluTanh},
    ActivationOperator{kMs, "FusedConv", OfConv, kProduct, 3},
    ActivationOperator{kMs, "FusedGemm", OfGemm, kProduct, 2},
    ActivationOperator{kMs, "FusedMatMulActivation", OfGemm, kProduct},
    ActivationOperator{kMs, "Gelu", Gelu},
    ActivationOperator{kMs, "GemmFastGelu", GeluTanh, kProduct},
    ActivationOperator{kMs, "GroupNorm", OfGroupNorm},
    ActivationOperator{kMs, "MoE", OfExperts, kExperts},
    ActivationOperator{kMs, "NhwcFusedConv", OfConv, kProduct, 3},
    ActivationOperator{kMs, "QGemm", OfQuantizedRange<7, 8>, kProduct},
    ActivationOperator{kMs, "QLinearAdd", OfQuantizedRange<6, 7>, kSum},
    ActivationOperator{kMs, "QLinearConv", OfQuantizedRange<6, 7>, kProduct},
    ActivationOperator{kMs, "QLinearLeakyRelu", LeakyRelu},
    ActivationOperator{kMs, "QLinearSigmoid", Sigmoid},
    ActivationOperator{kMs, "QLinearSoftmax", Softmax},
    ActivationOperator{kMs, "QMoE", OfExperts, kExperts},
    ActivationOperator{kMs, "QOrderedGelu", Gelu},
    ActivationOperator{kMs, "QuantizeLinear", OfQuantize},
    ActivationOperator{kMs, "QuickGelu", QuickGelu},
    ActivationOperator{kMs, "SkipGroupNorm", OfGroupNorm},
    ActivationOperator{kNchwc, "Conv", OfConv, kProduct, 3},
    ActivationOperator{kNhwc, "Conv", OfConv, kProduct},
    ActivationOperator{kNhwc, "QLinearConv", OfQuantizedRange<6, 7>, kProduct},
};

constexpr auto KeyOf(const ActivationOperator& row) { return std::tie(row.domain, row.op_type); }

static_assert(std::ranges::is_sorted(kRows, {}, [](const ActivationOperator& row) {
  return std::pair(row.domain, row.op_type);
}));

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

absl::Span<const ActivationOperator> ActivationOperators() { return kRows; }

const ActivationOperator* FindActivationOperator(const Node& node) {
  const auto key = std::tie(node.domain, node.op_type);
  const auto row =
      std::lower_bound(kRows.begin(), kRows.end(), key,
                       [](const ActivationOperator& r, const auto& k) { return KeyOf(r) < k; });
  return row != kRows.end() && KeyOf(*row) == key ? &*row : nullptr;
}

}  // namespace onnx_reinit::infer
