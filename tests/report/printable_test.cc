#include "report/printable.h"

#include <gtest/gtest.h>

namespace onnx_reinit::report {
namespace {

TEST(ColumnsTest, CountsCodePoints) {
  EXPECT_EQ(Columns(""), 0U);
  EXPECT_EQ(Columns("abc"), 3U);
  EXPECT_EQ(Columns("重み"), 2U);
}

TEST(ShortenTest, KeepsWhatFits) { EXPECT_EQ(Shorten("weight", 6), "weight"); }

TEST(ShortenTest, KeepsTheEnd) { EXPECT_EQ(Shorten("encoder.layer.0.weight", 10), "....weight"); }

TEST(ShortenTest, NeverCutsACodePoint) {
  EXPECT_EQ(Shorten("重み重み重み重み", 5), "...重み");
  EXPECT_EQ(Columns(Shorten("重み重み重み重み", 7)), 7U);
}

TEST(ShortenEndTest, KeepsTheBeginning) {
  EXPECT_EQ(ShortenEnd("abcdef", 6), "abcdef");
  EXPECT_EQ(ShortenEnd("abcdefg", 6), "abc...");
  EXPECT_EQ(ShortenEnd("aäöüßxyz", 6), "aäö...");
}

}  // namespace
}  // namespace onnx_reinit::report
