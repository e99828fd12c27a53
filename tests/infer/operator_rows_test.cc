#include "infer/operator_rows.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace onnx_reinit::infer {
namespace {

struct OrderRow {
  std::string_view name;
  std::string_view a;
  std::string_view b;
  int order;
};

class CompareTest : public ::testing::TestWithParam<OrderRow> {};

TEST_P(CompareTest, OrdersAsStringsAre) {
  const OrderRow& row = GetParam();
  EXPECT_EQ(Compare(row.a, row.b), row.order);
  EXPECT_EQ(Compare(row.b, row.a), -row.order);
  EXPECT_EQ(row.a < row.b, row.order < 0);
}

INSTANTIATE_TEST_SUITE_P(Rows, CompareTest,
                         ::testing::Values(OrderRow{"Equal", "Conv", "Conv", 0},
                                           OrderRow{"BothEmpty", "", "", 0},
                                           OrderRow{"EmptyFirst", "", "Conv", -1},
                                           OrderRow{"BeginningFirst", "Conv", "ConvInteger", -1},
                                           OrderRow{"ByLetter", "Cast", "Conv", -1},
                                           OrderRow{"CapitalsFirst", "Zero", "abs", -1}),
                         [](const auto& row) { return std::string(row.param.name); });

struct Row {
  std::string_view domain;
  std::string_view op_type;
  int number;
};

constexpr std::array kRows = {
    Row{"", "Add", 0},
    Row{"", "Conv", 1},
    Row{"", "Conv", 2},
    Row{"vendor", "Add", 3},
};
static_assert(AreSortedByOperator(kRows));
static_assert(!AreSortedByOperator(std::array{kRows[3], kRows[0]}));
static_assert(!AreSortedByOperator(std::array{kRows[1], kRows[0]}));

graph::Node NodeOf(std::string_view domain, std::string_view op_type) {
  return {.op_type = op_type, .domain = domain};
}

TEST(OperatorRowsTest, FindsTheRowOfTheDomainAndName) {
  EXPECT_EQ(RowOf(NodeOf("", "Add"), kRows)->number, 0);
  EXPECT_EQ(RowOf(NodeOf("vendor", "Add"), kRows)->number, 3);
}

TEST(OperatorRowsTest, FindsNoneForAnotherName) {
  for (const std::string_view name : {"", "Abs", "Ad", "Adds", "Zero"}) {
    EXPECT_EQ(RowOf(NodeOf("", name), kRows), nullptr) << name;
  }
  EXPECT_EQ(RowOf(NodeOf("vendor", "Conv"), kRows), nullptr);
  EXPECT_EQ(RowOf(NodeOf("other", "Add"), kRows), nullptr);
}

TEST(OperatorRowsTest, FindsAllRowsOfOneOperator) {
  const auto rows = RowsOf(NodeOf("", "Conv"), kRows);
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].number, 1);
  EXPECT_EQ(rows[1].number, 2);
  EXPECT_TRUE(RowsOf(NodeOf("", "Gemm"), kRows).empty());
}

}  // namespace
}  // namespace onnx_reinit::infer
