#include "wire/parse_tensor.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/text_model.h"
#include "support/wire_bytes.h"

namespace onnx_reinit::wire {
namespace {

using test::DoubleBytes;
using test::Fixed32Field;
using test::Fixed64Field;
using test::FloatBytes;
using test::FloatField;
using test::GroupField;
using test::LengthField;
using test::ModelOfGraph;
using test::ModelOfTensor;
using test::Tag;
using test::VarintBytes;
using test::VarintField;
using test::VarintsBytes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Fields of TensorProto.
std::string Dims(const std::vector<int64_t>& dims) {
  std::string fields;
  for (const int64_t dim : dims) fields += VarintField(1, static_cast<uint64_t>(dim));
  return fields;
}
std::string Type(int32_t type) { return VarintField(2, static_cast<uint64_t>(type)); }
std::string Raw(const std::string& bytes) { return LengthField(9, bytes); }
std::string Entry(const std::string& key, const std::string& value) {
  return LengthField(1, key) + LengthField(2, value);
}
const std::string kFloatType = Type(1);
const std::string kExternal = VarintField(14, 1);

struct StorageRow {
  const char* name;
  std::string tensor;
  Storage storage;
  size_t chunks = 0;
  uint64_t bytes = 0;  // of all chunks, tags included
  int tag_size = 0;    // of every chunk
  bool other = false;
};

class StorageTest : public ::testing::TestWithParam<StorageRow> {};

TEST_P(StorageTest, FindsTheEffectivePayload) {
  const StorageRow& row = GetParam();
  const test::TestModel model = test::ReadModelBytes(ModelOfTensor(row.tensor));
  ASSERT_THAT(model.skeleton.graph.initializers, SizeIs(1));
  const Tensor& tensor = model.skeleton.graph.initializers[0];
  EXPECT_EQ(tensor.storage, row.storage);
  EXPECT_THAT(tensor.chunks, SizeIs(row.chunks));
  uint64_t bytes = 0;
  for (const Chunk& chunk : tensor.chunks) {
    bytes += chunk.bytes.size();
    EXPECT_EQ(chunk.tag_size, row.tag_size);
  }
  EXPECT_EQ(bytes, row.bytes);
  EXPECT_EQ(tensor.has_other_payload, row.other);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, StorageTest,
    ::testing::Values(
        StorageRow{"nothing", kFloatType, Storage::kNone},
        StorageRow{"raw", kFloatType + Raw("12345678"), Storage::kRaw, 1, 8},
        StorageRow{"raw_that_is_empty_still_counts",
                   kFloatType + Raw("") + LengthField(4, FloatBytes({1})), Storage::kRaw, 1, 0, 0,
                   true},
        StorageRow{"raw_twice_the_last_wins", kFloatType + Raw("1234") + Raw("12345678"),
                   Storage::kRaw, 1, 8},
        StorageRow{"raw_beats_typed", kFloatType + LengthField(4, FloatBytes({1})) + Raw("1234"),
                   Storage::kRaw, 1, 4, 0, true},
        StorageRow{"floats_packed", kFloatType + LengthField(4, FloatBytes({1, 2, 3})),
                   Storage::kFloatData, 1, 12},
        StorageRow{"floats_unpacked_are_one_chunk",
                   kFloatType + FloatField(4, 1) + FloatField(4, 2), Storage::kFloatData, 1, 10, 1},
        StorageRow{"floats_unpacked_with_long_tags",
                   kFloatType + Tag(4, 5, 3) + FloatBytes({1}) + Tag(4, 5, 3) + FloatBytes({2}),
                   Storage::kFloatData, 1, 14, 3},
        StorageRow{"floats_unpacked_with_a_field_between",
                   kFloatType + FloatField(4, 1) + Dims({2}) + FloatField(4, 2),
                   Storage::kFloatData, 2, 10, 1},
        StorageRow{
            "floats_in_several_packed_runs",
            kFloatType + LengthField(4, FloatBytes({1})) + LengthField(4, FloatBytes({2, 3})),
            Storage::kFloatData, 2, 12},
        StorageRow{"floats_in_an_empty_run", kFloatType + LengthField(4, ""), Storage::kNone},
        StorageRow{"type_after_the_payload", LengthField(4, FloatBytes({1})) + kFloatType,
                   Storage::kFloatData, 1, 4},
        StorageRow{"doubles_packed", Type(11) + LengthField(10, DoubleBytes({1, 2})),
                   Storage::kDoubleData, 1, 16},
        StorageRow{"doubles_unpacked", Type(11) + Fixed64Field(10, 1) + Fixed64Field(10, 2),
                   Storage::kDoubleData, 1, 18, 1},
        StorageRow{"complex64_in_floats", Type(14) + LengthField(4, FloatBytes({1, 2})),
                   Storage::kFloatData, 1, 8},
        StorageRow{"complex128_in_doubles", Type(15) + LengthField(10, DoubleBytes({1, 2})),
                   Storage::kDoubleData, 1, 16},
        StorageRow{"int32_packed", Type(6) + LengthField(5, VarintsBytes({1, -1})),
                   Storage::kInt32Data, 1, 11},
        StorageRow{"int32_unpacked", Type(6) + VarintField(5, 1) + VarintField(5, 300),
                   Storage::kInt32Data, 1, 5, 1},
        StorageRow{"int64_packed", Type(7) + LengthField(7, VarintsBytes({1, 2, 300})),
                   Storage::kInt64Data, 1, 4},
        StorageRow{"int64_unpacked", Type(7) + VarintField(7, 5), Storage::kInt64Data, 1, 2, 1},
        StorageRow{"uint32_in_uint64_data", Type(12) + LengthField(11, VarintsBytes({1})),
                   Storage::kUint64Data, 1, 1},
        StorageRow{"uint64_unpacked", Type(13) + VarintField(11, 1), Storage::kUint64Data, 1, 2, 1},
        StorageRow{"half_in_int32_data", Type(10) + LengthField(5, VarintsBytes({15360})),
                   Storage::kInt32Data, 1, 2},
        StorageRow{"bfloat16_in_int32_data", Type(16) + LengthField(5, VarintsBytes({16256})),
                   Storage::kInt32Data, 1, 2},
        StorageRow{"float8_in_int32_data", Type(17) + LengthField(5, VarintsBytes({1})),
                   Storage::kInt32Data, 1, 1},
        StorageRow{"int4_in_int32_data", Type(22) + LengthField(5, VarintsBytes({1})),
                   Storage::kInt32Data, 1, 1},
        StorageRow{"uint2_in_int32_data", Type(25) + LengthField(5, VarintsBytes({1})),
                   Storage::kInt32Data, 1, 1},
        StorageRow{"strings", Type(8) + LengthField(6, "ab") + LengthField(6, ""),
                   Storage::kStringData, 1, 6, 1},
        StorageRow{"field_of_another_type_is_no_payload",
                   kFloatType + LengthField(5, VarintsBytes({1})), Storage::kNone, 0, 0, 0, true},
        StorageRow{"unknown_type_has_no_typed_field", Type(99) + LengthField(4, FloatBytes({1})),
                   Storage::kNone, 0, 0, 0, true},
        StorageRow{"unknown_type_with_raw", Type(99) + Raw("1234"), Storage::kRaw, 1, 4},
        StorageRow{"external", kFloatType + kExternal, Storage::kExternal},
        StorageRow{"external_beats_raw", kFloatType + kExternal + Raw("1234"), Storage::kExternal,
                   0, 0, 0, true},
        StorageRow{"external_beside_empty_raw", kFloatType + kExternal + Raw(""),
                   Storage::kExternal},
        StorageRow{"location_default_after_external",
                   kFloatType + kExternal + VarintField(14, 0) + Raw("1234"), Storage::kRaw, 1, 4},
        StorageRow{"unknown_location_is_ignored", kFloatType + VarintField(14, 7) + Raw("1234"),
                   Storage::kRaw, 1, 4},
        StorageRow{"wrong_wire_type_is_an_unknown_field",
                   kFloatType + Fixed64Field(4, 1) + VarintField(9, 1), Storage::kNone}),
    [](const auto& test_info) { return test_info.param.name; });

// Tensors that say the same in different bytes: name "w", dims [2, 3], FLOAT, six raw values.
struct SameRow {
  const char* name;
  std::string tensor;
};

class SameTensorTest : public ::testing::TestWithParam<SameRow> {};

TEST_P(SameTensorTest, IsReadTheSame) {
  const test::TestModel model = test::ReadModelBytes(ModelOfTensor(GetParam().tensor));
  ASSERT_THAT(model.skeleton.graph.initializers, SizeIs(1));
  const Tensor& tensor = model.skeleton.graph.initializers[0];
  EXPECT_EQ(tensor.name, "w");
  EXPECT_THAT(tensor.dims, ElementsAre(2, 3));
  EXPECT_EQ(tensor.data_type, 1);
  EXPECT_FALSE(tensor.has_segment);
  ASSERT_THAT(tensor.chunks, SizeIs(1));
  EXPECT_EQ(tensor.chunks[0].bytes.size(), 24U);
}

const std::string kName = LengthField(8, "w");
const std::string kRaw24 = Raw(std::string(24, 'x'));

INSTANTIATE_TEST_SUITE_P(
    Rows, SameTensorTest,
    ::testing::Values(
        SameRow{"canonical", Dims({2, 3}) + kFloatType + kName + kRaw24},
        SameRow{"reversed", kRaw24 + kName + kFloatType + Dims({2, 3})},
        SameRow{"packed_dims", LengthField(1, VarintsBytes({2, 3})) + kFloatType + kName + kRaw24},
        SameRow{"dims_apart", Dims({2}) + kName + kRaw24 + kFloatType + Dims({3})},
        SameRow{"dims_packed_and_not",
                Dims({2}) + LengthField(1, VarintsBytes({3})) + kFloatType + kName + kRaw24},
        SameRow{"long_tags_and_values", Tag(1, 0, 5) + VarintBytes(2, 10) + Tag(1, 0, 2) +
                                            VarintBytes(3, 9) + kFloatType + kName + kRaw24},
        SameRow{"long_length", Dims({2, 3}) + kFloatType + kName + Tag(9, 2) + VarintBytes(24, 5) +
                                   std::string(24, 'x')},
        SameRow{"type_beyond_32_bits",
                Dims({2, 3}) + VarintField(2, (uint64_t{1} << 32) + 1) + kName + kRaw24},
        SameRow{"name_twice", Dims({2, 3}) + LengthField(8, "v") + kFloatType + kName + kRaw24},
        SameRow{"unknown_fields", VarintField(1000, 1) + Dims({2, 3}) + Fixed32Field(1001, 1) +
                                      kFloatType + Fixed64Field(1002, 1) + kName +
                                      LengthField(1003, "z") + kRaw24},
        SameRow{"unknown_groups",
                GroupField(50, VarintField(1, 9) + GroupField(8, LengthField(8, "v"))) +
                    Dims({2, 3}) + kFloatType + kName + kRaw24}),
    [](const auto& test_info) { return test_info.param.name; });

TEST(ParseTensor, KeepsExternalEntriesWithTheirPlaces) {
  const std::string first = LengthField(13, Entry("location", "a.bin"));
  const std::string second = LengthField(13, Entry("offset", "64"));
  const std::string bytes = ModelOfTensor(kFloatType + first + kExternal + second);
  const test::TestModel model = test::ReadModelBytes(bytes);
  const Tensor& tensor = model.skeleton.graph.initializers[0];
  ASSERT_THAT(tensor.external_data, SizeIs(2));
  EXPECT_EQ(tensor.external_data[0].key, "location");
  EXPECT_EQ(tensor.external_data[0].value, "a.bin");
  EXPECT_EQ(tensor.external_data[0].field.begin, bytes.find(first));
  EXPECT_EQ(tensor.external_data[0].field.size(), first.size());
  EXPECT_EQ(tensor.external_data[1].field.begin, bytes.find(second));
}

TEST(ParseTensor, KeepsMetadataAndSegment) {
  const test::TestModel model = test::ReadModelBytes(ModelOfTensor(
      LengthField(16, Entry("k", "v")) + LengthField(3, VarintField(1, 0) + VarintField(2, 1))));
  const Tensor& tensor = model.skeleton.graph.initializers[0];
  EXPECT_TRUE(tensor.has_segment);
  ASSERT_THAT(tensor.metadata, SizeIs(1));
  EXPECT_EQ(tensor.metadata[0].key, "k");
}

TEST(ParseTensor, RecordsTheFramesAroundIt) {
  const std::string body = kName + kRaw24;
  const std::string bytes = ModelOfTensor(body);
  const test::TestModel model = test::ReadModelBytes(bytes);
  const std::vector<Frame>& frames = model.skeleton.frames;
  const Tensor& tensor = model.skeleton.graph.initializers[0];
  ASSERT_THAT(frames, SizeIs(2));
  ASSERT_THAT(tensor.frames, ElementsAre(1U));
  EXPECT_EQ(frames[0].parent, Frame::kNone);
  EXPECT_EQ(frames[1].parent, 0U);
  const uint64_t begin = bytes.find(body);
  EXPECT_EQ(frames[1].body, (Span{begin, begin + body.size()}));
  EXPECT_EQ(frames[1].length_begin, begin - 1);
  EXPECT_EQ(frames[1].tag_begin, begin - 2);
  EXPECT_EQ(tensor.offset, begin);
}

TEST(ParseTensor, FramesOfTwoTensorsShareTheirGraph) {
  const test::TestModel model =
      test::ReadModelBytes(ModelOfGraph(LengthField(5, kName) + LengthField(5, kName)));
  ASSERT_THAT(model.skeleton.frames, SizeIs(3));
  EXPECT_EQ(model.skeleton.frames[1].parent, 0U);
  EXPECT_EQ(model.skeleton.frames[2].parent, 0U);
}

TEST(ParseSparseTensor, KeepsBothTensorsAndDims) {
  const std::string values = kName + Dims({1}) + kFloatType + Raw("1234");
  const std::string indices = Dims({1}) + Type(7) + LengthField(7, VarintsBytes({5}));
  const test::TestModel model = test::ReadModelBytes(
      ModelOfGraph(LengthField(15, VarintField(3, 4) + LengthField(1, values) +
                                       LengthField(2, indices) + VarintField(3, 6))));
  ASSERT_THAT(model.skeleton.graph.sparse_initializers, SizeIs(1));
  const SparseTensor& sparse = model.skeleton.graph.sparse_initializers[0];
  EXPECT_EQ(sparse.values.name, "w");
  EXPECT_EQ(sparse.values.storage, Storage::kRaw);
  EXPECT_EQ(sparse.indices.storage, Storage::kInt64Data);
  EXPECT_THAT(sparse.dims, ElementsAre(4, 6));
}

TEST(ParseSparseTensor, MergesValuesThatAppearTwice) {
  const std::string first = kName + Dims({2}) + kFloatType + LengthField(4, FloatBytes({1}));
  const std::string second = LengthField(4, FloatBytes({2}));
  const test::TestModel model = test::ReadModelBytes(
      ModelOfGraph(LengthField(15, LengthField(1, first) + LengthField(1, second))));
  const Tensor& values = model.skeleton.graph.sparse_initializers[0].values;
  EXPECT_EQ(values.name, "w");
  EXPECT_THAT(values.frames, SizeIs(2));
  EXPECT_THAT(values.chunks, SizeIs(2));
  EXPECT_THAT(model.skeleton.graph.sparse_initializers[0].indices.frames, IsEmpty());
}

TEST(Continues, OnlyWhereOneValueFollowsTheOther) {
  const Chunk last = {.bytes = {10, 20}, .tag_size = 1};
  EXPECT_TRUE(Continues(last, {.bytes = {20, 25}, .tag_size = 1}));
  EXPECT_FALSE(Continues(last, {.bytes = {21, 26}, .tag_size = 1}));
  EXPECT_FALSE(Continues(last, {.bytes = {20, 26}, .tag_size = 2}));
}

}  // namespace
}  // namespace onnx_reinit::wire
