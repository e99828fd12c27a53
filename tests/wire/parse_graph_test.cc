#include "wire/parse_graph.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/text_model.h"
#include "support/wire_bytes.h"

namespace onnx_reinit::wire {
namespace {

using test::LengthField;
using test::VarintField;
using ::testing::SizeIs;

std::string Entry(const std::string& key, const std::string& value) {
  return LengthField(1, key) + LengthField(2, value);
}

TEST(ParseGraph, KeepsEveryField) {
  const std::string body =
      LengthField(16, Entry("k", "v")) + LengthField(15, "") + LengthField(13, "") +
      LengthField(14, LengthField(1, "t") + LengthField(2, Entry("SCALE_TENSOR", "s"))) +
      LengthField(12, "") + LengthField(11, "") + LengthField(10, "doc") + LengthField(5, "") +
      LengthField(2, "g") + LengthField(1, "");
  const std::string bytes = test::ModelOfGraph(body);
  const test::TestModel model = test::ReadModelBytes(bytes);
  const Graph& graph = model.skeleton.graph;
  EXPECT_EQ(graph.name, "g");
  EXPECT_THAT(graph.nodes, SizeIs(1));
  EXPECT_THAT(graph.initializers, SizeIs(1));
  EXPECT_THAT(graph.sparse_initializers, SizeIs(1));
  EXPECT_THAT(graph.inputs, SizeIs(1));
  EXPECT_THAT(graph.outputs, SizeIs(1));
  EXPECT_THAT(graph.value_info, SizeIs(1));
  ASSERT_THAT(graph.quantization, SizeIs(1));
  EXPECT_EQ(graph.quantization[0].tensor_name, "t");
  EXPECT_EQ(graph.quantization[0].parameters.at(0).value, "s");
  EXPECT_EQ(graph.metadata.at(0).value, "v");
  EXPECT_EQ(graph.offset, bytes.find(body));
}

TEST(ParseGraph, MergesAGraphThatAppearsTwice) {
  const std::string graph = LengthField(1, LengthField(4, "Op")) + LengthField(5, "");
  const std::string bytes = test::ModelOfGraph(graph + LengthField(2, "first")) +
                            LengthField(7, graph + LengthField(2, "second")) + VarintField(1, 9);
  const test::TestModel model = test::ReadModelBytes(bytes);
  EXPECT_THAT(model.skeleton.graph.nodes, SizeIs(2));
  EXPECT_THAT(model.skeleton.graph.initializers, SizeIs(2));
  EXPECT_EQ(model.skeleton.graph.name, "second");
  EXPECT_EQ(model.skeleton.graph.offset, bytes.find(graph));
  EXPECT_EQ(model.skeleton.ir_version, 9);
  // Each initializer's frame leads to the graph field it stands in.
  const std::vector<Frame>& frames = model.skeleton.frames;
  ASSERT_THAT(frames, SizeIs(4));
  const auto parent = [&](size_t i) {
    return frames[model.skeleton.graph.initializers[i].frames.at(0)].parent;
  };
  EXPECT_NE(parent(0), parent(1));
}

// 1.25 of what is needed, for tensors of some length behind a list of nodes.
TEST(ParseGraph, TakesNoMoreRoomForManyTensorsThanTheRestOfTheFileMayHold) {
  constexpr size_t kCount = 3000;
  std::string body;
  for (size_t i = 0; i < kCount; ++i) body += LengthField(1, LengthField(4, "Op"));
  for (size_t i = 0; i < kCount; ++i) body += LengthField(5, LengthField(8, "a name"));
  const test::TestModel model = test::ReadModelBytes(test::ModelOfGraph(body));
  ASSERT_THAT(model.skeleton.graph.initializers, SizeIs(kCount));
  EXPECT_LE(model.skeleton.graph.initializers.capacity(), kCount * 5 / 4);
}

}  // namespace
}  // namespace onnx_reinit::wire
