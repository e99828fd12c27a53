#include "support/text_model.h"

#include "gmock/gmock.h"
#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"
#include "support/model_proto.h"

namespace onnx_reinit::test {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kGraph = R"(
  agraph (float[N, 4] x) => (float[N, 2] y) <float[4, 2] w = {1, 2, 3, 4, 5, 6, 7, 8}> {
    y = MatMul(x, w)
  })";

TEST(TextModel, IsReadThroughAFile) {
  const TestModel model = ReadGraphText(kGraph);
  ASSERT_EQ(model.skeleton.graph.nodes.size(), 1U);
  EXPECT_THAT(model.skeleton.graph.nodes[0].inputs, ElementsAre("x", "w"));
  ASSERT_EQ(model.skeleton.graph.initializers.size(), 1U);
  EXPECT_THAT(model.skeleton.graph.initializers[0].dims, ElementsAre(4, 2));
  EXPECT_EQ(model.input->path(), model.file->path());
}

TEST(TextModel, WrongTextFailsTheTest) {
  EXPECT_NONFATAL_FAILURE(EXPECT_EQ(BytesOfText("agraph ("), ""), "agraph (");
}

TEST(TextModel, BytesThatAreNoModelFailTheTest) {
  EXPECT_NONFATAL_FAILURE(ReadModelBytes("\x07"), "at byte 0");
}

TEST(ModelProto, SaysWhatTheTextSays) {
  onnx::ModelProto model = EmptyModel();
  AddInput(*model.mutable_graph(), "x", {-1, 4});
  AddOutput(*model.mutable_graph(), "y", {-1, 2});
  AddNode(*model.mutable_graph(), "MatMul", {"x", "w"}, {"y"});
  *model.mutable_graph()->add_initializer() = FloatTensor("w", {4, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  const TestModel made = ReadModelProto(model);
  const TestModel read = ReadGraphText(kGraph);
  const wire::Graph& graph = made.skeleton.graph;
  const wire::Graph& from_text = read.skeleton.graph;
  EXPECT_EQ(graph.nodes[0].inputs, from_text.nodes[0].inputs);
  EXPECT_EQ(graph.nodes[0].op_type, from_text.nodes[0].op_type);
  EXPECT_EQ(graph.initializers[0].dims, from_text.initializers[0].dims);
  EXPECT_EQ(graph.inputs[0].shape[1].value, from_text.inputs[0].shape[1].value);
  EXPECT_EQ(graph.outputs[0].name, from_text.outputs[0].name);
}

}  // namespace
}  // namespace onnx_reinit::test
