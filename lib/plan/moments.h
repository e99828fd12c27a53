// Moments of the distributions that a Fill can name.
#ifndef ONNX_REINIT_PLAN_MOMENTS_H_
#define ONNX_REINIT_PLAN_MOMENTS_H_

namespace onnx_reinit::plan {

// Standard normal density and distribution function.
double NormalDensity(double x);
double NormalProbability(double x);

// Of a standard normal that is cut to [low, high], low < high, in units of its standard deviation.
struct CutMoments {
  double mean = 0;
  double std = 1;
};
CutMoments MomentsOfCut(double low, double high);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_MOMENTS_H_
