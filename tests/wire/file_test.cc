#include "wire/file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/temp_file.h"

namespace onnx_reinit::wire {
namespace {

using ::testing::HasSubstr;

std::string Read(const InputFile& file, uint64_t offset, size_t size) {
  std::vector<uint8_t> out(size);
  EXPECT_TRUE(file.Read(offset, absl::MakeSpan(out)).ok());
  return {out.begin(), out.end()};
}

void ExpectRefused(const std::string& path, absl::StatusCode code, const std::string& sentence) {
  const absl::Status status = InputFile::Open(path).status();
  EXPECT_EQ(status.code(), code);
  EXPECT_EQ(std::string(status.message()), path + ": " + sentence);
}

TEST(InputFile, ReadsAnyPart) {
  const test::TempFile temp("0123456789");
  const auto file = InputFile::Open(temp.path());
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->size(), 10U);
  EXPECT_EQ((*file)->path(), temp.path());
  EXPECT_EQ(Read(**file, 3, 4), "3456");
  EXPECT_EQ(Read(**file, 0, 10), "0123456789");
  EXPECT_EQ(Read(**file, 10, 0), "");
}

TEST(InputFile, RefusesToReadBeyondTheEnd) {
  const test::TempFile temp("0123");
  const auto file = InputFile::Open(temp.path());
  std::vector<uint8_t> out(2);
  for (const uint64_t offset : {uint64_t{3}, uint64_t{5}, UINT64_MAX}) {
    const absl::Status status = (*file)->Read(offset, absl::MakeSpan(out));
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()), HasSubstr("the file ends at byte 4"));
  }
}

TEST(InputFile, SaysThatTheFileBecameShorter) {
  const test::TempFile temp("0123456789");
  const auto file = InputFile::Open(temp.path());
  std::filesystem::resize_file(temp.path(), 5);
  std::vector<uint8_t> out(8);
  const absl::Status status = (*file)->Read(0, absl::MakeSpan(out));
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("became shorter"));
}

TEST(InputFile, KeepsASmallFile) {
  const test::TempFile temp("0123456789");
  const auto file = InputFile::Open(temp.path());
  ASSERT_TRUE((*file)->KeepIfSmall().ok());
  std::filesystem::resize_file(temp.path(), 5);
  EXPECT_EQ(Read(**file, 3, 4), "3456");
  std::vector<uint8_t> out(2);
  EXPECT_THAT(std::string((*file)->Read(9, absl::MakeSpan(out)).message()),
              HasSubstr("the file ends at byte 10"));
}

TEST(InputFile, KeepsNoLargeFile) {
  const test::TempFile temp(std::string((4 << 20) + 1, 'x'));
  const auto file = InputFile::Open(temp.path());
  ASSERT_TRUE((*file)->KeepIfSmall().ok());
  std::filesystem::resize_file(temp.path(), 5);
  std::vector<uint8_t> out(8);
  EXPECT_FALSE((*file)->Read(0, absl::MakeSpan(out)).ok());
}

TEST(InputFile, KeepIfSmallSaysThatTheFileBecameShorter) {
  const test::TempFile temp("0123456789");
  const auto file = InputFile::Open(temp.path());
  std::filesystem::resize_file(temp.path(), 5);
  EXPECT_EQ((*file)->KeepIfSmall().code(), absl::StatusCode::kDataLoss);
}

TEST(InputFile, IdentifiesTheFile) {
  const test::TempFile temp("a");
  const std::string link = temp.path() + ".link";
  std::filesystem::create_hard_link(temp.path(), link);
  const auto one = InputFile::Open(temp.path());
  const auto other = InputFile::Open(link);
  EXPECT_EQ((*one)->id(), (*other)->id());
  EXPECT_EQ(FindFile(link), (*one)->id());
  EXPECT_EQ(FindFile(link + ".none"), std::nullopt);
}

TEST(InputFile, SaysWhatIsNotThere) {
  const test::TempDirectory temp;
  ExpectRefused(temp.Path("a"), absl::StatusCode::kNotFound, "there is no such file");
  const std::string file = temp.Write("b", "");
  ExpectRefused(file + "/c", absl::StatusCode::kNotFound, "there is no such file");
}

TEST(InputFile, RefusesWhatIsNoRegularFile) {
  const test::TempDirectory temp;
  ExpectRefused(temp.path(), absl::StatusCode::kDataLoss, "is a directory, not a regular file");
  ExpectRefused("/dev/null", absl::StatusCode::kDataLoss, "is a device, not a regular file");
}

TEST(InputFile, DoesNotWaitForAPipe) {
  const test::TempDirectory temp;
  const std::string path = temp.Path("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  ExpectRefused(path, absl::StatusCode::kDataLoss, "is a pipe, not a regular file");
}

TEST(InputFile, SaysThatItMayNotBeRead) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const test::TempFile temp("a");
  ASSERT_EQ(chmod(temp.path().c_str(), 0), 0);
  EXPECT_EQ(InputFile::Open(temp.path()).status().code(), absl::StatusCode::kPermissionDenied);
}

TEST(InputFile, AdoptRefusesADescriptorThatIsNone) {
  EXPECT_FALSE(InputFile::Adopt("none", -1).ok());
}

}  // namespace
}  // namespace onnx_reinit::wire
