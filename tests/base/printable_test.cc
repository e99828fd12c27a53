#include "base/printable.h"

#include <gtest/gtest.h>

#include <string>

namespace onnx_reinit {
namespace {

using std::string_literals::operator""s;  // NOLINT(misc-unused-using-decls): it is used

struct PrintableCase {
  const char* name;
  std::string text;
  const char* expected;
};

class PrintableTest : public testing::TestWithParam<PrintableCase> {};

TEST_P(PrintableTest, Escapes) { EXPECT_EQ(Printable(GetParam().text), GetParam().expected); }

INSTANTIATE_TEST_SUITE_P(
    Cases, PrintableTest,
    testing::Values(
        PrintableCase{"PlainNameStays", "layer.0/fc1:weight", "layer.0/fc1:weight"},
        PrintableCase{"EmptyStaysEmpty", "", ""},
        PrintableCase{"OtherScriptsStay", "вес_重み_ñ_🙂", "вес_重み_ñ_🙂"},
        PrintableCase{"EscapeSequenceIsShown", "\x1b[31mred", "\\x1B[31mred"},
        PrintableCase{"LineEndIsShown", "a\nb\r", "a\\x0Ab\\x0D"},
        PrintableCase{"ZeroByteIsShown", "a\0b"s, "a\\x00b"},
        PrintableCase{"DeleteIsShown", "\x7f", "\\x7F"},
        PrintableCase{"C1ControlIsShown", "\xC2\x9B", "\\xC2\\x9B"},
        // NOLINTNEXTLINE(misc-misleading-bidirectional): it must not mislead
        PrintableCase{"RightToLeftOverrideIsShown", "\xE2\x80\xAE", "\\xE2\\x80\\xAE"},
        PrintableCase{"LoneContinuationIsShown", "a\x80", "a\\x80"},
        PrintableCase{"CutSequenceIsShown", "\xE9\x87", "\\xE9\\x87"},
        PrintableCase{"SequenceCutByTextIsShown",
                      "\xE9"
                      "a",
                      "\\xE9a"},
        PrintableCase{"OverlongSlashIsShown", "\xC0\xAF", "\\xC0\\xAF"},
        PrintableCase{"OverlongThreeByteFormIsShown", "\xE0\x80\xAF", "\\xE0\\x80\\xAF"},
        PrintableCase{"SurrogateIsShown", "\xED\xA0\x80", "\\xED\\xA0\\x80"},
        PrintableCase{"BeyondUnicodeIsShown", "\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"}),
    [](const auto& test) { return test.param.name; });

TEST(QuoteTest, PutsPrintableTextInQuotes) { EXPECT_EQ(Quote("a\x1b"), "'a\\x1B'"); }

TEST(QuoteTest, CutsLongText) {
  EXPECT_EQ(Quote(std::string(200, 'a')), "'" + std::string(200, 'a') + "'");
  EXPECT_EQ(Quote(std::string(201, 'a')), "'" + std::string(200, 'a') + "...'");
}

}  // namespace
}  // namespace onnx_reinit
