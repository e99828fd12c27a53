#include "write/target.h"

#include <filesystem>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/temp_file.h"
#include "write/positioned.h"

namespace onnx_reinit::write {
namespace {

using testing::HasSubstr;

TEST(TargetTest, IsOpenFromItsFirstChunkToItsLast) {
  test::TempDirectory directory;
  Target target(directory.Write("file", "old"), "out");
  EXPECT_EQ(target.descriptor(), -1);
  ASSERT_EQ(target.Open(), absl::OkStatus());
  const int descriptor = target.descriptor();
  ASSERT_EQ(target.Open(), absl::OkStatus());
  EXPECT_EQ(target.descriptor(), descriptor);
  ASSERT_EQ(WriteAt(descriptor, 1, {reinterpret_cast<const uint8_t*>("EW"), 2}, target.path()),
            absl::OkStatus());
  EXPECT_EQ(target.Close(/*sync=*/true), absl::OkStatus());
  EXPECT_EQ(target.descriptor(), -1);
  EXPECT_EQ(test::ReadFile(directory.Path("file")), "oEW");
}

TEST(TargetTest, IsOpenOnceWhenItMoves) {
  test::TempDirectory directory;
  Target first(directory.Write("file", ""), "out");
  ASSERT_EQ(first.Open(), absl::OkStatus());
  const Target second = std::move(first);
  EXPECT_GE(second.descriptor(), 0);
}

TEST(TargetTest, IsNeitherMadeNorFoundBehindALink) {
  test::TempDirectory directory;
  directory.Write("file", "");
  std::filesystem::create_symlink("file", directory.Path("link"));
  for (const char* name : {"none", "link"}) {
    const absl::Status status = Target(directory.Path(name), "out").Open();
    EXPECT_THAT(std::string(status.message()), HasSubstr("cannot open 'out'")) << name;
  }
}

}  // namespace
}  // namespace onnx_reinit::write
