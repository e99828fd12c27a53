#include "infer/biases.h"

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
  int64_t weight_fan_in;  // of b
};

const auto kRows = std::to_array<Row>({
    {"OfAGemm",
     "agraph (float[N, 4] x) => (float[N, 6] y) <float[4, 6] w, float[6] b> { y = Gemm(x, w, b) }",
     4},
    {"AddedLater",
     "agraph (float[N, 4] x) => (float[N, 6] y) <float[4, 6] w, float[6] b> {"
     "  m = MatMul(x, w) y = Add(m, b) }",
     4},
    {"OfAConvolution",
     "agraph (float[1, 3, 8, 8] x) => (float[1, 6, 6, 6] y) <float[6, 3, 3, 3] w, float[6] b> {"
     "  y = Conv(x, w, b) }",
     27},
    {"OfATransposedConvolutionAsPyTorchCountsIt",
     "agraph (float[1, 3, 8, 8] x) => (float[1, 6, 9, 9] y) <float[3, 6, 2, 2] w, float[6] b> {"
     "  y = ConvTranspose(x, w, b) }",
     24},
    {"OfANormalisationHasNone",
     "agraph (float[N, 6] x) => (float[N, 6] y) <float[6] w, float[6] b> {"
     "  y = LayerNormalization(x, w, b) }",
     0},
});

using BiasesTest = testing::TestWithParam<Row>;

TEST_P(BiasesTest, KnowsTheFanInBesideIt) {
  EXPECT_EQ(Inferred(GetParam().graph)["b"].weight_fan_in, GetParam().weight_fan_in);
}

INSTANTIATE_TEST_SUITE_P(Rows, BiasesTest, testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
