#include "infer/arithmetic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <tuple>

#include "infer/operator_rows.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using Operands = absl::Span<const Grid>;
using enum ArithmeticKind;

constexpr std::string_view kMs = "com.microsoft";

double Sum(double u, double v) { return u + v; }
double Difference(double u, double v) { return u - v; }
double Product(double u, double v) { return u * v; }
double Quotient(double u, double v) { return u / v; }
double Power(double u, double v) { return std::pow(u, v); }
double Larger(double u, double v) { return std::fmax(u, v); }
double Smaller(double u, double v) { return std::fmin(u, v); }
double Both(double u, double v) { return u != 0 && v != 0 ? 1 : 0; }
double Either(double u, double v) { return u != 0 || v != 0 ? 1 : 0; }
double IsAbove(double u, double v) { return u > v ? 1 : 0; }
double IsAtLeast(double u, double v) { return u >= v ? 1 : 0; }
double IsBelow(double u, double v) { return u < v ? 1 : 0; }
double IsAtMost(double u, double v) { return u <= v ? 1 : 0; }
double Magnitude(double v) { return std::abs(v); }
double ErrorFunction(double v) { return std::erf(v); }
double ComplementOfErrorFunction(double v) { return std::erfc(v); }
double Exponential(double v) { return std::exp(v); }
double ExponentialMinusOne(double v) { return std::expm1(v); }
double Logarithm(double v) { return std::log(v); }
double Negative(double v) { return -v; }
double Opposite(double v) { return v == 0 ? 1 : 0; }
double Inverse(double v) { return 1 / v; }
double Positive(double v) { return std::fmax(v, 0); }
double Root(double v) { return std::sqrt(v); }
double HyperbolicTangent(double v) { return std::tanh(v); }
double Sigmoid(double v) { return 1 / (1 + std::exp(-v)); }
double Softplus(double v) { return std::fmax(v, 0) + std::log1p(std::exp(-std::abs(v))); }
double SignOf(double v) { return v > 0 ? 1 : v < 0 ? -1 : 0; }

template <double (*function)(double)>
Grid Unary(const Node&, Operands operands) {
  Grid result = operands[0];
  for (double& value : result) value = function(value);
  return result;
}

// One operand or more, from the left.
template <double (*function)(double, double)>
Grid Folded(const Node&, Operands operands) {
  Grid result = operands[0];
  for (const Grid& operand : operands.subspan(1)) {
    for (size_t i = 0; i < result.size(); ++i) result[i] = function(result[i], operand[i]);
  }
  return result;
}

Grid Mean(const Node& node, Operands operands) {
  Grid result = Folded<Sum>(node, operands);
  for (double& value : result) value /= static_cast<double>(operands.size());
  return result;
}

Grid Where(const Node&, Operands operands) {
  if (operands.size() != 3) return Filled(NAN);
  Grid result = operands[2];
  for (size_t i = 0; i < result.size(); ++i) {
    if (operands[0][i] != 0) result[i] = operands[1][i];
  }
  return result;
}

// Limits are attributes up to opset 6, inputs later; std::fmin and std::fmax pass over NaN.
Grid Clip(const Node& node, Operands operands) {
  Grid result = operands[0];
  for (size_t i = 0; i < result.size(); ++i) {
    const double low = operands.size() > 1 ? operands[1][i] : node.FloatAttribute("min", -INFINITY);
    const double high = operands.size() > 2 ? operands[2][i] : node.FloatAttribute("max", INFINITY);
    result[i] = std::fmin(std::fmax(result[i], low), high);
  }
  return result;
}

Grid Elu(const Node& node, Operands operands) {
  const double alpha = node.FloatAttribute("alpha", 1);
  Grid result = operands[0];
  for (double& value : result) value = value > 0 ? value : alpha * std::expm1(value);
  return result;
}

Grid HardSigmoid(const Node& node, Operands operands) {
  const double alpha = node.FloatAttribute("alpha", 0.2F);
  const double beta = node.FloatAttribute("beta", 0.5F);
  Grid result = operands[0];
  for (double& value : result) value = std::fmin(std::fmax(alpha * value + beta, 0), 1);
  return result;
}

Grid LeakyRelu(const Node& node, Operands operands) {
  const double alpha = node.FloatAttribute("alpha", 0.01F);
  Grid result = operands[0];
  for (double& value : result) value = value > 0 ? value : alpha * value;
  return result;
}

constexpr std::array kRows = {
    ArithmeticRow{"", "Abs", kElementwise, Unary<Magnitude>},
    ArithmeticRow{"", "Add", kLinear, Folded<Sum>},
    ArithmeticRow{"", "And", kElementwise, Folded<Both>},
    ArithmeticRow{"", "Cast", kSame, nullptr},
    ArithmeticRow{"", "CastLike", kSame, nullptr},
    ArithmeticRow{"", "Clip", kElementwise, Clip},
    ArithmeticRow{"", "DequantizeLinear", kSame, nullptr},
    ArithmeticRow{"", "Div", kQuotient, Folded<Quotient>},
    ArithmeticRow{"", "Dropout", kSame, nullptr},
    ArithmeticRow{"", "Elu", kElementwise, Elu},
    ArithmeticRow{"", "Erf", kElementwise, Unary<ErrorFunction>},
    // Erfc and Expm1 are TensorFlow's: tf2onnx leaves them as they are.
    ArithmeticRow{"", "Erfc", kElementwise, Unary<ComplementOfErrorFunction>},
    ArithmeticRow{"", "Exp", kElementwise, Unary<Exponential>},
    ArithmeticRow{"", "Expand", kShape, nullptr},
    ArithmeticRow{"", "Expm1", kElementwise, Unary<ExponentialMinusOne>},
    ArithmeticRow{"", "Flatten", kShape, nullptr},
    ArithmeticRow{"", "GlobalAveragePool", kReduction, nullptr, Reduction::kMean},
    ArithmeticRow{"", "Greater", kElementwise, Folded<IsAbove>},
    ArithmeticRow{"", "GreaterOrEqual", kElementwise, Folded<IsAtLeast>},
    ArithmeticRow{"", "HardSigmoid", kElementwise, HardSigmoid},
    ArithmeticRow{"", "Identity", kSame, nullptr},
    ArithmeticRow{"", "LeakyRelu", kElementwise, LeakyRelu},
    ArithmeticRow{"", "Less", kElementwise, Folded<IsBelow>},
    ArithmeticRow{"", "LessOrEqual", kElementwise, Folded<IsAtMost>},
    ArithmeticRow{"", "Log", kElementwise, Unary<Logarithm>},
    ArithmeticRow{"", "Max", kElementwise, Folded<Larger>},
    ArithmeticRow{"", "Mean", kLinear, Mean},
    ArithmeticRow{"", "Min", kElementwise, Folded<Smaller>},
    ArithmeticRow{"", "Mul", kProduct, Folded<Product>},
    ArithmeticRow{"", "Neg", kLinear, Unary<Negative>},
    ArithmeticRow{"", "Not", kElementwise, Unary<Opposite>},
    ArithmeticRow{"", "Or", kElementwise, Folded<Either>},
    ArithmeticRow{"", "Pow", kElementwise, Folded<Power>},
    ArithmeticRow{"", "QuantizeLinear", kSame, nullptr},
    ArithmeticRow{"", "Reciprocal", kElementwise, Unary<Inverse>},
    ArithmeticRow{"", "ReduceL1", kReduction, nullptr, Reduction::kAbsoluteSum},
    ArithmeticRow{"", "ReduceL2", kReduction, nullptr, Reduction::kNorm},
    ArithmeticRow{"", "ReduceLogSumExp", kReduction, nullptr, Reduction::kLogSumExp},
    ArithmeticRow{"", "ReduceMax", kReduction, nullptr, Reduction::kMax},
    ArithmeticRow{"", "ReduceMean", kReduction, nullptr, Reduction::kMean},
    ArithmeticRow{"", "ReduceMin", kReduction, nullptr, Reduction::kMin},
    ArithmeticRow{"", "ReduceSum", kReduction, nullptr, Reduction::kSum},
    ArithmeticRow{"", "ReduceSumSquare", kReduction, nullptr, Reduction::kSquareSum},
    ArithmeticRow{"", "Relu", kElementwise, Unary<Positive>},
    ArithmeticRow{"", "Reshape", kShape, nullptr},
    ArithmeticRow{"", "Sigmoid", kElementwise, Unary<Sigmoid>},
    ArithmeticRow{"", "Sign", kElementwise, Unary<SignOf>},
    ArithmeticRow{"", "Softplus", kElementwise, Unary<Softplus>},
    ArithmeticRow{"", "Sqrt", kElementwise, Unary<Root>},
    ArithmeticRow{"", "Squeeze", kShape, nullptr},
    ArithmeticRow{"", "Sub", kLinear, Folded<Difference>},
    ArithmeticRow{"", "Sum", kLinear, Folded<Sum>},
    ArithmeticRow{"", "Tanh", kElementwise, Unary<HyperbolicTangent>},
    ArithmeticRow{"", "Unsqueeze", kShape, nullptr},
    ArithmeticRow{"", "Where", kElementwise, Where},
    ArithmeticRow{"border", "Alias", kSame, nullptr},
    ArithmeticRow{kMs, "DequantizeLinear", kSame, nullptr},
    ArithmeticRow{kMs, "QLinearAdd", kLinear, Folded<Sum>},
    ArithmeticRow{kMs, "QLinearMul", kProduct, Folded<Product>},
    ArithmeticRow{kMs, "QLinearSigmoid", kElementwise, Unary<Sigmoid>},
    ArithmeticRow{kMs, "QuantizeLinear", kSame, nullptr},
};

// QLinearAdd has eight inputs; no form has a sum of more values.
constexpr size_t kMaxOperands = 8;

}  // namespace

absl::Span<const ArithmeticRow> ArithmeticRows() { return kRows; }

const ArithmeticRow* FindArithmetic(const Node& node) {
  const size_t fewest = node.Is("Where") ? 3 : 1;
  if (node.inputs.size() < fewest || node.inputs.size() > kMaxOperands) return nullptr;
  if (node.outputs.empty() || node.Output(0) == graph::kNone) return nullptr;
  return RowOf<kRows>(node);
}

std::vector<const ArithmeticRow*> ArithmeticOf(const graph::Graph& graph) {
  std::vector<const ArithmeticRow*> rows;
  rows.reserve(graph.nodes.size());
  for (const Node& node : graph.nodes) rows.push_back(FindArithmetic(node));
  return rows;
}

absl::InlinedVector<size_t, 3> OperandPositions(const Node& node, const ArithmeticRow& row) {
  if (row.compute == nullptr || row.op_type == "QLinearSigmoid") return {0};
  if (row.op_type.starts_with("QLinear")) return {0, 3};
  absl::InlinedVector<size_t, 3> positions(node.inputs.size());
  std::iota(positions.begin(), positions.end(), 0);
  return positions;
}

}  // namespace onnx_reinit::infer
