#include "plan/scheme_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace onnx_reinit::plan {
namespace {

using testing::HasSubstr;

struct GoodCase {
  const char* name;
  const char* text;
  const char* written;  // with what differs from the standard values
};

std::ostream& operator<<(std::ostream& out, const GoodCase& c) { return out << c.name; }

class SchemeCallTest : public testing::TestWithParam<GoodCase> {};

TEST_P(SchemeCallTest, IsReadAndWritten) {
  const auto call = ParseSchemeCall(GetParam().text);
  ASSERT_TRUE(call.ok()) << call.status();
  EXPECT_EQ(ToText(*call), GetParam().written);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, SchemeCallTest,
    testing::Values(
        GoodCase{"NameAlone", "zeros", "zeros"}, GoodCase{"EmptyParentheses", "normal()", "normal"},
        GoodCase{"Number", "normal(std=0.02)", "normal(std=0.02)"},
        GoodCase{"Exponent", "normal(std=2e-2)", "normal(std=0.02)"},
        GoodCase{"Word", "kaiming-normal(mode=fan_out)", "kaiming-normal(mode=fan_out)"},
        GoodCase{"StandardValueIsLeftOut", "kaiming-normal(mode=fan_in,gain=1)", "kaiming-normal"},
        GoodCase{"Spaces", " normal ( mean = 1 , std = 2 ) ", "normal(mean=1,std=2)"},
        GoodCase{"AnyOrder", "uniform(b=3,a=-1)", "uniform(a=-1,b=3)"}),
    [](const auto& test) { return test.param.name; });

struct BadCase {
  const char* name;
  const char* text;
  const char* sentence;
};

std::ostream& operator<<(std::ostream& out, const BadCase& c) { return out << c.name; }

class BadSchemeCallTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadSchemeCallTest, IsRefusedWithItsColumn) {
  const auto call = ParseSchemeCall(GetParam().text);
  EXPECT_EQ(call.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(call.status().message()), HasSubstr(GetParam().sentence));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadSchemeCallTest,
    testing::Values(
        BadCase{"Empty", "", "column 1: there is no scheme ''"},
        BadCase{"UnknownName", "xaver", "column 1: there is no scheme 'xaver'"},
        BadCase{"Underscore", "xavier_normal", "did you mean xavier-normal?"},
        BadCase{"UnknownParameter", "normal(std=1,sd=2)",
                "column 14: normal has no parameter 'sd'; it has mean, std, depth"},
        BadCase{"NoParameters", "zeros(std=1)", "column 7: zeros has no parameters"},
        BadCase{"NoEquals", "normal(0.02)", "column 8: a parameter is key=value"},
        BadCase{"NoNumber", "normal(std=small)", "column 12: std is a number, not 'small'"},
        BadCase{"NotFinite", "normal(std=inf)", "column 12: std is a number"},
        BadCase{"NoSuchWord", "kaiming-normal(mode=fan)", "column 21: mode is one of fan_in|"},
        BadCase{"TooSmall", "normal(std=-1)", "column 12: std lies between 0 and"},
        BadCase{"NegativeSlope", "kaiming-normal(slope=-0.5)", "column 22: slope lies between 0"},
        BadCase{"EndsInTheWrongOrder", "uniform(a=1,b=-1)", "column 9: b is below a"},
        BadCase{"EndBelowTheStandardOne", "uniform(b=-1)", "column 9: b is below a"},
        BadCase{"Twice", "normal(std=1,std=2)", "column 14: std is given twice"},
        BadCase{"NotClosed", "normal(std=1", "column 13: the closing ) is missing"},
        BadCase{"MoreBehind", "normal(std=1) x", "column 16: the closing ) is missing"}),
    [](const auto& test) { return test.param.name; });

TEST(SchemeCallTableTest, ArgumentsAreFoundByName) {
  const auto call = ParseSchemeCall("variance-scaling(scale=2,distribution=uniform)");
  ASSERT_TRUE(call.ok());
  EXPECT_EQ(call->Number("scale"), 2);
  EXPECT_EQ(call->Word("distribution"), "uniform");
  EXPECT_EQ(call->Word("mode"), "fan_in");
}

}  // namespace
}  // namespace onnx_reinit::plan
