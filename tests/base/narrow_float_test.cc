#include "base/narrow_float.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace onnx_reinit {
namespace {

using enum ElementType;

constexpr ElementType kNarrowTypes[] = {
    kFloat16, kBfloat16, kFloat8E4M3FN, kFloat8E4M3FNUZ, kFloat8E5M2, kFloat8E5M2FNUZ, kFloat4E2M1};

uint32_t Patterns(const NarrowFloatFormat& format) {
  return 1u << (1 + format.exponent_bits + format.mantissa_bits);
}

class NarrowFloatTest : public testing::TestWithParam<ElementType> {
 protected:
  const NarrowFloatFormat& format() const { return *FindNarrowFloatFormat(GetParam()); }
  // All finite numbers of the format from the lowest to the highest, each once.
  std::vector<float> FinitePositives() const {
    std::vector<float> values;
    for (uint32_t bits = 0; bits <= format().highest; ++bits) {
      values.push_back(DecodeNarrowFloat(bits, format()));
    }
    return values;
  }
};

TEST_P(NarrowFloatTest, EveryNumberComesBackFromItsBits) {
  for (uint32_t bits = 0; bits < Patterns(format()); ++bits) {
    const float value = DecodeNarrowFloat(bits, format());
    if (std::isnan(value)) {
      EXPECT_EQ(EncodeNarrowFloat(value, format()), format().nan) << bits;
    } else if (std::isfinite(value)) {
      EXPECT_EQ(EncodeNarrowFloat(value, format()), bits) << value;
    }
  }
}

TEST_P(NarrowFloatTest, BitsGrowWithTheNumber) {
  const std::vector<float> values = FinitePositives();
  EXPECT_EQ(values.front(), 0.0f);
  for (size_t i = 1; i < values.size(); ++i) EXPECT_LT(values[i - 1], values[i]) << i;
}

TEST_P(NarrowFloatTest, BetweenTwoNumbersTheNearerWinsAndHalfwayTheEvenOne) {
  const std::vector<float> values = FinitePositives();
  const float infinity = std::numeric_limits<float>::infinity();
  for (uint32_t low = 0; low + 1 < values.size(); ++low) {
    // Exact in float32, which has bits to spare, but for bfloat16's smallest numbers too.
    const float middle = values[low] + (values[low + 1] - values[low]) / 2;
    const uint32_t even = low % 2 == 0 ? low : low + 1;
    EXPECT_EQ(EncodeNarrowFloat(middle, format()), even) << middle;
    EXPECT_EQ(EncodeNarrowFloat(std::nextafter(middle, -infinity), format()), low) << middle;
    EXPECT_EQ(EncodeNarrowFloat(std::nextafter(middle, infinity), format()), low + 1) << middle;
  }
}

TEST_P(NarrowFloatTest, BeyondTheHighestSaturates) {
  const float highest = DecodeNarrowFloat(format().highest, format());
  const uint32_t sign = Patterns(format()) / 2;
  for (const float value :
       {highest, std::nextafter(highest, 1e38f), highest * 1.001f, 3.4e38f,
        std::numeric_limits<float>::max(), std::numeric_limits<float>::infinity()}) {
    EXPECT_EQ(EncodeNarrowFloat(value, format()), format().highest) << value;
    EXPECT_EQ(EncodeNarrowFloat(-value, format()), format().highest | sign) << value;
  }
}

TEST_P(NarrowFloatTest, MinusZeroKeepsItsSignOnlyWhereTheFormatHasOne) {
  const uint32_t sign = Patterns(format()) / 2;
  EXPECT_EQ(EncodeNarrowFloat(-0.0f, format()), format().negative_zero ? sign : 0);
  EXPECT_EQ(EncodeNarrowFloat(-1e-44f, format()), format().negative_zero ? sign : 0);
}

INSTANTIATE_TEST_SUITE_P(Types, NarrowFloatTest, testing::ValuesIn(kNarrowTypes),
                         [](const auto& row) {
                           return ElementTypeName(static_cast<int32_t>(row.param));
                         });

struct KnownNumber {
  std::string name;
  ElementType type;
  uint32_t bits;
  float value;
};

// From the tables of IEEE 754 and of onnx/docs/docsgen/source/technical/float8.md.
const KnownNumber kKnownNumbers[] = {
    {"Float16One", kFloat16, 0x3C00, 1.0f},
    {"Float16Highest", kFloat16, 0x7BFF, 65504.0f},
    {"Float16SmallestNormal", kFloat16, 0x0400, 0x1p-14f},
    {"Float16SmallestSubnormal", kFloat16, 0x0001, 0x1p-24f},
    {"Bfloat16One", kBfloat16, 0x3F80, 1.0f},
    {"Bfloat16Smallest", kBfloat16, 0x0001, 0x1p-133f},
    {"E4M3FNHighest", kFloat8E4M3FN, 0x7E, 448.0f},
    {"E4M3FNSmallest", kFloat8E4M3FN, 0x01, 0x1p-9f},
    {"E4M3FNUZHighest", kFloat8E4M3FNUZ, 0x7F, 240.0f},
    {"E4M3FNUZSmallest", kFloat8E4M3FNUZ, 0x01, 0x1p-10f},
    {"E5M2Highest", kFloat8E5M2, 0x7B, 57344.0f},
    {"E5M2Smallest", kFloat8E5M2, 0x01, 0x1p-16f},
    {"E5M2FNUZHighest", kFloat8E5M2FNUZ, 0x7F, 57344.0f},
    {"E5M2FNUZSmallest", kFloat8E5M2FNUZ, 0x01, 0x1p-17f},
    {"E2M1Highest", kFloat4E2M1, 0x7, 6.0f},
    {"E2M1Half", kFloat4E2M1, 0x1, 0.5f},
    {"E2M1MinusThree", kFloat4E2M1, 0xD, -3.0f},
};

class KnownNumberTest : public testing::TestWithParam<KnownNumber> {};

TEST_P(KnownNumberTest, DecodesAndEncodes) {
  const NarrowFloatFormat& format = *FindNarrowFloatFormat(GetParam().type);
  EXPECT_EQ(DecodeNarrowFloat(GetParam().bits, format), GetParam().value);
  EXPECT_EQ(EncodeNarrowFloat(GetParam().value, format), GetParam().bits);
}

INSTANTIATE_TEST_SUITE_P(Standards, KnownNumberTest, testing::ValuesIn(kKnownNumbers),
                         [](const auto& row) { return row.param.name; });

TEST(FindNarrowFloatFormatTest, KnowsNoOtherType) {
  for (const ElementType type : {kFloat, kDouble, kInt8, kFloat8E8M0, kUndefined}) {
    EXPECT_EQ(FindNarrowFloatFormat(type), nullptr);
  }
}

TEST(FindNarrowFloatFormatTest, OnlyFiveExponentBitsWithInfinityDecodeToIt) {
  EXPECT_TRUE(std::isinf(DecodeNarrowFloat(0x7C00, *FindNarrowFloatFormat(kFloat16))));
  EXPECT_TRUE(std::isinf(DecodeNarrowFloat(0x7F80, *FindNarrowFloatFormat(kBfloat16))));
  EXPECT_TRUE(std::isinf(DecodeNarrowFloat(0x7C, *FindNarrowFloatFormat(kFloat8E5M2))));
  EXPECT_TRUE(std::isnan(DecodeNarrowFloat(0x7F, *FindNarrowFloatFormat(kFloat8E4M3FN))));
  EXPECT_TRUE(std::isnan(DecodeNarrowFloat(0x80, *FindNarrowFloatFormat(kFloat8E4M3FNUZ))));
}

}  // namespace
}  // namespace onnx_reinit
