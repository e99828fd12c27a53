#include "write/edit.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace onnx_reinit::write {
namespace {

using testing::ElementsAre;

// [0]: tag at 0, length at 1, body [2, 122). [1] in it: tag at 10, length at 11, body [12, 32).
wire::Skeleton TwoFrames() {
  wire::Skeleton skeleton;
  skeleton.file_size = 130;
  skeleton.frames = {
      {.parent = wire::Frame::kNone, .tag_begin = 0, .length_begin = 1, .body = {2, 122}},
      {.parent = 0, .tag_begin = 10, .length_begin = 11, .body = {12, 32}}};
  return skeleton;
}

TEST(ApplyEditsTest, WithoutEditsIsTheFile) {
  EXPECT_THAT(ApplyEdits(TwoFrames(), {}).segments(), ElementsAre(Verbatim(0, 0, 130)));
}

TEST(ApplyEditsTest, SameSizeTouchesNoLength) {
  const SegmentList output =
      ApplyEdits(TwoFrames(), {{.old = {14, 18}, .with = {Payload(0, 0, 4)}, .frame = 1}});
  EXPECT_THAT(output.segments(),
              ElementsAre(Verbatim(0, 0, 14), Payload(0, 0, 4), Verbatim(0, 18, 112)));
}

TEST(ApplyEditsTest, GrowthMendsEveryEnclosingLength) {
  const SegmentList output =
      ApplyEdits(TwoFrames(), {{.old = {14, 18}, .with = {Literal("abcdef")}, .frame = 1}});
  EXPECT_THAT(output.segments(),
              ElementsAre(Verbatim(0, 0, 1), Literal("\x7A"), Verbatim(0, 2, 9), Literal("\x16"),
                          Verbatim(0, 12, 2), Literal("abcdef"), Verbatim(0, 18, 112)));
}

TEST(ApplyEditsTest, ALongerLengthCountsInItsParent) {
  // 20 + 108 = 128: two bytes instead of one; 120 + 108 + 1 = 229.
  const SegmentList output =
      ApplyEdits(TwoFrames(), {{.old = {32, 32}, .with = {Payload(0, 0, 108)}, .frame = 1}});
  EXPECT_THAT(
      output.segments(),
      ElementsAre(Verbatim(0, 0, 1), Literal("\xE5\x01"), Verbatim(0, 2, 9), Literal("\x80\x01"),
                  Verbatim(0, 12, 20), Payload(0, 0, 108), Verbatim(0, 32, 98)));
}

TEST(ApplyEditsTest, EditsThatBalanceTouchNoLength) {
  const SegmentList output =
      ApplyEdits(TwoFrames(), {{.old = {20, 24}, .with = {}, .frame = 1},
                               {.old = {14, 14}, .with = {Literal("abcd")}, .frame = 1}});
  EXPECT_THAT(output.segments(), ElementsAre(Verbatim(0, 0, 14), Literal("abcd"),
                                             Verbatim(0, 14, 6), Verbatim(0, 24, 106)));
}

}  // namespace
}  // namespace onnx_reinit::write
