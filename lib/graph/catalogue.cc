#include "graph/catalogue.h"

#include <charconv>
#include <limits>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "base/element_type.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "graph/calls.h"
#include "graph/names.h"

namespace onnx_reinit::graph {
namespace {

// What no two tensors may have in common.
struct Identity {
  std::string_view scope;
  std::string_view name;
  friend bool operator==(const Identity&, const Identity&) = default;
};

// Tensors by their identities, which stand in Graph::tensors only.
struct IdentityTable {
  using is_transparent = void;
  const std::vector<StoredTensor>* tensors;

  Identity Of(TensorId id) const {
    const StoredTensor& tensor = (*tensors)[static_cast<size_t>(id)];
    return {tensor.scope, tensor.name};
  }
  static Identity Of(const Identity& identity) { return identity; }
};

struct IdentityHash : IdentityTable {
  template <typename Key>
  size_t operator()(const Key& key) const {
    const Identity identity = Of(key);
    return absl::HashOf(TextPiece(identity.scope), TextPiece(identity.name));
  }
};

struct SameIdentity : IdentityTable {
  template <typename One, typename Other>
  bool operator()(const One& one, const Other& other) const {
    return Of(one) == Of(other);
  }
};

class Collector {
 public:
  // Nearly all tensors are initializers of the main graph.
  Collector(const wire::Graph& main, Graph& graph)
      : graph_(graph), ids_(0, IdentityHash{&graph.tensors}, SameIdentity{&graph.tensors}) {
    graph_.tensors.reserve(main.initializers.size());
    ids_.reserve(main.initializers.size());
  }

  absl::Status AddGraph(const wire::Graph& body, const std::string& scope);
  absl::Status AddFunction(const wire::Function& function);
  Catalogue Take() { return std::move(catalogue_); }

 private:
  absl::Status AddInitializers(const wire::Graph& body, const std::string& scope);
  absl::Status AddNodes(const std::vector<wire::Node>& nodes, const std::string& scope,
                        Section& section);
  absl::Status AddNode(const wire::Node& node, std::string_view label, const std::string& scope);
  absl::Status AddAttribute(const wire::Node& node, const wire::Attribute& attribute,
                            std::string_view label, const std::string& scope);
  StoredTensor& Append(const std::string& scope, const wire::Tensor& tensor);
  // The tensor that was appended last; `place`: in an attribute.
  absl::Status AdmitAt(const void* place, uint64_t offset);
  absl::Status Admit(uint64_t offset);
  absl::Status CountBytes(size_t bytes, uint64_t offset);
  std::vector<std::string_view> NodeLabels(const std::vector<wire::Node>& nodes);
  StoredTensor& AppendAttribute(const wire::Node& node, const wire::Attribute& attribute,
                                std::string_view label, const std::string& scope, size_t i,
                                const wire::Tensor& tensor);
  const wire::Tensor* ScalarStandIn(const wire::Attribute& attribute);

  Graph& graph_;
  Catalogue catalogue_;
  absl::flat_hash_set<TensorId, IdentityHash, SameIdentity> ids_;
  uint64_t bytes_ = 0;
};

// The first graph of a list attribute has no number.
std::string SubgraphScope(const std::string& scope, std::string_view node_label,
                          const wire::Attribute& attribute, size_t index) {
  return Text(scope, scope.empty() ? "" : "/", node_label, ".", attribute.name,
              index == 0 ? "" : Text("#", index));
}

// "#INDEX" for many indices, written one behind the other: a string for each would take most of the
// time of a model whose nodes have no names.
class Numbers {
 public:
  Numbers(std::string& text, size_t count) : text_(text) { text_.resize(count * kMost); }
  std::string_view Next(size_t index) {
    char* begin = text_.data() + used_;
    *begin = '#';
    const char* end = std::to_chars(begin + 1, begin + kMost, index).ptr;
    used_ += static_cast<size_t>(end - begin);
    return {begin, end};
  }

 private:
  static constexpr size_t kMost = 1 + std::numeric_limits<int32_t>::digits10 + 1;
  std::string& text_;
  size_t used_ = 0;
};

bool IsConstant(const wire::Node& node) {
  return node.op_type == "Constant" && NormalDomain(node.domain).empty();
}

absl::Status Collector::CountBytes(size_t bytes, uint64_t offset) {
  bytes_ += bytes;
  if (bytes_ <= kMaxIdentityBytes) return absl::OkStatus();
  return absl::DataLossError(Text("at byte ", offset, ": the names and scopes of the tensors take ",
                                  "more than ", kMaxIdentityBytes, " bytes"));
}

StoredTensor& Collector::Append(const std::string& scope, const wire::Tensor& tensor) {
  StoredTensor& entry = graph_.tensors.emplace_back();
  entry.tensor = &tensor;
  entry.scope = scope;
  return entry;
}

absl::Status Collector::Admit(uint64_t offset) {
  const StoredTensor& tensor = graph_.tensors.back();
  RETURN_IF_ERROR(CountBytes(tensor.scope.size() + tensor.name.size(), offset));
  if (ids_.insert(static_cast<TensorId>(graph_.tensors.size() - 1)).second) {
    return absl::OkStatus();
  }
  return absl::DataLossError(Text("at byte ", offset, ": a second tensor with the name ",
                                  Quote(tensor.name),
                                  tensor.scope.empty() ? "" : Text(" in ", Quote(tensor.scope)),
                                  ": readers disagree on which one counts"));
}

absl::Status Collector::AdmitAt(const void* place, uint64_t offset) {
  catalogue_.tensors[place] = static_cast<TensorId>(graph_.tensors.size() - 1);
  return Admit(offset);
}

absl::Status Collector::AddInitializers(const wire::Graph& body, const std::string& scope) {
  const size_t first = graph_.tensors.size();
  for (const wire::Tensor& tensor : body.initializers) {
    Append(scope, tensor).name = tensor.name;
    RETURN_IF_ERROR(Admit(tensor.offset));
  }
  for (const wire::ValueInfo& input : body.inputs) {
    const auto found = ids_.find(Identity{scope, input.name});
    if (found == ids_.end() || static_cast<size_t>(*found) < first) continue;
    graph_.tensors[static_cast<size_t>(*found)].is_graph_input = true;
  }
  for (const wire::SparseTensor& sparse : body.sparse_initializers) {
    StoredTensor& entry = Append(scope, sparse.values);
    entry.sparse = &sparse;
    entry.name = sparse.values.name;
    entry.source = Source::kSparseInitializer;
    RETURN_IF_ERROR(Admit(sparse.values.offset));
  }
  return absl::OkStatus();
}

absl::Status Collector::AddGraph(const wire::Graph& body, const std::string& scope) {
  Section& section = catalogue_.sections[&body];
  section.first_tensor = static_cast<TensorId>(graph_.tensors.size());
  RETURN_IF_ERROR(AddInitializers(body, scope));
  return AddNodes(body.nodes, scope, section);
}

absl::Status Collector::AddFunction(const wire::Function& function) {
  return AddNodes(function.nodes, FunctionScope(function), catalogue_.sections[&function]);
}

std::vector<std::string_view> Collector::NodeLabels(const std::vector<wire::Node>& nodes) {
  absl::flat_hash_set<std::string_view, NameHash> names;
  names.reserve(nodes.size());
  std::vector<std::string_view> labels;
  labels.reserve(nodes.size());
  size_t unnamed = 0;
  for (const wire::Node& node : nodes) {
    const bool is_own = !node.name.empty() && names.insert(node.name).second;
    labels.push_back(is_own ? node.name : "");
    if (!is_own) ++unnamed;
  }
  Numbers numbers(graph_.numbers.emplace_back(), unnamed);
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i].empty()) labels[i] = numbers.Next(i);
  }
  return labels;
}

absl::Status Collector::AddNodes(const std::vector<wire::Node>& nodes, const std::string& scope,
                                 Section& section) {
  section.labels = NodeLabels(nodes);
  section.scope = static_cast<int32_t>(graph_.scope_names.size());
  graph_.scope_names.push_back(scope);
  for (size_t i = 0; i < nodes.size(); ++i) {
    RETURN_IF_ERROR(AddNode(nodes[i], section.labels[i], scope));
  }
  return absl::OkStatus();
}

absl::Status Collector::AddNode(const wire::Node& node, std::string_view label,
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
StoredTensor& Collector::AppendAttribute(const wire::Node& node, const wire::Attribute& attribute,
                                         std::string_view label, const std::string& scope, size_t i,
                                         const wire::Tensor& tensor) {
  StoredTensor& entry = Append(scope, tensor);
  entry.attribute = attribute.name;
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
                                     std::string_view label, const std::string& scope) {
  for (size_t i = 0; i < attribute.tensors.size(); ++i) {
    const wire::Tensor& tensor = attribute.tensors[i];
    AppendAttribute(node, attribute, label, scope, i, tensor);
    RETURN_IF_ERROR(AdmitAt(&tensor, tensor.offset));
  }
  for (size_t i = 0; i < attribute.sparse_tensors.size(); ++i) {
    const wire::SparseTensor& sparse = attribute.sparse_tensors[i];
    AppendAttribute(node, attribute, label, scope, i, sparse.values).sparse = &sparse;
    RETURN_IF_ERROR(AdmitAt(&sparse, sparse.values.offset));
  }
  const wire::Tensor* numbers = attribute.floats.dims.empty() ? nullptr : &attribute.floats;
  if (numbers == nullptr && IsConstant(node)) numbers = ScalarStandIn(attribute);
  if (numbers == nullptr) return absl::OkStatus();
  StoredTensor& entry = AppendAttribute(node, attribute, label, scope, 0, *numbers);
  if (numbers->storage == wire::Storage::kNone) entry.literal = &attribute;
  return AdmitAt(&attribute, node.offset);
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
  if (skeleton.training.empty()) return;
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
    RETURN_IF_ERROR(collector.AddFunction(function));
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
