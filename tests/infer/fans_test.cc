#include "infer/fans.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

constexpr AxisLabel kInput = AxisLabel::kInput;
constexpr AxisLabel kOutput = AxisLabel::kOutput;
constexpr AxisLabel kBatch = AxisLabel::kBatch;
constexpr AxisLabel kKernel = AxisLabel::kKernel;

struct Row {
  std::string name;
  std::vector<int64_t> dims;  // as stored
  View view;                  // as the operator sees it
  SlotMeaning meaning;
  std::string fans;
  std::string axes;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

View Reshape(const std::vector<int64_t>& from, const std::vector<int64_t>& dims) {
  return Reshaped(View::Of(from), dims, false);
}

const auto kRows = std::to_array<Row>({
    {"Matrix",
     {4, 8},
     View::Of({4, 8}),
     {.labels = {kInput, kOutput}},
     "4 -> 8",
     "output 1 | input 0"},
    {"Transposed",
     {8, 4},
     Transposed(View::Of({8, 4}), {1, 0}),
     {.labels = {kInput, kOutput}},
     "4 -> 8",
     "output 0 | input 1"},
    {"KernelCountsInBoth",
     {8, 4, 3, 3},
     View::Of({8, 4, 3, 3}),
     {.labels = {kOutput, kInput, kKernel, kKernel}},
     "36 -> 72",
     "output 0 | input 1 | kernel 2 3"},
    {"BatchCountsInNeither",
     {3, 4, 8},
     View::Of({3, 4, 8}),
     {.labels = {kBatch, kInput, kOutput}},
     "4 -> 8",
     "batch 0 | output 2 | input 1"},
    {"GroupsOfTheFirstAxisWhereItIsTheOutput",
     {8, 2, 3},
     View::Of({8, 2, 3}),
     {.labels = {kOutput, kInput, kKernel}, .groups = 4},
     "6 -> 6",
     "output 0 | input 1 | kernel 2"},
    {"GroupsOfTheFirstAxisWhereItIsTheInput",
     {8, 2, 3},
     View::Of({8, 2, 3}),
     {.labels = {kInput, kOutput, kKernel}, .groups = 4},
     "6 -> 6",
     "output 1 | input 0 | kernel 2"},
    {"GatesOfTheOutput",
     {1, 20, 4},
     View::Of({1, 20, 4}),
     {.labels = {kBatch, kOutput, kInput}, .gates = 4},
     "4 -> 5",
     "batch 0 | output 1 | input 2"},
    // A matrix is stored with heads, or seen with heads: the fans are the same.
    {"HeadsAreStored",
     {2, 4, 8},
     Reshape({2, 4, 8}, {8, 8}),
     {.labels = {kOutput, kInput}},
     "8 -> 8",
     "output 0 1 | input 2"},
    {"HeadsAreSeen",
     {8, 6},
     Reshape({8, 6}, {2, 4, 6}),
     {.labels = {kOutput, kOutput, kInput}},
     "6 -> 8",
     "output 0 | input 1"},
    // One stored axis is two things: fans are known, a matrix is not.
    {"AnAxisOfTwoKinds",
     {8, 6},
     Reshape({8, 6}, {2, 4, 6}),
     {.labels = {kBatch, kOutput, kInput}},
     "6 -> 4",
     ""},
    // The stored extents count.
    {"ASliceOfTheOutputs",
     {12, 4},
     Restricted(View::Of({12, 4}), 0, 4),
     {.labels = {kOutput, kInput}},
     "4 -> 12",
     "output 0 | input 1"},
    {"BesideOthers",
     {4, 8},
     Joined(View::Of({4, 8}), 1, 24),
     {.labels = {kInput, kOutput}},
     "4 -> 8",
     "output 1 | input 0"},
    {"RepeatedAxesCountOnce",
     {4, 8},
     Broadcast(View::Of({4, 8}), {3, 4, 8}),
     {.labels = {kBatch, kInput, kOutput}},
     "4 -> 8",
     "output 1 | input 0"},
    {"AnAxisThatIsNotSeen",
     {3, 4, 8},
     Selected(View::Of({3, 4, 8}), 0),
     {.labels = {kInput, kOutput}},
     "4 -> 8",
     ""},
    {"AnAxisOfOneThatIsNotSeen",
     {1, 4, 8},
     Selected(View::Of({1, 4, 8}), 0),
     {.labels = {kInput, kOutput}},
     "4 -> 8",
     "batch 0 | output 2 | input 1"},
    {"OpaqueHasTheExtentsThatAreSeen",
     {32},
     Opaque(View::Of({32}), {4, 8}),
     {.labels = {kInput, kOutput}},
     "4 -> 8",
     ""},
    {"TheAttributesSayIt",
     {8, 2, 16},
     View::Of({8, 2, 16}),
     {.fans = std::pair<int64_t, int64_t>(50, 8)},
     "50 -> 8",
     ""},
    {"NoLabelsNoFans", {8}, View::Of({8}), {}, "0 -> 0", ""},
    {"TooManyToCount",
     {int64_t{1} << 40, int64_t{1} << 40},
     View::Of({int64_t{1} << 40, int64_t{1} << 40}),
     {.labels = {kInput, kInput}},
     "0 -> 1",
     "input 0 1"},
});

using FansTest = ::testing::TestWithParam<Row>;

TEST_P(FansTest, AreThoseOfTheWholeTensor) {
  const Row& row = GetParam();
  const Fans fans = FansOf(row.meaning, row.view, row.dims);
  EXPECT_EQ(Text(fans.fan_in, " -> ", fans.fan_out), row.fans);
  EXPECT_EQ(test::Describe(fans.axes), row.axes);
}

INSTANTIATE_TEST_SUITE_P(Rows, FansTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return test.param.name; });

// The same through graphs: what stands between the stored tensor w and its product.
struct GraphRow {
  std::string_view name;
  std::string_view weight;
  std::string_view nodes;  // make y out of x [N, 4]
  std::string_view fans;
  std::string_view axes;
};

void PrintTo(const GraphRow& row, std::ostream* out) { *out << row.name; }

constexpr auto kGraphs = std::to_array<GraphRow>({
    {"Transpose", "float[8, 4]", "v = Transpose(w) y = MatMul(x, v)", "linear 4 -> 8",
     "output 0 | input 1"},
    {"ReshapeOfAVector", "float[32]", "v = Reshape(w, s) y = MatMul(x, v)", "linear 4 -> 8", ""},
    {"ReshapeOfHeads", "float[2, 4, 4]", "v = Reshape(w, h) u = Transpose(v) y = MatMul(x, u)",
     "linear 4 -> 8", "output 0 1 | input 2"},
    {"SqueezedPointwise", "float[8, 4, 1, 1]", "v = Squeeze(w) u = Transpose(v) y = MatMul(x, u)",
     "linear 4 -> 8", "batch 2 3 | output 0 | input 1"},
    {"UnsqueezedConv", "float[8, 4]", "v = Unsqueeze(w, a) y = Conv(x, v)", "conv 4 -> 8",
     "output 0 | input 1"},
    {"Cast", "float16[4, 8]", "v = Cast<to = 1>(w) y = MatMul(x, v)", "linear 4 -> 8",
     "output 1 | input 0"},
    {"Dequantized", "int8[4, 8]", "v = DequantizeLinear<axis = 1>(w, q) y = MatMul(x, v)",
     "linear 4 -> 8", "output 1 | input 0"},
    {"SplitIntoQueryKeyValue", "float[4, 24]",
     "wq, wk, wv = Split<axis = 1>(w) query = MatMul(x, wq) key = MatMul(x, wk) "
     "value = MatMul(x, wv) y = Sum(query, key, value)",
     "linear 4 -> 24", "output 1 | input 0"},
    {"SlicedRows", "float[24, 4]", "v = Slice(w, z, e) u = Transpose(v) y = MatMul(x, u)",
     "linear 4 -> 24", "output 0 | input 1"},
    {"ConcatenatedOutputs", "float[4, 8]", "v = Concat<axis = 1>(w, o) y = MatMul(x, v)",
     "linear 4 -> 8", "output 1 | input 0"},
    {"WeightNormByAGain", "float[8, 4]", "v = Mul(w, g) y = Gemm<transB = 1>(x, v)",
     "linear 4 -> 8", "output 0 | input 1"},
    {"MergedLora", "float[4, 8]", "v = Add(w, o) y = MatMul(x, v)", "linear 4 -> 8",
     "output 1 | input 0"},
    {"EqualisedRate", "float[8, 4]", "v = Mul(w, c) y = Gemm<transB = 1>(x, v)", "linear 4 -> 8",
     "output 0 | input 1"},
});

class GraphFansTest : public ::testing::TestWithParam<GraphRow> {};

TEST_P(GraphFansTest, AreSeenThrough) {
  const GraphRow& row = GetParam();
  const test::Inferred inferred(
      Text("g (float[N, 4] x) => (float[M] y) <", row.weight,
           " w, int64[2] s = {4, 8}, int64[2] h = {8, 4}, int64[1] a = {2}, float[8] q, int64[1] z "
           "= {0}, "
           "int64[1] e = {8}, float[4, 8] o, float[8, 1] g, float c = {0.5}> {",
           row.nodes, "}"));
  const TensorFacts& facts = inferred["w"];
  EXPECT_EQ(Text(ToString(facts.role), " ", facts.fan_in, " -> ", facts.fan_out), row.fans);
  EXPECT_EQ(test::Describe(facts.axes), row.axes);
}

INSTANTIATE_TEST_SUITE_P(Rows, GraphFansTest, ::testing::ValuesIn(kGraphs),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
