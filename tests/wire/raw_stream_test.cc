#include "wire/raw_stream.h"

#include <numeric>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/memory_file.h"
#include "support/wire_bytes.h"

namespace onnx_reinit::wire {
namespace {

using ::testing::HasSubstr;

std::string ReadAll(RawStream& stream, size_t size) {
  std::string out(size, '\0');
  const absl::Status status =
      stream.Read(absl::MakeSpan(reinterpret_cast<uint8_t*>(out.data()), size));
  EXPECT_TRUE(status.ok()) << status;
  return out;
}

TEST(RawStream, JoinsRuns) {
  const auto file = test::MemoryFile("..abc..defg.");
  RawStream stream(*file, {{{2, 5}, 0}, {{6, 6}, 0}, {{7, 11}, 0}}, {});
  EXPECT_EQ(ReadAll(stream, 2), "ab");
  EXPECT_TRUE(stream.Skip(2).ok());
  EXPECT_FALSE(stream.AtEnd());
  EXPECT_EQ(ReadAll(stream, 3), "efg");
  EXPECT_TRUE(stream.AtEnd());
}

TEST(RawStream, LeavesOutTags) {
  const auto file = test::MemoryFile("#abc#def");
  RawStream stream(*file, {{{0, 8}, 1}}, {.varint = false, .raw_bytes = 3});
  EXPECT_TRUE(stream.Skip(3).ok());
  EXPECT_EQ(ReadAll(stream, 3), "def");
  EXPECT_TRUE(stream.AtEnd());
}

TEST(RawStream, NarrowsVarints) {
  const auto file = test::MemoryFile(test::VarintsBytes({-2, 0x4142, 0x43}));
  RawStream stream(*file, {{{0, file->size()}, 0}}, {.varint = true, .raw_bytes = 2});
  EXPECT_TRUE(stream.Skip(2).ok());
  EXPECT_EQ(ReadAll(stream, 4), std::string("BAC\0", 4));
  EXPECT_TRUE(stream.AtEnd());
}

TEST(RawStream, ReadsAcrossItsBuffer) {
  std::vector<int64_t> values(100000);
  std::iota(values.begin(), values.end(), 0);
  const auto file = test::MemoryFile(test::VarintsBytes(values));
  RawStream stream(*file, {{{0, file->size()}, 0}}, {.varint = true, .raw_bytes = 8});
  std::vector<int64_t> read(values.size());
  ASSERT_TRUE(stream
                  .Read(absl::MakeSpan(reinterpret_cast<uint8_t*>(read.data()),
                                       read.size() * sizeof(int64_t)))
                  .ok());
  EXPECT_EQ(read, values);
}

TEST(RawStream, EndsWhereItsChunksEnd) {
  const auto file = test::MemoryFile("abcd");
  RawStream stream(*file, {{{0, 2}, 0}}, {});
  std::vector<uint8_t> out(3);
  const absl::Status status = stream.Read(absl::MakeSpan(out));
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("they end at byte 2"));
}

TEST(RawStream, AVarintDoesNotGoOnInTheNextChunk) {
  const auto file = test::MemoryFile("\x80\x01");
  RawStream stream(*file, {{{0, 1}, 0}, {{1, 2}, 0}}, {.varint = true, .raw_bytes = 1});
  EXPECT_THAT(std::string(stream.Skip(1).message()), HasSubstr("at byte 0"));
}

TEST(RawStream, WithoutChunksIsAtItsEnd) {
  const auto file = test::MemoryFile("ab");
  RawStream stream(*file, {}, {});
  EXPECT_TRUE(stream.AtEnd());
  EXPECT_EQ(stream.Skip(1).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace onnx_reinit::wire
