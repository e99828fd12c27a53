#include "graph/order.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "graph/flat_text.h"
#include "gtest/gtest.h"

namespace onnx_reinit::graph {
namespace {

using ::testing::ElementsAre;

// Node i reads the values in row i and makes value i.
Graph GraphOf(const std::vector<ValueIds>& inputs) {
  static const auto& names = *new std::vector<std::string>{"a", "b", "c", "d", "e"};
  static const wire::Node& source = *new wire::Node{.op_type = "Op", .offset = 7};
  Graph graph;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const auto id = static_cast<int32_t>(i);
    graph.values.push_back({.name = names[i], .producer = id});
    graph.nodes.push_back({.op_type = names[i],
                           .label = names[i],
                           .inputs = inputs[i],
                           .outputs = {id},
                           .source = &source});
  }
  return graph;
}

std::vector<std::string> SortedTypes(Graph graph) {
  EXPECT_TRUE(SortNodes(graph).ok());
  std::vector<std::string> types;
  for (const Node& node : graph.nodes) types.emplace_back(node.op_type);
  for (const Value& value : graph.values) {
    EXPECT_EQ(graph.node(value.producer).op_type, value.name);
  }
  return types;
}

TEST(SortNodes, KeepsAnOrderThatIsGood) {
  EXPECT_THAT(SortedTypes(GraphOf({{}, {}, {0}, {1, 2}})), ElementsAre("a", "b", "c", "d"));
}

TEST(SortNodes, PutsProducersFirst) {
  EXPECT_THAT(SortedTypes(GraphOf({{3}, {0}, {}, {2}})), ElementsAre("c", "d", "a", "b"));
}

TEST(SortNodes, CountsAValueThatIsReadTwice) {
  EXPECT_THAT(SortedTypes(GraphOf({{1, 1, kNone}, {2, 2}, {}})), ElementsAre("c", "b", "a"));
}

struct CycleRow {
  const char* name;
  std::vector<ValueIds> inputs;
  const char* node;
};

class CycleTest : public ::testing::TestWithParam<CycleRow> {};

TEST_P(CycleTest, IsRefusedByTheNameOfANodeOnIt) {
  Graph graph = GraphOf(GetParam().inputs);
  const absl::Status status = SortNodes(graph);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(std::string(status.message()), std::string("at byte 7: the graph has a cycle: node '") +
                                               GetParam().node +
                                               "' (Op) depends on its own output");
}

INSTANTIATE_TEST_SUITE_P(
    Rows, CycleTest,
    ::testing::Values(CycleRow{"one", {{0}}, "a"}, CycleRow{"two", {{}, {0, 2}, {1}}, "b"},
                      CycleRow{"not_what_follows_it", {{1}, {2}, {3}, {2}}, "c"}),
    [](const auto& test_info) { return test_info.param.name; });

}  // namespace
}  // namespace onnx_reinit::graph
