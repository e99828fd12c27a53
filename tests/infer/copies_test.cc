#include "infer/copies.h"

#include <gtest/gtest.h>

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

TEST(CopiesTest, OneWhoseNumbersAreUsedIsItself) {
  const Inferred inferred(
      "agraph (float[N, 4] x) => (float[N, 6] y, int64[2] s) <float[4, 6] w> {"
      "  y = MatMul(x, w) s = Shape(w) }");
  EXPECT_EQ(inferred["w"].role, Role::kLinear);
}

}  // namespace
}  // namespace onnx_reinit::infer
