#include "infer/layers.h"

#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

// x, z and i are data.
struct Row {
  std::string_view name;
  std::string_view nodes;
  std::string_view layer;  // the weight of the layer before y, or after h
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

std::string ModelOf(std::string_view nodes) {
  return Text(
      "g (float[N, 6, 8] x, float[N, 6, 8] z, int64[N] i) => (float[M] y) <"
      "float[8, 8] w, float[8, 8] v, float[20, 8] table, float[8] a, float[4, 6, 3] c, "
      "float s = {0.5}, uint8 zp = {0}> {",
      nodes, "}");
}

constexpr auto kBefore = std::to_array<Row>({
    {"ItsOwnOutput", "y = MatMul(x, w)", "w"},
    {"ThroughAnActivation", "p = MatMul(x, w) y = Relu(p)", "w"},
    {"ThroughBiasNormAndMoves",
     "p = MatMul(x, w) q = Add(p, a) r = LayerNormalization(q, a) y = Transpose(r)", "w"},
    {"ThroughAGate", "p = MatMul(x, w) y = Mul(z, p)", "w"},
    {"TheNearest", "p = MatMul(x, w) q = Relu(p) y = MatMul(q, v)", "v"},
    {"ThroughAResidual", "p = MatMul(x, w) y = Add(p, x)", "w"},
    {"ThroughAFixedMatrix", "p = MatMul(x, w) e = EyeLike(v) y = MatMul(p, e)", "w"},
    {"AnInput", "y = Relu(x)", "nothing"},
    {"ATableIsNoLayer", "y = Gather(table, i)", "nothing"},
    {"NotThroughAProductOfData", "p = MatMul(x, w) y = MatMul(p, z)", "nothing"},
    {"NotThroughASoftmax", "p = MatMul(x, w) y = Softmax(p)", "nothing"},
});

class BeforeTest : public ::testing::TestWithParam<Row> {};

TEST_P(BeforeTest, IsTheNearestLayerThatTheValueComesFrom) {
  const test::Layered layered(ModelOf(GetParam().nodes));
  const LayerId before = layered.layers().Before(layered.analysis().Value("y"));
  EXPECT_EQ(layered.NameOf(before), GetParam().layer);
}

INSTANTIATE_TEST_SUITE_P(Rows, BeforeTest, ::testing::ValuesIn(kBefore),
                         [](const auto& test) { return std::string(test.param.name); });

constexpr auto kNext = std::to_array<Row>({
    {"Directly", "h = Identity(x) y = MatMul(h, w)", "w"},
    {"AsTheLeftOperand", "h = Transpose(x) y = MatMul(w, h)", "w"},
    {"ThroughMoves", "h = Identity(x) p = Transpose(h) q = Cast<to = 1>(p) y = MatMul(q, w)", "w"},
    {"ThroughANormalisation", "h = Identity(x) p = LayerNormalization(h, a) y = MatMul(p, w)", "w"},
    {"ThroughAPool", "h = Identity(x) p = GlobalAveragePool(h) y = MatMul(p, w)", "w"},
    {"ThroughAGate", "h = Identity(x) p = Mul(h, z) y = MatMul(p, w)", "w"},
    {"ThroughANormaliser", "h = Identity(x) p = Div(h, z) y = MatMul(p, w)", "w"},
    {"NotAsTheNormaliser", "h = Identity(x) p = Div(z, h) y = MatMul(p, w)", "nothing"},
    {"ThroughAScale", "h = Identity(x) p = Mul(h, s) y = MatMul(p, w)", "w"},
    {"Requantised",
     "h = Identity(x) p = QuantizeLinear(h, s, zp) q = DequantizeLinear(p, s, zp) "
     "y = MatMul(q, w)",
     "w"},
    {"TheNearest", "h = Identity(x) p = MatMul(h, w) y = MatMul(p, v)", "w"},
    {"NotThroughAnActivation", "h = Identity(x) p = Relu(h) y = MatMul(p, w)", "nothing"},
    {"NotThroughAResidual", "h = Identity(x) p = Add(h, z) y = MatMul(p, w)", "nothing"},
    {"ThroughASumOfItsOwn", "h = Identity(x) p = Mul(h, s) q = Add(h, p) y = MatMul(q, w)", "w"},
    {"ThroughANormOfItsOwn",
     "h = Identity(x) m = ReduceL2(h) p = Mul(h, m) q = Add(p, a) r = Add(q, h) y = MatMul(r, w)",
     "w"},
    {"NotThroughASumWithAnotherLayer",
     "h = Identity(x) p = MatMul(h, v) q = Add(p, h) y = MatMul(q, w)", "v"},
    {"NotThroughAProductOfData", "h = Identity(x) p = MatMul(h, z) y = MatMul(p, w)", "nothing"},
    {"NotThroughASoftmax", "h = Identity(x) p = Softmax(h) y = MatMul(p, w)", "nothing"},
    {"None", "h = Identity(x) y = Neg(h)", "nothing"},
});

class NextTest : public ::testing::TestWithParam<Row> {};

TEST_P(NextTest, IsTheNearestLayerThatTheValueReaches) {
  const test::Layered layered(ModelOf(GetParam().nodes));
  const LayerId next = layered.layers().Next(layered.analysis().Value("h"));
  EXPECT_EQ(layered.NameOf(next), GetParam().layer);
}

INSTANTIATE_TEST_SUITE_P(Rows, NextTest, ::testing::ValuesIn(kNext),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Layers, NextGoesPastSumsWhereAsked) {
  const test::Layered layered(ModelOf("h = Identity(x) p = Add(h, z) y = MatMul(p, w)"));
  const graph::ValueId h = layered.analysis().Value("h");
  EXPECT_EQ(layered.NameOf(layered.layers().Next(h, true)), "w");
}

TEST(Layers, AreFoundByTheirNode) {
  const test::Layered layered(ModelOf("p = MatMul(x, w) y = MatMul(p, w)"));
  const Layers& layers = layered.layers();
  EXPECT_EQ(layers.count(), 2);
  EXPECT_EQ(layered.NameOf(layers.Of(layered.analysis().Maker("p"))), "w");
  EXPECT_NE(layers.Of(layered.analysis().Maker("p")), layers.Of(layered.analysis().Maker("y")));
  EXPECT_EQ(layers.Of(graph::kNone), graph::kNone);
}

TEST(Layers, OfNoValueIsNothing) {
  const test::Layered layered(ModelOf("y = MatMul(x, w)"));
  EXPECT_EQ(layered.layers().Before(graph::kNone), graph::kNone);
  EXPECT_EQ(layered.layers().Next(graph::kNone), graph::kNone);
}

}  // namespace
}  // namespace onnx_reinit::infer
