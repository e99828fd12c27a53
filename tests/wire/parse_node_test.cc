#include "wire/parse_node.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/text_model.h"
#include "support/wire_bytes.h"

namespace onnx_reinit::wire {
namespace {

using test::FloatBytes;
using test::FloatField;
using test::LengthField;
using test::ModelOfAttribute;
using test::ModelOfGraph;
using test::VarintField;
using test::VarintsBytes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Read {
  test::TestModel model;
  const Attribute& attribute;
};

Read ReadAttribute(const std::string& body) {
  test::TestModel model = test::ReadModelBytes(ModelOfAttribute(body));
  const Attribute& attribute = model.skeleton.graph.nodes.at(0).attributes.at(0);
  return {std::move(model), attribute};
}

struct TypeRow {
  const char* name;
  std::string body;
  AttributeType type;
};

class TypeTest : public ::testing::TestWithParam<TypeRow> {};

TEST_P(TypeTest, IsAsDeclaredOrAsTheFieldThatIsSet) {
  EXPECT_EQ(ReadAttribute(GetParam().body).attribute.type, GetParam().type);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, TypeTest,
    ::testing::Values(
        TypeRow{"declared", VarintField(20, 7) + VarintField(3, 1), AttributeType::kInts},
        TypeRow{"declared_undefined", VarintField(20, 0) + VarintField(3, 1), AttributeType::kInt},
        TypeRow{"declared_unknown_is_ignored", VarintField(20, 99) + VarintField(3, 1),
                AttributeType::kInt},
        TypeRow{"nothing", LengthField(1, "a"), AttributeType::kUndefined},
        TypeRow{"f", FloatField(2, 0), AttributeType::kFloat},
        TypeRow{"i", VarintField(3, 0), AttributeType::kInt},
        TypeRow{"s", LengthField(4, ""), AttributeType::kString},
        TypeRow{"t", LengthField(5, ""), AttributeType::kTensor},
        TypeRow{"g", LengthField(6, ""), AttributeType::kGraph},
        TypeRow{"floats", LengthField(7, FloatBytes({1})), AttributeType::kFloats},
        TypeRow{"floats_empty", LengthField(7, ""), AttributeType::kUndefined},
        TypeRow{"ints", VarintField(8, 1), AttributeType::kInts},
        TypeRow{"strings", LengthField(9, ""), AttributeType::kStrings},
        TypeRow{"tensors", LengthField(10, ""), AttributeType::kTensors},
        TypeRow{"graphs", LengthField(11, ""), AttributeType::kGraphs},
        TypeRow{"tp", LengthField(14, ""), AttributeType::kTypeProto},
        TypeRow{"type_protos", LengthField(15, ""), AttributeType::kTypeProtos},
        TypeRow{"sparse_tensor", LengthField(22, ""), AttributeType::kSparseTensor},
        TypeRow{"sparse_tensors", LengthField(23, ""), AttributeType::kSparseTensors},
        TypeRow{"two_fields", LengthField(4, "") + VarintField(3, 1), AttributeType::kInt}),
    [](const auto& test_info) { return test_info.param.name; });

TEST(ParseAttribute, KeepsScalarsAndThePlaceOfF) {
  const std::string body = LengthField(1, "a") + FloatField(2, 9) + FloatField(2, 0.5F) +
                           VarintField(3, static_cast<uint64_t>(-7)) + LengthField(4, "text") +
                           LengthField(21, "ref");
  const Read read = ReadAttribute(body);
  EXPECT_EQ(read.attribute.name, "a");
  EXPECT_EQ(read.attribute.f, 0.5F);  // the last wins
  const std::string bytes = test::ReadFile(read.model.file->path());
  EXPECT_EQ(bytes.substr(read.attribute.f_bytes.begin, 4), FloatBytes({0.5F}));
  EXPECT_EQ(read.attribute.f_bytes.size(), 4U);
  EXPECT_EQ(read.attribute.i, -7);
  EXPECT_EQ(read.attribute.s, "text");
  EXPECT_EQ(read.attribute.ref_attr_name, "ref");
}

TEST(ParseAttribute, HasNoPlaceOfFWhereThereIsNone) {
  EXPECT_EQ(ReadAttribute(VarintField(3, 1)).attribute.f_bytes, Span());
}

TEST(ParseAttribute, IntegersPackedAndUnpackedFollowEachOther) {
  const Read read =
      ReadAttribute(VarintField(8, 1) + LengthField(8, VarintsBytes({2, -3})) + VarintField(8, 4));
  EXPECT_THAT(read.attribute.ints, ElementsAre(1, 2, -3, 4));
  EXPECT_EQ(read.attribute.int_count, 4U);
}

TEST(ParseAttribute, CutsLongListsAndTextsButCountsThem) {
  const std::vector<int64_t> ints(kMaxKeptNumbers + 10, 7);
  std::string strings;
  for (size_t i = 0; i < kMaxKeptNumbers + 10; ++i) strings += LengthField(9, "x");
  const std::string text(kMaxKeptText + 10, 's');
  const Read read =
      ReadAttribute(LengthField(8, VarintsBytes(ints)) + LengthField(4, text) + strings);
  EXPECT_EQ(read.attribute.int_count, kMaxKeptNumbers + 10);
  EXPECT_THAT(read.attribute.ints, SizeIs(kMaxKeptNumbers));
  EXPECT_THAT(read.attribute.strings, SizeIs(kMaxKeptNumbers));
  EXPECT_EQ(read.attribute.s, text.substr(0, kMaxKeptText));
}

TEST(ParseAttribute, FloatsAreATensorWithoutAMessage) {
  const Read read =
      ReadAttribute(LengthField(7, FloatBytes({1, 2})) + FloatField(7, 3) + FloatField(7, 4));
  const Tensor& floats = read.attribute.floats;
  EXPECT_EQ(floats.storage, Storage::kFloats);
  EXPECT_EQ(floats.data_type, 1);
  EXPECT_THAT(floats.dims, ElementsAre(4));
  ASSERT_THAT(floats.chunks, SizeIs(2));
  EXPECT_EQ(floats.chunks[0].tag_size, 0);
  EXPECT_EQ(floats.chunks[1].tag_size, 1);
  EXPECT_EQ(floats.chunks[1].bytes.size(), 10U);
  EXPECT_THAT(floats.frames, IsEmpty());
  EXPECT_GT(floats.offset, 0U);
}

TEST(ParseAttribute, HasNoFloatsWhereTheListIsEmpty) {
  const Read read = ReadAttribute(LengthField(7, ""));
  EXPECT_EQ(read.attribute.floats.storage, Storage::kNone);
  EXPECT_THAT(read.attribute.floats.dims, IsEmpty());
}

TEST(ParseAttribute, MergesATensorThatAppearsTwice) {
  const Read read = ReadAttribute(
      LengthField(5, LengthField(8, "w") + VarintField(2, 1) + LengthField(4, FloatBytes({1}))) +
      LengthField(5, VarintField(1, 2) + LengthField(4, FloatBytes({2}))));
  ASSERT_THAT(read.attribute.tensors, SizeIs(1));
  const Tensor& tensor = read.attribute.tensors[0];
  EXPECT_EQ(tensor.name, "w");
  EXPECT_THAT(tensor.dims, ElementsAre(2));
  EXPECT_THAT(tensor.chunks, SizeIs(2));
  EXPECT_THAT(tensor.frames, SizeIs(2));
}

TEST(ParseAttribute, SingularFieldsStandBeforeRepeatedOnes) {
  const Read read = ReadAttribute(
      LengthField(10, LengthField(8, "repeated")) + LengthField(5, LengthField(8, "singular")) +
      LengthField(11, LengthField(2, "repeated")) + LengthField(6, LengthField(2, "singular")));
  ASSERT_THAT(read.attribute.tensors, SizeIs(2));
  EXPECT_EQ(read.attribute.tensors[0].name, "singular");
  EXPECT_EQ(read.attribute.tensors[1].name, "repeated");
  ASSERT_THAT(read.attribute.graphs, SizeIs(2));
  EXPECT_EQ(read.attribute.graphs[0]->name, "singular");
}

TEST(ParseAttribute, MergesAGraphThatAppearsTwice) {
  const std::string node = LengthField(1, LengthField(4, "Op"));
  const Read read = ReadAttribute(LengthField(6, node) + LengthField(6, node));
  ASSERT_THAT(read.attribute.graphs, SizeIs(1));
  EXPECT_THAT(read.attribute.graphs[0]->nodes, SizeIs(2));
}

TEST(ParseAttribute, FramesLeadThroughNodeAndAttribute) {
  const Read read = ReadAttribute(LengthField(5, LengthField(8, "w")));
  const std::vector<Frame>& frames = read.model.skeleton.frames;
  ASSERT_THAT(frames, SizeIs(4));  // graph, node, attribute, tensor
  for (uint32_t i = 1; i < 4; ++i) EXPECT_EQ(frames[i].parent, i - 1);
  EXPECT_THAT(read.attribute.tensors[0].frames, ElementsAre(3U));
}

TEST(ParseNode, KeepsEveryField) {
  const std::string node = LengthField(7, "com.x") + LengthField(4, "Op") + LengthField(1, "a") +
                           LengthField(2, "y") + LengthField(1, "") + LengthField(3, "n") +
                           LengthField(8, "over") + LengthField(1, "b") + LengthField(6, "doc") +
                           LengthField(9, LengthField(1, "k") + LengthField(2, "v")) +
                           LengthField(10, LengthField(1, "device"));
  const std::string bytes = ModelOfGraph(LengthField(1, node));
  const test::TestModel model = test::ReadModelBytes(bytes);
  const Node& read = model.skeleton.graph.nodes.at(0);
  EXPECT_EQ(read.name, "n");
  EXPECT_EQ(read.op_type, "Op");
  EXPECT_EQ(read.domain, "com.x");
  EXPECT_EQ(read.overload, "over");
  EXPECT_THAT(read.inputs, ElementsAre("a", "", "b"));
  EXPECT_THAT(read.outputs, ElementsAre("y"));
  ASSERT_THAT(read.metadata, SizeIs(1));
  EXPECT_EQ(read.metadata[0].value, "v");
  EXPECT_EQ(read.offset, bytes.find(node));
}

TEST(ParseNode, NamesAreBytes) {
  const std::string name("\xFF\0\x1B[31m", 7);
  const test::TestModel model =
      test::ReadModelBytes(ModelOfGraph(LengthField(1, LengthField(3, name))));
  EXPECT_EQ(model.skeleton.graph.nodes.at(0).name, name);
}

}  // namespace
}  // namespace onnx_reinit::wire
