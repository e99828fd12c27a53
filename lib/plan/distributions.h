// The names of the distributions in plans.
#ifndef ONNX_REINIT_PLAN_DISTRIBUTIONS_H_
#define ONNX_REINIT_PLAN_DISTRIBUTIONS_H_

#include <optional>
#include <string_view>

#include "onnx_reinit/fill.h"

namespace onnx_reinit::plan {

std::string_view ToString(Distribution distribution);
std::optional<Distribution> ParseDistribution(std::string_view text);

// True for the distributions that need to know which axes are rows and columns.
bool NeedsMatrix(Distribution distribution);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_DISTRIBUTIONS_H_
