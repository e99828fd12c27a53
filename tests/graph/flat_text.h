// Flat graphs as text, one line per node, for tests that read as tables.
#ifndef ONNX_REINIT_TESTS_GRAPH_FLAT_TEXT_H_
#define ONNX_REINIT_TESTS_GRAPH_FLAT_TEXT_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "support/text_model.h"

namespace onnx_reinit::test {

// A graph and the model that it points into.
struct TestGraph {
  std::unique_ptr<TestModel> model;
  graph::Graph graph;
};

// The test fails, and the graph is empty, where it cannot be built.
TestGraph BuildGraph(TestModel model);
// "" where the graph can be built, else why not.
std::string BuildError(const TestModel& model);

// "y = MatMul(x, w)", in node order. Values without a name of their own are %0, %1 ... in the order
// in which they appear; an absent input is "_"; border nodes are written like "Merge".
std::vector<std::string> Lines(const graph::Graph& graph);

// "scope/name" of every stored tensor, in order.
std::vector<std::string> TensorNames(const graph::Graph& graph);

// The first value, node or tensor of that name; the test fails where there is none.
const graph::Value& ValueNamed(const graph::Graph& graph, std::string_view name);
const graph::Node& NodeOfType(const graph::Graph& graph, std::string_view op_type);
const graph::StoredTensor& TensorNamed(const graph::Graph& graph, std::string_view name);

}  // namespace onnx_reinit::test

#endif  // ONNX_REINIT_TESTS_GRAPH_FLAT_TEXT_H_
