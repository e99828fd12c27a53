#include "plan/fan_convention.h"

#include <vector>

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;

double Product(const TensorFacts& facts, const std::vector<int>& axes) {
  double product = 1;
  for (const int axis : axes) {
    product *= static_cast<double>(facts.tensor->dims[static_cast<size_t>(axis)]);
  }
  return product;
}

bool HasLayout(const TensorFacts& facts) {
  return IsWeight(facts.role) && facts.source != Source::kSparseInitializer &&
         !facts.axes.input.empty() && !facts.axes.output.empty();
}

}  // namespace

bool IsDepthwise(const TensorFacts& facts) {
  return facts.role == Role::kConv && facts.groups > 1 && !facts.axes.input.empty() &&
         Product(facts, facts.axes.input) == 1;
}

Fans FansBy(FanConvention convention, const TensorFacts& facts) {
  if (convention == FanConvention::kExact || !HasLayout(facts)) {
    return {static_cast<double>(facts.fan_in), static_cast<double>(facts.fan_out)};
  }
  const double taps = Product(facts, facts.axes.kernel);
  const double inputs = Product(facts, facts.axes.input) * taps;
  const double outputs = Product(facts, facts.axes.output) * taps;
  if (facts.role == Role::kConvTranspose) return {outputs, inputs};
  if (convention == FanConvention::kKeras && IsDepthwise(facts)) {
    const auto channels = static_cast<double>(facts.groups);
    return {channels * taps, outputs / channels};
  }
  return {inputs, outputs};
}

}  // namespace onnx_reinit::plan
