#include "wire/payload.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace onnx_reinit::wire {
namespace {

using ::testing::HasSubstr;

StringPair Entry(const std::string& key, const std::string& value) {
  return {.key = key, .value = value, .field = {77, 99}};
}

Tensor External(std::vector<StringPair> entries) {
  Tensor tensor;
  tensor.name = "w";
  tensor.dims = {2, 3};
  tensor.data_type = 1;
  tensor.storage = Storage::kExternal;
  tensor.external_data = std::move(entries);
  tensor.offset = 10;
  return tensor;
}

struct ExternalRow {
  const char* name;
  std::vector<StringPair> entries;
  ExternalRange range;
};

class ExternalTest : public ::testing::TestWithParam<ExternalRow> {};

TEST_P(ExternalTest, IsResolved) {
  const auto range = ParseExternal(External(GetParam().entries));
  ASSERT_TRUE(range.ok()) << range.status();
  EXPECT_EQ(range->location, GetParam().range.location);
  EXPECT_EQ(range->offset, GetParam().range.offset);
  EXPECT_EQ(range->length, GetParam().range.length);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ExternalTest,
    ::testing::Values(
        ExternalRow{"location_only", {Entry("location", "a")}, {"a", 0, 24}},
        ExternalRow{"all_keys",
                    {Entry("length", "24"), Entry("offset", "4096"), Entry("location", "a")},
                    {"a", 4096, 24}},
        ExternalRow{
            "length_zero_is_none", {Entry("location", "a"), Entry("length", "0")}, {"a", 0, 24}},
        ExternalRow{"unknown_keys",
                    {Entry("location", "a"), Entry("checksum", "x"), Entry("basepath", "/"),
                     Entry("prepacked_0", "k|0;1;2"), Entry("prepacked_0", "k|0;1;2")},
                    {"a", 0, 24}},
        ExternalRow{"folder", {Entry("location", "d/./a")}, {"d/./a", 0, 24}},
        ExternalRow{"dots_that_stay_inside", {Entry("location", "d/../a")}, {"d/../a", 0, 24}},
        ExternalRow{"dots_in_a_name", {Entry("location", "a..b")}, {"a..b", 0, 24}}),
    [](const auto& test_info) { return test_info.param.name; });

struct RefusedRow {
  const char* name;
  std::vector<StringPair> entries;
  const char* sentence;
};

class RefusedExternalTest : public ::testing::TestWithParam<RefusedRow> {};

TEST_P(RefusedExternalTest, NamesTensorAndEntry) {
  const absl::Status status = ParseExternal(External(GetParam().entries)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(std::string(status.message()),
            absl::StrCat("at byte 10: tensor 'w' ", GetParam().sentence));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RefusedExternalTest,
    ::testing::Values(
        RefusedRow{"no_entries", {}, "has external data without a location"},
        RefusedRow{"empty",
                   {Entry("location", "")},
                   "has the external_data location '' at byte 77, which is empty"},
        RefusedRow{"absolute",
                   {Entry("location", "/etc/passwd")},
                   "has the external_data location '/etc/passwd' at byte 77, which is absolute; it "
                   "must be relative to the model's folder"},
        RefusedRow{"escapes",
                   {Entry("location", "../a")},
                   "has the external_data location '../a' at byte 77, which leads out of the "
                   "model's folder"},
        RefusedRow{"escapes_and_returns",
                   {Entry("location", "a/../../b/c")},
                   "has the external_data location 'a/../../b/c' at byte 77, which leads out of "
                   "the model's folder"},
        RefusedRow{"memory_address",
                   {Entry("location", "*/_ORT_MEM_ADDR_/*")},
                   "has the external_data location '*/_ORT_MEM_ADDR_/*' at byte 77, which means "
                   "memory of the process that wrote it, not a file"},
        RefusedRow{"zero_byte",
                   {Entry("location", std::string("a\0b", 3))},
                   "has the external_data location 'a\\x00b' at byte 77, which contains a zero "
                   "byte"},
        RefusedRow{"location_twice",
                   {Entry("location", "a"), Entry("location", "b")},
                   "has the external_data key 'location' twice, at byte 77"},
        RefusedRow{"offset_in_words",
                   {Entry("location", "a"), Entry("offset", "ten")},
                   "has the external_data offset 'ten' at byte 77, which is no number of bytes"},
        RefusedRow{"offset_empty",
                   {Entry("location", "a"), Entry("offset", "")},
                   "has the external_data offset '' at byte 77, which is no number of bytes"},
        RefusedRow{"offset_negative",
                   {Entry("location", "a"), Entry("offset", "-1")},
                   "has the external_data offset '-1' at byte 77, which is no number of bytes"},
        RefusedRow{"offset_with_space",
                   {Entry("location", "a"), Entry("offset", " 1")},
                   "has the external_data offset ' 1' at byte 77, which is no number of bytes"},
        RefusedRow{"offset_beyond_64_bits",
                   {Entry("location", "a"), Entry("offset", "18446744073709551616")},
                   "has the external_data offset '18446744073709551616' at byte 77, which is no "
                   "number of bytes"},
        RefusedRow{"offset_that_wraps",
                   {Entry("location", "a"), Entry("offset", "18446744073709551615")},
                   "has external data at offset 18446744073709551615, beyond the end of any file"},
        RefusedRow{"length_of_another_shape",
                   {Entry("location", "a"), Entry("length", "25")},
                   "has 25 bytes of external data, but its shape needs 24"}),
    [](const auto& test_info) { return test_info.param.name; });

TEST(ParseExternal, SlicesAreNotSupported) {
  const absl::Status status =
      ParseExternal(External({Entry("location", "a"), Entry("source_shape", "4,6")})).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
}

TEST(ParseExternal, NeverHoldsStrings) {
  Tensor tensor = External({Entry("location", "a")});
  tensor.data_type = 8;
  EXPECT_EQ(ParseExternal(tensor).status().code(), absl::StatusCode::kDataLoss);
}

struct PayloadRow {
  const char* name;
  int32_t type;
  Dims dims;
  Storage storage;
  Chunks chunks;
  const char* fault;  // "" where the payload fits
};

class PayloadTest : public ::testing::TestWithParam<PayloadRow> {};

TEST_P(PayloadTest, FitsItsShapeOrIsRefused) {
  const PayloadRow& row = GetParam();
  Tensor tensor;
  tensor.name = "w";
  tensor.dims = row.dims;
  tensor.data_type = row.type;
  tensor.storage = row.storage;
  tensor.chunks = row.chunks;
  const absl::Status status = CheckPayload(tensor);
  if (*row.fault == '\0') {
    EXPECT_TRUE(status.ok()) << status;
  } else {
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(std::string(status.message()), absl::StrCat("at byte 0: tensor 'w' has ", row.fault));
  }
}

constexpr int64_t kHuge = int64_t{1} << 60;
Chunk Bytes(uint64_t size) { return {.bytes = {100, 100 + size}}; }
Chunk Tagged(uint64_t size) { return {.bytes = {100, 100 + size}, .tag_size = 1}; }

INSTANTIATE_TEST_SUITE_P(
    Rows, PayloadTest,
    ::testing::Values(
        PayloadRow{"raw", 1, {2, 3}, Storage::kRaw, {Bytes(24)}, ""},
        PayloadRow{"raw_short",
                   1,
                   {2, 3},
                   Storage::kRaw,
                   {Bytes(23)},
                   "23 bytes of raw_data, but its shape needs 24"},
        PayloadRow{"raw_long",
                   1,
                   {2, 3},
                   Storage::kRaw,
                   {Bytes(25)},
                   "25 bytes of raw_data, but its shape needs 24"},
        PayloadRow{"raw_scalar", 11, {}, Storage::kRaw, {Bytes(8)}, ""},
        PayloadRow{"raw_complex", 15, {2}, Storage::kRaw, {Bytes(32)}, ""},
        PayloadRow{"raw_int4_is_padded", 22, {5}, Storage::kRaw, {Bytes(3)}, ""},
        PayloadRow{"raw_int2_is_padded", 26, {5}, Storage::kRaw, {Bytes(2)}, ""},
        PayloadRow{"raw_strings",
                   8,
                   {1},
                   Storage::kRaw,
                   {Bytes(1)},
                   "strings in raw_data, not in string_data"},
        PayloadRow{"empty", 1, {0}, Storage::kNone, {}, ""},
        PayloadRow{"empty_but_huge", 1, {kHuge, 0, kHuge}, Storage::kNone, {}, ""},
        PayloadRow{"empty_with_data",
                   1,
                   {0},
                   Storage::kRaw,
                   {Bytes(4)},
                   "4 bytes of raw_data, but its shape needs 0"},
        PayloadRow{"none", 1, {1}, Storage::kNone, {}, "no data"},
        PayloadRow{"negative", 1, {2, -1}, Storage::kRaw, {Bytes(4)}, "the negative dimension -1"},
        PayloadRow{"huge",
                   1,
                   {kHuge, kHuge},
                   Storage::kRaw,
                   {Bytes(4)},
                   "dimensions whose product exceeds 2^63"},
        PayloadRow{"huge_in_bytes",
                   15,
                   {kHuge},
                   Storage::kRaw,
                   {Bytes(4)},
                   "dimensions whose size in bytes exceeds 2^64"},
        PayloadRow{
            "unknown_type", 99, {1}, Storage::kRaw, {Bytes(4)}, "the unknown element type 99"},
        PayloadRow{"floats", 1, {3}, Storage::kFloatData, {Bytes(8), Bytes(4)}, ""},
        PayloadRow{"floats_unpacked", 1, {3}, Storage::kFloatData, {Tagged(15)}, ""},
        PayloadRow{"floats_short",
                   1,
                   {4},
                   Storage::kFloatData,
                   {Bytes(12)},
                   "at most 3 values, but its shape needs 4"},
        PayloadRow{"floats_long",
                   1,
                   {2},
                   Storage::kFloatData,
                   {Bytes(12)},
                   "at least 3 values, but its shape needs 2"},
        PayloadRow{"complex_floats", 14, {2}, Storage::kFloatData, {Bytes(16)}, ""},
        PayloadRow{"doubles", 11, {2}, Storage::kDoubleData, {Bytes(16)}, ""},
        PayloadRow{"attribute_floats", 1, {2}, Storage::kFloats, {Bytes(8)}, ""},
        PayloadRow{"varints_may_have_1_to_10_bytes", 7, {3}, Storage::kInt64Data, {Bytes(30)}, ""},
        PayloadRow{"varints_too_few",
                   7,
                   {3},
                   Storage::kInt64Data,
                   {Bytes(2)},
                   "at most 2 values, but its shape needs 3"},
        PayloadRow{"varints_too_many",
                   7,
                   {3},
                   Storage::kInt64Data,
                   {Bytes(31)},
                   "at least 4 values, but its shape needs 3"},
        PayloadRow{"int4_two_per_entry", 22, {5}, Storage::kInt32Data, {Bytes(3)}, ""},
        PayloadRow{"int4_too_dense",
                   22,
                   {8},
                   Storage::kInt32Data,
                   {Bytes(1)},
                   "at most 1 value, but its shape needs 8"},
        PayloadRow{"strings", 8, {2}, Storage::kStringData, {Tagged(40)}, ""},
        PayloadRow{"strings_too_few",
                   8,
                   {3},
                   Storage::kStringData,
                   {Tagged(4)},
                   "at most 2 values, but its shape needs 3"}),
    [](const auto& test_info) { return test_info.param.name; });

TEST(CheckPayload, EscapesNames) {
  Tensor tensor;
  tensor.name = "\x1B[31m";
  tensor.dims = {1};
  tensor.data_type = 1;
  EXPECT_THAT(std::string(CheckPayload(tensor).message()), HasSubstr("'\\x1B[31m' has no data"));
}

TEST(CheckPayload, ChecksExternalEntries) {
  EXPECT_TRUE(CheckPayload(External({Entry("location", "a")})).ok());
  EXPECT_THAT(std::string(CheckPayload(External({})).message()), HasSubstr("without a location"));
}

TEST(CheckPayload, SegmentsAreNotSupported) {
  Tensor tensor = External({Entry("location", "a")});
  tensor.has_segment = true;
  EXPECT_EQ(CheckPayload(tensor).code(), absl::StatusCode::kUnimplemented);
}

}  // namespace
}  // namespace onnx_reinit::wire
