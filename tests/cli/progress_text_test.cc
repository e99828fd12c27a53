#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "progress.h"

namespace onnx_reinit::tools {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr uint64_t kMiB = uint64_t{1} << 20U;

TEST(ProgressTextTest, ShortRunsShowNoBar) {
  ProgressText text(ProgressStyle::kBar);
  EXPECT_EQ(text.Update(kMiB, 2 * kMiB, 0.5), "");
  EXPECT_EQ(text.Update(2 * kMiB, 2 * kMiB, 0.99), "");
  EXPECT_EQ(text.End(), "");
}

TEST(ProgressTextTest, ABarComesAfterASecondAndThenTenTimesASecond) {
  ProgressText text(ProgressStyle::kBar);
  const std::string first = text.Update(kMiB, 4 * kMiB, 1);
  EXPECT_THAT(first, StartsWith("\r[#####"));
  EXPECT_THAT(first, HasSubstr("1.0 MiB of 4.0 MiB, 1.0 MiB/s, 3 s left"));
  EXPECT_THAT(first, EndsWith("\x1b[K"));
  EXPECT_EQ(text.Update(2 * kMiB, 4 * kMiB, 1.05), "");
  EXPECT_THAT(text.Update(2 * kMiB, 4 * kMiB, 1.1), HasSubstr(" 50%"));
}

TEST(ProgressTextTest, TheBarIsTakenAwayOnce) {
  ProgressText text(ProgressStyle::kBar);
  text.Update(kMiB, 2 * kMiB, 2);
  EXPECT_EQ(text.End(), "\r\x1b[K");
  EXPECT_EQ(text.End(), "");
}

TEST(ProgressTextTest, ALogHasALineEveryFewSecondsAndNoControlCodes) {
  ProgressText text(ProgressStyle::kLog);
  EXPECT_EQ(text.Update(kMiB, 4 * kMiB, 4.9), "");
  const std::string line = text.Update(2 * kMiB, 4 * kMiB, 5);
  EXPECT_THAT(line, StartsWith("[##########"));
  EXPECT_THAT(line, EndsWith("left\n"));
  EXPECT_THAT(line, testing::Not(HasSubstr("\x1b")));
  EXPECT_EQ(text.Update(3 * kMiB, 4 * kMiB, 9.9), "");
  EXPECT_NE(text.Update(3 * kMiB, 4 * kMiB, 10), "");
  EXPECT_EQ(text.End(), "");
}

TEST(ProgressTextTest, NoneIsNone) {
  ProgressText text(ProgressStyle::kNone);
  EXPECT_EQ(text.Update(kMiB, 2 * kMiB, 100), "");
  EXPECT_EQ(text.End(), "");
}

}  // namespace
}  // namespace onnx_reinit::tools
