#include "base/checked_math.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "gtest/gtest.h"

namespace onnx_reinit {
namespace {

constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
constexpr int64_t kHuge = int64_t{1} << 62;

TEST(CheckedAdd, GivesNothingBeyond64Bits) {
  EXPECT_EQ(CheckedAdd(2, 3), 5U);
  EXPECT_EQ(CheckedAdd(kMax, 0), kMax);
  EXPECT_EQ(CheckedAdd(kMax, 1), std::nullopt);
}

TEST(CheckedSignedAdd, GivesNothingBeyond64Bits) {
  constexpr int64_t kHighest = std::numeric_limits<int64_t>::max();
  constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(CheckedSignedAdd(2, -3), -1);
  EXPECT_EQ(CheckedSignedAdd(kHighest, kLowest), -1);
  EXPECT_EQ(CheckedSignedAdd(kHighest, 1), std::nullopt);
  EXPECT_EQ(CheckedSignedAdd(kLowest, -1), std::nullopt);
}

TEST(CheckedMultiply, GivesNothingBeyond64Bits) {
  EXPECT_EQ(CheckedMultiply(6, 7), 42U);
  EXPECT_EQ(CheckedMultiply(kMax, 0), 0U);
  EXPECT_EQ(CheckedMultiply(uint64_t{1} << 32, uint64_t{1} << 32), std::nullopt);
}

struct CountRow {
  const char* name;
  std::vector<int64_t> dims;
  std::optional<int64_t> count;
};

class ElementCountTest : public ::testing::TestWithParam<CountRow> {};

TEST_P(ElementCountTest, IsTheProductOfDims) {
  EXPECT_EQ(ElementCount(GetParam().dims), GetParam().count);
}

INSTANTIATE_TEST_SUITE_P(Rows, ElementCountTest,
                         ::testing::Values(CountRow{"scalar", {}, 1}, CountRow{"matrix", {2, 3}, 6},
                                           CountRow{"empty", {2, 0}, 0},
                                           CountRow{"empty_beside_huge", {kHuge, 0, kHuge}, 0},
                                           CountRow{"largest", {kHuge, 1}, kHuge},
                                           CountRow{"too_large", {kHuge, 2}, std::nullopt},
                                           CountRow{"wraps_to_zero", {kHuge, 4}, std::nullopt},
                                           CountRow{"negative", {2, -1}, std::nullopt},
                                           CountRow{"negative_beside_zero", {0, -1}, std::nullopt},
                                           CountRow{"two_negatives", {-2, -2}, std::nullopt}),
                         [](const auto& test_info) { return test_info.param.name; });

TEST(PackedBytes, RoundsUpToWholeBytes) {
  EXPECT_EQ(PackedBytes(0, 4), 0U);
  EXPECT_EQ(PackedBytes(3, 4), 2U);
  EXPECT_EQ(PackedBytes(4, 4), 2U);
  EXPECT_EQ(PackedBytes(5, 2), 2U);
  EXPECT_EQ(PackedBytes(5, 32), 20U);
  EXPECT_EQ(PackedBytes(kMax / 8, 16), std::nullopt);
}

TEST(Fits, IsTrueOnlyWithinTheWhole) {
  EXPECT_TRUE(Fits(0, 10, 10));
  EXPECT_TRUE(Fits(10, 0, 10));
  EXPECT_TRUE(Fits(3, 7, 10));
  EXPECT_FALSE(Fits(4, 7, 10));
  EXPECT_FALSE(Fits(11, 0, 10));
  EXPECT_FALSE(Fits(0, 11, 10));
  EXPECT_FALSE(Fits(kMax, 2, 10));  // the sum wraps to 1
  EXPECT_FALSE(Fits(2, kMax, 10));
}

}  // namespace
}  // namespace onnx_reinit
