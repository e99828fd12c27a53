#include "infer/copies.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/text.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Inferred;

// A dynamically quantised convolution whose absent bias is as long as the float weight says.
constexpr const char* kCopy =
    "agraph (uint8[1, 3, 5, 5] x) => (float[1, 8, 5, 5] y)"
    "<int8[8, 3, 1, 1] q, float[8, 3, 1, 1] w, float zero = {0}, int64[4] s = {1, -1, 1, 1}> {"
    "  p = ConvInteger(x, q) f = Cast<to = 1>(p)"
    "  n = Shape<start = 0, end = 1>(w) b = Expand(zero, n) r = Reshape(b, s) y = Add(f, r) }";

TEST(CopiesTest, IsWhatTheWeightIs) {
  const Inferred inferred(kCopy);
  EXPECT_EQ(inferred["w"].role, Role::kConv);
  EXPECT_TRUE(inferred["w"].learned);
  EXPECT_EQ(inferred["w"].fan_in, inferred["q"].fan_in);
  EXPECT_EQ(inferred["w"].name, "w");
  EXPECT_FALSE(inferred["w"].quantization.has_value());
}

TEST(CopiesTest, AnotherShapeIsNoCopy) {
  const Inferred inferred(
      "agraph (uint8[1, 3, 5, 5] x) => (float[1, 8, 5, 5] y)"
      "<int8[8, 3, 1, 1] q, float[8, 4] w, float zero = {0}, int64[4] s = {1, -1, 1, 1}> {"
      "  p = ConvInteger(x, q) f = Cast<to = 1>(p)"
      "  n = Shape<start = 0, end = 1>(w) b = Expand(zero, n) r = Reshape(b, s) y = Add(f, r) }");
  EXPECT_EQ(inferred["w"].role, Role::kConstant);
  EXPECT_FALSE(inferred["w"].learned);
}

// Constant folding has reshaped the weight for the product with the stored vectors.
constexpr const char* kSpectral =
    "agraph (float[N, 3, 5, 5] x) => (float[N, 8, 5, 5] y)"
    "<float[8, 3, 2, 2] w, float[8, 12] r, float[8] u, float[12] v> {"
    "  a = MatMul(r, v) s = MatMul(u, a) n = Div(w, s) y = Conv(x, n) }";

TEST(CopiesTest, WhatTheNormIsTakenOfIsTheWeight) {
  const Inferred inferred(kSpectral);
  EXPECT_EQ(inferred["w"].role, Role::kConv);
  EXPECT_EQ(inferred["r"].role, Role::kConv);
  EXPECT_EQ(inferred["r"].fan_in, 12);
  EXPECT_EQ(inferred["r"].fan_out, 32);
  EXPECT_TRUE(inferred["r"].axes.output.empty());
  EXPECT_FALSE(inferred["u"].learned);
}

TEST(CopiesTest, WhatTheStatisticsAreTakenOfIsTheWeight) {
  const Inferred inferred(
      "agraph (float[N, 3, 5, 5] x) => (float[N, 8, 5, 5] y)"
      "<float[1, 8, 12] w, float[1, 12, 8] r, float[8] g, float[8] b,"
      " int64[4] shape = {8, 3, 2, 2}> {"
      "  m = ReduceMean<axes = [0, 1], keepdims = 0>(r) d = Sub(r, m) q = Mul(d, d)"
      "  v = ReduceMean<axes = [0, 1], keepdims = 0>(q) n = BatchNormalization(w, g, b, m, v)"
      "  k = Reshape(n, shape) y = Conv(x, k) }");
  EXPECT_EQ(inferred["w"].role, Role::kConv);
  EXPECT_EQ(inferred["w"].fan_in, 12);
  EXPECT_EQ(inferred["w"].fan_out, 32);
  EXPECT_EQ(inferred["r"].role, Role::kConv);
  EXPECT_EQ(inferred["r"].fan_in, 12);
}

TEST(CopiesTest, WhatDataMeetsIsItself) {
  const Inferred inferred(
      "agraph (float[N, 12] x) => (float[N, 8] y) <float[8, 12] w, float[8, 12] r> {"
      "  t = Transpose(r) s = MatMul(x, t) n = Div(w, s) y = Gemm<transB = 1>(x, n) }");
  EXPECT_EQ(inferred["r"].role, Role::kLinear);
  EXPECT_EQ(inferred["r"].name, "r");
  EXPECT_EQ(inferred["r"].axes.input, std::vector<int>{1});
}

TEST(CopiesTest, AnotherSizeIsNoCopy) {
  const Inferred inferred(
      "agraph (float[N, 3, 5, 5] x) => (float[N, 8, 5, 5] y)"
      "<float[8, 3, 2, 2] w, float[6, 10] r, float[6] u, float[10] v> {"
      "  a = MatMul(r, v) s = MatMul(u, a) n = Div(w, s) y = Conv(x, n) }");
  EXPECT_NE(inferred["r"].role, Role::kConv);
}

// What is not followed to its end may meet data.
TEST(CopiesTest, OneWithUsesWithoutNumberIsItself) {
  std::string nodes = "t0 = Neg(r) ";
  for (int i = 1; i < 100; ++i) nodes += Text("t", i, " = Neg(t", i - 1, ") ");
  const Inferred inferred(
      Text("agraph (float[N, 3, 5, 5] x) => (float[N, 8, 5, 5] y)"
           "<float[8, 3, 2, 2] w, float[8, 12] r, float[8] u, float[12] v> {",
           "  a = MatMul(r, v) s = MatMul(u, a) n = Div(w, s) y = Conv(x, n) ", nodes, "}"));
  EXPECT_EQ(inferred["w"].role, Role::kConv);
  EXPECT_NE(inferred["r"].role, Role::kConv);
}

TEST(CopiesTest, OneWhoseNumbersAreUsedIsItself) {
  const Inferred inferred(
      "agraph (float[N, 4] x) => (float[N, 6] y, int64[2] s) <float[4, 6] w> {"
      "  y = MatMul(x, w) s = Shape(w) }");
  EXPECT_EQ(inferred["w"].role, Role::kLinear);
}

}  // namespace
}  // namespace onnx_reinit::infer
