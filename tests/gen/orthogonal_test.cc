#include "gen/orthogonal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace onnx_reinit::gen {
namespace {

const KernelRow& Best() { return AvailableKernels().front(); }

// The largest entry of |Q^T Q - 1|.
double Departure(const Matrix& q) {
  double largest = 0;
  for (size_t a = 0; a < q.columns; ++a) {
    for (size_t b = 0; b <= a; ++b) {
      double product = 0;
      for (size_t row = 0; row < q.rows; ++row) {
        product += static_cast<double>(q.At(row, a)) * static_cast<double>(q.At(row, b));
      }
      largest = std::max(largest, std::fabs(product - (a == b ? 1 : 0)));
    }
  }
  return largest;
}

class OrthogonalTest : public testing::TestWithParam<std::pair<size_t, size_t>> {};

TEST_P(OrthogonalTest, ColumnsAreOrthonormalToOneInAHundredThousand) {
  const auto [rows, columns] = GetParam();
  const Matrix q = RandomOrthogonal(rows, columns, 3, 0, 0, Best());
  EXPECT_EQ(q.rows, rows);
  EXPECT_EQ(q.columns, columns);
  EXPECT_LT(Departure(q), 1e-5);
}

TEST_P(OrthogonalTest, EveryKernelGivesTheSameBits) {
  const auto [rows, columns] = GetParam();
  const Matrix expected = RandomOrthogonal(rows, columns, 4, 1, 2, AvailableKernels().back());
  for (const KernelRow& kernel : AvailableKernels()) {
    EXPECT_TRUE(RandomOrthogonal(rows, columns, 4, 1, 2, kernel).values == expected.values)
        << kernel.name;
  }
}

using Shape = std::pair<size_t, size_t>;
INSTANTIATE_TEST_SUITE_P(Shapes, OrthogonalTest,
                         testing::Values(Shape{1, 1}, Shape{2, 2}, Shape{7, 3}, Shape{63, 63},
                                         Shape{64, 64}, Shape{65, 64}, Shape{130, 129},
                                         Shape{1000, 65}, Shape{300, 300}),
                         [](const auto& row) {
                           return std::to_string(row.param.first) + "x" +
                                  std::to_string(row.param.second);
                         });

TEST(RandomOrthogonalTest, KeyPartAndMatrixGiveOtherMatrices) {
  const Matrix q = RandomOrthogonal(4, 4, 1, 0, 0, Best());
  EXPECT_NE(RandomOrthogonal(4, 4, 2, 0, 0, Best()).values, q.values);
  EXPECT_NE(RandomOrthogonal(4, 4, 1, 1, 0, Best()).values, q.values);
  EXPECT_NE(RandomOrthogonal(4, 4, 1, 0, 1, Best()).values, q.values);
}

// Haar: the trace of an orthogonal matrix has mean 0 and variance 1 (Diaconis, Shahshahani 1994); a
// QR without the correction of signs has mean -n times 0.2 or so. Each entry has variance 1 / n.
// Bounds: 5 standard errors, 6e-7 per figure.
TEST(RandomOrthogonalTest, IsUniformlyDistributed) {
  constexpr int kMatrices = 4000;
  constexpr size_t kSize = 5;
  double traces = 0;
  double squared_traces = 0;
  double corner_fourth = 0;
  for (uint64_t i = 0; i < kMatrices; ++i) {
    const Matrix q = RandomOrthogonal(kSize, kSize, 9, 0, i, Best());
    double trace = 0;
    for (size_t k = 0; k < kSize; ++k) trace += static_cast<double>(q.At(k, k));
    traces += trace;
    squared_traces += trace * trace;
    corner_fourth += std::pow(static_cast<double>(q.At(kSize - 1, kSize - 1)), 4);
  }
  EXPECT_NEAR(traces / kMatrices, 0, 5 / std::sqrt(kMatrices));
  EXPECT_NEAR(squared_traces / kMatrices, 1, 5 * std::sqrt(2.0 / kMatrices));
  // An entry of a uniform point on the sphere: E x^4 = 3 / (n (n + 2)), E x^8 = 105 / (n (n + 2) (n
  // + 4) (n + 6)).
  const double fourth = 3.0 / (5 * 7);
  const double eighth = 105.0 / (5 * 7 * 9 * 11);
  EXPECT_NEAR(corner_fourth / kMatrices, fourth,
              5 * std::sqrt((eighth - fourth * fourth) / kMatrices));
}

TEST(RandomOrthogonalTest, OneByOneIsPlusOrMinusOneEquallyOften) {
  int positive = 0;
  for (uint64_t i = 0; i < 100; ++i) {
    const float value = RandomOrthogonal(1, 1, 9, 0, i, Best()).At(0, 0);
    EXPECT_NEAR(std::fabs(value), 1, 1e-6);
    positive += value > 0 ? 1 : 0;
  }
  EXPECT_NEAR(positive, 50, 25);
}

}  // namespace
}  // namespace onnx_reinit::gen
