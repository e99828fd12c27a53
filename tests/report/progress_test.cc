#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

#include "onnx_reinit/report.h"

namespace onnx_reinit {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20U;

TEST(ProgressLineTest, TellsShareRateAndTimeLeft) {
  EXPECT_EQ(ProgressLine(512 * kMiB, 2048 * kMiB, 0.5),
            "[#####               ]  25%  512.0 MiB of 2.0 GiB, 1.0 GiB/s, 2 s left");
}

TEST(ProgressLineTest, AtTheEndNoTimeIsLeft) {
  EXPECT_EQ(ProgressLine(kMiB, kMiB, 1),
            "[####################] 100%  1.0 MiB of 1.0 MiB, 1.0 MiB/s");
}

TEST(ProgressLineTest, AtTheStartTheTimeLeftIsUnknown) {
  EXPECT_EQ(ProgressLine(0, kMiB, 1), "[                    ]   0%  0 B of 1.0 MiB, 0 B/s");
}

TEST(ProgressLineTest, NothingToWriteIsDone) {
  EXPECT_EQ(ProgressLine(0, 0, 1), "[####################] 100%  0 B of 0 B, 0 B/s");
}

}  // namespace
}  // namespace onnx_reinit
