#include "infer/quantization.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <string_view>

#include "base/text.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Inferred;

// "s + z, axis 0": by scale s and zero point z along axis 0 of the stored tensor.
std::string Describe(const TensorFacts& facts) {
  if (!facts.quantization) return "none";
  const QuantizationFacts& grid = *facts.quantization;
  if (!grid.unsupported.empty()) return grid.unsupported;
  std::string text = grid.scale->name;
  if (grid.zero_point != nullptr) text += Text(" + ", grid.zero_point->name);
  if (grid.axis >= 0) text += Text(", axis ", grid.axis);
  if (grid.block_size != 0) text += Text(", blocks of ", grid.block_size);
  if (grid.packed_bits != 0) text += Text(", ", grid.packed_bits, " bits");
  if (grid.packed_columns != 0) text += Text(", ", grid.packed_columns, " columns");
  return text;
}

struct Row {
  std::string_view name;
  std::string_view weight;
  std::string_view nodes;
  std::string_view grid;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.nodes; }

// x [N, 6, 8] is data, q is data of 8 bits; s, z are for all of w, ss, zz for its 8 columns.
constexpr auto kRows = std::to_array<Row>({
    {"Dequantised", "int8[8, 8] w", "t = DequantizeLinear(w, s, z) y = MatMul(x, t)", "s + z"},
    {"DequantisedWithoutZeroPoint", "int8[8, 8] w", "t = DequantizeLinear(w, s) y = MatMul(x, t)",
     "s"},
    {"DequantisedByColumn", "int8[8, 8] w",
     "t = DequantizeLinear<axis = 1>(w, ss, zz) y = MatMul(x, t)", "ss + zz, axis 1"},
    {"DequantisedFromTheEnd", "int8[8, 8] w",
     "t = DequantizeLinear<axis = -2>(w, ss, zz) y = MatMul(x, t)", "ss + zz, axis 0"},
    {"DequantisedInBlocks", "int8[16, 8] w",
     "t = DequantizeLinear<axis = 0, block_size = 8>(w, bb) y = MatMul(x, t)",
     "bb, axis 0, blocks of 8"},
    {"MovedBefore", "int8[8, 8] w",
     "m = Transpose(w) t = DequantizeLinear(m, s, z) y = MatMul(x, t)", "s + z"},
    {"MovedBeforeByColumn", "int8[8, 8] w",
     "m = Transpose(w) t = DequantizeLinear<axis = 1>(m, ss, zz) y = MatMul(x, t)",
     "it is moved before it is dequantised along an axis"},
    {"ScalesThatAreComputed", "int8[8, 8] w",
     "k = Mul(s, s) t = DequantizeLinear(w, k, z) y = MatMul(x, t)",
     "its scales are not stored in the file"},
    {"ZeroPointsThatAreComputed", "int8[8, 8] w",
     "k = Add(z, z) t = DequantizeLinear(w, s, k) y = MatMul(x, t)", "s"},
    {"OtherZeroPointsThatAreComputed", "int8[8, 8] w",
     "k = Add(one, one) t = DequantizeLinear(w, s, k) y = MatMul(x, t)",
     "its zero points are not stored in the file"},
    {"LookedUpThenDequantised", "int8[10, 8] w", "t = Gather(w, n) y = DequantizeLinear(t, s, z)",
     "s + z"},
    {"LookedUpThenReadByQLinear", "int8[10, 8] w",
     "t = Gather(w, n) y = com.microsoft.QLinearConcat<axis = 1>(s, z, t, s, z)", "s + z"},
    {"LookedUpThenMultiplied", "int8[10, 8] w",
     "t = Gather(w, n) p = MatMulInteger(t, all8, z, zz) f = Cast<to = 1>(p) k = Mul(s, ss) "
     "y = Mul(f, k)",
     "s + z"},
    {"LookedUpThenMultipliedByOneScale", "int8[10, 8] w",
     "t = Gather(w, n) p = MatMulInteger(t, all8, z, zz) f = Cast<to = 1>(p) y = Mul(f, ss)",
     "its scales are not stored in the file"},
    {"LookedUpAsTheRightOperand", "int8[8, 8] w",
     "t = Gather(w, n) p = MatMulInteger(q, t, z, zz) f = Cast<to = 1>(p) k = Mul(s, ss) "
     "y = Mul(f, k)",
     "none"},
    {"MultipliedByWhatIsLookedUp", "int8[8, 8] w",
     "t = Gather(all8, n) p = MatMulInteger(t, w, z, zz) f = Cast<to = 1>(p) k = Mul(s, ss) "
     "y = Mul(f, k)",
     "ss + zz, axis 1"},
    {"InPieces", "int8[8, 8] w",
     "c = Cast<to = 1>(w) d = Sub(c, one) t = Mul(d, s) y = MatMul(x, t)", "s + one"},
    {"InPiecesByColumn", "int8[8, 8] w", "c = Cast<to = 1>(w) t = Mul(ss, c) y = MatMul(x, t)",
     "ss, axis 1"},
    {"InPiecesTransposedAfterwards", "int8[8, 8] w",
     "c = Cast<to = 1>(w) t = Mul(c, rows) u = Transpose(t) y = MatMul(x, u)", "rows, axis 0"},
    {"InPiecesWithOneZeroPoint", "int8[8, 8] w",
     "c = Cast<to = 1>(w) d = Sub(c, one) t = Mul(d, ss) y = MatMul(x, t)",
     "it has not as many zero points as scales"},
    {"InPiecesByElement", "int8[8, 8] w", "c = Cast<to = 1>(w) t = Mul(c, all) y = MatMul(x, t)",
     "its scales lie along several axes"},
    {"MovedBeforeItIsCast", "int8[8, 8] w",
     "m = Transpose(w) c = Cast<to = 1>(m) t = Mul(c, ss) y = MatMul(x, t)", "none"},
    {"HalvesInPieces", "float16[8, 8] w", "c = Cast<to = 1>(w) t = Mul(c, ss) y = MatMul(x, t)",
     "none"},
    {"QLinearMatMul", "int8[8, 8] w", "y = QLinearMatMul(q, s, z, w, ss, zz, s, z)",
     "ss + zz, axis 1"},
    {"QLinearMatMulOnTheLeft", "int8[8, 8] w", "y = QLinearMatMul(w, ss, zz, q, s, z, s, z)",
     "ss + zz, axis 0"},
    {"QLinearConv", "int8[8, 6, 1] w", "y = QLinearConv(q, s, z, w, ss, zz, s, z)",
     "ss + zz, axis 0"},
    {"QGemmTransposed", "int8[8, 8] w",
     "y = com.microsoft.QGemm<transB = 1>(q, s, z, w, ss, zz, , s, z)", "ss + zz, axis 0"},
    {"MatMulIntegerWithAScaleLater", "int8[8, 8] w",
     "a, b, d = DynamicQuantizeLinear(x) p = MatMulInteger(a, w, d, zz) f = Cast<to = 1>(p) "
     "k = Mul(b, ss) y = Mul(f, k)",
     "ss + zz, axis 1"},
    {"MatMulNBits", "uint8[8, 1, 4] w",
     "y = com.microsoft.MatMulNBits<K = 8, N = 8, bits = 4, block_size = 16>(x, w, ss)",
     "ss, blocks of 16, 4 bits, 8 columns"},
    {"TableInBytes", "uint8[10, 16] w",
     "y = com.microsoft.GatherBlockQuantized<bits = 4, block_size = 16>(w, n, ss)",
     "ss, blocks of 16, 4 bits, 32 columns"},
    {"TableInWholeBytes", "uint8[10, 16] w",
     "y = com.microsoft.GatherBlockQuantized<bits = 8, block_size = 16>(w, n, ss)",
     "ss, blocks of 16, 8 bits, 16 columns"},
    {"TableOfElements", "int8[10, 16] w",
     "y = com.microsoft.GatherBlockQuantized<block_size = 16, quantize_axis = -1>(w, n, ss)",
     "ss, axis 1, blocks of 16"},
    {"TableWhoseLastBlockIsShort", "uint8[10, 12] w",
     "y = com.microsoft.GatherBlockQuantized<bits = 4, block_size = 16>(w, n, ss)",
     "the last block of its rows is not full"},
    {"TableInBlocksOfRows", "uint8[10, 16] w",
     "y = com.microsoft.GatherBlockQuantized<bits = 4, block_size = 16, quantize_axis = 0>"
     "(w, n, ss)",
     "its blocks do not lie in the rows that are packed"},
    {"MatMulNBitsInAnotherOrder", "uint8[8, 1, 4] w",
     "y = com.microsoft.MatMulNBits<K = 8, N = 8, block_size = 16>(x, w, ss, , n)",
     "its columns are in the order of a group index"},
    {"RealNumbers", "float[8, 8] w", "y = MatMul(x, w)", "none"},
    {"RealNumbersThatTheGraphQuantises", "float[8, 8] w",
     "t = QuantizeLinear(w, s, z) u = DequantizeLinear(t, s, z) y = MatMul(x, u)", "none"},
});

class QuantizationTest : public ::testing::TestWithParam<Row> {};

TEST_P(QuantizationTest, SaysWhereTheGridIs) {
  const Inferred inferred(
      Text("g (float[N, 6, 8] x, int8[N, 6, 8] q, int64[8] n) => (float[M] y) <", GetParam().weight,
           ", float s = {0.5}, int8 z = {0}, int8 one = {1}, float[8] ss, int8[8] zz, "
           "float[2, 8] bb, float[8, 1] rows, float[8, 8] all, int8[8, 8] all8> {",
           GetParam().nodes, "}"));
  EXPECT_EQ(Describe(inferred["w"]), GetParam().grid);
}

INSTANTIATE_TEST_SUITE_P(Rows, QuantizationTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(QuantizedRows, NameOtherInputsThanTheWeight) {
  for (const QuantizedRow& row : QuantizedRows()) {
    EXPECT_NE(row.scale, row.weight) << row.op_type;
    EXPECT_NE(row.zero_point, row.weight) << row.op_type;
    EXPECT_TRUE(row.scale < 0 || row.scale != row.zero_point) << row.op_type;
  }
}

}  // namespace
}  // namespace onnx_reinit::infer
