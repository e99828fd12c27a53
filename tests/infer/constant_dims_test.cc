#include "infer/constant_dims.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Analysis;
using ::testing::Eq;
using ::testing::Optional;
using Dims = std::vector<int64_t>;

// w is stored, and too large to be computed with; `nodes` make y, of which nothing is declared.
struct Row {
  std::string name;
  std::string nodes;
  Dims dims;
  std::string weight = "float[70, 80] w";
  std::string others;  // initializers beside w
  int opset = 18;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

MaybeDims DimsOfY(const Row& row) {
  Analysis analysis(
      Text("g (float[N, 80] x, int64[3] n) => (float[M] z) <", row.weight,
           row.others.empty() ? "" : ", ", row.others, "> {", row.nodes, " z = Neg(y)}"),
      {.opset = row.opset});
  return analysis.constants().Dims(analysis.Value("y"));
}

const std::vector<Row>& Known() {
  static const auto* const kRows = new std::vector<Row>{
      // At least one for each row of the table.
      {"Ceil", "y = Ceil(w)", {70, 80}},
      {"Concat", "y = Concat<axis = -1>(w, v, w)", {70, 161}, "float[70, 80] w", "float[70, 1] v"},
      {"Cos", "y = Cos(w)", {70, 80}},
      {"Expand", "y = Expand(w, s)", {3, 70, 80}, "float[70, 80] w", "int64[3] s = {3, 1, 80}"},
      {"Flatten", "y = Flatten<axis = -1>(w)", {5600, 9}, "float[70, 80, 9] w"},
      {"FlattenAll", "y = Flatten<axis = 0>(w)", {1, 5600}},
      {"Floor", "y = Floor(w)", {70, 80}},
      {"Gather",
       "y = Gather<axis = 1>(w, i)",
       {70, 2, 3},
       "float[70, 80] w",
       "int64[2, 3] i = {0, 1, 2, 3, 4, 5}"},
      {"GatherByData", "y = Gather(w, n)", {3, 80}},
      {"GatherND", "y = GatherND(w, i)", {3, 80}, "float[70, 80] w", "int64[3, 1] i = {0, 1, 2}"},
      {"GatherNDOfElements",
       "y = GatherND(w, i)",
       {1, 2},
       "float[70, 80] w",
       "int64[1, 2, 2] i = {0, 1, 2, 3}"},
      {"GatherNDInBatches",
       "y = GatherND<batch_dims = 1>(w, i)",
       {2, 9},
       "float[2, 800, 9] w",
       "int64[2, 1] i = {5, 7}"},
      {"LpNormalization", "y = LpNormalization(w)", {70, 80}},
      {"MatMul", "y = MatMul(w, v)", {70, 5}, "float[70, 80] w", "float[80, 5] v"},
      {"Gemm", "y = Gemm(w, v)", {70, 5}, "float[70, 80] w", "float[80, 5] v"},
      {"GemmTurned",
       "y = Gemm<transA = 1, transB = 1>(w, v)",
       {80, 5},
       "float[70, 80] w",
       "float[5, 70] v"},
      {"MatMulOfAVector", "y = MatMul(w, v)", {70}, "float[70, 80] w", "float[80] v"},
      {"MatMulOfARow", "y = MatMul(v, w)", {80}, "float[70, 80] w", "float[70] v"},
      {"MatMulOfStacks", "y = MatMul(v, w)", {4, 3, 80}, "float[70, 80] w", "float[4, 3, 70] v"},
      {"MatMulOfTwoVectors",
       "a = MatMul(w, v) y = MatMul(u, a)",
       {},
       "float[70, 80] w",
       "float[80] v, float[70] u"},
      {"QLinearAddWithoutItsOtherOperand", "y = com.microsoft.QLinearAdd(w)", {70, 80}},
      {"Reshape", "y = Reshape(w, s)", {7, 800}, "float[70, 80] w", "int64[2] s = {7, -1}"},
      {"ReshapeAcrossTheAxes",
       "y = Reshape(w, s)",
       {50, 112},
       "float[70, 80] w",
       "int64[2] s = {50, 112}"},
      {"ReshapeByAttribute",
       "y = Reshape<shape = [0, 8, 10]>(w)",
       {70, 8, 10},
       "float[70, 80] w",
       "",
       1},
      {"Round", "y = Round(w)", {70, 80}},
      {"Sin", "y = Sin(w)", {70, 80}},
      {"Slice",
       "y = Slice(w, a, e, c, t)",
       {70, 4},
       "float[70, 80] w",
       "int64[1] a = {-1}, int64[1] e = {-9}, int64[1] c = {-1}, int64[1] t = {-2}"},
      {"Softmax", "y = Softmax(w)", {70, 80}},
      {"Split", "t, y = Split(w, s)", {50, 80}, "float[70, 80] w", "int64[2] s = {20, 50}"},
      {"SplitUnevenly", "t, u, y = Split<axis = 1>(w)", {70, 26}},
      {"Squeeze", "y = Squeeze(w, i)", {70, 1, 80}, "float[1, 70, 1, 80] w", "int64[1] i = {0}"},
      {"SqueezeAll", "y = Squeeze(w)", {70, 80}, "float[1, 70, 1, 80] w"},
      {"Transpose", "y = Transpose(w)", {80, 70}},
      {"TransposeBy", "y = Transpose<perm = [2, 0, 1]>(w)", {9, 70, 80}, "float[70, 80, 9] w"},
      {"Trilu", "y = Trilu(w)", {70, 80}},
      {"Unsqueeze",
       "y = Unsqueeze(w, i)",
       {70, 1, 80, 1},
       "float[70, 80] w",
       "int64[2] i = {-1, 1}"},
      // Arithmetic, reductions and changes of the type.
      {"Cast", "y = Cast<to = 10>(w)", {70, 80}},
      {"DequantizeLinear",
       "y = DequantizeLinear(w, s)",
       {70, 80},
       "int8[70, 80] w",
       "float s = {0.5}"},
      {"AnotherQuantiser",
       "y = qonnx.custom_op.general.Quant(w, s)",
       {70, 80},
       "float[70, 80] w",
       "float s = {0.5}"},
      {"ClipWithoutALowerLimit", "y = Clip(w, , s)", {70, 80}, "float[70, 80] w", "float s = {1}"},
      {"MulOfTwoGains",
       "y = Mul(u, v)",
       {700, 80},
       "float[70, 80] w",
       "float[700, 1] u, float[1, 80] v"},
      {"WhereOfThree",
       "c = Greater(w, v) y = Where(c, v, u)",
       {2, 70, 80},
       "float[70, 80] w",
       "float[80] v, float[2, 1, 1] u"},
      {"ReduceL2", "y = ReduceL2<axes = [1]>(w)", {70, 1}, "float[70, 80] w", "", 13},
      {"ReduceWithoutTheAxis",
       "y = ReduceMean<axes = [-2], keepdims = 0>(w)",
       {80},
       "float[70, 80] w",
       "",
       13},
      {"ReduceByInput", "y = ReduceL1(w, i)", {1, 80}, "float[70, 80] w", "int64[1] i = {0}"},
      {"ReduceAll", "y = ReduceSumSquare<keepdims = 0>(w)", {}},
      {"ReduceNone", "y = ReduceSum<noop_with_empty_axes = 1>(w)", {70, 80}},
      // Steps of several operators.
      {"WeightNorm",
       "a = ReduceL2<axes = [1]>(w) b = Div(w, a) c = Transpose(b) y = Mul(c, v)",
       {80, 70},
       "float[70, 80] w",
       "float[1, 70] v",
       13},
      {"UpToWhatIsDeclared",
       "a = Relu(x) b = ReduceMax<axes = [0]>(n) y = Add(w, b)",
       {70, 80},
       "float[70, 80] w",
       "",
       13},
  };
  return *kRows;
}

using KnownTest = ::testing::TestWithParam<Row>;

TEST_P(KnownTest, HasDims) { EXPECT_THAT(DimsOfY(GetParam()), Optional(Eq(GetParam().dims))); }

INSTANTIATE_TEST_SUITE_P(Rows, KnownTest, ::testing::ValuesIn(Known()),
                         [](const auto& test) { return test.param.name; });

TEST(DimsRows, EachHasATest) {
  for (const DimsRow& row : DimsRows()) {
    const auto is_of_row = [&](const Row& test) {
      return test.nodes.find(Text("y = ", row.op_type, "(")) != std::string::npos ||
             test.nodes.find(Text("y = ", row.op_type, "<")) != std::string::npos;
    };
    EXPECT_TRUE(std::any_of(Known().begin(), Known().end(), is_of_row)) << row.op_type;
  }
}

// The twins: what no rule knows, what the data decides, and what does not fit.
const std::vector<Row>& Unknown() {
  static const auto* const kRows = new std::vector<Row>{
      {"AnotherOperator", "y = Gelu(w)", {}},
      {"AnotherDomain", "y = com.microsoft.Cos(w)", {}},
      {"OfData", "y = Cos(x)", {}},
      {"AnOperandOfData", "y = Mul(w, x)", {}},
      {"AfterAnUnknownOne", "a = Gelu(w) y = Mul(a, w)", {}},
      {"ConcatOfTwoRanks", "y = Concat<axis = 0>(w, v)", {}, "float[70, 80] w", "float[80] v"},
      {"ConcatBeyondTheRank", "y = Concat<axis = 2>(w, w)", {}},
      {"ExpandByData", "y = Expand(w, n)", {}},
      {"ExpandThatDoesNotFit", "y = Expand(w, s)", {}, "float[70, 80] w", "int64[2] s = {3, 80}"},
      {"FlattenBeyondTheRank", "y = Flatten<axis = 3>(w)", {}},
      {"GatherWithoutIndices", "y = Gather(w)", {}},
      {"GatherThatLeavesItsIndicesOut", "y = Gather(w, )", {}},
      {"GatherBeyondTheRank", "y = Gather<axis = 2>(w, n)", {}},
      {"GatherNDBeyondTheRank",
       "y = GatherND(w, i)",
       {},
       "float[70, 80] w",
       "int64[1, 3] i = {0, 1, 2}"},
      {"GatherNDByAScalar", "y = GatherND(w, i)", {}, "float[70, 80] w", "int64 i = {0}"},
      {"GemmOfAVector", "y = Gemm(w, v)", {}, "float[70, 80] w", "float[80] v"},
      {"MatMulWithAScalar", "y = MatMul(w, v)", {}, "float[70, 80] w", "float v = {1}"},
      {"MatMulOfStacksThatDoNotFit",
       "y = MatMul(v, u)",
       {},
       "float[70, 80] w",
       "float[4, 30, 70] v, float[3, 70, 80] u"},
      {"AddThatDoesNotFit", "y = Add(w, v)", {}, "float[70, 80] w", "float[70] v"},
      {"ReduceByData", "y = ReduceL2(w, n)", {}},
      {"ReduceBeyondTheRank", "y = ReduceL2<axes = [2]>(w)", {}, "float[70, 80] w", "", 13},
      {"ReshapeByData", "y = Reshape(w, n)", {}},
      {"ReshapeThatDoesNotFit",
       "y = Reshape(w, s)",
       {},
       "float[70, 80] w",
       "int64[2] s = {33, -1}"},
      {"SliceByData", "y = Slice(w, n, n)", {}},
      {"SliceBeyondTheRank",
       "y = Slice(w, a, a, e)",
       {},
       "float[70, 80] w",
       "int64[1] a = {1}, int64[1] e = {2}"},
      {"SplitBeyondTheRank", "y, t = Split<axis = 2>(w)", {}},
      {"SplitOfTooFewSizes", "t, y = Split(w, s)", {}, "float[70, 80] w", "int64[1] s = {70}"},
      {"SqueezeOfAWideAxis", "y = Squeeze(w, i)", {}, "float[70, 80] w", "int64[1] i = {0}"},
      {"TransposeByTooFew", "y = Transpose<perm = [0]>(w)", {}},
      {"UnsqueezeTwice", "y = Unsqueeze(w, i)", {}, "float[70, 80] w", "int64[2] i = {0, 0}"},
  };
  return *kRows;
}

using UnknownDimsTest = ::testing::TestWithParam<Row>;

TEST_P(UnknownDimsTest, HasNone) { EXPECT_EQ(DimsOfY(GetParam()), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(Rows, UnknownDimsTest, ::testing::ValuesIn(Unknown()),
                         [](const auto& test) { return test.param.name; });

// A chain that a file makes as long as it likes; each step adds an axis, up to what an array has.
TEST(Dims, LongChainsNeitherRecurseNorGrow) {
  std::string nodes = "a0 = Unsqueeze(w, i)";
  for (int i = 1; i < 2000; ++i) nodes += Text(" a", i, " = Neg(a", i - 1, ")");
  EXPECT_THAT(
      DimsOfY({"", nodes + " y = Unsqueeze(a1999, i)", {}, "float[70, 80] w", "int64[1] i = {0}"}),
      Optional(Eq(Dims{1, 1, 70, 80})));
  nodes = "a0 = Unsqueeze(w, i)";
  for (int i = 1; i < 40; ++i) nodes += Text(" a", i, " = Unsqueeze(a", i - 1, ", i)");
  EXPECT_EQ(DimsOfY({"", nodes + " y = Neg(a39)", {}, "float[70, 80] w", "int64[1] i = {0}"}),
            std::nullopt);
}

}  // namespace
}  // namespace onnx_reinit::infer
