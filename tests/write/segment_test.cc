#include "write/segment.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace onnx_reinit::write {
namespace {

using testing::ElementsAre;

TEST(SegmentListTest, JoinsVerbatimStretchesThatContinue) {
  SegmentList list;
  list.Add(Verbatim(0, 10, 5));
  list.Add(Verbatim(0, 15, 5));
  EXPECT_THAT(list.segments(), ElementsAre(Verbatim(0, 10, 10)));
  EXPECT_EQ(list.size(), 10U);
}

TEST(SegmentListTest, KeepsApartWhatDoesNotContinue) {
  SegmentList list;
  list.Add(Verbatim(0, 10, 5));
  list.Add(Verbatim(0, 16, 5));
  list.Add(Verbatim(1, 21, 5));
  EXPECT_EQ(list.segments().size(), 3U);
}

TEST(SegmentListTest, LeavesOutEmptyStretches) {
  SegmentList list;
  list.Add(Literal(""));
  list.Add(Verbatim(0, 3, 0));
  EXPECT_TRUE(list.segments().empty());
  EXPECT_EQ(list.Find(0), 0U);
}

TEST(SegmentListTest, FindsTheSegmentOfAByte) {
  SegmentList list;
  list.Add(Verbatim(0, 0, 4));
  list.Add(Literal("abc"));
  list.Add(Payload(0, 0, 8));
  EXPECT_EQ(list.Find(0), 0U);
  EXPECT_EQ(list.Find(3), 0U);
  EXPECT_EQ(list.Find(4), 1U);
  EXPECT_EQ(list.Find(7), 2U);
  EXPECT_EQ(list.Find(14), 2U);
  EXPECT_EQ(list.Find(15), 3U);
}

TEST(TaggedPayloadTest, CountsTheTags) {
  EXPECT_EQ(TaggedPayload(0, 0, 12, "\x25", 4).length, 15U);
}

}  // namespace
}  // namespace onnx_reinit::write
