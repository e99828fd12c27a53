#include "gen/float_math.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gen/float_math_ulp.h"

namespace onnx_reinit::gen {
namespace {

class FloatMathTest : public testing::TestWithParam<ErrorRange> {};

// A sample; float_math_exhaustive_test tries every argument.
TEST_P(FloatMathTest, ErrorStaysBelowWhatTheHeaderStates) {
  const ErrorRange& range = GetParam();
  constexpr uint64_t kPrimeStep = 3989;
  EXPECT_LE(LargestError(range, range.first, range.last, kPrimeStep), range.most_ulp);
}

INSTANTIATE_TEST_SUITE_P(Functions, FloatMathTest, testing::ValuesIn(kErrorRanges),
                         [](const auto& row) { return row.param.name; });

TEST(OpenFractionTest, IsNeverZeroAndNeverAboveOne) {
  EXPECT_EQ(OpenFraction(0), 0x1p-32f);
  EXPECT_EQ(OpenFraction(1), 0x1p-32f);
  EXPECT_EQ(OpenFraction(0xFFFFFFFF), 1.0f);
}

TEST(LogTest, OfOneIsZeroSoThatTheShortestRadiusIsZero) { EXPECT_EQ(Log(1.0f), 0.0f); }

TEST(SinCosOfTurnTest, QuarterTurnsAreExact) {
  struct Row {
    uint32_t word;
    float sin;
    float cos;
  };
  for (const Row& row :
       {Row{0, 0, 1}, Row{0x40000000, 1, 0}, Row{0x80000000, 0, -1}, Row{0xC0000000, -1, 0}}) {
    const SinCos actual = SinCosOfTurn(row.word);
    EXPECT_EQ(actual.sin, row.sin) << row.word;
    EXPECT_EQ(actual.cos, row.cos) << row.word;
  }
}

TEST(InverseNormalTest, IsOddInTheMiddle) {
  EXPECT_EQ(InverseNormalInner(0.0f), 0.0f);
  EXPECT_EQ(InverseNormalCentral(0.0f), 0.0f);
  for (const float x : {0.1f, 0.5f, kInnerLimit}) {
    EXPECT_EQ(InverseNormalInner(-x), -InverseNormalInner(x)) << x;
  }
  for (const float x : {0.1f, 0.5f, 0.95f, kCentralLimit}) {
    EXPECT_EQ(InverseNormalCentral(-x), -InverseNormalCentral(x)) << x;
  }
}

TEST(InverseNormalTest, TheNumeratorCarriesAFactor) {
  std::array<float, 5> doubled = kInnerNumerator;
  for (float& coefficient : doubled) coefficient *= 2;
  EXPECT_EQ(InverseNormalInner(0.7f, doubled), 2 * InverseNormalInner(0.7f));
}

TEST(InverseNormalTest, TheApproximationsMeet) {
  EXPECT_NEAR(InverseNormalInner(kInnerLimit), InverseNormalCentral(kInnerLimit), 3e-6f);
}

TEST(InverseNormalTest, TheTailMeetsTheMiddle) {
  const float q = (1.0f - kCentralLimit) / 2;
  EXPECT_NEAR(InverseNormalTail(q), InverseNormalCentral(kCentralLimit), 3e-6f);
}

}  // namespace
}  // namespace onnx_reinit::gen
