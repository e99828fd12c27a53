#include "support/wire_text.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"

namespace onnx_reinit::test {
namespace {

using ::testing::Eq;
using ::testing::Optional;

struct Row {
  const char* name;
  const char* text;
  std::string bytes;
};

class WireTextTest : public ::testing::TestWithParam<Row> {};

TEST_P(WireTextTest, BecomesBytes) {
  const WireText assembled = AssembleWireText(GetParam().text);
  EXPECT_EQ(assembled.bytes, GetParam().bytes);
  EXPECT_THAT(assembled.mark, Eq(std::nullopt));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, WireTextTest,
    ::testing::Values(Row{"nothing", "", ""}, Row{"comment", "# 1: 2\n # 3", ""},
                      Row{"varint", "300", "\xAC\x02"},
                      Row{"negative", "-1", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"},
                      Row{"hexadecimal", "0x7F", "\x7F"}, Row{"field", "1: 8", "\x08\x08"},
                      Row{"text", "8: \"w\"", "\x42\x01w"},
                      Row{"bytes", "9: `0a Ff`", "\x4A\x02\x0A\xFF"},
                      Row{"message", "7: {1: 8 2: \"\"}", std::string("\x3A\x04\x08\x08\x12\0", 6)},
                      Row{"bare_tag", "9:2 100", "\x4A\x64"},
                      Row{"bare_text", R"("a\x41\n\"")", "aA\n\""},
                      Row{"repeat", "3 * (1: 8)", "\x08\x08\x08\x08\x08\x08"},
                      Row{"nest", "nest 3 (7: {@})", std::string("\x3A\x04\x3A\x02\x3A\0", 6)}),
    [](const auto& test_info) { return test_info.param.name; });

TEST(WireText, MarksAPlaceThroughLengths) {
  EXPECT_THAT(AssembleWireText("1: 8 ^7: {5: {}}").mark, Optional(2));
  EXPECT_THAT(AssembleWireText("1: 8 7: ^{5: {}}").mark, Optional(3));
  EXPECT_THAT(AssembleWireText("1: 8 7: {^5: {}}").mark, Optional(4));
  EXPECT_THAT(AssembleWireText("1: 8 7: {5: {^}}").mark, Optional(6));
  EXPECT_THAT(AssembleWireText("1: ^-1").mark, Optional(1));
  // A body of more than 127 bytes has a length of two.
  EXPECT_THAT(AssembleWireText("7: {^5: {} 200 * (0)}").mark, Optional(3));
}

TEST(WireText, MarksTheLastOfARepetition) {
  EXPECT_THAT(AssembleWireText("3 * (^1: 8)").mark, Optional(4));
}

TEST(WireText, ThatIsWrongFailsTheTest) {
  for (const char* text : {"{", "}", "1: ", "x", "nest 2", "`0g`", "\"a", "2 * 3"}) {
    EXPECT_NONFATAL_FAILURE(AssembleWireText(text), " of\n");
  }
}

}  // namespace
}  // namespace onnx_reinit::test
