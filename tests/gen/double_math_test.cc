#include "gen/double_math.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace onnx_reinit::gen {
namespace {

// Relative, with room for the last places of the C library's own result.
constexpr double kRelative = 1e-15;

TEST(PortableLogTest, EqualsTheLibraryToTheLastPlaces) {
  for (double x = 1e-300; x < 1e300; x *= 1.37) {
    EXPECT_NEAR(PortableLog(x), std::log(x), kRelative * std::fabs(std::log(x)) + 1e-16) << x;
  }
  for (int i = 1; i < 5000; ++i) EXPECT_NEAR(PortableLog(i), std::log(i), kRelative * 9) << i;
  EXPECT_EQ(PortableLog(1), 0);
}

TEST(PortableExpTest, EqualsTheLibraryToTheLastPlaces) {
  for (double x = -700; x <= 700; x += 0.37) {
    EXPECT_NEAR(PortableExp(x) / std::exp(x), 1, kRelative * (1 + std::fabs(x) / 4)) << x;
  }
}

TEST(PortableExpMinus1Test, DoesNotCancelNearZero) {
  for (double x = 1e-20; x < 100; x *= 1.7) {
    EXPECT_NEAR(PortableExpMinus1(x) / std::expm1(x), 1, kRelative * (1 + x / 4)) << x;
    EXPECT_NEAR(PortableExpMinus1(-x) / std::expm1(-x), 1, kRelative) << -x;
  }
}

TEST(PortableNormalTailTest, EqualsTheLibraryAndStaysExactFarOut) {
  for (double x = -8; x < 30; x += 0.0137) {
    const double expected = std::erfc(x / std::sqrt(2.0)) / 2;
    EXPECT_NEAR(PortableNormalTail(x) / expected, 1, 1e-13 * (1 + x * x / 10)) << x;
  }
  EXPECT_EQ(PortableNormalTail(0), 0.5);
}

}  // namespace
}  // namespace onnx_reinit::gen
