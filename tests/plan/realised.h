// What a plan's numbers come out as: values made by the generator, and their moments.
#ifndef ONNX_REINIT_TESTS_PLAN_REALISED_H_
#define ONNX_REINIT_TESTS_PLAN_REALISED_H_

#include <cstddef>
#include <vector>

#include "onnx_reinit/fill.h"

namespace onnx_reinit::plan {

// All elements of a FLOAT fill, row-major; empty where the generator refuses it.
std::vector<float> Realise(const Fill& fill);

struct SampleMoments {
  double mean = 0;
  double std = 0;
  double kurtosis = 0;  // E[(x - mean)^4] / std^4; 0 where std is 0
  double lowest = 0;
  double highest = 0;
};

SampleMoments MomentsOf(const std::vector<float>& values);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_TESTS_PLAN_REALISED_H_
