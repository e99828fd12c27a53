// The whole API: plan a model, apply a plan.
//
//   absl::StatusOr<Plan> plan = MakePlan("in.onnx", PlanOptions{.seed = 42});
//   if (plan.ok()) absl::Status done = Apply("in.onnx", *plan, "out.onnx", WriteOptions{});
//
// The library never prints, never exits and never reads the environment. Errors are sentences:
// what, where (file, byte offset, tensor or node), and what to do.
//   InvalidArgument     a wrong option or recipe
//   DataLoss            the input is malformed, or is no ONNX model
//   Unimplemented       the input is well formed but uses what no plan can handle
//   FailedPrecondition  input and output are the same file, or the plan is of another model
//   others              reading or writing failed
#ifndef ONNX_REINIT_REINIT_H_
#define ONNX_REINIT_REINIT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "onnx_reinit/options.h"
#include "onnx_reinit/plan.h"

namespace onnx_reinit {

// Reads the model's skeleton, and of its values only what decisions need. External data may be
// missing.
absl::StatusOr<Plan> MakePlan(const std::string& model_path, const PlanOptions& options);

// Writes `output_path`: every byte as in the input but for the payloads that the plan names.
// The output appears whole or not at all; the input is never modified unless it is the output.
absl::Status Apply(const std::string& model_path, const Plan& plan, const std::string& output_path,
                   const WriteOptions& options);

// A plan as text and back: JSON as the README defines it.
std::string PlanToJson(const Plan& plan);
absl::StatusOr<Plan> PlanFromJson(const std::string& json);

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_REINIT_H_
