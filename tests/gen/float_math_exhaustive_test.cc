// Every argument of every function of gen/float_math.h: some minutes. Not part of a plain `ctest`;
// run it with `ctest -C long -L long` or by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <iostream>
#include <thread>
#include <vector>

#include "gen/float_math_ulp.h"

namespace onnx_reinit::gen {
namespace {

// The range cut into one piece per processor.
double LargestErrorInParallel(const ErrorRange& range) {
  const uint64_t threads = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::future<double>> parts;
  for (uint64_t i = 0; i < threads; ++i) {
    parts.push_back(std::async(std::launch::async, [&range, i, threads] {
      return LargestError(range, range.first + i, range.last, threads);
    }));
  }
  double largest = 0;
  for (std::future<double>& part : parts) largest = std::max(largest, part.get());
  return largest;
}

class FloatMathExhaustiveTest : public testing::TestWithParam<ErrorRange> {};

TEST_P(FloatMathExhaustiveTest, ErrorStaysBelowWhatTheHeaderStates) {
  const double largest = LargestErrorInParallel(GetParam());
  std::cout << GetParam().name << ": " << largest << " units in the last place\n";
  EXPECT_LE(largest, GetParam().most_ulp);
}

INSTANTIATE_TEST_SUITE_P(Functions, FloatMathExhaustiveTest, testing::ValuesIn(kErrorRanges),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace onnx_reinit::gen
