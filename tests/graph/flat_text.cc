#include "graph/flat_text.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/text.h"
#include "gtest/gtest.h"

namespace onnx_reinit::test {
namespace {

// Numbers the values that have no name.
class Writer {
 public:
  explicit Writer(const graph::Graph& graph) : graph_(graph) {}

  std::string Line(const graph::Node& node) {
    const std::string outputs = List(node.outputs);
    return Text(outputs, outputs.empty() ? "" : " = ", node.op_type, "(", List(node.inputs), ")");
  }

 private:
  std::string List(const graph::ValueIds& values) {
    std::string list;
    for (const graph::ValueId value : values) list += (list.empty() ? "" : ", ") + Name(value);
    return list;
  }

  std::string Name(graph::ValueId value) {
    if (value == graph::kNone) return "_";
    const std::string_view name = graph_.value(value).name;
    if (!name.empty()) return std::string(name);
    return Text("%", numbers_.emplace(value, numbers_.size()).first->second);
  }

  const graph::Graph& graph_;
  absl::flat_hash_map<graph::ValueId, size_t> numbers_;
};

template <typename Items, typename Predicate>
const auto& FindWhere(const Items& items, std::string_view name, Predicate matches) {
  for (const auto& item : items) {
    if (matches(item)) return item;
  }
  ADD_FAILURE() << "there is no " << name;
  static const typename Items::value_type& nothing = *new typename Items::value_type;
  return nothing;
}

}  // namespace

TestGraph BuildGraph(TestModel model) {
  TestGraph built;
  built.model = std::make_unique<TestModel>(std::move(model));
  auto graph = graph::Build(built.model->skeleton);
  if (graph.ok()) {
    built.graph = *std::move(graph);
  } else {
    ADD_FAILURE() << graph.status();
  }
  return built;
}

std::string BuildError(const TestModel& model) {
  const auto graph = graph::Build(model.skeleton);
  if (graph.ok()) return "";
  EXPECT_EQ(graph.status().code(), absl::StatusCode::kDataLoss);
  return std::string(graph.status().message());
}

std::vector<std::string> Lines(const graph::Graph& graph) {
  Writer writer(graph);
  std::vector<std::string> lines;
  for (const graph::Node& node : graph.nodes) lines.push_back(writer.Line(node));
  return lines;
}

std::vector<std::string> TensorNames(const graph::Graph& graph) {
  std::vector<std::string> names;
  for (const graph::StoredTensor& tensor : graph.tensors) {
    names.push_back(Text(tensor.scope, "/", tensor.name));
  }
  return names;
}

const graph::Value& ValueNamed(const graph::Graph& graph, std::string_view name) {
  return FindWhere(graph.values, name, [&](const auto& value) { return value.name == name; });
}

const graph::Node& NodeOfType(const graph::Graph& graph, std::string_view op_type) {
  return FindWhere(graph.nodes, op_type, [&](const auto& node) { return node.op_type == op_type; });
}

const graph::StoredTensor& TensorNamed(const graph::Graph& graph, std::string_view name) {
  return FindWhere(graph.tensors, name, [&](const auto& tensor) { return tensor.name == name; });
}

}  // namespace onnx_reinit::test
