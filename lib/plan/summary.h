// A Fill in five numbers.
#ifndef ONNX_REINIT_PLAN_SUMMARY_H_
#define ONNX_REINIT_PLAN_SUMMARY_H_

#include <string_view>

#include "onnx_reinit/fill.h"

namespace onnx_reinit::plan {

struct Summary {
  std::string_view distribution;  // "mixed" where the pieces differ
  double mean = 0;                // of the elements of the whole tensor
  double std = 0;
  double bound = 0;  // the widest of the pieces' bounds
};

Summary Summarize(const Fill& fill);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_SUMMARY_H_
