#include "base/narrow_float.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace onnx_reinit {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

class NarrowFloatTest : public ::testing::TestWithParam<ElementType> {
 protected:
  const NarrowFloatFormat& format_ = *FindNarrowFloatFormat(GetParam());
  int magnitude_bits_ = format_.exponent_bits + format_.mantissa_bits;
};

TEST_P(NarrowFloatTest, FillsItsType) {
  EXPECT_EQ(1 + magnitude_bits_, FindElementType(static_cast<int32_t>(GetParam()))->bits);
}

TEST_P(NarrowFloatTest, EveryFinitePatternComesBack) {
  for (uint32_t bits = 0; bits < 2U << magnitude_bits_; ++bits) {
    const float value = DecodeNarrowFloat(bits, format_);
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(EncodeNarrowFloat(value, format_), bits) << value;
  }
}

TEST_P(NarrowFloatTest, MagnitudesGrowWithTheirBits) {
  for (uint32_t bits = 1; bits <= format_.highest; ++bits) {
    ASSERT_LT(DecodeNarrowFloat(bits - 1, format_), DecodeNarrowFloat(bits, format_)) << bits;
  }
}

// What lies exactly between two neighbours goes to the even one; anything else to the nearer.
TEST_P(NarrowFloatTest, RoundsToNearestEven) {
  for (uint32_t bits = 0; bits < format_.highest; ++bits) {
    const float low = DecodeNarrowFloat(bits, format_);
    const float high = DecodeNarrowFloat(bits + 1, format_);
    const float middle = low + (high - low) / 2;
    ASSERT_EQ(EncodeNarrowFloat(middle, format_), bits + bits % 2) << middle;
    ASSERT_EQ(EncodeNarrowFloat(std::nextafter(middle, low), format_), bits) << middle;
    ASSERT_EQ(EncodeNarrowFloat(std::nextafter(middle, high), format_), bits + 1) << middle;
  }
}

TEST_P(NarrowFloatTest, Saturates) {
  const uint32_t sign = 1U << magnitude_bits_;
  EXPECT_EQ(EncodeNarrowFloat(kInfinity, format_), format_.highest);
  EXPECT_EQ(EncodeNarrowFloat(-kInfinity, format_), format_.highest | sign);
  EXPECT_EQ(EncodeNarrowFloat(std::numeric_limits<float>::max(), format_), format_.highest);
}

TEST_P(NarrowFloatTest, NanStaysNanWhereThereIsOne) {
  const uint32_t bits = EncodeNarrowFloat(std::nanf(""), format_);
  EXPECT_EQ(bits, format_.nan);
  EXPECT_EQ(std::isnan(DecodeNarrowFloat(bits, format_)), format_.nan != 0);
}

TEST_P(NarrowFloatTest, HighBitsAreIgnored) {
  EXPECT_EQ(DecodeNarrowFloat(4U << magnitude_bits_ | 1, format_), DecodeNarrowFloat(1, format_));
}

INSTANTIATE_TEST_SUITE_P(Types, NarrowFloatTest,
                         ::testing::Values(ElementType::kFloat16, ElementType::kBfloat16,
                                           ElementType::kFloat8E4M3FN, ElementType::kFloat8E4M3FNUZ,
                                           ElementType::kFloat8E5M2, ElementType::kFloat8E5M2FNUZ,
                                           ElementType::kFloat4E2M1),
                         [](const auto& test_info) {
                           return ElementTypeName(static_cast<int32_t>(test_info.param));
                         });

TEST(FindNarrowFloatFormat, KnowsNoOtherType) {
  for (const ElementType type : {ElementType::kFloat, ElementType::kDouble, ElementType::kUint8,
                                 ElementType::kFloat8E8M0, ElementType::kUndefined}) {
    EXPECT_EQ(FindNarrowFloatFormat(type), nullptr);
  }
}

}  // namespace
}  // namespace onnx_reinit
