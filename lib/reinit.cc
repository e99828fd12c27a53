#include "onnx_reinit/reinit.h"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/element_type.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "gen/generator.h"
#include "graph/graph.h"
#include "infer/infer.h"
#include "plan/plan_json.h"
#include "plan/planner.h"
#include "wire/file.h"
#include "wire/payload.h"
#include "wire/read_skeleton.h"
#include "write/rewrite.h"

namespace onnx_reinit {
namespace {

using Identity = std::pair<std::string_view, std::string_view>;  // scope, name
using TensorsByIdentity = absl::flat_hash_map<Identity, const wire::Tensor*>;

TensorsByIdentity IndexTensors(const graph::Graph& graph) {
  TensorsByIdentity tensors;
  for (const graph::StoredTensor& stored : graph.tensors) {
    tensors.emplace(Identity(stored.scope, stored.name), stored.tensor);
  }
  return tensors;
}

absl::Status OtherModelError(const TensorPlan& planned, std::string_view difference) {
  return absl::FailedPreconditionError(
      Text("the plan is of another model: tensor '", planned.name, "'",
           planned.scope.empty() ? "" : Text(" of scope '", planned.scope, "'"), " ", difference,
           "; make a plan of this model"));
}

absl::Status CheckSameTensor(const TensorPlan& planned, const wire::Tensor& stored) {
  if (planned.dims != stored.dims || planned.fill->dims != stored.dims) {
    return OtherModelError(planned, "has other dimensions there");
  }
  if (planned.data_type != stored.data_type || planned.fill->data_type != stored.data_type) {
    return OtherModelError(planned, Text("is ", ElementTypeName(stored.data_type), " here and ",
                                         ElementTypeName(planned.data_type), " there"));
  }
  return absl::OkStatus();
}

write::Replacement MakeReplacement(const TensorPlan& planned, const wire::Tensor* stored,
                                   uint64_t seed, Kernel kernel) {
  const uint64_t key = gen::TensorKey(seed, planned.scope, planned.name);
  return {stored, [fill = &*planned.fill, key, kernel] {
            return gen::Generator::Create(*fill, key, kernel);
          }};
}

// The plan must outlive the result.
absl::StatusOr<std::vector<write::Replacement>> MakeReplacements(const Plan& plan,
                                                                 const graph::Graph& graph,
                                                                 Kernel kernel) {
  const TensorsByIdentity tensors = IndexTensors(graph);
  std::vector<write::Replacement> replacements;
  for (const TensorPlan& planned : plan.tensors) {
    const auto stored = tensors.find(Identity(planned.scope, planned.name));
    if (stored == tensors.end()) return OtherModelError(planned, "is not in this one");
    if (!planned.fill.has_value()) continue;
    RETURN_IF_ERROR(CheckSameTensor(planned, *stored->second));
    replacements.push_back(MakeReplacement(planned, stored->second, plan.seed, kernel));
  }
  return replacements;
}

}  // namespace

absl::StatusOr<Plan> MakePlan(const std::string& model_path, const PlanOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<wire::InputFile> file, wire::InputFile::Open(model_path));
  ASSIGN_OR_RETURN(const wire::Skeleton skeleton, wire::ReadSkeleton(*file));
  ASSIGN_OR_RETURN(const graph::Graph graph, graph::Build(skeleton));
  wire::ExternalFiles external(model_path);
  const wire::ValueReader values(file.get(), &external);
  return plan::MakePlan(infer::Infer(graph, &values), options, &values);
}

absl::Status Apply(const std::string& model_path, const Plan& plan, const std::string& output_path,
                   const WriteOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<wire::InputFile> file, wire::InputFile::Open(model_path));
  ASSIGN_OR_RETURN(const wire::Skeleton skeleton, wire::ReadSkeleton(*file));
  ASSIGN_OR_RETURN(const graph::Graph graph, graph::Build(skeleton));
  ASSIGN_OR_RETURN(const std::vector<write::Replacement> replacements,
                   MakeReplacements(plan, graph, options.kernel));
  wire::ExternalFiles external(model_path);
  return write::Rewrite(*file, skeleton, external, replacements, output_path, options);
}

std::string PlanToJson(const Plan& plan) { return plan::ToJson(plan); }

absl::StatusOr<Plan> PlanFromJson(const std::string& json) { return plan::FromJson(json); }

}  // namespace onnx_reinit
