// Every tensor by its identity, wherever it hides.
#include "graph/catalogue.h"

#include <string>

#include "gmock/gmock.h"
#include "graph/flat_text.h"
#include "gtest/gtest.h"
#include "support/model_proto.h"
#include "support/text_model.h"

namespace onnx_reinit::graph {
namespace {

using test::BuildError;
using test::BuildGraph;
using test::FloatTensor;
using test::ReadModelProto;
using test::TensorNamed;
using test::TensorNames;
using test::TestGraph;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

onnx::AttributeProto& AddAttribute(onnx::NodeProto& node, const char* name,
                                   onnx::AttributeProto::AttributeType type) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(type);
  return attribute;
}

onnx::SparseTensorProto Sparse(const char* name) {
  onnx::SparseTensorProto sparse;
  *sparse.mutable_values() = FloatTensor(name, {1}, {1});
  *sparse.mutable_indices() = test::Int64Tensor("", {1}, {0});
  sparse.add_dims(4);
  return sparse;
}

TEST(Catalogue, NamesTensorsWhereverTheyHide) {
  onnx::ModelProto model = test::EmptyModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  *graph.add_initializer() = FloatTensor("w", {1}, {1});
  *graph.add_sparse_initializer() = Sparse("s");
  onnx::NodeProto& one = test::AddNode(graph, "Op", {}, {"a"}, "n1");
  *AddAttribute(one, "single", onnx::AttributeProto::TENSOR).mutable_t() =
      FloatTensor("", {1}, {1});
  onnx::AttributeProto& list = AddAttribute(one, "list", onnx::AttributeProto::TENSORS);
  *list.add_tensors() = FloatTensor("x", {1}, {1});
  *list.add_tensors() = FloatTensor("x", {1}, {1});
  AddAttribute(one, "numbers", onnx::AttributeProto::FLOATS).add_floats(1);
  *AddAttribute(one, "thin", onnx::AttributeProto::SPARSE_TENSOR).mutable_sparse_tensor() =
      Sparse("y");
  onnx::AttributeProto& graphs = AddAttribute(one, "bodies", onnx::AttributeProto::GRAPHS);
  *graphs.add_graphs()->add_initializer() = FloatTensor("w", {1}, {1});
  *graphs.add_graphs()->add_initializer() = FloatTensor("w", {1}, {1});
  onnx::NodeProto& constant = test::AddNode(graph, "Constant", {}, {"c"}, "n2");
  *AddAttribute(constant, "value", onnx::AttributeProto::TENSOR).mutable_t() =
      FloatTensor("ignored", {1}, {1});
  const TestGraph built = BuildGraph(ReadModelProto(model));
  EXPECT_THAT(TensorNames(built.graph),
              ElementsAre("/w", "/s", "/n1.single", "/n1.list", "/n1.list#1", "/n1.numbers",
                          "/n1.thin", "n1.bodies/w", "n1.bodies#1/w", "/c"));
  EXPECT_EQ(TensorNamed(built.graph, "s").source, Source::kSparseInitializer);
  EXPECT_EQ(TensorNamed(built.graph, "c").source, Source::kConstant);
  EXPECT_EQ(TensorNamed(built.graph, "n1.list").source, Source::kAttribute);
}

// A value_float of 0 has no bytes in files of proto3 writers.
TEST(Catalogue, KnowsConstantsThatTheSkeletonHolds) {
  onnx::ModelProto model = test::EmptyModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  const auto add = [&](const char* output, const char* attribute,
                       onnx::AttributeProto::AttributeType type) -> onnx::AttributeProto& {
    return AddAttribute(test::AddNode(graph, "Constant", {}, {output}), attribute, type);
  };
  add("half", "value_float", onnx::AttributeProto::FLOAT).set_f(0.5F);
  add("zero", "value_float", onnx::AttributeProto::FLOAT);
  add("five", "value_int", onnx::AttributeProto::INT).set_i(5);
  add("shape", "value_ints", onnx::AttributeProto::INTS).add_ints(3);
  add("text", "value_string", onnx::AttributeProto::STRING).set_s("a");
  const TestGraph built = BuildGraph(ReadModelProto(model));
  EXPECT_EQ(TensorNamed(built.graph, "half").literal, nullptr);
  EXPECT_EQ(TensorNamed(built.graph, "half").tensor->storage, wire::Storage::kFloats);
  for (const char* name : {"zero", "five", "shape", "text"}) {
    const StoredTensor& stored = TensorNamed(built.graph, name);
    ASSERT_NE(stored.literal, nullptr) << name;
    EXPECT_EQ(stored.tensor->storage, wire::Storage::kNone) << name;
  }
  EXPECT_EQ(TensorNamed(built.graph, "zero").literal->f, 0);
  EXPECT_THAT(TensorNamed(built.graph, "zero").tensor->dims, ElementsAre());
  EXPECT_EQ(TensorNamed(built.graph, "five").literal->i, 5);
  EXPECT_THAT(TensorNamed(built.graph, "shape").tensor->dims, ElementsAre(1));
}

TEST(Catalogue, AFunctionThatNothingCallsHasItsTensorsToo) {
  const TestGraph built = BuildGraph(test::ReadModelText(R"(
      <ir_version: 8, opset_import: ["" : 17]>
      agraph (float[N] x) => (float[N] y) { y = Relu(x) }
      <domain: "local", opset_import: ["" : 17]>
      f () => (r) { r = Constant <value = float[2] {1, 2}> () })"));
  EXPECT_THAT(TensorNames(built.graph), ElementsAre("fn:local.f/r"));
  EXPECT_THAT(TensorNamed(built.graph, "r").values, ElementsAre());
}

TEST(Catalogue, KnowsWhatIsTrained) {
  onnx::ModelProto model = test::EmptyModel();
  *model.mutable_graph()->add_initializer() = FloatTensor("w", {1}, {1});
  *model.mutable_graph()->add_initializer() = FloatTensor("table", {1}, {1});
  onnx::TrainingInfoProto& training = *model.add_training_info();
  *training.mutable_algorithm()->add_initializer() = FloatTensor("momentum", {1}, {1});
  for (const char* name : {"w", "momentum"}) {
    onnx::StringStringEntryProto& binding = *training.add_update_binding();
    binding.set_key(name);
    binding.set_value(std::string(name) + "_new");
  }
  const TestGraph built = BuildGraph(ReadModelProto(model));
  EXPECT_TRUE(TensorNamed(built.graph, "w").is_trained);
  EXPECT_FALSE(TensorNamed(built.graph, "table").is_trained);
  EXPECT_FALSE(TensorNamed(built.graph, "momentum").is_trained);
  EXPECT_TRUE(TensorNamed(built.graph, "momentum").is_training_state);
  EXPECT_FALSE(TensorNamed(built.graph, "w").is_training_state);
  EXPECT_EQ(TensorNamed(built.graph, "momentum").scope, "training#0.algorithm");
}

TEST(Catalogue, ANameTwiceInOneScopeIsRefused) {
  onnx::ModelProto model = test::EmptyModel();
  *model.mutable_graph()->add_initializer() = FloatTensor("w", {1}, {1});
  *model.mutable_graph()->add_sparse_initializer() = Sparse("w");
  EXPECT_THAT(BuildError(ReadModelProto(model)),
              MatchesRegex("at byte [0-9]+: a second tensor with the name 'w': readers disagree on "
                           "which one counts"));
}

TEST(Catalogue, ANameTwiceInASubgraphIsRefusedWithItsScope) {
  onnx::ModelProto model = test::EmptyModel();
  onnx::NodeProto& node = test::AddNode(*model.mutable_graph(), "Op", {}, {"y"}, "n");
  onnx::GraphProto& body = *AddAttribute(node, "body", onnx::AttributeProto::GRAPH).mutable_g();
  *body.add_initializer() = FloatTensor("w", {1}, {1});
  *body.add_initializer() = FloatTensor("w", {1}, {2});
  EXPECT_THAT(BuildError(ReadModelProto(model)), HasSubstr("with the name 'w' in 'n.body'"));
}

TEST(Catalogue, OneNameInTwoScopesIsFine) {
  onnx::ModelProto model = test::EmptyModel();
  *model.mutable_graph()->add_initializer() = FloatTensor("w", {1}, {1});
  onnx::NodeProto& node = test::AddNode(*model.mutable_graph(), "Op", {}, {"y"}, "n");
  *AddAttribute(node, "body", onnx::AttributeProto::GRAPH).mutable_g()->add_initializer() =
      FloatTensor("w", {1}, {1});
  EXPECT_THAT(TensorNames(BuildGraph(ReadModelProto(model)).graph), ElementsAre("/w", "n.body/w"));
}

// A scope repeats the names of the nodes around it: 1 MB of file would make 100 GB of identities.
TEST(Catalogue, NamesThatMultiplyAreRefused) {
  onnx::ModelProto model = test::EmptyModel();
  onnx::NodeProto& node =
      test::AddNode(*model.mutable_graph(), "Op", {}, {"y"}, std::string(1'000'000, 'n'));
  onnx::GraphProto& body = *AddAttribute(node, "body", onnx::AttributeProto::GRAPH).mutable_g();
  for (int i = 0; i < 1000; ++i) {
    *body.add_initializer() = FloatTensor(std::to_string(i), {1}, {1});
  }
  EXPECT_THAT(BuildError(ReadModelProto(model)),
              EndsWith("the names and scopes of the tensors take more than 32000000 bytes"));
}

}  // namespace
}  // namespace onnx_reinit::graph
