// The main graph: names, values, uses, attributes. What has a body: bodies_test.cc.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "graph/flat_text.h"
#include "graph/graph.h"
#include "gtest/gtest.h"
#include "support/model_proto.h"
#include "support/text_model.h"
#include "support/wire_bytes.h"

namespace onnx_reinit::graph {
namespace {

using test::BuildError;
using test::BuildGraph;
using test::LengthField;
using test::Lines;
using test::NodeOfType;
using test::ReadGraphText;
using test::ReadModelProto;
using test::TestGraph;
using test::ValueNamed;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Build, ConnectsNodesThroughValues) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (float[N, 2] x) => (float[N, 2] y) <float[2, 2] w = {1, 2, 3, 4}> {
        h = MatMul(x, w)
        y = Add(h, x)
      })"));
  EXPECT_THAT(Lines(built.graph), ElementsAre("h = MatMul(x, w)", "y = Add(h, x)"));
  const Value& x = ValueNamed(built.graph, "x");
  EXPECT_TRUE(x.is_input);
  EXPECT_FALSE(x.is_output);
  EXPECT_THAT(x.uses, ElementsAre(AllOf(Field(&Use::node, 0), Field(&Use::input, 0)),
                                  AllOf(Field(&Use::node, 1), Field(&Use::input, 1))));
  const Value& y = ValueNamed(built.graph, "y");
  EXPECT_TRUE(y.is_output);
  EXPECT_EQ(built.graph.node(y.producer).op_type, "Add");
  EXPECT_THAT(y.uses, IsEmpty());
}

TEST(Build, AStoredTensorIsHeldByItsValue) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (float[N, 2] x) => (float[N, 2] y) <float[2, 2] w = {1, 2, 3, 4}> {
        y = MatMul(x, w)
      })"));
  const ValueId w = NodeOfType(built.graph, "MatMul").Input(1);
  ASSERT_NE(built.graph.Stored(w), nullptr);
  EXPECT_EQ(built.graph.Stored(w)->name, "w");
  EXPECT_THAT(built.graph.Stored(w)->values, ElementsAre(w));
  EXPECT_EQ(built.graph.Producer(w), nullptr);
  EXPECT_FALSE(built.graph.value(w).is_input);
  EXPECT_EQ(built.graph.Stored(NodeOfType(built.graph, "MatMul").Input(0)), nullptr);
}

// IR 3 lists every initializer among the inputs; later models may, to let callers override it.
TEST(Build, AnInputWithAStoredDefaultIsAnInitializer) {
  onnx::ModelProto model = test::EmptyModel();
  model.set_ir_version(3);
  onnx::GraphProto& graph = *model.mutable_graph();
  test::AddInput(graph, "x", {2, 2});
  test::AddInput(graph, "w", {2, 2});
  *graph.add_initializer() = test::FloatTensor("w", {2, 2}, {1, 2, 3, 4});
  test::AddNode(graph, "MatMul", {"x", "w"}, {"y"});
  const TestGraph built = BuildGraph(ReadModelProto(model));
  EXPECT_FALSE(ValueNamed(built.graph, "w").is_input);
  EXPECT_NE(built.graph.Stored(NodeOfType(built.graph, "MatMul").Input(1)), nullptr);
  EXPECT_TRUE(built.graph.tensors.at(0).is_graph_input);
  EXPECT_NE(ValueNamed(built.graph, "w").info, nullptr);
}

TEST(Build, ConstantNodesBecomeStoredValues) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (float[N, 2] x) => (float[N, 2] y) {
        w = Constant <value = float[2] {1, 2}> ()
        s = Constant <value_float = 0.5> ()
        f = Constant <value_floats = [0.5, 1.5]> ()
        i = Constant <value_ints = [1, 2, 3]> ()
        h = Mul(x, w)
        y = Sum(h, s, f, i)
      })"));
  EXPECT_THAT(Lines(built.graph), ElementsAre("h = Mul(x, w)", "y = Sum(h, s, f, i)"));
  for (const char* name : {"w", "s", "f", "i"}) {
    const Value& value = ValueNamed(built.graph, name);
    ASSERT_NE(value.tensor, kNone) << name;
    EXPECT_EQ(built.graph.tensor(value.tensor).source, Source::kConstant);
    EXPECT_EQ(built.graph.tensor(value.tensor).name, name);
  }
  EXPECT_EQ(built.graph.Stored(NodeOfType(built.graph, "Sum").Input(1))->tensor->dims.size(), 0U);
  EXPECT_THAT(built.graph.Stored(NodeOfType(built.graph, "Sum").Input(3))->tensor->dims,
              ElementsAre(3));
}

// An operator of that name in somebody's own domain is not ONNX's.
TEST(Build, AConstantOfAnotherDomainIsANode) {
  const TestGraph built = BuildGraph(test::ReadModelText(R"(
      <ir_version: 8, opset_import: ["" : 17, "mine" : 1]>
      agraph (float[N] x) => (float[N] y) {
        c = mine.Constant <value = float[2] {1, 2}> ()
        y = Add(x, c)
      })"));
  EXPECT_THAT(Lines(built.graph), ElementsAre("c = Constant()", "y = Add(x, c)"));
}

TEST(Build, ASparseInitializerIsHeldByItsValue) {
  onnx::ModelProto model = test::EmptyModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  onnx::SparseTensorProto& sparse = *graph.add_sparse_initializer();
  *sparse.mutable_values() = test::FloatTensor("w", {2}, {1, 2});
  *sparse.mutable_indices() = test::Int64Tensor("", {2}, {0, 3});
  sparse.add_dims(2);
  sparse.add_dims(2);
  test::AddInput(graph, "x", {2, 2});
  test::AddNode(graph, "MatMul", {"x", "w"}, {"y"});
  const TestGraph built = BuildGraph(ReadModelProto(model));
  const StoredTensor* stored = built.graph.Stored(NodeOfType(built.graph, "MatMul").Input(1));
  ASSERT_NE(stored, nullptr);
  EXPECT_THAT(stored->sparse->dims, ElementsAre(2, 2));
  EXPECT_THAT(stored->tensor->dims, ElementsAre(2));
}

TEST(Build, AnEmptyNameIsAnAbsentInput) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (float[N] x, float h) => (float[N] y) {
        y = Clip(x, , h)
      })"));
  EXPECT_THAT(Lines(built.graph), ElementsAre("y = Clip(x, _, h)"));
  const Node& clip = NodeOfType(built.graph, "Clip");
  EXPECT_EQ(clip.Input(1), kNone);
  EXPECT_EQ(clip.Input(3), kNone);
}

TEST(Build, SeveralUnnamedOutputsAreNoDuplicates) {
  onnx::ModelProto model = test::EmptyModel();
  test::AddInput(*model.mutable_graph(), "x", {2});
  test::AddNode(*model.mutable_graph(), "Split", {"x"}, {"", "", "y"});
  const TestGraph built = BuildGraph(ReadModelProto(model));
  EXPECT_THAT(Lines(built.graph), ElementsAre("_, _, y = Split(x)"));
  EXPECT_EQ(ValueNamed(built.graph, "y").output, 2);
}

TEST(Build, NodesAreNamedByTheirNameOrPlace) {
  onnx::ModelProto model = test::EmptyModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  test::AddInput(graph, "x", {2});
  test::AddNode(graph, "Relu", {"x"}, {"a"}, "/block/relu");
  test::AddNode(graph, "Relu", {"a"}, {"b"});
  test::AddNode(graph, "Relu", {"b"}, {"c"}, "/block/relu");
  const TestGraph built = BuildGraph(ReadModelProto(model));
  EXPECT_THAT(built.graph.nodes, ElementsAre(Field(&Node::label, "/block/relu"),
                                             Field(&Node::label, "#1"), Field(&Node::label, "#2")));
  EXPECT_EQ(built.graph.nodes[2].name, "/block/relu");
  EXPECT_EQ(built.graph.Describe(built.graph.nodes[1]), "Relu of #1");
}

TEST(Build, AiOnnxIsTheDefaultDomain) {
  const TestGraph built = BuildGraph(test::ReadModelText(R"(
      <ir_version: 8, opset_import: ["ai.onnx" : 13, "mine" : 3]>
      agraph (float[N] x) => (float[N] y) {
        a = ai.onnx.Relu(x)
        b = mine.Relu(a)
        y = other.Relu(b)
      })"));
  EXPECT_THAT(built.graph.nodes,
              ElementsAre(AllOf(Field(&Node::domain, ""), Field(&Node::version, 13)),
                          AllOf(Field(&Node::domain, "mine"), Field(&Node::version, 3)),
                          AllOf(Field(&Node::domain, "other"), Field(&Node::version, 0))));
  EXPECT_TRUE(built.graph.nodes[0].Is("Relu"));
  EXPECT_FALSE(built.graph.nodes[1].Is("Relu"));
}

TEST(Build, BeforeIr3TheOpsetIs1) {
  const std::string graph = LengthField(1, LengthField(2, "y") + LengthField(4, "Op"));
  const TestGraph built =
      BuildGraph(test::ReadModelBytes(test::VarintField(1, 2) + LengthField(7, graph)));
  EXPECT_EQ(built.graph.nodes.at(0).version, 1);
}

TEST(Build, DeclaredTypesAreKnownAtTheirValues) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (float[N, 3] x) => (float[N, 5] y) <float[7] h> {
        h = Op(x)
        y = Op(h)
      })"));
  const auto last_dim = [&](const char* name) {
    return ValueNamed(built.graph, name).info->shape.back().value;
  };
  EXPECT_EQ(last_dim("x"), 3);
  EXPECT_EQ(last_dim("h"), 7);
  EXPECT_EQ(last_dim("y"), 5);
}

TEST(Build, NodesAreSortedAndKeepTheirOrderOtherwise) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (float[N] x) => (float[N] y) {
        y = Add(a, b)
        d = Neg(x)
        b = Relu(a)
        c = Abs(x)
        a = Exp(x)
      })"));
  EXPECT_THAT(Lines(built.graph), ElementsAre("d = Neg(x)", "c = Abs(x)", "a = Exp(x)",
                                              "b = Relu(a)", "y = Add(a, b)"));
  EXPECT_EQ(ValueNamed(built.graph, "a").producer, 2);
  EXPECT_THAT(ValueNamed(built.graph, "a").uses, SizeIs(2));
}

TEST(Build, AttributeTensorsBelongToTheirNode) {
  const TestGraph built = BuildGraph(test::ReadModelText(R"(
      <ir_version: 8, opset_import: ["" : 17, "ai.onnx.ml" : 2]>
      agraph (float[N, 2] x) => (float[N, 1] y) {
        y = ai.onnx.ml.LinearRegressor <coefficients = [0.5, 1.5], intercepts = [2.0]> (x)
      })"));
  EXPECT_THAT(test::TensorNames(built.graph), ElementsAre("/#0.coefficients", "/#0.intercepts"));
  for (const StoredTensor& stored : built.graph.tensors) {
    EXPECT_EQ(stored.owner, 0);
    EXPECT_EQ(stored.source, Source::kAttribute);
    EXPECT_THAT(stored.values, IsEmpty());
  }
  EXPECT_EQ(built.graph.tensors[1].attribute, "intercepts");
}

struct RefusedRow {
  const char* name;
  const char* graph;
  const char* sentence;
};

class RefusedGraphTest : public ::testing::TestWithParam<RefusedRow> {};

TEST_P(RefusedGraphTest, SaysWhatAndWhere) {
  const test::TestModel model = ReadGraphText(GetParam().graph);
  EXPECT_THAT(BuildError(model), HasSubstr(GetParam().sentence));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RefusedGraphTest,
    ::testing::Values(
        RefusedRow{"unknown_name", "g (float[N] x) => (float[N] y) { y = Add(x, z) }",
                   "nothing defines the name 'z', which is used in the main graph"},
        RefusedRow{"unknown_output", "g (float[N] x) => (float[N] z) { y = Relu(x) }",
                   "nothing defines the name 'z'"},
        RefusedRow{"two_outputs", "g (float[N] x) => (float[N] y) { y = Relu(x) y = Neg(x) }",
                   "the name 'y' is defined twice in the main graph"},
        RefusedRow{"one_node_twice", "g (float[N] x) => (float[N] y) { y, y = Split(x) }",
                   "the name 'y' is defined twice"},
        RefusedRow{"input_and_output", "g (float[N] x) => (float[N] x) { x = Relu(x) }",
                   "the name 'x' is defined twice"},
        RefusedRow{"two_inputs", "g (float[N] x, float[N] x) => (float[N] y) { y = Relu(x) }",
                   "the name 'x' is defined twice"},
        RefusedRow{"initializer_and_output",
                   "g (float[N] x) => (float[N] w) <float[1] w = {1}> { w = Relu(x) }",
                   "the name 'w' is defined twice"},
        RefusedRow{"own_input", "g (float[N] x) => (float[N] y) { y = Add(x, y) }",
                   "the graph has a cycle: node '#0' (Add) depends on its own output"},
        RefusedRow{"cycle_behind_it",
                   "g (float[N] x) => (float[N] y) { y = Neg(b) a = Add(x, b) b = Relu(a) }",
                   "the graph has a cycle: node '#2' (Relu) depends on its own output"}),
    [](const auto& test_info) { return test_info.param.name; });

// A name may hold anything, so errors print it in a form that is safe on a terminal.
TEST(Build, NamesInErrorsAreSafeToPrint) {
  onnx::ModelProto model = test::EmptyModel();
  test::AddNode(*model.mutable_graph(), "Relu", {"\x1b[2J"}, {"y"});
  EXPECT_THAT(BuildError(ReadModelProto(model)), HasSubstr(R"(the name '\x1B[2J')"));
}

TEST(Build, ErrorsTellThePlace) {
  onnx::ModelProto model = test::EmptyModel();
  test::AddNode(*model.mutable_graph(), "Relu", {"x"}, {"y"});
  const test::TestModel file = ReadModelProto(model);
  const std::string bytes = test::ReadFile(file.file->path());
  const std::string node = test::Serialize(model.graph().node(0));
  EXPECT_EQ(BuildError(file),
            "at byte " + std::to_string(bytes.find(node)) +
                ": nothing defines the name 'x', which is used in the main graph");
}

}  // namespace
}  // namespace onnx_reinit::graph
