#include "gen/kernels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace onnx_reinit::gen {
namespace {

struct DrawCase {
  std::string name;
  Values values;
};

std::vector<DrawCase> DrawCases() {
  using enum Distribution;
  return {
      {"Constant", {.distribution = kConstant, .mean = -1.5}},
      {"Zero", {.distribution = kConstant}},
      {"Uniform", {.distribution = kUniform, .bound = 0.3}},
      {"UniformAboutThree", {.distribution = kUniform, .mean = 3, .bound = 0.1}},
      {"Normal", {.distribution = kNormal, .std = 0.02}},
      {"NormalAboutTwo", {.distribution = kNormal, .mean = 2, .std = 1.5}},
      {"NormalSubnormalInFloat16", {.distribution = kNormal, .std = 1e-5}},
      {"CutAtTwoSigma",
       {.distribution = kTruncatedNormal, .parent_std = 0.5, .low = -1, .high = 1}},
      {"CutAtThreeSigma",
       {.distribution = kTruncatedNormal, .parent_std = 0.02, .low = -0.06, .high = 0.06}},
      {"CutFarOut", {.distribution = kTruncatedNormal, .parent_std = 0.02, .low = -2, .high = 2}},
      {"OneSided", {.distribution = kTruncatedNormal, .parent_std = 1, .low = 0, .high = 9}},
      {"TailOnly",
       {.distribution = kTruncatedNormal, .mean = 1, .parent_std = 1, .low = 3.5, .high = 5}},
  };
}

constexpr KernelOutput kOutputs[] = {KernelOutput::kFloat, KernelOutput::kFloat16,
                                     KernelOutput::kBfloat16};

std::vector<uint8_t> Bytes(const KernelRow& kernel, const Draw& draw, KernelOutput output,
                           uint64_t first, uint64_t count) {
  std::vector<uint8_t> bytes(count * ElementSize(output));
  FillElements(kernel.fill, draw, output, first, count, bytes.data());
  return bytes;
}

TEST(KernelsTest, TheScalarReferenceIsAlwaysThereAndLast) {
  EXPECT_EQ(AvailableKernels().back().kernel, Kernel::kScalar);
  EXPECT_EQ(FindKernel(Kernel::kBest)->kernel, AvailableKernels().front().kernel);
}

TEST(KernelsTest, EveryKernelEqualsTheScalarReferenceBitForBit) {
  std::mt19937_64 random(1);
  const KernelRow& scalar = AvailableKernels().back();
  for (const DrawCase& row : DrawCases()) {
    for (const uint64_t base : {uint64_t{0}, (uint64_t{1} << 34) - 5000, uint64_t{1} << 50}) {
      const absl::StatusOr<Draw> draw = MakeDraw(row.values, random(), 3);
      ASSERT_TRUE(draw.ok()) << draw.status();
      const uint64_t first = base + random() % 1000;
      const uint64_t count = 10000 + random() % 1000;
      for (const KernelOutput output : kOutputs) {
        const std::vector<uint8_t> expected = Bytes(scalar, *draw, output, first, count);
        for (const KernelRow& kernel : AvailableKernels()) {
          EXPECT_TRUE(Bytes(kernel, *draw, output, first, count) == expected)
              << row.name << " by " << kernel.name << " as type " << static_cast<int>(output)
              << " from element " << first;
        }
      }
    }
  }
}

TEST(KernelsTest, AWindowIsPartOfTheWholeWhereverItBeginsAndEnds) {
  std::mt19937_64 random(2);
  const absl::StatusOr<Draw> draw =
      MakeDraw({.distribution = Distribution::kNormal, .std = 1}, 7, 0);
  for (const KernelRow& kernel : AvailableKernels()) {
    for (const KernelOutput output : kOutputs) {
      const std::vector<uint8_t> whole = Bytes(kernel, *draw, output, 0, 1000);
      for (int i = 0; i < 200; ++i) {
        const uint64_t first = random() % 1000;
        const uint64_t count = random() % (1001 - first);
        const std::vector<uint8_t> window = Bytes(kernel, *draw, output, first, count);
        EXPECT_TRUE(
            std::equal(window.begin(), window.end(),
                       whole.begin() + static_cast<std::ptrdiff_t>(first * ElementSize(output))))
            << kernel.name << " [" << first << ", +" << count << ")";
      }
    }
  }
}

TEST(KernelsTest, EveryProductAddsInTheStatedOrder) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  constexpr size_t kRows = 2 * kProductRows;
  constexpr size_t kColumns = kProductColumns;
  constexpr size_t kDepth = 37;
  std::vector<float> left(kRows * kDepth);
  std::vector<float> right(kDepth * kColumns);
  std::vector<float> start(kRows * kColumns);
  for (std::vector<float>* values : {&left, &right, &start}) {
    for (float& value : *values) value = normal(random);
  }
  std::vector<float> expected = start;
  for (size_t row = 0; row < kRows; ++row) {
    for (size_t column = 0; column < kColumns; ++column) {
      for (size_t d = 0; d < kDepth; ++d) {
        expected[row * kColumns + column] += left[d * kRows + row] * right[d * kColumns + column];
      }
    }
  }
  for (const KernelRow& kernel : AvailableKernels()) {
    std::vector<float> sum = start;
    kernel.product({kRows, kColumns, kDepth, left.data(), 1, kRows, right.data(), kColumns,
                    sum.data(), kColumns});
    EXPECT_TRUE(sum == expected) << kernel.name;
  }
}

}  // namespace
}  // namespace onnx_reinit::gen
