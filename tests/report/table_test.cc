#include "report/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace onnx_reinit::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(AlignTableTest, NothingGivesNothing) { EXPECT_EQ(AlignTable({}, {}), ""); }

TEST(AlignTableTest, TextStandsLeftAndNumbersRight) {
  EXPECT_EQ(
      AlignTable({{{"name", "count", "why"}}, {{"a", "7", "x"}}, {{"bcdef", "12,345", "y"}}}, {}),
      "name    count  why\n"
      "a           7  x\n"
      "bcdef  12,345  y\n");
}

TEST(AlignTableTest, AColumnWithAnyTextStandsLeft) {
  EXPECT_EQ(AlignTable({{{"a", "b"}}, {{"x", "10"}}, {{"x", "ten"}}}, {}),
            "a  b\n"
            "x  10\n"
            "x  ten\n");
}

TEST(AlignTableTest, AHeadingWidensNoColumn) {
  EXPECT_EQ(AlignTable({{{"a", "b"}}, {{"a heading that is long"}}, {{"x", "y"}}}, {}),
            "a  b\n"
            "a heading that is long\n"
            "x  y\n");
}

TEST(AlignTableTest, ShortensTheFirstColumnToTheWidth) {
  const TextStyle narrow{.width = 30};
  EXPECT_EQ(
      AlignTable({{{"name", "role"}}, {{"a.very.long.name.of.a.weight", "embedding"}}}, narrow),
      "name                 role\n"
      "...name.of.a.weight  embedding\n");
}

TEST(AlignTableTest, LeavesTheFirstColumnReadable) {
  const TextStyle tiny{.width = 5};
  EXPECT_THAT(
      AlignTable({{{"name", "role"}}, {{"a.very.long.name.of.a.weight", "embedding"}}}, tiny),
      HasSubstr("...e.of.a.weight  embedding"));
}

TEST(AlignTableTest, WidthZeroNeverShortens) {
  const std::string name(500, 'x');
  EXPECT_THAT(AlignTable({{{"name", "role"}}, {{name, "conv"}}}, {}), HasSubstr(name));
}

TEST(AlignTableTest, ColorOnlyWhereAsked) {
  const std::vector<TableRow> rows = {{{"a", "b"}, Emphasis::kStrong},
                                      {{"x", "y"}, Emphasis::kFaint}};
  EXPECT_THAT(AlignTable(rows, {}), Not(HasSubstr("\x1b")));
  EXPECT_EQ(AlignTable(rows, {.color = true}), "\x1b[1ma  b\x1b[0m\n\x1b[2mx  y\x1b[0m\n");
}

}  // namespace
}  // namespace onnx_reinit::report
