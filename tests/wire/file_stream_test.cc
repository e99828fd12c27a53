#include "wire/file_stream.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/memory_file.h"
#include "support/temp_file.h"
#include "wire/read_skeleton.h"

namespace onnx_reinit::wire {
namespace {

std::string Counting(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 2654435761U >> 13);
  return bytes;
}

std::string ReadNext(FileStream& stream) {
  const void* data = nullptr;
  int size = 0;
  if (!stream.Next(&data, &size)) return {};
  return {static_cast<const char*>(data), static_cast<size_t>(size)};
}

TEST(FileStream, ReadsTheWholeFileInGrowingPieces) {
  const std::string bytes = Counting(300000);
  const auto file = test::MemoryFile(bytes);
  FileStream stream(*file);
  std::string read;
  size_t largest = 0;
  for (std::string part = ReadNext(stream); !part.empty(); part = ReadNext(stream)) {
    EXPECT_GE(part.size(), std::min(largest, bytes.size() - read.size()));
    largest = std::max(largest, part.size());
    read += part;
  }
  EXPECT_EQ(read, bytes);
  EXPECT_EQ(largest, 65536U);
  EXPECT_TRUE(stream.status().ok());
}

TEST(FileStream, BackUpGivesTheSameBytesAgain) {
  const std::string bytes = Counting(10000);
  const auto file = test::MemoryFile(bytes);
  FileStream stream(*file);
  const std::string first = ReadNext(stream);
  stream.BackUp(100);
  EXPECT_EQ(stream.ByteCount(), static_cast<int64_t>(first.size()) - 100);
  EXPECT_EQ(ReadNext(stream), first.substr(first.size() - 100));
  EXPECT_EQ(ReadNext(stream)[0], bytes[first.size()]);
}

TEST(FileStream, SkipReadsNothing) {
  const std::string bytes = Counting(300000);
  const auto file = test::MemoryFile(bytes);
  FileStream stream(*file);
  ReadNext(stream);
  const int64_t before = stream.ByteCount();
  EXPECT_TRUE(stream.Skip(200000));
  EXPECT_EQ(stream.ByteCount(), before + 200000);
  const std::string next = ReadNext(stream);
  EXPECT_EQ(next.size(), 4096U);
  EXPECT_EQ(next, bytes.substr(static_cast<size_t>(before) + 200000, next.size()));
}

TEST(FileStream, PiecesStayLargeAfterAShortSkip) {
  const std::string bytes = Counting(300000);
  const auto file = test::MemoryFile(bytes);
  FileStream stream(*file);
  ReadNext(stream);
  EXPECT_EQ(ReadNext(stream).size(), 8192U);
  EXPECT_TRUE(stream.Skip(4096));
  EXPECT_EQ(ReadNext(stream), bytes.substr(4096 + 8192 + 4096, 16384));
  EXPECT_TRUE(stream.Skip(4097));
  EXPECT_EQ(ReadNext(stream).size(), 4096U);
}

TEST(FileStream, SkipWithinWhatIsBackedUp) {
  const std::string bytes = Counting(10000);
  const auto file = test::MemoryFile(bytes);
  FileStream stream(*file);
  const std::string first = ReadNext(stream);
  stream.BackUp(100);
  EXPECT_TRUE(stream.Skip(40));
  EXPECT_EQ(ReadNext(stream), first.substr(first.size() - 60));
}

TEST(FileStream, SkipBeyondTheEndIsRefused) {
  const auto file = test::MemoryFile("abc");
  FileStream stream(*file);
  EXPECT_FALSE(stream.Skip(4));
  EXPECT_EQ(ReadNext(stream), "");
}

TEST(FileStream, KeepsTheReasonOfAFailedRead) {
  const test::TempFile temp(Counting(100000));
  const auto file = InputFile::Open(temp.path());
  FileStream stream(**file);
  ReadNext(stream);
  std::filesystem::resize_file(temp.path(), 5000);
  while (!ReadNext(stream).empty()) {
  }
  EXPECT_EQ(stream.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ReadNext(stream), "");
}

// Of two bytes each, so that one begins where the first bytes end that cannot be read.
TEST(FileStreamTest, AFileThatShrinksBetweenTwoFieldsIsNoMalformedOne) {
  test::TempDirectory directory;
  std::string fields;
  for (int i = 0; i < 50'000; ++i) fields.append("\x78\x01");
  const std::string path = directory.Write("in", fields);
  const auto file = InputFile::Open(path);
  ASSERT_EQ(file.status(), absl::OkStatus());
  std::filesystem::resize_file(path, 20'000);
  const absl::Status status = ReadSkeleton(**file).status();
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("became shorter"));
}

}  // namespace
}  // namespace onnx_reinit::wire
