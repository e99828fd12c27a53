#include "infer/operator_rows.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace onnx_reinit::infer {
namespace {

struct Row {
  std::string_view domain;
  std::string_view op_type;
  int number;
};

constexpr std::array kRows = {
    Row{"", "Add", 0},  Row{"", "And", 4},       Row{"", "Conv", 1},
    Row{"", "Conv", 2}, Row{"vendor", "Add", 3},
};
static_assert(OperatorPlace("Add") == OperatorPlace("And"), "they share a place");
static_assert(AreSortedByOperator(kRows));
static_assert(!AreSortedByOperator(std::array{kRows[4], kRows[0]}));
static_assert(!AreSortedByOperator(std::array{kRows[2], kRows[0]}));

graph::Node NodeOf(std::string_view domain, std::string_view op_type) {
  return {.op_type = op_type, .domain = domain};
}

TEST(OperatorRowsTest, FindsTheRowOfTheDomainAndName) {
  EXPECT_EQ(RowOf<kRows>(NodeOf("", "Add"))->number, 0);
  EXPECT_EQ(RowOf<kRows>(NodeOf("vendor", "Add"))->number, 3);
  EXPECT_EQ(RowOf<kRows>(NodeOf("", "And"))->number, 4);
}

TEST(OperatorRowsTest, FindsNoneForAnotherName) {
  for (const std::string_view name : {"", "Abs", "Ad", "Adds", "And_", "Amd", "Zero"}) {
    EXPECT_EQ(RowOf<kRows>(NodeOf("", name)), nullptr) << name;
  }
  EXPECT_EQ(RowOf<kRows>(NodeOf("vendor", "Conv")), nullptr);
  EXPECT_EQ(RowOf<kRows>(NodeOf("other", "Add")), nullptr);
}

TEST(OperatorRowsTest, FindsAllRowsOfOneOperator) {
  const auto rows = RowsOf<kRows>(NodeOf("", "Conv"));
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].number, 1);
  EXPECT_EQ(rows[1].number, 2);
  EXPECT_TRUE(RowsOf<kRows>(NodeOf("", "Gemm")).empty());
}

}  // namespace
}  // namespace onnx_reinit::infer
