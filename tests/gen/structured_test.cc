#include "gen/structured.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace onnx_reinit::gen {
namespace {

using enum Distribution;
using testing::ElementsAre;

constexpr uint64_t kKey = 11;

std::vector<float> Make(const Values& values, const MatrixAxes& axes,
                        const std::vector<int64_t>& dims, uint32_t part = 0) {
  Piece piece;
  piece.values = values;
  piece.matrix = axes;
  auto made = MakeStructured(piece, dims, kKey, part, AvailableKernels().front());
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

const MatrixAxes kLinear = {.batch = {}, .output = {0}, .input = {1}, .kernel = {}};
const MatrixAxes kConv = {.batch = {}, .output = {0}, .input = {1}, .kernel = {2, 3}};

// The product of two rows of a row-major matrix with `columns` columns.
double RowProduct(const std::vector<float>& matrix, size_t columns, size_t a, size_t b) {
  double sum = 0;
  for (size_t i = 0; i < columns; ++i) {
    sum +=
        static_cast<double>(matrix[a * columns + i]) * static_cast<double>(matrix[b * columns + i]);
  }
  return sum;
}

void ExpectOrthogonalRows(const std::vector<float>& matrix, size_t rows, size_t columns,
                          double squared_gain) {
  for (size_t a = 0; a < rows; ++a) {
    for (size_t b = 0; b <= a; ++b) {
      EXPECT_NEAR(RowProduct(matrix, columns, a, b), a == b ? squared_gain : 0, 1e-5 * squared_gain)
          << a << ", " << b;
    }
  }
}

TEST(OrthogonalFillTest, AWideWeightHasOrthogonalRows) {
  ExpectOrthogonalRows(Make({.distribution = kOrthogonal, .gain = 1}, kLinear, {20, 30}), 20, 30,
                       1);
}

TEST(OrthogonalFillTest, TheGainIsAFactor) {
  ExpectOrthogonalRows(Make({.distribution = kOrthogonal, .gain = 3}, kLinear, {5, 5}), 5, 5, 9);
}

TEST(OrthogonalFillTest, ATallWeightHasOrthogonalColumns) {
  const std::vector<float> tall = Make({.distribution = kOrthogonal}, kLinear, {30, 20});
  std::vector<float> transposed(tall.size());
  for (size_t row = 0; row < 30; ++row) {
    for (size_t column = 0; column < 20; ++column) {
      transposed[column * 30 + row] = tall[row * 20 + column];
    }
  }
  ExpectOrthogonalRows(transposed, 20, 30, 1);
}

TEST(OrthogonalFillTest, AnInputFirstWeightIsTheTransposeOfTheOutputFirstOne) {
  const MatrixAxes input_first = {.batch = {}, .output = {1}, .input = {0}, .kernel = {}};
  const auto one = Make({.distribution = kOrthogonal}, kLinear, {6, 4});
  const auto other = Make({.distribution = kOrthogonal}, input_first, {4, 6});
  for (size_t row = 0; row < 6; ++row) {
    for (size_t column = 0; column < 4; ++column) {
      EXPECT_EQ(one[row * 4 + column], other[column * 6 + row]);
    }
  }
}

TEST(OrthogonalFillTest, AConvolutionIsAMatrixWithAColumnPerInputAndTap) {
  ExpectOrthogonalRows(Make({.distribution = kOrthogonal}, kConv, {8, 3, 2, 2}), 8, 12, 1);
}

TEST(OrthogonalFillTest, EachExpertHasItsOwnOrthogonalMatrix) {
  const MatrixAxes experts = {.batch = {0}, .output = {1}, .input = {2}, .kernel = {}};
  const auto all = Make({.distribution = kOrthogonal}, experts, {2, 4, 4});
  const std::vector<float> first(all.begin(), all.begin() + 16);
  const std::vector<float> second(all.begin() + 16, all.end());
  ExpectOrthogonalRows(first, 4, 4, 1);
  ExpectOrthogonalRows(second, 4, 4, 1);
  EXPECT_NE(first, second);
}

TEST(DeltaOrthogonalTest, OnlyTheCentreTapIsNotZeroAndItIsOrthogonal) {
  const auto all = Make({.distribution = kDeltaOrthogonal, .gain = 2}, kConv, {4, 3, 3, 3});
  std::vector<float> centre(12);
  for (size_t i = 0; i < all.size(); ++i) {
    if (i % 9 == 4) {
      centre[i % 27 / 9 * 4 + i / 27] = all[i];  // transposed: columns are orthogonal
    } else {
      EXPECT_EQ(all[i], 0) << i;
    }
  }
  ExpectOrthogonalRows(centre, 3, 4, 4);
}

TEST(DiracTest, PassesChannelIToOutputIThroughTheCentre) {
  const auto all = Make({.distribution = kDirac, .gain = 1}, kConv, {2, 3, 1, 3});
  EXPECT_THAT(all, ElementsAre(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0));
}

TEST(DiracTest, AnEvenKernelHasItsCentreAtHalfItsSize) {
  const MatrixAxes one_axis = {.batch = {}, .output = {0}, .input = {1}, .kernel = {2}};
  EXPECT_THAT(Make({.distribution = kDirac}, one_axis, {1, 1, 4}), ElementsAre(0, 0, 1, 0));
}

TEST(IdentityTest, HasTheGainOnItsDiagonal) {
  EXPECT_THAT(Make({.distribution = kIdentity, .gain = 0.5}, kLinear, {2, 3}),
              ElementsAre(0.5f, 0, 0, 0, 0.5f, 0));
}

TEST(SparseTest, EachColumnHasItsShareOfZerosAndTheRestIsNormal) {
  const auto all =
      Make({.distribution = kSparse, .std = 0.01, .sparsity = 0.25}, kLinear, {101, 50});
  size_t zeros_of_first_rows = 0;
  for (size_t column = 0; column < 50; ++column) {
    int zeros = 0;
    for (size_t row = 0; row < 101; ++row) zeros += all[row * 50 + column] == 0 ? 1 : 0;
    EXPECT_EQ(zeros, 26) << column;  // ceil(25.25)
    for (size_t row = 0; row < 10; ++row) zeros_of_first_rows += all[row * 50 + column] == 0;
  }
  // Chosen at random: 500 * 26 / 101 = 129 expected, standard deviation below 10.
  EXPECT_NEAR(static_cast<double>(zeros_of_first_rows), 129, 50);
  double squares = 0;
  for (const float x : all) squares += static_cast<double>(x) * static_cast<double>(x);
  EXPECT_NEAR(std::sqrt(squares / (75 * 50)), 0.01, 5 * 0.01 / std::sqrt(2.0 * 75 * 50));
}

TEST(SparseTest, ColumnsLoseDifferentRows) {
  const auto all = Make({.distribution = kSparse, .std = 1, .sparsity = 0.5}, kLinear, {40, 2});
  int same = 0;
  for (size_t row = 0; row < 40; ++row) same += (all[row * 2] == 0) == (all[row * 2 + 1] == 0);
  EXPECT_LT(same, 40);
}

TEST(SparseTest, WithoutSparsityNothingIsZero) {
  EXPECT_THAT(Make({.distribution = kSparse, .std = 1}, kLinear, {10, 10}),
              testing::Each(testing::Ne(0)));
}

TEST(LogRangeTest, IsTheLogarithmOfOneTwoThreeInEachRow) {
  const float ln2 = 0.6931472f;
  const float ln3 = 1.0986123f;
  EXPECT_THAT(Make({.distribution = kLogRange}, {}, {2, 3}), ElementsAre(0, ln2, ln3, 0, ln2, ln3));
}

// ln d is uniform: its mean and variance within 5 standard errors.
TEST(InverseSoftplusTest, SoftplusOfItIsLogUniformWithinItsBounds) {
  const auto all = Make({.distribution = kInverseSoftplus, .low = 0.001, .high = 0.1}, {}, {20000});
  double sum = 0;
  double squares = 0;
  const double middle = std::log(0.01);
  for (const float x : all) {
    const double d = std::log1p(std::exp(static_cast<double>(x)));
    ASSERT_GE(d, 0.001 * (1 - 1e-6));
    ASSERT_LE(d, 0.1 * (1 + 1e-6));
    sum += std::log(d) - middle;
    squares += std::pow(std::log(d) - middle, 2);
  }
  const double half = std::log(10.0);
  EXPECT_NEAR(sum / 20000, 0, 5 * half / std::sqrt(3.0 * 20000));
  EXPECT_NEAR(squares / 20000, half * half / 3, 5 * half * half * std::sqrt(4.0 / 45 / 20000));
}

TEST(StructuredTest, AnEmptyPieceHasNoElements) {
  EXPECT_TRUE(Make({.distribution = kOrthogonal}, kLinear, {0, 4}).empty());
  EXPECT_TRUE(Make({.distribution = kSparse, .std = 1, .sparsity = 0.5}, kLinear, {4, 0}).empty());
  EXPECT_TRUE(Make({.distribution = kLogRange}, {}, {2, 0}).empty());
}

struct BadRow {
  std::string name;
  Values values;
  MatrixAxes axes;
  std::vector<int64_t> dims;
  absl::StatusCode code;
  std::string sentence;
};

const BadRow kBadRows[] = {
    {"NoMatrix",
     {.distribution = kOrthogonal},
     {},
     {2, 2},
     absl::StatusCode::kInvalidArgument,
     "axis 0 is used 0 times"},
    {"AllZero",
     {.distribution = kSparse, .std = 1, .sparsity = 1},
     kLinear,
     {2, 2},
     absl::StatusCode::kInvalidArgument,
     "sparsity of 1"},
    {"NegativeSparsity",
     {.distribution = kSparse, .std = 1, .sparsity = -0.1},
     kLinear,
     {2, 2},
     absl::StatusCode::kInvalidArgument,
     "sparsity of -0.1"},
    {"NegativeStd",
     {.distribution = kSparse, .std = -1},
     kLinear,
     {2, 2},
     absl::StatusCode::kInvalidArgument,
     "negative std"},
    {"NoStep",
     {.distribution = kInverseSoftplus, .low = 0, .high = 1},
     {},
     {2},
     absl::StatusCode::kInvalidArgument,
     "inverse softplus of [0, 1)"},
    {"InfiniteGain",
     {.distribution = kIdentity, .gain = std::numeric_limits<double>::infinity()},
     kLinear,
     {2, 2},
     absl::StatusCode::kInvalidArgument,
     "gain"},
    {"TooLarge",
     {.distribution = kOrthogonal},
     kLinear,
     {1 << 20, 1 << 20},
     absl::StatusCode::kResourceExhausted,
     "does not fit in memory"},
};

class BadStructuredTest : public testing::TestWithParam<BadRow> {};

TEST_P(BadStructuredTest, IsRefusedWithTheReason) {
  Piece piece;
  piece.values = GetParam().values;
  piece.matrix = GetParam().axes;
  const auto made = MakeStructured(piece, GetParam().dims, kKey, 0, AvailableKernels().front());
  EXPECT_EQ(made.status().code(), GetParam().code);
  EXPECT_THAT(std::string(made.status().message()), testing::HasSubstr(GetParam().sentence));
}

INSTANTIATE_TEST_SUITE_P(Rows, BadStructuredTest, testing::ValuesIn(kBadRows),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace onnx_reinit::gen
