#include "gen/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/element_type.h"
#include "base/narrow_float.h"
#include "gen/draw.h"
#include "gen/kernels.h"
#include "gen/named_fills.h"

namespace onnx_reinit::gen {
namespace {

using enum Distribution;

constexpr uint64_t kKey = 42;

uint64_t Elements(const Fill& fill) {
  uint64_t count = 1;
  for (const int64_t dim : fill.dims) count *= static_cast<uint64_t>(dim);
  return count;
}

uint64_t Bytes(const Fill& fill, uint64_t count) {
  return (count * static_cast<uint64_t>(FindElementType(fill.data_type)->bits) + 7) / 8;
}

std::unique_ptr<Generator> Create(const NamedFill& row, Kernel kernel = Kernel::kBest) {
  auto generator = Generator::Create(row.fill, kKey, kernel, row.quantization);
  EXPECT_TRUE(generator.ok()) << generator.status();
  return *std::move(generator);
}

std::unique_ptr<Generator> Create(const Fill& fill, Kernel kernel = Kernel::kBest) {
  return Create(NamedFill{.fill = fill}, kernel);
}

std::vector<uint8_t> Written(const Generator& generator, const Fill& fill, uint64_t first,
                             uint64_t count) {
  std::vector<uint8_t> bytes(Bytes(fill, count));
  generator.Write(first, count, absl::MakeSpan(bytes));
  return bytes;
}

std::vector<float> Floats(const Fill& fill) {
  const std::vector<uint8_t> bytes = Written(*Create(fill), fill, 0, Elements(fill));
  std::vector<float> values(Elements(fill));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

// XXH3 of the reference implementation (Python's xxhash 3.x).
TEST(TensorKeyTest, IsTheSeededHashOfScopeZeroByteAndName) {
  EXPECT_EQ(TensorKey(0, "", ""), 0xc44bdff4074eecdb);
  EXPECT_EQ(TensorKey(42, "", "weight"), 0x601be1e2283ce3c6);
  EXPECT_EQ(TensorKey(7, "loop.body", "/layer/W"), 0x2512356d3f8a1494);
}

TEST(TensorKeyTest, TellsScopeFromName) {
  EXPECT_NE(TensorKey(1, "a", "b"), TensorKey(1, "", "ab"));
  EXPECT_NE(TensorKey(1, "a", "b"), TensorKey(1, "ab", ""));
}

class NamedFillTest : public testing::TestWithParam<NamedFill> {};

TEST_P(NamedFillTest, AnyWindowIsPartOfTheWhole) {
  const Fill& fill = GetParam().fill;
  const auto generator = Create(GetParam());
  const uint64_t count = Elements(fill);
  const std::vector<uint8_t> whole = Written(*generator, fill, 0, count);
  const auto unit = static_cast<uint64_t>(generator->Granularity());
  std::mt19937_64 random(1);
  for (int i = 0; i < 50; ++i) {
    const uint64_t first = random() % (count / unit + 1) * unit;
    const uint64_t rest = count - std::min(first, count);
    const uint64_t length = i % 5 == 0 ? rest : random() % (rest / unit + 1) * unit;
    if (length > rest) continue;
    const std::vector<uint8_t> window = Written(*generator, fill, first, length);
    EXPECT_TRUE(std::equal(window.begin(), window.end(),
                           whole.begin() + static_cast<std::ptrdiff_t>(Bytes(fill, first))))
        << "[" << first << ", +" << length << ")";
  }
}

TEST_P(NamedFillTest, EveryKernelGivesTheSameBytes) {
  const Fill& fill = GetParam().fill;
  const auto expected = Written(*Create(GetParam(), Kernel::kScalar), fill, 0, Elements(fill));
  for (const KernelRow& kernel : AvailableKernels()) {
    EXPECT_TRUE(Written(*Create(GetParam(), kernel.kernel), fill, 0, Elements(fill)) == expected)
        << kernel.name;
  }
}

TEST_P(NamedFillTest, TheWholeEqualsItsHalvesWrittenByTwoThreads) {
  const Fill& fill = GetParam().fill;
  const auto generator = Create(GetParam());
  const auto unit = static_cast<uint64_t>(generator->Granularity());
  const uint64_t half = Elements(fill) / 2 / unit * unit;
  std::vector<uint8_t> first;
  std::vector<uint8_t> second;
  std::thread thread([&] { first = Written(*generator, fill, 0, half); });
  second = Written(*generator, fill, half, Elements(fill) - half);
  thread.join();
  first.insert(first.end(), second.begin(), second.end());
  EXPECT_TRUE(first == Written(*generator, fill, 0, Elements(fill)));
}

INSTANTIATE_TEST_SUITE_P(Fills, NamedFillTest, testing::ValuesIn(NamedFills()),
                         [](const auto& row) { return row.param.name; });

TEST(GeneratorTest, EachGateHasItsOwnValues) {
  Fill fill;
  fill.dims = {2, 6};
  fill.data_type = static_cast<int32_t>(ElementType::kFloat);
  fill.pieces = {
      {.label = "input gate", .axis = 1, .begin = 0, .end = 2, .values = {}, .matrix = {}},
      {.label = "forget gate",
       .axis = 1,
       .begin = 2,
       .end = 4,
       .values = {.mean = 1},
       .matrix = {}},
      {.label = "cell", .axis = 1, .begin = 4, .end = 6, .values = {}, .matrix = {}}};
  EXPECT_THAT(Floats(fill), testing::ElementsAre(0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0));
}

TEST(GeneratorTest, PiecesDrawFromPartsOfTheirOwn) {
  const Values normal = {.distribution = kNormal, .std = 1};
  Fill fill = NamedFills().front().fill;
  fill.dims = {2, 64};
  fill.pieces = {{.label = "a", .axis = 0, .begin = 0, .end = 1, .values = normal, .matrix = {}},
                 {.label = "b", .axis = 0, .begin = 1, .end = 2, .values = normal, .matrix = {}}};
  const std::vector<float> values = Floats(fill);
  const auto first = DrawGroup(*MakeDraw(normal, kKey, 0), 0);
  const auto second = DrawGroup(*MakeDraw(normal, kKey, 1), 1);
  EXPECT_TRUE(std::equal(first.begin(), first.end(), values.begin()));
  EXPECT_TRUE(std::equal(second.begin(), second.end(), values.begin() + 64));
}

TEST(GeneratorTest, NarrowTypesAreTheRoundedFloats) {
  Fill fill = NamedFills().front().fill;
  fill.dims = {1000};
  fill.pieces = {{.label = "", .values = {.distribution = kNormal, .std = 1e-4}, .matrix = {}}};
  const std::vector<float> values = Floats(fill);
  for (const ElementType type : {ElementType::kFloat16, ElementType::kBfloat16}) {
    fill.data_type = static_cast<int32_t>(type);
    const auto bytes = Written(*Create(fill), fill, 0, 1000);
    for (size_t i = 0; i < values.size(); ++i) {
      const uint32_t bits = bytes[2 * i] | uint32_t{bytes[2 * i + 1]} << 8;
      ASSERT_EQ(bits, EncodeNarrowFloat(values[i], *FindNarrowFloatFormat(type))) << values[i];
    }
  }
}

TEST(GeneratorTest, ValuesBeyondTheTypeSaturateInEveryKernel) {
  Fill fill = NamedFills().front().fill;
  fill.dims = {256};
  fill.data_type = static_cast<int32_t>(ElementType::kFloat16);
  fill.pieces = {{.label = "", .values = {.distribution = kNormal, .std = 1e5}, .matrix = {}}};
  for (const KernelRow& kernel : AvailableKernels()) {
    const auto bytes = Written(*Create(fill, kernel.kernel), fill, 0, 256);
    for (size_t i = 1; i < bytes.size(); i += 2) EXPECT_NE(bytes[i] & 0x7F, 0x7C) << kernel.name;
  }
}

TEST(GeneratorTest, FourBitTypesComeInPairsAndTwoBitTypesInFours) {
  Fill fill = NamedFills().front().fill;
  fill.data_type = static_cast<int32_t>(ElementType::kInt4);
  EXPECT_EQ(Create(fill)->Granularity(), 2);
  fill.data_type = static_cast<int32_t>(ElementType::kUint2);
  EXPECT_EQ(Create(fill)->Granularity(), 4);
  fill.data_type = static_cast<int32_t>(ElementType::kDouble);
  EXPECT_EQ(Create(fill)->Granularity(), 1);
}

TEST(GeneratorTest, ATensorWithoutElementsIsWrittenAsNothing) {
  Fill fill = NamedFills().front().fill;
  fill.dims = {0, 3};
  Create(fill)->Write(0, 0, {});
}

TEST(GeneratorTest, RefusesWhatItCannotFill) {
  Fill fill = NamedFills().front().fill;
  fill.data_type = static_cast<int32_t>(ElementType::kString);
  EXPECT_EQ(Generator::Create(fill, kKey, Kernel::kBest).status().code(),
            absl::StatusCode::kUnimplemented);
  fill = NamedFills().front().fill;
  fill.pieces.clear();
  EXPECT_EQ(Generator::Create(fill, kKey, Kernel::kBest).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(CheckFillTest, PassesWhatCanBeMade) {
  for (const NamedFill& row : NamedFills()) {
    EXPECT_EQ(CheckFill(row.fill), absl::OkStatus()) << row.name;
  }
}

TEST(CheckFillTest, RefusesNumbersBeyondTheType) {
  struct Row {
    ElementType type;
    double std;
    bool is_good;
  };
  const std::vector<Row> rows = {{ElementType::kFloat, 1e38, true},
                                 {ElementType::kFloat, 1e39, false},
                                 {ElementType::kDouble, 1e39, false},  // made in float32
                                 {ElementType::kFloat16, 65504, true},
                                 {ElementType::kFloat16, 65505, false},
                                 {ElementType::kBfloat16, 1e38, true},
                                 {ElementType::kInt8, 1000, true},  // on a grid that is not known
                                 {ElementType::kFloat, -1, false},
                                 {ElementType::kFloat8E8M0, 1, false}};
  for (const Row& row : rows) {
    const Values values = {.distribution = kNormal, .std = row.std};
    const Fill fill = {
        .dims = {4}, .data_type = static_cast<int32_t>(row.type), .pieces = {{.values = values}}};
    EXPECT_EQ(CheckFill(fill).ok(), row.is_good)
        << ElementTypeName(fill.data_type) << " " << row.std;
  }
}

TEST(CheckFillTest, RefusesPiecesThatDoNotTile) {
  const Fill fill = {.dims = {16},
                     .data_type = static_cast<int32_t>(ElementType::kFloat),
                     .pieces = {{.axis = 0, .begin = 0, .end = 3}}};
  EXPECT_EQ(CheckFill(fill).code(), absl::StatusCode::kInvalidArgument);
}

TEST(GeneratorTest, RefusesAKernelThatTheProcessorLacks) {
  const Fill fill = NamedFills().front().fill;
  for (const Kernel kernel : {Kernel::kSse4, Kernel::kAvx2, Kernel::kAvx512, Kernel::kNeon}) {
    const auto& rows = AvailableKernels();
    const bool available = std::ranges::find(rows, kernel, &KernelRow::kernel) != rows.end();
    const auto generator = Generator::Create(fill, kKey, kernel);
    EXPECT_EQ(generator.status().code(),
              available ? absl::StatusCode::kOk : absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace onnx_reinit::gen
