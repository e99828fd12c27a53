#include "infer/formula.h"

#include <cmath>
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer/grid.h"

namespace onnx_reinit::infer {
namespace {

using ::testing::DoubleNear;
using ::testing::Each;
using ::testing::ElementsAre;

struct Row {
  std::string_view name;
  std::string_view text;
  double x;
  double a;
  double value;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.text; }

class Formulas : public ::testing::TestWithParam<Row> {};

TEST_P(Formulas, HaveTheValue) {
  const Row& row = GetParam();
  EXPECT_THAT(Formula(row.text).Evaluate(Filled(row.x), row.a), Each(DoubleNear(row.value, 1e-12)));
}

constexpr Row kRows[] = {
    {"Number", "2.5", 7, 0, 2.5},
    {"Variable", "x", 7, 0, 7},
    {"Parameter", "a", 7, 3, 3},
    {"ProductBeforeSum", "1 + 2 * x", 3, 0, 7},
    {"SumFromTheLeft", "x - 2 - 1", 10, 0, 7},
    {"QuotientFromTheLeft", "x / 2 / 2", 12, 0, 3},
    {"Brackets", "(1 + 2) * x", 3, 0, 9},
    {"PowerBeforeProduct", "2 * x ^ 2", 3, 0, 18},
    {"MinusOfAPower", "-x ^ 2", 3, 0, -9},
    {"MinusInAProduct", "2 * -x", 3, 0, -6},
    {"ComparisonTrue", "x > 2", 3, 0, 1},
    {"ComparisonFalse", "x > 2 + 1", 3, 0, 0},
    {"Where", "where(x > 0, 5, a)", -1, 4, 4},
    {"MinMax", "min(max(x, 0), 6)", 9, 0, 6},
    {"Functions", "abs(-x) + sqrt(4) + log(exp(2)) + tanh(0) + erf(0)", 1, 0, 5},
};
INSTANTIATE_TEST_SUITE_P(Texts, Formulas, ::testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

// Rows of four: 0 1 2 3 | 4 5 6 7 | ...
Grid Counting() {
  Grid grid;
  for (size_t i = 0; i < grid.size(); ++i) grid[i] = static_cast<double>(i);
  return grid;
}

TEST(Formula, ReducesRowsAndColumns) {
  EXPECT_THAT(Formula("mean(x)").Evaluate(Counting(), 0),
              ElementsAre(1.5, 1.5, 1.5, 1.5, 5.5, 5.5, 5.5, 5.5, 9.5, 9.5, 9.5, 9.5, 13.5, 13.5,
                          13.5, 13.5));
  EXPECT_THAT(Formula("across(x)").Evaluate(Counting(), 0),
              ElementsAre(6, 7, 8, 9, 6, 7, 8, 9, 6, 7, 8, 9, 6, 7, 8, 9));
  EXPECT_EQ(Formula("sum(x)").Evaluate(Counting(), 0)[4], 22);
  EXPECT_EQ(Formula("norm(x)").Evaluate(Counting(), 0)[0], std::sqrt(14.0));
}

TEST(Formula, FitsItsParameterToPoints) {
  const auto square = [](double point) { return point * point; };
  EXPECT_EQ(Formula("f(3) - f(-1)").Fit(square), 8);
}

TEST(Formula, SlackIsWhatRoundedNumbersDo) {
  EXPECT_THAT(Formula("0.5 * x").Slack(Filled(8), 0), Each(DoubleNear(0.004, 1e-9)));
  EXPECT_THAT(Formula("2 * x").Slack(Filled(8), 0), Each(DoubleNear(0.000016, 1e-9)));
  EXPECT_THAT(Formula("a * x").Slack(Filled(8), 3), Each(0));
}

TEST(Grid, IsReducedInEveryWay) {
  const Grid grid = {-3, 1, 2, -4};
  const auto first = [&](Reduction reduction) {
    return Reduced(grid, reduction, GridAxis::kAlong)[0];
  };
  EXPECT_EQ(first(Reduction::kSum), -4);
  EXPECT_EQ(first(Reduction::kMean), -1);
  EXPECT_EQ(first(Reduction::kMax), 2);
  EXPECT_EQ(first(Reduction::kMin), -4);
  EXPECT_EQ(first(Reduction::kAbsoluteSum), 10);
  EXPECT_EQ(first(Reduction::kSquareSum), 30);
  EXPECT_DOUBLE_EQ(first(Reduction::kNorm), std::sqrt(30.0));
  EXPECT_DOUBLE_EQ(first(Reduction::kLogSumExp),
                   std::log(std::exp(-3) + std::exp(1) + std::exp(2) + std::exp(-4)));
}

}  // namespace
}  // namespace onnx_reinit::infer
