#include "infer/operator_versions.h"

#include <algorithm>
#include <array>
#include <utility>

namespace onnx_reinit::infer {
namespace {

constexpr std::array kRows = {
    VersionsRow{"", "Abs", "1 6 13"},
    VersionsRow{"", "Acos", "7 22"},
    VersionsRow{"", "Acosh", "9 22"},
    VersionsRow{"", "Add", "1 6 7 13 14"},
    VersionsRow{"", "Asin", "7 22"},
    VersionsRow{"", "Asinh", "9 22"},
    VersionsRow{"", "Atan", "7 22"},
    VersionsRow{"", "Atanh", "9 22"},
    VersionsRow{"", "Attention", "23 24 25"},
    VersionsRow{"", "BatchNormalization", "1 6 7 9 14 15"},
    VersionsRow{"", "Cast", "1 6 9 13 19 21 23 24 25 28"},
    VersionsRow{"", "CastLike", "15 19 21 23 24 25"},
    VersionsRow{"", "CausalConvWithState", "27"},
    VersionsRow{"", "Ceil", "1 6 13"},
    VersionsRow{"", "Celu", "12 28"},
    VersionsRow{"", "Clip", "1 6 11 12 13"},
    VersionsRow{"", "Concat", "1 4 11 13"},
    VersionsRow{"", "Conv", "1 11 22"},
    VersionsRow{"", "ConvInteger", "10"},
    VersionsRow{"", "ConvTranspose", "1 11 22"},
    VersionsRow{"", "Cos", "7 22"},
    VersionsRow{"", "Cosh", "9 22"},
    VersionsRow{"", "DeformConv", "19 22"},
    VersionsRow{"", "DequantizeLinear", "10 13 19 21 23 24 25 28"},
    VersionsRow{"", "Div", "1 6 7 13 14"},
    VersionsRow{"", "Dropout", "1 6 7 10 12 13 22"},
    VersionsRow{"", "Einsum", "12 28"},
    VersionsRow{"", "Elu", "1 6 22"},
    VersionsRow{"", "Erf", "9 13"},
    VersionsRow{"", "Exp", "1 6 13"},
    VersionsRow{"", "Expand", "8 13"},
    VersionsRow{"", "Flatten", "1 9 11 13 21 23 24 25"},
    VersionsRow{"", "Floor", "1 6 13"},
    VersionsRow{"", "GRU", "1 3 7 14 22"},
    VersionsRow{"", "Gather", "1 11 13"},
    VersionsRow{"", "GatherElements", "11 13"},
    VersionsRow{"", "GatherND", "11 12 13"},
    VersionsRow{"", "Gelu", "20"},
    VersionsRow{"", "Gemm", "1 6 7 9 11 13"},
    VersionsRow{"", "GroupNormalization", "18 21"},
    VersionsRow{"", "HardSigmoid", "1 6 22"},
    VersionsRow{"", "HardSwish", "14 22"},
    VersionsRow{"", "Hardmax", "1 11 13"},
    VersionsRow{"", "Identity", "1 13 14 16 19 21 23 24 25"},
    VersionsRow{"", "InstanceNormalization", "1 6 22"},
    VersionsRow{"", "LSTM", "1 7 14 22"},
    VersionsRow{"", "LayerNormalization", "17"},
    VersionsRow{"", "LeakyRelu", "1 6 16"},
    VersionsRow{"", "Log", "1 6 13"},
    VersionsRow{"", "LogSoftmax", "1 11 13"},
    VersionsRow{"", "LpNormalization", "1 22"},
    VersionsRow{"", "MatMul", "1 9 13"},
    VersionsRow{"", "MatMulInteger", "10"},
    VersionsRow{"", "Max", "1 6 8 12 13"},
    VersionsRow{"", "Min", "1 6 8 12 13"},
    VersionsRow{"", "Mish", "18 22"},
    VersionsRow{"", "Mul", "1 6 7 13 14"},
    VersionsRow{"", "Neg", "1 6 13"},
    VersionsRow{"", "PRelu", "1 6 7 9 16"},
    VersionsRow{"", "Pad", "1 2 11 13 18 19 21 23 24 25"},
    VersionsRow{"", "Pow", "1 7 12 13 15"},
    VersionsRow{"", "QLinearConv", "10"},
    VersionsRow{"", "QLinearMatMul", "10 21"},
    VersionsRow{"", "QuantizeLinear", "10 13 19 21 23 24 25 28"},
    VersionsRow{"", "RMSNormalization", "23"},
    VersionsRow{"", "RNN", "1 7 14 22"},
    VersionsRow{"", "Reciprocal", "1 6 13"},
    VersionsRow{"", "Relu", "1 6 13 14"},
    VersionsRow{"", "Reshape", "1 5 13 14 19 21 23 24 25"},
    VersionsRow{"", "Resize", "10 11 13 18 19"},
    VersionsRow{"", "RotaryEmbedding", "23"},
    VersionsRow{"", "Round", "11 22"},
    VersionsRow{"", "Scatter", "9 11"},
    VersionsRow{"", "ScatterElements", "11 13 16 18"},
    VersionsRow{"", "ScatterND", "11 13 16 18"},
    VersionsRow{"", "Selu", "1 6 22"},
    VersionsRow{"", "Shrink", "9"},
    VersionsRow{"", "Sigmoid", "1 6 13"},
    VersionsRow{"", "Sign", "9 13"},
    VersionsRow{"", "Sin", "7 22"},
    VersionsRow{"", "Sinh", "9 22"},
    VersionsRow{"", "Slice", "1 10 11 13"},
    VersionsRow{"", "Softmax", "1 11 13"},
    VersionsRow{"", "Softplus", "1 22"},
    VersionsRow{"", "Softsign", "1 22"},
    VersionsRow{"", "Split", "1 2 11 13 18"},
    VersionsRow{"", "Sqrt", "1 6 13"},
    VersionsRow{"", "Squeeze", "1 11 13 21 23 24 25"},
    VersionsRow{"", "Sub", "1 6 7 13 14"},
    VersionsRow{"", "Sum", "1 6 8 13"},
    VersionsRow{"", "SwiGLU", "28"},
    VersionsRow{"", "Swish", "24"},
    VersionsRow{"", "Tan", "7 22"},
    VersionsRow{"", "Tanh", "1 6 13"},
    VersionsRow{"", "ThresholdedRelu", "10 22"},
    VersionsRow{"", "Tile", "1 6 13"},
    VersionsRow{"", "Transpose", "1 13 21 23 24 25"},
    VersionsRow{"", "Trilu", "14"},
    VersionsRow{"", "Unsqueeze", "1 11 13 21 23 24 25"},
    VersionsRow{"", "Where", "9 16"},
    VersionsRow{"ai.onnx.ml", "Imputer", "1"},
    VersionsRow{"ai.onnx.ml", "LinearClassifier", "1"},
    VersionsRow{"ai.onnx.ml", "LinearRegressor", "1"},
    VersionsRow{"ai.onnx.ml", "SVMClassifier", "1"},
    VersionsRow{"ai.onnx.ml", "SVMRegressor", "1"},
    VersionsRow{"ai.onnx.ml", "Scaler", "1"},
    VersionsRow{"ai.onnx.ml", "TreeEnsemble", "5"},
    VersionsRow{"ai.onnx.ml", "TreeEnsembleClassifier", "1 3 5"},
    VersionsRow{"ai.onnx.ml", "TreeEnsembleRegressor", "1 3 5"},
};

constexpr auto KeyOf(const VersionsRow& row) { return std::pair(row.domain, row.op_type); }

static_assert(std::ranges::is_sorted(kRows, {}, KeyOf));

}  // namespace

absl::Span<const VersionsRow> OperatorVersions() { return kRows; }

std::string_view VersionsOf(std::string_view domain, std::string_view op_type) {
  if (domain.starts_with("com.microsoft")) return "1";
  const auto* row = std::ranges::lower_bound(kRows, std::pair(domain, op_type), {}, KeyOf);
  return row != kRows.end() && KeyOf(*row) == std::pair(domain, op_type) ? row->versions : "";
}

}  // namespace onnx_reinit::infer
