// Rules that users write: --set and recipes (proto/recipe.proto).
#ifndef ONNX_REINIT_PLAN_USER_RULES_H_
#define ONNX_REINIT_PLAN_USER_RULES_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "plan/rules.h"

namespace onnx_reinit::plan {

// SELECTOR:SCHEME, where SELECTOR is key=value[|value...][,key=value...] with the field names of
// proto/recipe.proto (dims as 64x-1x3x3), and SCHEME may also be keep or reset. InvalidArgument
// names the column, counted from 1.
absl::Status AddSetting(std::string_view setting, RuleSet& set);

// A whole recipe in protobuf's text format. InvalidArgument begins with NAME:LINE:COLUMN, counted
// from 1.
absl::Status AddRecipe(const std::string& text, const std::string& name, RuleSet& set);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_USER_RULES_H_
