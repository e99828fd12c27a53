#include "infer/rotary.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Inferred;

struct Row {
  const char* name;
  const char* graph;
  Role role;  // of w
};

const auto kRows = std::to_array<Row>({
    {"TableOfARotation",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 8] m, float[6, 8] w, float[6, 8] v>"
     "{ p = MatMul(x, m) c = Mul(p, w) a, b = Split<axis = 2, num_outputs = 2>(p)"
     "  n = Neg(b) t = Concat<axis = 2>(n, a) s = Mul(t, v) y = Add(c, s) }",
     Role::kConstant},
    {"NoTableWhereTheSummandsAreOfDifferentData",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 8] m, float[8, 8] o, float[6, 8] w,"
     "  float[6, 8] v> { p = MatMul(x, m) q = MatMul(x, o) c = Mul(p, w) s = Mul(q, v)"
     "  y = Add(c, s) }",
     Role::kParameter},
    {"NoTableWhereTheDataIsNotTurned",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 8] m, float[6, 8] w, float[6, 8] v>"
     "{ p = MatMul(x, m) c = Mul(p, w) s = Mul(p, v) y = Add(c, s) }",
     Role::kParameter},
    {"NoTableWhereAFactorIsNotStored",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 8] m, float[6, 8] w> {"
     "  p = MatMul(x, m) c = Mul(p, w) n = Neg(p) s = Mul(n, x) y = Add(c, s) }",
     Role::kParameter},
    {"FrequenciesOfPositions",
     "agraph (float[1, 1, 6] p) => (float[1, 4, 6] y) <float[1, 4, 1] w> {"
     "  f = MatMul(w, p) s = Sin(f) c = Cos(f) y = Add(s, c) }",
     Role::kConstant},
    {"ALayerBeforeASineAloneIsLearned",
     "agraph (float[N, 4] x) => (float[N, 8] y) <float[4, 8] w> { f = MatMul(x, w) y = Sin(f) }",
     Role::kLinear},
    {"ALayerWithABiasBeforeBothIsLearned",
     "agraph (float[N, 4] x) => (float[N, 8] y) <float[4, 8] w, float[8] b> {"
     "  m = MatMul(x, w) f = Add(m, b) s = Sin(f) c = Cos(f) y = Add(s, c) }",
     Role::kLinear},
    {"AnglesThatArePrecomputed",
     "agraph (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[6, 8] w> {"
     "  c = Cos(w) y = Add(x, c) }",
     Role::kConstant},
});

using RotaryTest = testing::TestWithParam<Row>;

TEST_P(RotaryTest, SaysWhatTheTensorIs) {
  const Inferred inferred(GetParam().graph, {.opset = 18});
  EXPECT_EQ(inferred["w"].role, GetParam().role);
}

INSTANTIATE_TEST_SUITE_P(Rows, RotaryTest, testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
