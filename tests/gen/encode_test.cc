#include "gen/encode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace onnx_reinit::gen {
namespace {

using enum ElementType;
using testing::ElementsAre;

int32_t Number(ElementType type) { return static_cast<int32_t>(type); }

std::vector<uint8_t> Encoded(ElementType type, const std::vector<float>& values,
                             const std::optional<Quantization>& quantization = std::nullopt) {
  const std::vector<int64_t> dims = {static_cast<int64_t>(values.size())};
  const absl::StatusOr<Encoder> encoder = Encoder::Create(Number(type), dims, quantization);
  EXPECT_TRUE(encoder.ok()) << encoder.status();
  std::vector<uint8_t> bytes(encoder->Bytes(values.size()));
  encoder->Encode(0, values, absl::MakeSpan(bytes));
  return bytes;
}

Quantization WholeTensor(float scale, float zero_point) {
  return {.scale = {scale}, .zero_point = {zero_point}};
}

struct EncodeRow {
  std::string name;
  ElementType type;
  std::vector<float> values;
  std::vector<uint8_t> bytes;
};

const EncodeRow kEncodeRows[] = {
    {"Float", kFloat, {1.0f, -2.0f}, {0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0}},
    {"Double", kDouble, {1.0f}, {0, 0, 0, 0, 0, 0, 0xF0, 0x3F}},
    {"Float16", kFloat16, {1.0f, 1e9f}, {0x00, 0x3C, 0xFF, 0x7B}},
    {"Bfloat16", kBfloat16, {1.0f, -1.0f}, {0x80, 0x3F, 0x80, 0xBF}},
    {"Float8E4M3FN", kFloat8E4M3FN, {1.0f, 1000.0f}, {0x38, 0x7E}},
    {"Float8E5M2FNUZ", kFloat8E5M2FNUZ, {-0.0f, 1.0f}, {0x00, 0x40}},
    {"Float4E2M1LowNibbleFirst", kFloat4E2M1, {0.5f, -6.0f, 1.0f}, {0xF1, 0x02}},
    {"Int8TiesToEvenAndSaturates",
     kInt8,
     {0.5f, 1.5f, -2.5f, 1000.0f, -1000.0f},
     {0, 2, 0xFE, 127, 0x80}},
    {"Uint8NeverNegative", kUint8, {-3.0f, 254.6f, 300.0f}, {0, 255, 255}},
    {"Int16", kInt16, {-1.0f, 40000.0f}, {0xFF, 0xFF, 0xFF, 0x7F}},
    {"Uint16", kUint16, {70000.0f}, {0xFF, 0xFF}},
    {"Int32Saturates", kInt32, {3e9f}, {0xFF, 0xFF, 0xFF, 0x7F}},
    {"Uint32Saturates", kUint32, {5e9f}, {0xFF, 0xFF, 0xFF, 0xFF}},
    {"Int64", kInt64, {-2.0f}, {0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}},
    {"Uint64", kUint64, {3.0f}, {3, 0, 0, 0, 0, 0, 0, 0}},
    {"Int4", kInt4, {-8.0f, 7.0f, -100.0f}, {0x78, 0x08}},
    {"Uint4", kUint4, {15.0f, 99.0f, 1.0f}, {0xFF, 0x01}},
    {"Int2", kInt2, {-2.0f, 1.0f, -1.0f, 0.0f, 5.0f}, {0x36, 0x01}},
    {"Uint2", kUint2, {3.0f, 2.0f, 1.0f, 0.0f}, {0x1B}},
};

class EncodeTest : public testing::TestWithParam<EncodeRow> {};

TEST_P(EncodeTest, GivesTheBytesOfRawData) {
  EXPECT_EQ(Encoded(GetParam().type, GetParam().values), GetParam().bytes);
}

INSTANTIATE_TEST_SUITE_P(Types, EncodeTest, testing::ValuesIn(kEncodeRows),
                         [](const auto& row) { return row.param.name; });

TEST(EncodeTest, SixtyFourBitTypesSaturateWithoutOverflow) {
  EXPECT_EQ(Encoded(kInt64, {1e30f}).back(), 0x7F);
  EXPECT_EQ(Encoded(kInt64, {-1e30f}).back(), 0x80);
  EXPECT_EQ(Encoded(kUint64, {1e30f}).back(), 0xFF);
}

TEST(QuantizedTest, DividesByTheScaleAndAddsTheZeroPoint) {
  EXPECT_THAT(Encoded(kUint8, {0.0f, 0.1f, -0.1f, 5.0f}, WholeTensor(0.05f, 128)),
              ElementsAre(128, 130, 126, 228));
}

TEST(QuantizedTest, SaturatesAtTheEndsOfTheType) {
  EXPECT_THAT(Encoded(kInt8, {100.0f, -100.0f}, WholeTensor(0.1f, 0)), ElementsAre(127, 0x80));
  EXPECT_THAT(Encoded(kUint4, {100.0f, -100.0f}, WholeTensor(0.1f, 8)), ElementsAre(0x0F));
}

TEST(QuantizedTest, EightBitFloatsAreDividedByTheScaleToo) {
  EXPECT_THAT(Encoded(kFloat8E4M3FN, {0.5f}, WholeTensor(0.5f, 0)), ElementsAre(0x38));
}

TEST(QuantizedTest, HalfAZeroPointIsRoundedWithTheValue) {
  EXPECT_THAT(Encoded(kUint8, {1.0f}, WholeTensor(1.0f, 7.75)), ElementsAre(9));
}

// Ones, so that the stored integers are the reciprocals of the scales that were used.
std::vector<uint8_t> Groups(const std::vector<int64_t>& dims, const Quantization& quantization) {
  const absl::StatusOr<Encoder> encoder = Encoder::Create(Number(kUint8), dims, quantization);
  EXPECT_TRUE(encoder.ok()) << encoder.status();
  uint64_t count = 1;
  for (const int64_t dim : dims) count *= static_cast<uint64_t>(dim);
  const std::vector<float> ones(count, 1.0f);
  std::vector<uint8_t> whole(count);
  encoder->Encode(0, ones, absl::MakeSpan(whole));
  for (uint64_t i = 0; i < count; ++i) {  // one at a time gives the same
    uint8_t single = 0;
    encoder->Encode(i, absl::MakeConstSpan(ones).first(1), {&single, 1});
    EXPECT_EQ(single, whole[i]) << i;
  }
  return whole;
}

std::vector<float> Reciprocals(int count) {
  std::vector<float> scales;
  for (int i = 1; i <= count; ++i) scales.push_back(1.0f / static_cast<float>(i));
  return scales;
}

Quantization Grouped(int groups, int axis, int64_t block_size) {
  return {.scale = Reciprocals(groups),
          .zero_point = std::vector<float>(static_cast<size_t>(groups)),
          .axis = axis,
          .block_size = block_size};
}

TEST(QuantizationGroupTest, OneScalePerRow) {
  EXPECT_THAT(Groups({2, 3}, Grouped(2, 0, 0)), ElementsAre(1, 1, 1, 2, 2, 2));
}

TEST(QuantizationGroupTest, OneScalePerColumn) {
  EXPECT_THAT(Groups({2, 3}, Grouped(3, 1, 0)), ElementsAre(1, 2, 3, 1, 2, 3));
}

TEST(QuantizationGroupTest, OneScalePerIndexOfAMiddleAxis) {
  EXPECT_THAT(Groups({2, 2, 2}, Grouped(2, 1, 0)), ElementsAre(1, 1, 2, 2, 1, 1, 2, 2));
}

TEST(QuantizationGroupTest, BlocksAlongTheLastAxisWithAShorterLastOne) {
  EXPECT_THAT(Groups({2, 3}, Grouped(4, 1, 2)), ElementsAre(1, 1, 2, 3, 3, 4));
}

TEST(QuantizationGroupTest, BlocksAlongTheFirstAxisHaveAScalePerColumn) {
  EXPECT_THAT(Groups({4, 2}, Grouped(4, 0, 2)), ElementsAre(1, 2, 1, 2, 3, 4, 3, 4));
}

struct BadRow {
  std::string name;
  int32_t type;
  std::optional<Quantization> quantization;
  absl::StatusCode code;
  std::string sentence;
};

const BadRow kBadRows[] = {
    {"String", Number(kString), {}, absl::StatusCode::kUnimplemented, "type STRING"},
    {"Complex64", Number(kComplex64), {}, absl::StatusCode::kUnimplemented, "type COMPLEX64"},
    {"Complex128", Number(kComplex128), {}, absl::StatusCode::kUnimplemented, "COMPLEX128"},
    {"Bool", Number(kBool), {}, absl::StatusCode::kUnimplemented, "type BOOL"},
    {"PowersOfTwo", Number(kFloat8E8M0), {}, absl::StatusCode::kUnimplemented, "FLOAT8E8M0"},
    {"Undefined", 0, {}, absl::StatusCode::kInvalidArgument, "no element type"},
    {"Unknown", 99, {}, absl::StatusCode::kInvalidArgument, "type 99"},
    {"TooFewScales", Number(kInt8), Grouped(3, 0, 0), absl::StatusCode::kInvalidArgument,
     "3 scales and 3 zero points for 4 groups"},
    {"NoSuchAxis", Number(kInt8), Grouped(4, 1, 0), absl::StatusCode::kInvalidArgument, "axis 1"},
    {"ZeroScale", Number(kInt8), WholeTensor(0, 0), absl::StatusCode::kInvalidArgument, "scale 0"},
    {"InfiniteZeroPoint", Number(kInt8), WholeTensor(1, std::numeric_limits<float>::infinity()),
     absl::StatusCode::kInvalidArgument, "zero point inf"},
};

class BadEncoderTest : public testing::TestWithParam<BadRow> {};

TEST_P(BadEncoderTest, IsRefusedWithTheReason) {
  const std::vector<int64_t> dims = {4};
  const auto encoder = Encoder::Create(GetParam().type, dims, GetParam().quantization);
  EXPECT_EQ(encoder.status().code(), GetParam().code);
  EXPECT_THAT(std::string(encoder.status().message()), testing::HasSubstr(GetParam().sentence));
}

INSTANTIATE_TEST_SUITE_P(Rows, BadEncoderTest, testing::ValuesIn(kBadRows),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace onnx_reinit::gen
