#include "infer/frozen_norms.h"

#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Inferred;

// Nodes that make y of images x [1, 4, 5, 5], the stored vectors w, b, m and v, the same per
// channel (wr, br, mr and vr) and a small e.
struct Row {
  std::string_view name;
  std::string_view nodes;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

Inferred InferredOf(const Row& row) {
  return Inferred(
      Text("agraph (float[1, 4, 5, 5] x) => (float[1, 4, 5, 5] y) <float[4] w, float[4] b, "
           "float[4] m, float[4] v, float e = {0.00001}, float one = {1}, int64[4] s = {1, -1, 1, "
           "1}> { wr = Reshape(w, s) br = Reshape(b, s) mr = Reshape(m, s) vr = Reshape(v, s) "
           "ve = Add(vr, e) ",
           row.nodes, "}"));
}

constexpr auto kRows = std::to_array<Row>({
    {"Reciprocal",
     "r = Sqrt(ve) q = Reciprocal(r) k = Mul(wr, q) h = Mul(mr, k) t = Sub(br, h) u = Mul(x, k) "
     "y = Add(u, t)"},
    {"QuotientOfOne",
     "r = Sqrt(ve) q = Div(one, r) k = Mul(q, wr) h = Mul(k, mr) t = Sub(br, h) u = Mul(k, x) "
     "y = Add(t, u)"},
    {"QuotientOfTheScale",
     "r = Sqrt(ve) k = Div(wr, r) h = Mul(mr, k) t = Sub(br, h) u = Mul(x, k) y = Add(u, t)"},
    {"MovedAfterwards",
     "r = Sqrt(ve) q = Reciprocal(r) j = Mul(wr, q) k = Identity(j) h = Mul(mr, k) "
     "t0 = Sub(br, h) t = Identity(t0) u = Mul(x, k) y = Add(u, t)"},
});

using FrozenNormTest = ::testing::TestWithParam<Row>;

TEST_P(FrozenNormTest, HasFourParts) {
  const Inferred inferred = InferredOf(GetParam());
  EXPECT_EQ(inferred["w"].role, Role::kNormScale);
  EXPECT_EQ(inferred["b"].role, Role::kNormBias);
  EXPECT_EQ(inferred["m"].role, Role::kNormMean);
  EXPECT_EQ(inferred["v"].role, Role::kNormVar);
}

INSTANTIATE_TEST_SUITE_P(Rows, FrozenNormTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

constexpr auto kTwins = std::to_array<Row>({
    // The root is what makes a variance of it.
    {"AScaleAndAShiftAlone", "h = Mul(mr, wr) t = Sub(br, h) u = Mul(x, wr) y = Add(u, t)"},
    {"NoRoot",
     "r = Abs(ve) q = Reciprocal(r) k = Mul(wr, q) h = Mul(mr, k) t = Sub(br, h) u = Mul(x, k) "
     "y = Add(u, t)"},
    {"NoInverse",
     "q = Sqrt(ve) k = Mul(wr, q) h = Mul(mr, k) t = Sub(br, h) u = Mul(x, k) y = Add(u, t)"},
    {"TheMeanIsAdded",
     "r = Sqrt(ve) q = Reciprocal(r) k = Mul(wr, q) h = Mul(mr, k) t = Add(br, h) u = Mul(x, k) "
     "y = Add(u, t)"},
    {"NoShift", "r = Sqrt(ve) q = Reciprocal(r) k = Mul(wr, q) y = Mul(x, k)"},
    {"TheScaledDataIsUsedTwice",
     "r = Sqrt(ve) q = Reciprocal(r) k = Mul(wr, q) h = Mul(mr, k) t = Sub(br, h) u = Mul(x, k) "
     "z = Add(u, t) y = Mul(z, u)"},
});

using FrozenNormTwinTest = ::testing::TestWithParam<Row>;

TEST_P(FrozenNormTwinTest, HasNoStatistics) {
  const Inferred inferred = InferredOf(GetParam());
  for (const TensorFacts& facts : inferred.all()) {
    EXPECT_NE(facts.role, Role::kNormVar) << facts.name;
    EXPECT_NE(facts.role, Role::kNormMean) << facts.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, FrozenNormTwinTest, ::testing::ValuesIn(kTwins),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
