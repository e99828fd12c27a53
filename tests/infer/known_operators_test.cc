#include "infer/known_operators.h"

#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Inferred;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Row {
  std::string name;
  std::string domain;
  std::string op_type;
  bool is_known = true;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

using KnownOperatorTest = ::testing::TestWithParam<Row>;

TEST_P(KnownOperatorTest, IsNamedByATable) {
  EXPECT_EQ(IsKnownOperator({.op_type = GetParam().op_type, .domain = GetParam().domain}),
            GetParam().is_known);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, KnownOperatorTest,
    ::testing::Values(Row{"HoldsWeights", "", "Conv"}, Row{"IsSeenThrough", "", "Transpose"},
                      Row{"Activates", "", "HardSwish"}, Row{"HoldsNone", "", "ArgMax"},
                      Row{"HasAttributes", "ai.onnx.ml", "TreeEnsemble"},
                      Row{"OfOnnxruntime", "com.microsoft", "QMoE"},
                      Row{"BetweenScopes", "border", "Alias"},
                      Row{"OfAVendor", "vendor", "Conv", false},
                      Row{"APluginInOnnxsDomain", "", "EfficientNMS_TRT", false},
                      Row{"NewInOnnxruntime", "com.microsoft", "MatMulOfTomorrow", false}),
    [](const auto& test) { return test.param.name; });

TEST(UnknownOperators, AreNamedAndTheirTensorsKept) {
  const Inferred inferred(
      "g (float[N, 4] x) => (float[M] y) <float[4, 8] w, float[4, 8] v, float[1] s, int64[2] i = "
      "{0, 1}> {"
      "t = vendor.Dense(x, w, s, i) u = MatMul(x, v) y = vendor.Join(t, u, v) }");
  EXPECT_EQ(inferred["w"].role, Role::kConstant);
  EXPECT_FALSE(inferred["w"].learned);
  EXPECT_EQ(inferred["w"].unknown_reader, "Dense of domain 'vendor'");
  EXPECT_THAT(inferred["w"].reason, HasSubstr("is not known: kept"));
  // One number is a setting, indices are no weights, and a known operator says what v is.
  for (const char* name : {"s", "i", "v"}) EXPECT_THAT(inferred[name].unknown_reader, IsEmpty());
  EXPECT_EQ(inferred["v"].role, Role::kLinear);
}

TEST(UnknownOperators, KnownOnesThatHoldNothingThereAreNotAmongThem) {
  const Inferred inferred("g (float[N, 4] x) => (float[M] y) <float[4] w> { y = ArgMax(w, x) }");
  EXPECT_THAT(inferred["w"].unknown_reader, IsEmpty());
  EXPECT_THAT(inferred["w"].reason, HasSubstr("no weights are known to stand there"));
}

// Packed weights are weights, in a form that nobody else can write.
TEST(Unfillable, PackedWeightsAreLearned) {
  const Inferred inferred(
      "g (float[N, 32] x, float[N, 3] r) => (float[M] y) <uint8[3, 10, 16] w, uint8[64] v, "
      "uint8[8, 2, 16] u, uint8[8, 2, 16] t, float[3, 10] s> {"
      "a = com.microsoft.QMoE(x, r, w, s) b = com.microsoft.MatMulFpQ4(x, v)"
      "c = com.microsoft.MatMulNBits<K = 50, N = 8, weight_prepacked = 1>(x, u, s)"
      "d = com.microsoft.MatMulNBits<K = 50, N = 8>(x, t, s) y = Sum(a, b, c, d) }");
  for (const char* name : {"w", "v", "u"}) {
    EXPECT_EQ(inferred[name].role, Role::kLinear) << name;
    EXPECT_TRUE(inferred[name].learned) << name;
    EXPECT_THAT(inferred[name].unfillable, HasSubstr("packed in a layout")) << name;
  }
  EXPECT_THAT(inferred["t"].unfillable, IsEmpty());
}

// Integers of an operator that looks them up and dequantises them itself are a table.
TEST(Unfillable, ABlockQuantisedTableIsLearned) {
  const Inferred inferred(
      "g (int64[N] i) => (float[M] y) <uint8[50, 16] w, float[50, 2] s, uint8[50, 1] z> {"
      "y = com.microsoft.GatherBlockQuantized<block_size = 16, bits = 4>(w, i, s, z) }");
  EXPECT_EQ(inferred["w"].role, Role::kEmbedding);
  EXPECT_TRUE(inferred["w"].learned);
  ASSERT_TRUE(inferred["w"].quantization.has_value());
  EXPECT_THAT(inferred["w"].quantization->unsupported, IsEmpty());
  EXPECT_EQ(inferred["w"].fan_out, 32);
  EXPECT_EQ(inferred["s"].role, Role::kQuantScale);
  EXPECT_EQ(inferred["z"].role, Role::kQuantZeroPoint);
}

}  // namespace
}  // namespace onnx_reinit::infer
