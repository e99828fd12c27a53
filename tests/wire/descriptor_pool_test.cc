#include "wire/descriptor_pool.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "support/temp_file.h"
#include "wire/file.h"

namespace onnx_reinit::wire {
namespace {

size_t OpenFiles() {
  const std::filesystem::directory_iterator open("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(open), end(open)));
}

// 100 files; file i holds the byte i.
class DescriptorPoolTest : public testing::Test {
 protected:
  DescriptorPoolTest() {
    for (int i = 0; i < 100; ++i) {
      paths_.push_back(directory_.Write(std::to_string(i), std::string(1, static_cast<char>(i))));
    }
  }

  static uint8_t ByteOf(const InputFile& file) {
    uint8_t byte = 255;
    EXPECT_EQ(file.Read(0, absl::MakeSpan(&byte, 1)), absl::OkStatus());
    return byte;
  }

  test::TempDirectory directory_;
  std::vector<std::string> paths_;
};

TEST_F(DescriptorPoolTest, KeepsOnlySoManyFilesOpen) {
  DescriptorPool pool(5);
  const size_t before = OpenFiles();
  for (const std::string& path : paths_) {
    ASSERT_TRUE(pool.Open(path).ok());
    EXPECT_LE(OpenFiles(), before + 5);
  }
  EXPECT_EQ(OpenFiles(), before + 5);
}

TEST_F(DescriptorPoolTest, KeepsWhatWasAskedForLast) {
  DescriptorPool pool(2);
  const auto first = *pool.Open(paths_[0]);
  const int second = (*pool.Open(paths_[1]))->number();
  EXPECT_EQ(*pool.Open(paths_[0]), first);
  ASSERT_TRUE(pool.Open(paths_[2]).ok());
  EXPECT_EQ(*pool.Open(paths_[0]), first);
  EXPECT_EQ((*pool.Open(paths_[2]))->number(), second) << "the number of the file that was closed";
}

TEST_F(DescriptorPoolTest, ClosesNothingThatIsHeld) {
  DescriptorPool pool(1);
  const auto held = *pool.Open(paths_[0]);
  for (const std::string& path : paths_) ASSERT_TRUE(pool.Open(path).ok());
  struct stat info = {};
  EXPECT_EQ(fstat(held->number(), &info), 0);
}

TEST_F(DescriptorPoolTest, GivesWayWhereTheProcessMayOpenNoMore) {
  rlimit limit = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit few = {.rlim_cur = OpenFiles() + 10, .rlim_max = limit.rlim_max};
  DescriptorPool pool(64);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  const bool all_opened = std::all_of(
      paths_.begin(), paths_.end(), [&](const std::string& path) { return pool.Open(path).ok(); });
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_TRUE(all_opened);
}

TEST_F(DescriptorPoolTest, SaysWhatIsNotThere) {
  DescriptorPool pool(2);
  EXPECT_EQ(pool.Open(directory_.Path("none")).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(DescriptorPoolTest, FilesOfAPoolAreReadWhetherTheyAreOpenOrNot) {
  DescriptorPool pool(3);
  std::vector<std::unique_ptr<InputFile>> files;
  for (const std::string& path : paths_) files.push_back(*InputFile::OpenIn(pool, path));
  for (size_t i = 0; i < files.size(); ++i) EXPECT_EQ(ByteOf(*files[i]), i);
}

TEST_F(DescriptorPoolTest, AFileThatTookAnothersPlaceIsNotRead) {
  DescriptorPool pool(1);
  const std::unique_ptr<InputFile> file = *InputFile::OpenIn(pool, paths_[0]);
  ASSERT_TRUE(pool.Open(paths_[1]).ok());
  std::filesystem::rename(paths_[2], paths_[0]);
  uint8_t byte = 255;
  EXPECT_EQ(file->Read(0, absl::MakeSpan(&byte, 1)).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(byte, 255);
}

}  // namespace
}  // namespace onnx_reinit::wire
