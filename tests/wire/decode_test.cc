#include "wire/decode.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace onnx_reinit::wire {
namespace {

using ::testing::NanSensitiveDoubleEq;
using enum ElementType;

constexpr double kInf = std::numeric_limits<double>::infinity();
const double kNaN = std::nan("");

struct DecodeRow {
  const char* name;
  ElementType type;
  std::vector<uint8_t> raw;
  int skip;
  std::vector<double> values;
};

class DecodeTest : public ::testing::TestWithParam<DecodeRow> {};

TEST_P(DecodeTest, GivesTheNumbers) {
  const DecodeRow& row = GetParam();
  std::vector<double> values(row.values.size());
  DecodeNumbers(row.type, row.raw, row.skip, absl::MakeSpan(values));
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_THAT(values[i], NanSensitiveDoubleEq(row.values[i])) << i;
    if (!std::isnan(values[i])) {
      EXPECT_EQ(std::signbit(values[i]), std::signbit(row.values[i])) << i;
    }
  }
}

// Values by onnx.proto and the papers that it names for the 8-bit types.
INSTANTIATE_TEST_SUITE_P(
    Rows, DecodeTest,
    ::testing::Values(
        DecodeRow{"float", kFloat, {0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0}, 0, {1, -2}},
        DecodeRow{"double", kDouble, {0, 0, 0, 0, 0, 0, 0xF8, 0x3F}, 0, {1.5}},
        DecodeRow{"half",
                  kFloat16,
                  {0x00, 0x3C, 0x00, 0xC0, 0xFF, 0x7B, 0x01, 0x00, 0x00, 0x04, 0x00, 0x80},
                  0,
                  {1, -2, 65504, 0x1p-24, 0x1p-14, -0.0}},
        DecodeRow{"half_specials",
                  kFloat16,
                  {0x00, 0x7C, 0x00, 0xFC, 0x01, 0x7E},
                  0,
                  {kInf, -kInf, kNaN}},
        DecodeRow{
            "bfloat16", kBfloat16, {0x80, 0x3F, 0x80, 0x7F, 0x01, 0x00}, 0, {1, kInf, 0x1p-133}},
        DecodeRow{"e4m3fn",
                  kFloat8E4M3FN,
                  {0x38, 0x7E, 0x01, 0x80, 0x7F, 0x78},
                  0,
                  {1, 448, 0x1p-9, -0.0, kNaN, 256}},
        DecodeRow{
            "e4m3fnuz", kFloat8E4M3FNUZ, {0x40, 0x7F, 0x01, 0x80}, 0, {1, 240, 0x1p-10, kNaN}},
        DecodeRow{"e5m2",
                  kFloat8E5M2,
                  {0x3C, 0x7B, 0x01, 0x7C, 0xFC, 0x7D},
                  0,
                  {1, 57344, 0x1p-16, kInf, -kInf, kNaN}},
        DecodeRow{
            "e5m2fnuz", kFloat8E5M2FNUZ, {0x40, 0x7F, 0x01, 0x80}, 0, {1, 57344, 0x1p-17, kNaN}},
        DecodeRow{"e8m0", kFloat8E8M0, {0x7F, 0x80, 0x00, 0xFF}, 0, {1, 2, 0x1p-127, kNaN}},
        DecodeRow{"e2m1",
                  kFloat4E2M1,
                  {0x10, 0x32, 0x54, 0x76, 0xF8},
                  0,
                  {0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -6}},
        DecodeRow{"uint8", kUint8, {0, 255}, 0, {0, 255}},
        DecodeRow{"int8", kInt8, {127, 128}, 0, {127, -128}},
        DecodeRow{"uint16", kUint16, {0xFF, 0xFF}, 0, {65535}},
        DecodeRow{"int16", kInt16, {0xFF, 0xFF}, 0, {-1}},
        DecodeRow{"int32", kInt32, {0, 0, 0, 0x80}, 0, {-2147483648.0}},
        DecodeRow{"uint32", kUint32, {0xFF, 0xFF, 0xFF, 0xFF}, 0, {4294967295.0}},
        DecodeRow{"int64", kInt64, {0, 0, 0, 0, 0, 0, 0, 0x80}, 0, {-0x1p63}},
        DecodeRow{"uint64", kUint64, {0, 0, 0, 0, 0, 0, 0, 0x80}, 0, {0x1p63}},
        DecodeRow{"bool", kBool, {0, 1, 2}, 0, {0, 1, 1}},
        DecodeRow{"uint4_low_half_first", kUint4, {0x21, 0xF3}, 0, {1, 2, 3, 15}},
        DecodeRow{"int4", kInt4, {0x87, 0xF0}, 0, {7, -8, 0, -1}},
        DecodeRow{"int4_after_one", kInt4, {0x87, 0xF0}, 1, {-8, 0, -1}},
        DecodeRow{"uint2_low_bits_first", kUint2, {0xE4}, 0, {0, 1, 2, 3}},
        DecodeRow{"int2", kInt2, {0xE4, 0x03}, 0, {0, 1, -2, -1, -1}},
        DecodeRow{"int2_after_three", kInt2, {0xE4, 0x03}, 3, {-1, -1}}),
    [](const auto& test_info) { return test_info.param.name; });

TEST(DecodeIntegers, KeepsAllBits) {
  const std::vector<uint8_t> raw = {1, 0, 0, 0, 0, 0, 0x20, 0};  // 2^53 + 1
  std::vector<int64_t> values(1);
  DecodeIntegers(kInt64, raw, 0, absl::MakeSpan(values));
  EXPECT_EQ(values[0], (int64_t{1} << 53) + 1);
}

TEST(IsDecodable, IsEveryTypeButTextAndComplex) {
  for (int32_t number = 1; number <= 26; ++number) {
    const auto type = static_cast<ElementType>(number);
    const NumberKind kind = FindElementType(number)->kind;
    EXPECT_EQ(IsDecodable(type), kind != NumberKind::kString && kind != NumberKind::kComplex)
        << ElementTypeName(number);
    EXPECT_EQ(IsIntegerType(type), kind == NumberKind::kSigned || kind == NumberKind::kUnsigned ||
                                       kind == NumberKind::kBool)
        << ElementTypeName(number);
  }
  EXPECT_FALSE(IsDecodable(kUndefined));
}

}  // namespace
}  // namespace onnx_reinit::wire
