// Sources: ONNX's operator documentation, and ContribOperators.md of onnxruntime.
#include "infer/activation_operators.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <tuple>
#include <utility>

namespace onnx_reinit::infer {
namespace {

using graph::Node;

constexpr std::string_view kMs = "com.microsoft";
constexpr std::string_view kNchwc = "com.microsoft.nchwc";
constexpr std::string_view kNhwc = "com.ms.internal.nhwc";

// "LeakyRelu" -> "leaky_relu"
std::string Snake(std::string_view name) {
  std::string snake;
  for (const char letter : name) {
    const bool is_upper = std::isupper(static_cast<unsigned char>(letter)) != 0;
    if (is_upper && !snake.empty()) snake += '_';
    snake += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return snake;
}

Activation ByName(const Node& node, Constants&) { return {.name = Snake(node.op_type)}; }

// With the attribute `alpha`, which is `otherwise` where it is not given.
Activation WithAlpha(const Node& node, float otherwise) {
  return {Snake(node.op_type), node.FloatAttribute("alpha", otherwise)};
}
Activation WithAlpha1(const Node& node, Constants&) { return WithAlpha(node, 1); }
Activation WithAlphaLeaky(const Node& node, Constants&) {
  return {"leaky_relu", node.FloatAttribute("alpha", 0.01F)};
}
Activation WithAlphaHard(const Node& node, Constants&) { return WithAlpha(node, 0.2F); }

Activation Gelu(const Node& node, Constants&) {
  return {.name = node.StringAttribute("approximate", "none") == "tanh" ? "gelu_tanh" : "gelu"};
}
Activation ExactGelu(const Node&, Constants&) { return {.name = "gelu"}; }
Activation TanhGelu(const Node&, Constants&) { return {.name = "gelu_tanh"}; }
Activation Softmax(const Node&, Constants&) { return {.name = "softmax"}; }
Activation Sigmoid(const Node&, Constants&) { return {.name = "sigmoid"}; }

// x * sigmoid(alpha * x)
Activation SwishOf(double alpha) {
  if (std::abs(alpha - 1) < 1e-3) return {.name = "silu"};
  if (std::abs(alpha - 1.702) < 1.702e-3) return {.name = "quick_gelu"};
  return {"silu", alpha};
}
Activation Swish(const Node& node, Constants&) { return SwishOf(node.FloatAttribute("alpha", 1)); }
Activation QuickGelu(const Node& node, Constants&) {
  return SwishOf(node.FloatAttribute("alpha", 1.702F));
}

Activation PRelu(const Node& node, Constants& constants) {
  return {"prelu", constants.Scalar(node.Input(1)).value_or(0)};
}

// GroupNorm of com.microsoft: 0 none, 1 SiLU.
Activation OfGroupNorm(const Node& node, Constants&) {
  return {.name = node.IntAttribute("activation", 0) == 1 ? "silu" : "none"};
}

// The name of an operator as an attribute, and its parameters.
Activation Named(std::string_view name, double first, double second) {
  if (name.empty() || name == "Identity") return {};
  if (name == "Clip") {
    if (first == 0 && second == 6) return {.name = "relu6"};
    if (first == 0 && std::isinf(second)) return {.name = "relu"};
    if (first == -1 && second == 1) return {.name = "hard_tanh"};
    return {.name = "clip"};
  }
  if (name == "LeakyRelu") return {"leaky_relu", first};
  if (name == "HardSigmoid" || name == "Elu") return {Snake(name), first};
  return {.name = Snake(name)};
}

// FusedConv, NhwcFusedConv, Conv of nchwc. Their activation_params are not kept in the skeleton:
// the limits that Clip has there are taken to be those of ReLU6.
Activation OfConv(const Node& node, Constants&) {
  return Named(node.StringAttribute("activation", ""), 0, 6);
}

Activation OfGemm(const Node& node, Constants&) {
  return Named(node.StringAttribute("activation", ""),
               node.FloatAttribute("activation_alpha", 0.01F),
               node.FloatAttribute("activation_beta", 0));
}

constexpr bool kWithWeight = false;

constexpr std::array kRows = {
    ActivationOperator{"", "Abs", ByName},
    ActivationOperator{"", "Acos", ByName},
    ActivationOperator{"", "Acosh", ByName},
    ActivationOperator{"", "Asin", ByName},
    ActivationOperator{"", "Asinh", ByName},
    ActivationOperator{"", "Atan", ByName},
    ActivationOperator{"", "Atanh", ByName},
    ActivationOperator{"", "Ceil", ByName},
    ActivationOperator{"", "Celu", WithAlpha1},
    ActivationOperator{"", "Clip", ByName},
    ActivationOperator{"", "Cos", ByName},
    ActivationOperator{"", "Cosh", ByName},
    ActivationOperator{"", "Elu", WithAlpha1},
    ActivationOperator{"", "Erf", ByName},
    ActivationOperator{"", "Exp", ByName},
    ActivationOperator{"", "Floor", ByName},
    ActivationOperator{"", "Gelu", Gelu},
    ActivationOperator{"", "HardSigmoid", WithAlphaHard},
    ActivationOperator{"", "HardSwish", ByName},
    ActivationOperator{"", "Hardmax", ByName},
    ActivationOperator{"", "LeakyRelu", WithAlphaLeaky},
    ActivationOperator{"", "Log", ByName},
    ActivationOperator{"", "LogSoftmax", ByName},
    ActivationOperator{"", "Mish", ByName},
    ActivationOperator{"", "PRelu", PRelu},
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
    ActivationOperator{"", "ThresholdedRelu", WithAlpha1},
    ActivationOperator{kMs, "BiasGelu", ExactGelu},
    ActivationOperator{kMs, "BiasSoftmax", Softmax},
    ActivationOperator{kMs, "BiasSplitGelu", ExactGelu},
    ActivationOperator{kMs, "FastGelu", TanhGelu},
    ActivationOperator{kMs, "FusedConv", OfConv, kWithWeight},
    ActivationOperator{kMs, "FusedGemm", OfGemm, kWithWeight},
    ActivationOperator{kMs, "FusedMatMulActivation", OfGemm, kWithWeight},
    ActivationOperator{kMs, "Gelu", ExactGelu},
    ActivationOperator{kMs, "GemmFastGelu", TanhGelu, kWithWeight},
    ActivationOperator{kMs, "GroupNorm", OfGroupNorm},
    ActivationOperator{kMs, "NhwcFusedConv", OfConv, kWithWeight},
    ActivationOperator{kMs, "QLinearLeakyRelu", WithAlphaLeaky},
    ActivationOperator{kMs, "QLinearSigmoid", Sigmoid},
    ActivationOperator{kMs, "QLinearSoftmax", Softmax},
    ActivationOperator{kMs, "QuickGelu", QuickGelu},
    ActivationOperator{kMs, "SkipGroupNorm", OfGroupNorm},
    ActivationOperator{kNchwc, "Conv", OfConv, kWithWeight},
    ActivationOperator{kNhwc, "Conv", OfConv, kWithWeight},
};

constexpr auto KeyOf(const ActivationOperator& row) { return std::tie(row.domain, row.op_type); }

static_assert(std::ranges::is_sorted(kRows, {}, [](const ActivationOperator& row) {
  return std::pair(row.domain, row.op_type);
}));

}  // namespace

absl::Span<const ActivationOperator> ActivationOperators() { return kRows; }

const ActivationOperator* FindActivationOperator(const Node& node) {
  const auto key = std::tie(node.domain, node.op_type);
  const auto row =
      std::lower_bound(kRows.begin(), kRows.end(), key,
                       [](const ActivationOperator& r, const auto& k) { return KeyOf(r) < k; });
  return row != kRows.end() && KeyOf(*row) == key ? &*row : nullptr;
}

}  // namespace onnx_reinit::infer
