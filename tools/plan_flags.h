// The options that decide what a plan says; `plan` and `apply` share them.
#ifndef ONNX_REINIT_TOOLS_PLAN_FLAGS_H_
#define ONNX_REINIT_TOOLS_PLAN_FLAGS_H_

#include <string>

#include "absl/status/statusor.h"
#include "onnx_reinit/options.h"

namespace CLI {
class App;
}

namespace onnx_reinit::tools {

struct PlanFlags {
  PlanOptions options;
  std::string recipe_path;  // empty: none
};

// Registers them as one group of `app`, and returns that group.
CLI::App* AddPlanFlags(CLI::App& app, PlanFlags& flags);

// The options with the recipe read.
absl::StatusOr<PlanOptions> ResolvePlanFlags(const PlanFlags& flags);

// For options in which nothing cannot be meant: a variable of the shell that is not set must not
// turn a plan, a recipe or a scheme into none. Says so where `text` is empty; else empty.
std::string FaultOfEmptyText(const std::string& text);

// The whole of a text file that the user named; a pipe will do. NotFound, or Unavailable where
// reading fails.
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

}  // namespace onnx_reinit::tools

#endif  // ONNX_REINIT_TOOLS_PLAN_FLAGS_H_
