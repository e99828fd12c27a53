#include "write/payload_edit.h"

#include <cstdint>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace onnx_reinit::write {
namespace {

using testing::HasSubstr;
using wire::Storage;

constexpr int32_t kFloat = 1;
constexpr int32_t kFloat16 = 10;
constexpr int32_t kDouble = 11;

// One frame [100, 200), which is the tensor's.
wire::Skeleton OneFrame() {
  wire::Skeleton skeleton;
  skeleton.file_size = 300;
  skeleton.frames = {
      {.parent = wire::Frame::kNone, .tag_begin = 98, .length_begin = 99, .body = {100, 200}}};
  return skeleton;
}

wire::Tensor MakeTensor(int32_t type, wire::Dims dims, Storage storage, wire::Chunks chunks) {
  wire::Tensor tensor;
  tensor.name = "w";
  tensor.data_type = type;
  tensor.dims = std::move(dims);
  tensor.storage = storage;
  tensor.chunks = std::move(chunks);
  tensor.frames = {0};
  return tensor;
}

struct Expected {
  wire::Span old;
  Segments with;
};

struct PayloadRow {
  const char* name;
  wire::Tensor tensor;
  std::vector<Expected> edits;
};

class ReplacePayloadTest : public testing::TestWithParam<PayloadRow> {};

TEST_P(ReplacePayloadTest, GivesTheseEdits) {
  std::vector<Edit> edits(1);  // of another tensor
  const absl::Status status = ReplacePayload(OneFrame(), GetParam().tensor, 7, edits);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_TRUE(edits.front().with.empty());
  edits.erase(edits.begin());
  ASSERT_EQ(edits.size(), GetParam().edits.size());
  for (size_t i = 0; i < edits.size(); ++i) {
    EXPECT_EQ(edits[i].old, GetParam().edits[i].old);
    EXPECT_EQ(edits[i].with, GetParam().edits[i].with);
    EXPECT_EQ(edits[i].frame, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Storages, ReplacePayloadTest,
    testing::Values(
        PayloadRow{"RawDataInPlace",
                   MakeTensor(kFloat, {2, 3}, Storage::kRaw, {{{110, 134}, 0, 108}}),
                   {{{110, 134}, {Payload(7, 0, 24)}}}},
        PayloadRow{"PackedFloatsInPlace",
                   MakeTensor(kFloat, {2}, Storage::kFloatData, {{{110, 118}, 0, 108}}),
                   {{{110, 118}, {Payload(7, 0, 8)}}}},
        PayloadRow{"PackedDoublesInPlace",
                   MakeTensor(kDouble, {2}, Storage::kDoubleData, {{{110, 126}, 0, 108}}),
                   {{{110, 126}, {Payload(7, 0, 16)}}}},
        PayloadRow{"UnpackedFloatsKeepTheirTags",
                   MakeTensor(kFloat, {3}, Storage::kFloatData, {{{110, 125}, 1, 110}}),
                   {{{110, 125}, {TaggedPayload(7, 0, 12, "\x25", 4)}}}},
        PayloadRow{"OverlongTagsStayOverlong",
                   MakeTensor(kFloat, {1}, Storage::kFloatData, {{{110, 116}, 2, 110}}),
                   {{{110, 116}, {TaggedPayload(7, 0, 4, std::string("\xA5\x00", 2), 4)}}}},
        PayloadRow{"UnpackedDoubles",
                   MakeTensor(kDouble, {1}, Storage::kDoubleData, {{{110, 119}, 1, 110}}),
                   {{{110, 119}, {TaggedPayload(7, 0, 8, "\x51", 8)}}}},
        PayloadRow{"UnpackedAttributeFloats",
                   MakeTensor(kFloat, {2}, Storage::kFloats, {{{110, 120}, 1, 110}}),
                   {{{110, 120}, {TaggedPayload(7, 0, 8, "\x3D", 4)}}}},
        PayloadRow{
            "PackedAndUnpackedMixed",
            MakeTensor(kFloat, {3}, Storage::kFloatData,
                       {{{110, 115}, 1, 110}, {{120, 128}, 0, 118}}),
            {{{110, 115}, {TaggedPayload(7, 0, 4, "\x25", 4)}}, {{120, 128}, {Payload(7, 4, 8)}}}},
        PayloadRow{"VarintsBecomeRawData",
                   MakeTensor(kFloat16, {4}, Storage::kInt32Data, {{{110, 121}, 0, 108}}),
                   {{{108, 121}, {Literal("\x4A\x08"), Payload(7, 0, 8)}}}},
        PayloadRow{"SeveralVarintFieldsBecomeOneRawData",
                   MakeTensor(kFloat16, {4}, Storage::kInt32Data,
                              {{{110, 118}, 1, 110}, {{122, 128}, 0, 120}}),
                   {{{110, 118}, {Literal("\x4A\x08"), Payload(7, 0, 8)}}, {{120, 128}, {}}}},
        PayloadRow{"NothingToDoForNoElements", MakeTensor(kFloat, {0, 3}, Storage::kNone, {}), {}}),
    [](const auto& row) { return row.param.name; });

struct RefusedRow {
  const char* name;
  wire::Tensor tensor;
  absl::StatusCode code;
  const char* sentence;
};

class RefusedPayloadTest : public testing::TestWithParam<RefusedRow> {};

TEST_P(RefusedPayloadTest, SaysWhy) {
  std::vector<Edit> edits;
  const absl::Status status = ReplacePayload(OneFrame(), GetParam().tensor, 0, edits);
  EXPECT_EQ(status.code(), GetParam().code);
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().sentence));
}

INSTANTIATE_TEST_SUITE_P(
    Payloads, RefusedPayloadTest,
    testing::Values(RefusedRow{"TooShort",
                               MakeTensor(kFloat, {4}, Storage::kRaw, {{{110, 118}, 0, 108}}),
                               absl::StatusCode::kDataLoss,
                               "has 8 bytes of data, but its shape and type ask for 16"},
                    RefusedRow{"NoData", MakeTensor(kFloat, {4}, Storage::kNone, {}),
                               absl::StatusCode::kDataLoss, "has no data"},
                    RefusedRow{"NegativeDimension",
                               MakeTensor(kFloat, {-4}, Storage::kRaw, {{{110, 118}, 0, 108}}),
                               absl::StatusCode::kDataLoss, "negative or too large dimension"},
                    RefusedRow{"Strings",
                               MakeTensor(8, {1}, Storage::kStringData, {{{110, 118}, 1, 110}}),
                               absl::StatusCode::kUnimplemented, "holds STRING"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace onnx_reinit::write
