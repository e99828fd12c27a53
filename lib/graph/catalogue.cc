#include "graph/catalogue.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "base/element_type.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "graph/calls.h"

namespace onnx_reinit::graph {
namespace {

class Collector {
 public:
  // Nearly all tensors are initializers of the main graph.
  Collector(const wire::Graph& main, Graph& graph) : graph_(graph) {
    graph_.tensors.reserve(main.initializers.size());
    catalogue_.tensors.reserve(main.initializers.size());
    names_.reserve(main.initializers.size());
  }

  absl::Status AddGraph(const wire::Graph& body, const std::string& scope);
  // The nodes of `place`, a wire::Graph or wire::Function.
  absl::Status AddNodes(const void* place, const std::vector<wire::Node>& nodes,
                        const std::string& scope);
  Catalogue Take() { return std::move(catalogue_); }

 private:
  absl::Status AddNode(const wire::Node& node, const std::string& label, const std::string& scope);
  absl::Status AddAttribute(const wire::Node& node, const wire::Attribute& attribute,
                            const std::string& label, const std::string& scope);
  absl::Status Add(const void* place, StoredTensor tensor, uint64_t offset);
  absl::Status CountBytes(size_t bytes, uint64_t offset);
  static StoredTensor AttributeEntry(const wire::Node& node, const wire::Attribute& attribute,
                                     const std::string& label, const std::string& scope, size_t i);
  const wire::Tensor* ScalarStandIn(const wire::Attribute& attribute);

  Graph& graph_;
  Catalogue catalogue_;
  absl::flat_hash_set<std::pair<std::string, std::string>> names_;
  uint64_t bytes_ = 0;
};

// The first graph of a list attribute has no number.
std::string SubgraphScope(const std::string& scope, const std::string& node_label,
                          const wire::Attribute& attribute, size_t index) {
  return Text(scope, scope.empty() ? "" : "/", node_label, ".", attribute.name,
              index == 0 ? "" : Text("#", index));
}

std::vector<std::string> NodeLabels(const std::vector<wire::Node>& nodes) {
  absl::flat_hash_set<std::string_view> names;
  names.reserve(nodes.size());
  std::vector<std::string> labels;
  labels.reserve(nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    const std::string& name = nodes[i].name;
    const bool is_own = !name.empty() && names.insert(name).second;
    labels.push_back(is_own ? name : Text("#", i));
  }
  return labels;
}

bool IsConstant(const wire::Node& node) {
  return node.op_type == "Constant" && NormalDomain(node.domain).empty();
}

absl::Status Collector::CountBytes(size_t bytes, uint64_t offset) {
  bytes_ += bytes;
  if (bytes_ <= kMaxIdentityBytes) return absl::OkStatus();
  return absl::DataLossError(Text("at byte ", offset, ": the names and scopes of the tensors take ",
                                  "more than ", kMaxIdentityBytes, " bytes"));
}

absl::Status Collector::Add(const void* place, StoredTensor tensor, uint64_t offset) {
  RETURN_IF_ERROR(CountBytes(tensor.scope.size() + tensor.name.size(), offset));
  if (!names_.emplace(tensor.scope, tensor.name).second) {
    return absl::DataLossError(Text("at byte ", offset, ": a second tensor with the name ",
                                    Quote(tensor.name),
                                    tensor.scope.empty() ? "" : Text(" in ", Quote(tensor.scope)),
                                    ": readers disagree on which one counts"));
  }
  catalogue_.tensors[place] = static_cast<TensorId>(graph_.tensors.size());
  graph_.tensors.push_back(std::move(tensor));
  return absl::OkStatus();
}

absl::Status Collector::AddGraph(const wire::Graph& body, const std::string& scope) {
  absl::flat_hash_set<std::string_view> inputs;
  for (const wire::ValueInfo& input : body.inputs) inputs.insert(input.name);
  for (const wire::Tensor& tensor : body.initializers) {
    StoredTensor entry{.tensor = &tensor, .name = tensor.name, .scope = scope};
    entry.is_graph_input = inputs.contains(tensor.name);
    RETURN_IF_ERROR(Add(&tensor, std::move(entry), tensor.offset));
  }
  for (const wire::SparseTensor& sparse : body.sparse_initializers) {
    StoredTensor entry{.tensor = &sparse.values,
                       .sparse = &sparse,
                       .name = sparse.values.name,
                       .scope = scope,
                       .source = Source::kSparseInitializer};
    RETURN_IF_ERROR(Add(&sparse, std::move(entry), sparse.values.offset));
  }
  return AddNodes(&body, body.nodes, scope);
}

absl::Status Collector::AddNodes(const void* place, const std::vector<wire::Node>& nodes,
                                 const std::string& scope) {
  const std::vector<std::string>& labels = graph_.labels.emplace_back(NodeLabels(nodes));
  catalogue_.sections[place] = {static_cast<int32_t>(graph_.scope_names.size()), &labels};
  graph_.scope_names.push_back(scope);
  for (size_t i = 0; i < nodes.size(); ++i) {
    RETURN_IF_ERROR(AddNode(nodes[i], labels[i], scope));
  }
  return absl::OkStatus();
}

absl::Status Collector::AddNode(const wire::Node& node, const std::string& label,
                                const std::string& scope) {
  for (const wire::Attribute& attribute : node.attributes) {
    RETURN_IF_ERROR(AddAttribute(node, attribute, label, scope));
    for (size_t i = 0; i < attribute.graphs.size(); ++i) {
      const std::string inner = SubgraphScope(scope, label, attribute, i);
      RETURN_IF_ERROR(CountBytes(inner.size(), node.offset));
      RETURN_IF_ERROR(AddGraph(*attribute.graphs[i], inner));
    }
  }
  return absl::OkStatus();
}

// A Constant node's tensor is named by its output; any other by NODE.ATTRIBUTE.
StoredTensor Collector::AttributeEntry(const wire::Node& node, const wire::Attribute& attribute,
                                       const std::string& label, const std::string& scope,
                                       size_t i) {
  StoredTensor entry{.scope = scope, .attribute = attribute.name};
  if (IsConstant(node) && !node.outputs.empty()) {
    entry.name = node.outputs[0];
    entry.source = Source::kConstant;
  } else {
    entry.name = Text(label, ".", attribute.name, i == 0 ? "" : Text("#", i));
    entry.source = Source::kAttribute;
  }
  return entry;
}

absl::Status Collector::AddAttribute(const wire::Node& node, const wire::Attribute& attribute,
                                     const std::string& label, const std::string& scope) {
  for (size_t i = 0; i < attribute.tensors.size(); ++i) {
    StoredTensor entry = AttributeEntry(node, attribute, label, scope, i);
    const wire::Tensor& tensor = attribute.tensors[i];
    entry.tensor = &tensor;
    RETURN_IF_ERROR(Add(&tensor, std::move(entry), tensor.offset));
  }
  for (size_t i = 0; i < attribute.sparse_tensors.size(); ++i) {
    StoredTensor entry = AttributeEntry(node, attribute, label, scope, i);
    const wire::SparseTensor& sparse = attribute.sparse_tensors[i];
    entry.sparse = &sparse;
    entry.tensor = &sparse.values;
    RETURN_IF_ERROR(Add(&sparse, std::move(entry), sparse.values.offset));
  }
  const wire::Tensor* numbers = attribute.floats.dims.empty() ? nullptr : &attribute.floats;
  if (numbers == nullptr && IsConstant(node)) numbers = ScalarStandIn(attribute);
  if (numbers == nullptr) return absl::OkStatus();
  StoredTensor entry = AttributeEntry(node, attribute, label, scope, 0);
  entry.tensor = numbers;
  if (numbers->storage == wire::Storage::kNone) entry.literal = &attribute;
  return Add(&attribute, std::move(entry), node.offset);
}

const wire::Tensor* Collector::ScalarStandIn(const wire::Attribute& attribute) {
  wire::Tensor tensor;
  if (attribute.name == "value_float") {
    tensor.data_type = static_cast<int32_t>(ElementType::kFloat);
    if (attribute.f_bytes.size() > 0) {
      tensor.storage = wire::Storage::kFloats;
      tensor.chunks.push_back({attribute.f_bytes});
    }
  } else if (attribute.name == "value_int" || attribute.name == "value_ints") {
    tensor.data_type = static_cast<int32_t>(ElementType::kInt64);
    if (attribute.name == "value_ints") {
      tensor.dims = {static_cast<int64_t>(attribute.int_count)};
    }
  } else if (attribute.name == "value_string" || attribute.name == "value_strings") {
    tensor.data_type = static_cast<int32_t>(ElementType::kString);
    if (attribute.name == "value_strings") {
      tensor.dims = {static_cast<int64_t>(attribute.strings.size())};
    }
  } else {
    return nullptr;
  }
  return &graph_.scalars.emplace_back(std::move(tensor));
}

void MarkTraining(const wire::Skeleton& skeleton, size_t first_state, Graph& graph) {
  absl::flat_hash_set<std::string_view> trained;
  for (const wire::TrainingInfo& training : skeleton.training) {
    for (const wire::StringPair& binding : training.update_binding) trained.insert(binding.key);
  }
  for (size_t i = 0; i < graph.tensors.size(); ++i) {
    StoredTensor& tensor = graph.tensors[i];
    tensor.is_training_state = i >= first_state;
    tensor.is_trained = tensor.scope.empty() && trained.contains(tensor.name);
  }
}

}  // namespace

absl::StatusOr<Catalogue> MakeCatalogue(const wire::Skeleton& skeleton, Graph& graph) {
  Collector collector(skeleton.graph, graph);
  RETURN_IF_ERROR(collector.AddGraph(skeleton.graph, ""));
  for (const wire::Function& function : skeleton.functions) {
    RETURN_IF_ERROR(collector.AddNodes(&function, function.nodes, FunctionScope(function)));
  }
  const size_t first_state = graph.tensors.size();
  for (size_t i = 0; i < skeleton.training.size(); ++i) {
    const wire::TrainingInfo& training = skeleton.training[i];
    RETURN_IF_ERROR(
        collector.AddGraph(training.initialization, Text("training#", i, ".initialization")));
    RETURN_IF_ERROR(collector.AddGraph(training.algorithm, Text("training#", i, ".algorithm")));
  }
  MarkTraining(skeleton, first_state, graph);
  return collector.Take();
}

}  // namespace onnx_reinit::graph
