// THE table of gains: how much an activation changes the scale of what passes it.
#ifndef ONNX_REINIT_PLAN_GAINS_H_
#define ONNX_REINIT_PLAN_GAINS_H_

#include <string_view>

#include "absl/types/span.h"
#include "infer/facts.h"

namespace onnx_reinit::plan {

enum class ActivationKind {
  kLinear,           // none, or one that no gain is defined for (softmax)
  kRectifier,        // ReLU and its relatives
  kSaturating,       // bounded on both sides: sigmoid, tanh and their relatives
  kSelfNormalizing,  // SELU
};

struct GainRow {
  std::string_view name;  // in the plan's vocabulary
  ActivationKind kind;
  double alpha;     // its parameter, where the file does not say
  double forward;   // 1 / sqrt(E[f(z)^2]), z standard normal: He et al. 2015
  double backward;  // 1 / sqrt(E[f'(z)^2]); jumps of f are left out
  double torch;     // torch.nn.init.calculate_gain; 0 where it has none
  // E[f(z)^2] with another alpha; nullptr where f has no parameter.
  double (*second_moment)(double alpha);
};

// Sorted by name.
absl::Span<const GainRow> GainRows();

ActivationKind KindOf(const infer::Activation& activation);
// 1 for activations without a row.
double ForwardGain(const infer::Activation& activation);
// What torch.nn.init.calculate_gain says, and where it says nothing, the forward gain.
double TorchGain(const infer::Activation& activation);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_GAINS_H_
