#include "infer/form_slots.h"

#include <string>
#include <string_view>

#include "base/text.h"
#include "gtest/gtest.h"
#include "infer/infer_support.h"
#include "infer/reach.h"

namespace onnx_reinit::infer {
namespace {

// The role of `v` [8] in the nodes of a row, which make y of h = MatMul(x, w).
struct Row {
  std::string_view name;
  std::string_view nodes;
  Role role;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.nodes; }

class FormSlots : public ::testing::TestWithParam<Row> {};

TEST_P(FormSlots, GiveTheRole) {
  const test::Inferred inferred(
      Text("agraph (float[N, 8] x) => (float[N, 8] y) <float[8, 8] w, float[8] v, float[8] u, "
           "float one = {1}, float two = {2}, float zero = {0}, float eps = {0.00001}> {"
           "h = MatMul(x, w) ",
           GetParam().nodes, "}"));
  EXPECT_EQ(inferred["v"].role, GetParam().role) << inferred["v"].reason;
  EXPECT_TRUE(inferred["v"].learned);
}

constexpr Row kRows[] = {
    {"ScaleOfLayerNormalization",
     "m = ReduceMean<axes = [-1]>(h) d = Sub(h, m) p = Mul(d, d) k = ReduceMean<axes = [-1]>(p) "
     "a = Add(k, eps) s = Sqrt(a) r = Reciprocal(s) i = Mul(r, v) t = Mul(h, i) l = Mul(m, i) "
     "b = Sub(u, l) y = Add(t, b)",
     Role::kNormScale},
    {"BiasOfLayerNormalization",
     "m = ReduceMean<axes = [-1]>(h) d = Sub(h, m) p = Mul(d, d) k = ReduceMean<axes = [-1]>(p) "
     "a = Add(k, eps) s = Sqrt(a) r = Reciprocal(s) i = Mul(r, u) t = Mul(h, i) l = Mul(m, i) "
     "b = Sub(v, l) y = Add(t, b)",
     Role::kNormBias},
    {"ScaleOfRootMeanSquare",
     "p = Mul(h, h) k = ReduceMean<axes = [-1]>(p) a = Add(k, eps) s = Sqrt(a) r = Reciprocal(s) "
     "i = Mul(r, v) y = Mul(h, i)",
     Role::kNormScale},
    {"ScaleAfterRootMeanSquare",
     "p = Mul(h, h) k = ReduceMean<axes = [-1]>(p) a = Add(k, eps) s = Sqrt(a) n = Div(h, s) "
     "y = Mul(n, v)",
     Role::kNormScale},
    {"BiasAfterAQuantisedEpsilon",
     "m = ReduceMean<axes = [-1]>(h) d = Sub(h, m) p = Mul(d, d) k = ReduceMean<axes = [-1]>(p) "
     "q = QuantizeLinear(eps, one) e = DequantizeLinear(q, one) a = Add(k, e) s = Sqrt(a) "
     "n = Div(d, s) t = Mul(n, u) y = Add(t, v)",
     Role::kNormBias},
    {"BiasAfterAnEpsilonThatQLinearAddAdds",
     "m = ReduceMean<axes = [-1]>(h) d = Sub(h, m) p = Mul(d, d) k = ReduceMean<axes = [-1]>(p) "
     "q = QuantizeLinear(k, one) e = QuantizeLinear(eps, one) "
     "b = com.microsoft.QLinearAdd(q, one, zero, e, one, zero, one, zero) "
     "a = DequantizeLinear(b, one) s = Sqrt(a) n = Div(d, s) t = Mul(n, u) y = Add(t, v)",
     Role::kNormBias},
    {"LayerScaleAfterAScaleInside",
     "p = Mul(h, h) k = ReduceMean<axes = [-1]>(p) a = Add(k, eps) s = Sqrt(a) r = Reciprocal(s) "
     "i = Mul(r, u) n = Mul(h, i) b = Mul(n, v) y = Add(b, x)",
     Role::kLayerScale},
    {"SlopeByTwoRelus", "r = Relu(h) n = Neg(h) s = Relu(n) t = Mul(v, s) y = Sub(r, t)",
     Role::kPreluSlope},
    {"SlopeByWhere", "g = Greater(h, zero) a = Mul(h, v) y = Where(g, h, a)", Role::kPreluSlope},
    {"LayerScaleAfterRelu", "r = Relu(h) b = Mul(r, v) y = Add(b, x)", Role::kLayerScale},
};
INSTANTIATE_TEST_SUITE_P(Forms, FormSlots, ::testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

// What keeps a division from one by zero.
TEST(FormSlotsTwin, ANumberIsNoBias) {
  const test::Analysis analysis(
      "agraph (float[N, 8] x) => (float[N, 8] y) <float eps = {0.00001}> {"
      "m = ReduceMean<axes = [-1]>(x) d = Sub(x, m) p = Mul(d, d) k = ReduceMean<axes = [-1]>(p) "
      "a = Add(k, eps) s = Sqrt(a) y = Div(d, s) }");
  ASSERT_NE(analysis.slots().normalizations.At(analysis.Maker("a")), nullptr);
  const std::vector<Reached> reached = Reach(analysis.slots(), analysis.Stored("eps"));
  ASSERT_EQ(reached.size(), 1U);
  EXPECT_EQ(reached[0].meaning->evidence, Evidence::kNot);
}

}  // namespace
}  // namespace onnx_reinit::infer
