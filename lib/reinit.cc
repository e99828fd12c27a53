#include "onnx_reinit/reinit.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/element_type.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "gen/generator.h"
#include "gen/packed.h"
#include "graph/graph.h"
#include "infer/infer.h"
#include "plan/plan_json.h"
#include "plan/planner.h"
#include "plan/quantization.h"
#include "wire/file.h"
#include "wire/payload.h"
#include "wire/read_skeleton.h"
#include "write/rewrite.h"
#include "xxhash.h"

namespace onnx_reinit {

// From the file's bytes to what is connected to what.
struct Model::Parts {
  std::unique_ptr<wire::InputFile> file;
  wire::Skeleton skeleton;
  graph::Graph graph;  // points into `skeleton`
};

namespace {

absl::Status CheckPayloads(const graph::Graph& graph) {
  for (const graph::StoredTensor& stored : graph.tensors) {
    if (stored.literal != nullptr) continue;
    RETURN_IF_ERROR(wire::CheckPayload(*stored.tensor));
    if (stored.sparse != nullptr) RETURN_IF_ERROR(wire::CheckPayload(stored.sparse->indices));
  }
  return absl::OkStatus();
}

absl::Status InFile(std::string_view path, const absl::Status& status) {
  return status.ok() ? status : absl::Status(status.code(), Text(path, ": ", status.message()));
}

using Identity = std::pair<std::string_view, std::string_view>;  // scope, name

Identity IdentityOf(const graph::StoredTensor& stored) { return {stored.scope, stored.name}; }

// Finds a graph's tensors by identity.
class TensorFinder {
 public:
  explicit TensorFinder(const std::vector<graph::StoredTensor>& tensors)
      : tensors_(tensors), is_listed_(tensors.size()) {}

  // nullptr where there is none.
  const graph::StoredTensor* Find(const Identity& identity);
  // The next tensor that a plan lists: most plans are of this very model, in its order.
  const graph::StoredTensor* FindNext(const Identity& identity);
  // True where it was listed before.
  bool List(const graph::StoredTensor& stored);

 private:
  size_t IndexOf(const graph::StoredTensor& stored) const {
    return static_cast<size_t>(&stored - tensors_.data());
  }

  const std::vector<graph::StoredTensor>& tensors_;
  std::vector<bool> is_listed_;
  size_t next_ = 0;
  absl::flat_hash_map<Identity, const graph::StoredTensor*> by_identity_;  // empty until needed
};

const graph::StoredTensor* TensorFinder::Find(const Identity& identity) {
  if (by_identity_.empty()) {
    by_identity_.reserve(tensors_.size());
    for (const graph::StoredTensor& stored : tensors_) {
      by_identity_.emplace(IdentityOf(stored), &stored);
    }
  }
  const auto found = by_identity_.find(identity);
  return found == by_identity_.end() ? nullptr : found->second;
}

const graph::StoredTensor* TensorFinder::FindNext(const Identity& identity) {
  const bool is_next = next_ < tensors_.size() && IdentityOf(tensors_[next_]) == identity;
  const graph::StoredTensor* found = is_next ? &tensors_[next_] : Find(identity);
  if (found != nullptr) next_ = IndexOf(*found) + 1;
  return found;
}

bool TensorFinder::List(const graph::StoredTensor& stored) {
  const bool was_listed = is_listed_[IndexOf(stored)];
  is_listed_[IndexOf(stored)] = true;
  return was_listed;
}

std::string Describe(const TensorPlan& planned) {
  const std::string scope = planned.scope.empty() ? "" : Text(" of scope ", Quote(planned.scope));
  return Text("tensor ", Quote(planned.name), scope);
}

absl::Status OfTensor(const TensorPlan& planned, const absl::Status& status) {
  return status.ok() ? status
                     : absl::Status(status.code(), Text(Describe(planned), ": ", status.message()));
}

absl::Status OtherModelError(const TensorPlan& planned, std::string_view difference) {
  return absl::FailedPreconditionError(Text("the plan is of another model: ", Describe(planned),
                                            " ", difference, "; make a plan of this model"));
}

absl::Status CheckSameTensor(const TensorPlan& planned, const wire::Tensor& stored) {
  if (absl::MakeConstSpan(planned.dims) != stored.dims)
    return OtherModelError(planned, "has other dimensions there");
  if (planned.data_type != stored.data_type) {
    return OtherModelError(planned, Text("is ", ElementTypeName(stored.data_type), " here and ",
                                         ElementTypeName(planned.data_type), " there"));
  }
  return absl::OkStatus();
}

// Where a quantised tensor's scales and zero points are stored.
struct GridTensors {
  const wire::Tensor* scale = nullptr;  // nullptr: not quantised
  const wire::Tensor* zero_point = nullptr;
};

absl::StatusOr<GridTensors> FindGrid(const TensorPlan& planned, TensorFinder& tensors) {
  if (!planned.grid) return GridTensors{};
  const Grid& grid = *planned.grid;
  const graph::StoredTensor* scale = tensors.Find({grid.scale_scope, grid.scale_name});
  if (scale == nullptr) return OtherModelError(planned, "has other scales there");
  if (grid.zero_point_name.empty()) return GridTensors{scale->tensor};
  const graph::StoredTensor* zero_point =
      tensors.Find({grid.zero_point_scope, grid.zero_point_name});
  if (zero_point == nullptr) return OtherModelError(planned, "has other zero points there");
  return GridTensors{scale->tensor, zero_point->tensor};
}

// What all tensors are made with.
struct Means {
  uint64_t seed = 0;
  Kernel kernel = Kernel::kBest;
  const wire::ValueReader& values;
};

// What a tensor's new bytes are made of.
struct Renewal {
  const Means* means = nullptr;
  const TensorPlan* planned = nullptr;
  const wire::Tensor* tensor = nullptr;
  GridTensors grid;
};

// The scales are read when the tensor's turn comes, so that those of one tensor at a time are in
// memory.
absl::StatusOr<std::unique_ptr<gen::Generator>> MakeGenerator(const Renewal& renewal) {
  const auto& [seed, kernel, values] = *renewal.means;
  const TensorPlan& planned = *renewal.planned;
  const uint64_t key = gen::TensorKey(seed, planned.scope, planned.name);
  if (renewal.grid.scale == nullptr) return gen::Generator::Create(*planned.fill, key, kernel);
  ASSIGN_OR_RETURN(Quantization quantization,
                   plan::ReadQuantization(*planned.grid, *planned.fill, *renewal.grid.scale,
                                          renewal.grid.zero_point, values));
  ASSIGN_OR_RETURN(std::unique_ptr<gen::Generator> generator,
                   gen::Generator::Create(*planned.fill, key, kernel, std::move(quantization)));
  if (planned.grid->packed_bits == 0) return generator;
  return gen::AsBytes(std::move(generator), planned.grid->packed_bits);
}

// The plan and `means` must outlive the result.
absl::StatusOr<std::vector<Renewal>> MakeRenewals(const Plan& plan, const graph::Graph& graph,
                                                  const Means& means) {
  TensorFinder tensors(graph.tensors);
  std::vector<Renewal> renewals;
  renewals.reserve(plan.tensors.size());
  for (const TensorPlan& planned : plan.tensors) {
    const graph::StoredTensor* stored = tensors.FindNext({planned.scope, planned.name});
    if (stored == nullptr) return OtherModelError(planned, "is not in this one");
    if (tensors.List(*stored)) {
      return absl::InvalidArgumentError(Text("the plan lists ", Describe(planned), " twice"));
    }
    if (planned.fill) RETURN_IF_ERROR(OfTensor(planned, gen::CheckFill(*planned.fill)));
    RETURN_IF_ERROR(CheckSameTensor(planned, *stored->tensor));
    if (!planned.fill) continue;
    ASSIGN_OR_RETURN(const GridTensors grid, FindGrid(planned, tensors));
    renewals.push_back({&means, &planned, stored->tensor, grid});
  }
  return renewals;
}

// The renewals must outlive the result. A function that holds no more than an address needs no
// memory of its own.
std::vector<write::Replacement> ReplacementsBy(const std::vector<Renewal>& renewals) {
  std::vector<write::Replacement> replacements;
  replacements.reserve(renewals.size());
  for (const Renewal& renewal : renewals) {
    replacements.push_back(
        {renewal.tensor, [&renewal]() -> absl::StatusOr<std::unique_ptr<gen::Generator>> {
           auto generator = MakeGenerator(renewal);
           if (!generator.ok()) return OfTensor(*renewal.planned, generator.status());
           return generator;
         }});
  }
  return replacements;
}

// Calls write_model(file, skeleton, external, replacements) with what the plan does to the model.
template <typename Write>
absl::Status WithReplacements(const Model::Parts& model, const Plan& plan, Kernel kernel,
                              Write write_model) {
  wire::ExternalFiles external(model.file->path());
  const wire::ValueReader values(model.file.get(), &external);
  const Means means = {.seed = plan.seed, .kernel = kernel, .values = values};
  ASSIGN_OR_RETURN(const std::vector<Renewal> renewals, MakeRenewals(plan, model.graph, means));
  const std::vector<write::Replacement> replacements = ReplacementsBy(renewals);
  return write_model(*model.file, model.skeleton, external, replacements);
}

// What decides the output's bytes, beside the model: the plan, but for what PlanOptions::reasons
// leaves out, and where its tensors go.
std::string JobName(Plan plan, const WriteOptions& options) {
  for (TensorPlan& tensor : plan.tensors) {
    tensor.reason.clear();
    tensor.uses.clear();
  }
  const std::string all = absl::StrCat(static_cast<int>(options.external_data), " ",
                                       options.shard_size, " ", PlanToJson(plan));
  return absl::StrCat(absl::Hex(XXH3_64bits(all.data(), all.size()), absl::kZeroPad16));
}

}  // namespace

absl::StatusOr<Model> Model::Open(const std::string& path) {
  auto parts = std::make_unique<Parts>();
  ASSIGN_OR_RETURN(parts->file, wire::InputFile::Open(path));
  RETURN_IF_ERROR(parts->file->KeepIfSmall());
  ASSIGN_OR_RETURN(parts->skeleton, wire::ReadSkeleton(*parts->file));
  absl::StatusOr<graph::Graph> graph = graph::Build(parts->skeleton);
  RETURN_IF_ERROR(InFile(path, graph.status()));
  parts->graph = *std::move(graph);
  RETURN_IF_ERROR(InFile(path, CheckPayloads(parts->graph)));
  return Model(std::move(parts));
}

Model::Model(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
Model::~Model() = default;
Model::Model(Model&& other) noexcept = default;
Model& Model::operator=(Model&& other) noexcept = default;

absl::StatusOr<Plan> MakePlan(const Model& model, const PlanOptions& options) {
  const Model::Parts& parts = model.parts();
  wire::ExternalFiles external(parts.file->path());
  const wire::ValueReader values(parts.file.get(), &external);
  ASSIGN_OR_RETURN(Plan plan, plan::MakePlan(infer::Infer(parts.graph, &values, options.threads,
                                                          options.reasons),
                                             options, {&values, parts.skeleton.producer_name}));
  RETURN_IF_ERROR(values.failure());
  if (const absl::Status missing = values.missing(); !missing.ok()) {
    plan.warnings.push_back(Text("some values cannot be read (", missing.message(),
                                 "); what needs them was decided without them"));
  }
  return plan;
}

absl::Status Apply(const Model& model, const Plan& plan, const std::string& output_path,
                   const WriteOptions& options) {
  return WithReplacements(model.parts(), plan, options.kernel, [&](auto&... input) {
    return write::Rewrite(input..., output_path, options);
  });
}

absl::Status PrepareParts(const Model& model, const Plan& plan, const std::string& output_path,
                          const WriteOptions& options) {
  return WithReplacements(model.parts(), plan, options.kernel, [&](auto&... input) {
    return write::Prepare(input..., output_path, JobName(plan, options), options);
  });
}

absl::Status ApplyPart(const Model& model, const Plan& plan, const std::string& output_path,
                       int part, int parts, const WriteOptions& options) {
  return WithReplacements(model.parts(), plan, options.kernel, [&](auto&... input) {
    return write::FillPart(input..., output_path, JobName(plan, options), part, parts, options);
  });
}

std::string PlanToJson(const Plan& plan) { return plan::ToJson(plan); }

absl::StatusOr<Plan> PlanFromJson(const std::string& json) { return plan::FromJson(json); }

}  // namespace onnx_reinit
