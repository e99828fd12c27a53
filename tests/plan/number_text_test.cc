#include "plan/number_text.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "absl/strings/str_format.h"
#include "gtest/gtest.h"

namespace onnx_reinit::plan {
namespace {

void ExpectAsPrintf(double number) {
  EXPECT_EQ(FourDigits(number), absl::StrFormat("%.4g", number)) << absl::StrFormat("%a", number);
  EXPECT_EQ(NoFraction(number), absl::StrFormat("%.0f", number)) << absl::StrFormat("%a", number);
}

TEST(NumberTextTest, IsWhatPrintfPrints) {
  EXPECT_EQ(FourDigits(0.49999999999996642), "0.5");
  EXPECT_EQ(FourDigits(1.414213562373), "1.414");
  EXPECT_EQ(FourDigits(0.0001), "0.0001");
  EXPECT_EQ(FourDigits(12345), "1.234e+04");
  EXPECT_EQ(NoFraction(768), "768");
  EXPECT_EQ(NoFraction(2.5), "2");
}

TEST(NumberTextTest, AtTheEndsOfEachRange) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (double power = 1e-9; power < 1e22; power *= 10) {
    for (const double factor : {0.99994, 0.99995, 0.999951, 0.99999999999, 1.0, 1.00005, 9.9985}) {
      for (const double number : {power * factor, -power * factor}) {
        ExpectAsPrintf(number);
        ExpectAsPrintf(std::nextafter(number, kInfinity));
        ExpectAsPrintf(std::nextafter(number, -kInfinity));
      }
    }
  }
  for (const double number : {0.0, -0.0, kInfinity, -kInfinity, 5e-324, 0x1p53, 0x1p53 + 2}) {
    ExpectAsPrintf(number);
  }
}

// Where the fifth digit is a 5 with nothing behind it, or nearly nothing.
TEST(NumberTextTest, NextToAHalf) {
  for (int64_t digits = 10005; digits < 99999; digits += 490) {
    for (const double unit :
         {1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 0x1p-3, 0x1p-7}) {
      const double number = static_cast<double>(digits) * unit;
      for (const double error : {0.0, 1e-15, -1e-15, 1e-13, -1e-13, 1e-11, -1e-11}) {
        ExpectAsPrintf(number * (1 + error));
      }
    }
  }
}

TEST(NumberTextTest, OfRandomNumbers) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> exponent(-6, 6);
  for (int i = 0; i < 20000; ++i) ExpectAsPrintf(std::pow(10, exponent(random)));
  for (int i = 0; i < 2000; ++i)
    ExpectAsPrintf(std::ldexp(static_cast<double>(random() % 4096), -9));
}

}  // namespace
}  // namespace onnx_reinit::plan
