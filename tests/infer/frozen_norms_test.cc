#include "infer/frozen_norms.h"

#include <gtest/gtest.h>

#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Inferred;

constexpr const char* kFrozen =
    "agraph (float[1, 4, 5, 5] x) => (float[1, 4, 5, 5] y)"
    "<float[4] w, float[4] b, float[4] m, float[4] v, float e = {0.00001}, int64[4] s = {1, -1, 1, "
    "1}"
    "> { wr = Reshape(w, s) br = Reshape(b, s) mr = Reshape(m, s) vr = Reshape(v, s)"
    "  ve = Add(vr, e) r = Sqrt(ve) q = Reciprocal(r) k = Mul(wr, q)"
    "  h = Mul(mr, k) t = Sub(br, h) u = Mul(x, k) y = Add(u, t) }";

TEST(FrozenNormsTest, TellsItsFourParts) {
  const Inferred inferred(kFrozen);
  EXPECT_EQ(inferred["w"].role, Role::kNormScale);
  EXPECT_EQ(inferred["b"].role, Role::kNormBias);
  EXPECT_EQ(inferred["m"].role, Role::kNormMean);
  EXPECT_EQ(inferred["v"].role, Role::kNormVar);
}

// The root is what makes a variance of it.
TEST(FrozenNormsTest, AScaleAndAShiftAloneAreNone) {
  const Inferred inferred(
      "agraph (float[1, 4, 5, 5] x) => (float[1, 4, 5, 5] y) <float[4, 1, 1] w, float[4, 1, 1] b, "
      "float[4, 1, 1] m> { h = Mul(m, w) t = Sub(b, h) u = Mul(x, w) y = Add(u, t) }");
  for (const TensorFacts& facts : inferred.all()) {
    EXPECT_NE(facts.role, Role::kNormVar) << facts.name;
    EXPECT_NE(facts.role, Role::kNormMean) << facts.name;
  }
}

}  // namespace
}  // namespace onnx_reinit::infer
