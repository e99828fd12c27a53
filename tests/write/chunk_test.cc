#include "write/chunk.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace onnx_reinit::write {
namespace {

Layout OneFile(const std::vector<Segment>& segments) {
  Layout layout;
  layout.files.emplace_back();
  for (const Segment& segment : segments) layout.files[0].content.Add(segment);
  return layout;
}

TEST(CutIntoChunksTest, CoversEveryFileOnceInOrder) {
  Layout layout = OneFile({Verbatim(0, 0, 3 * kChunkSize + 5)});
  layout.files.emplace_back();
  layout.files[1].content.Add(Verbatim(1, 0, 10));
  const std::vector<Chunk> chunks = CutIntoChunks(layout);
  ASSERT_EQ(chunks.size(), 5U);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(chunks[i].file, 0U);
    EXPECT_EQ(chunks[i].begin, i * kChunkSize);
  }
  EXPECT_EQ(chunks[3].end, 3 * kChunkSize + 5);
  EXPECT_EQ(chunks[4].file, 1U);
  EXPECT_EQ(chunks[4].end, 10U);
}

TEST(CutIntoChunksTest, AnEmptyFileHasNone) { EXPECT_TRUE(CutIntoChunks(OneFile({})).empty()); }

TEST(CutIntoChunksTest, NeverCutsAnElement) {
  const Layout layout = OneFile({Verbatim(0, 0, 37), Payload(0, 0, 4 * kChunkSize)});
  for (const Chunk& chunk : CutIntoChunks(layout)) {
    if (chunk.begin == 0) continue;
    EXPECT_EQ((chunk.begin - 37) % 16, 0U) << chunk.begin;
  }
}

TEST(CutIntoChunksTest, NeverCutsATaggedValue) {
  const Layout layout = OneFile({Verbatim(0, 0, 38), TaggedPayload(0, 0, 4 * kChunkSize, "%", 4)});
  for (const Chunk& chunk : CutIntoChunks(layout)) {
    if (chunk.begin == 0) continue;
    EXPECT_EQ((chunk.begin - 38) % 5, 0U) << chunk.begin;
  }
}

// The second stretch of a payload begins within a unit of the whole payload.
TEST(CutIntoChunksTest, CutsBetweenStretchesOfOnePayload) {
  const Layout layout = OneFile({Verbatim(0, 0, kChunkSize - 1), Payload(0, 60, 100)});
  const std::vector<Chunk> chunks = CutIntoChunks(layout);
  ASSERT_EQ(chunks.size(), 2U);
  EXPECT_EQ(chunks[0].end, kChunkSize - 1);
}

}  // namespace
}  // namespace onnx_reinit::write
