#include "infer/padded_blocks.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Inferred;

// A filter whose numbers are those of a layout [outputs / block, inputs, kernel, block] or
// [outputs / block, inputs / block, kernel, block, block].
struct Row {
  std::string_view name;
  std::string_view dims;
  size_t inputs;       // before the outputs of a block: inputs * kernel, or inputs / block * kernel
  size_t block;        // of outputs
  size_t input_block;  // 1: inputs are not in blocks
  size_t used_outputs;  // of those that are stored, the others are zeros
  size_t used_inputs;   // of those in the last block
  bool is_padded = true;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

double Noise(size_t index) { return std::sin(1.7 * static_cast<double>(index * index % 7919) + 1); }

// The element at `index` of the row's layout.
double Element(const Row& row, size_t index) {
  const size_t output =
      index / (row.inputs * row.input_block * row.block) * row.block + index % row.block;
  const size_t input = index / row.block % row.input_block;
  return output < row.used_outputs && input < row.used_inputs ? Noise(index) : 0;
}

constexpr auto kRows = std::to_array<Row>({
    {"OutputsInBlocksOf16", "16, 3, 3, 3", 27, 16, 1, 12, 1},
    {"OutputsInBlocksOf8", "16, 3, 3, 3", 27, 8, 1, 12, 1},
    {"LastBlockOfSeveral", "48, 3, 1, 1", 3, 16, 1, 47, 1},
    {"Depthwise", "32, 1, 5, 5", 25, 16, 1, 24, 1},
    {"BothInBlocks", "32, 16, 1, 1", 1, 16, 16, 20, 16},
    {"InputsInBlocks", "32, 16, 3, 3", 9, 16, 16, 32, 12},
    {"InputsInBlocksOf8", "8, 8, 1, 1", 1, 8, 8, 8, 7},
    // The twins: nothing is filled up, or what is looks like no block.
    {"WholeOutputs", "16, 3, 3, 3", 27, 16, 1, 16, 1, false},
    {"WholeInputs", "32, 16, 3, 3", 9, 16, 16, 32, 16, false},
    {"OutputsThatMakeNoBlocks", "12, 3, 3, 3", 27, 12, 1, 6, 1, false},
    {"AMatrix", "16, 27", 27, 16, 1, 12, 1, false},
});

using PaddedTest = ::testing::TestWithParam<Row>;

TEST_P(PaddedTest, IsSeenInTheLastBlock) {
  const Row& row = GetParam();
  const test::Analysis analysis(
      Text("g (float[N, 4] x) => (float[M] y) <float[", row.dims, "] w> { y = Conv(x, w) }"),
      {.fillings = {{"w", [&](size_t i) { return Element(row, i); }}}});
  EXPECT_EQ(IsPadded(*analysis.Stored("w").tensor, analysis.values()), row.is_padded);
}

INSTANTIATE_TEST_SUITE_P(Rows, PaddedTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Padded, NothingIsSeenWithoutValues) {
  const test::Analysis analysis(
      "g (float[N, 4] x) => (float[M] y) <float[16, 3, 3, 3] w> { y = Conv(x, w) }");
  EXPECT_FALSE(IsPadded(*analysis.Stored("w").tensor, nullptr));
}

// A channel of zeros means nothing in ONNX's own layout: pruning leaves it too.
TEST(Padded, CannotBeFilledWhereTheOperatorReadsBlocks) {
  for (const std::string_view domain : {"com.microsoft.nchwc.", ""}) {
    const Inferred inferred(Text("g (float[N, 3, 9, 9] x) => (float[M] y) <float[16, 3, 3, 3] w> {",
                                 "y = ", domain, "Conv(x, w) }"),
                            {.fillings = {{"w", [](size_t i) { return Element(kRows[0], i); }}}});
    EXPECT_EQ(inferred["w"].role, Role::kConv);
    EXPECT_TRUE(inferred["w"].learned);
    EXPECT_EQ(inferred["w"].unfillable.empty(), domain.empty()) << domain;
  }
}

}  // namespace
}  // namespace onnx_reinit::infer
