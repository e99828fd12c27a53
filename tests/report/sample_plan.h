// A small plan for the tests of lib/report.
#ifndef ONNX_REINIT_TESTS_REPORT_SAMPLE_PLAN_H_
#define ONNX_REINIT_TESTS_REPORT_SAMPLE_PLAN_H_

#include "onnx_reinit/plan.h"

namespace onnx_reinit::report {

inline TensorPlan SampleConv() {
  return {.name = "conv.weight",
          .data_type = 1,
          .dims = {16, 3, 3, 3},
          .role = Role::kConv,
          .fan_in = 27,
          .fan_out = 144,
          .following_activation = "relu",
          .action = Action::kReinitialize,
          .scheme = "kaiming_normal",
          .std = 0.272,
          .reason = "weight of Conv"};
}

inline TensorPlan SampleBias() {
  return {.name = "conv.bias",
          .data_type = 1,
          .dims = {16},
          .role = Role::kBias,
          .action = Action::kReinitialize,
          .scheme = "zeros",
          .reason = "bias of Conv"};
}

inline TensorPlan SampleShape() {
  return {.name = "shape",
          .data_type = 7,
          .dims = {2},
          .role = Role::kStructural,
          .reason = "shape of Reshape"};
}

inline Plan SamplePlan() {
  return {.seed = 42, .preset = "auto", .tensors = {SampleConv(), SampleBias(), SampleShape()}};
}

}  // namespace onnx_reinit::report

#endif  // ONNX_REINIT_TESTS_REPORT_SAMPLE_PLAN_H_
