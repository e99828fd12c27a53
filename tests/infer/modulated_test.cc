#include "infer/modulated.h"

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

// y of images x and the style s of each input channel [N, 4].
struct Row {
  std::string_view name;
  std::string_view weight;
  std::string_view nodes;
  std::string_view fans;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

constexpr auto kRows = std::to_array<Row>({
    {"OfOneImage", "float[8, 4, 3, 3]", "m = Mul(w, r) y = Conv<kernel_shape = [3, 3]>(x, m)",
     "conv 36 -> 72"},
    {"StyleFirst", "float[8, 4, 3, 3]", "m = Mul(r, w) y = Conv<kernel_shape = [3, 3]>(x, m)",
     "conv 36 -> 72"},
    {"InGroupsOfImages", "float[8, 4, 3, 3]",
     "u = Unsqueeze(w, front) m = Mul(u, b) f = Reshape(m, filters) "
     "y = Conv<kernel_shape = [3, 3], group = 2>(x, f)",
     "conv 36 -> 72"},
    {"Demodulated", "float[8, 4, 3, 3]",
     "m = Mul(w, r) q = Mul(m, m) n = ReduceSum(q, axes) d = Sqrt(n) e = Div(m, d) "
     "y = Conv<kernel_shape = [3, 3]>(x, e)",
     "conv 36 -> 72"},
    {"Upsampling", "float[8, 4, 3, 3]",
     "m = Mul(w, r) t = Transpose<perm = [1, 0, 2, 3]>(m) "
     "y = ConvTranspose<kernel_shape = [3, 3]>(x, t)",
     "conv_transpose 36 -> 72"},
    {"TransposedByItself", "float[4, 8, 3, 3]",
     "m = Mul(w, r) y = ConvTranspose<kernel_shape = [3, 3]>(x, m)", "conv_transpose 36 -> 72"},
    {"Quantised", "float[8, 4, 3, 3]",
     "m = Mul(w, r) f, fs, fz = DynamicQuantizeLinear(m) q, qs, qz = DynamicQuantizeLinear(x) "
     "y = ConvInteger<kernel_shape = [3, 3]>(q, f, qz, fz)",
     "conv 36 -> 72"},
    {"OfOneAxis", "float[8, 4, 1]", "m = Mul(w, l) y = Conv<kernel_shape = [1]>(x, m)",
     "conv 4 -> 8"},
});

std::string FansText(const TensorFacts& facts) {
  return Text(ToString(facts.role), " ", facts.fan_in, " -> ", facts.fan_out);
}

Inferred InferredOf(const Row& row) {
  return Inferred(
      Text("g (float[N, 4, 9, 9] x, float[N, 4] s) => (float[M] y) <", row.weight,
           " w, int64[1] front = {0}, int64[1] axes = {1}, int64[4] one = {1, 4, 1, 1}, "
           "int64[3] line = {1, 4, 1}, int64[5] each = {2, 1, 4, 1, 1}, "
           "int64[4] filters = {16, 4, 3, 3}> {"
           "r = Reshape(s, one) l = Reshape(s, line) b = Reshape(s, each) ",
           row.nodes, "}"));
}

using ModulatedTest = ::testing::TestWithParam<Row>;

TEST_P(ModulatedTest, HasItsOwnFans) {
  const Inferred inferred = InferredOf(GetParam());
  EXPECT_EQ(FansText(inferred["w"]), GetParam().fans);
  EXPECT_TRUE(inferred["w"].learned);
  EXPECT_FALSE(inferred["w"].quantization.has_value());
}

INSTANTIATE_TEST_SUITE_P(Rows, ModulatedTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

// A table that is multiplied into an input, and meets no convolution as its filters.
constexpr auto kTwins = std::to_array<Row>({
    {"TheDataIsConvolved", "float[1, 4, 9, 9]",
     "m = Mul(w, x) y = Conv<kernel_shape = [3, 3]>(m, k)", "constant 0 -> 0"},
    {"ItIsAnOutput", "float[8, 4, 3, 3]", "y = Mul(w, r)", "constant 0 -> 0"},
    {"ItIsAdded", "float[8, 4, 3, 3]",
     "m = Mul(w, r) a = Add(m, k) y = Conv<kernel_shape = [3, 3]>(x, a)", "constant 0 -> 0"},
});

using ModulatedTwinTest = ::testing::TestWithParam<Row>;

TEST_P(ModulatedTwinTest, IsNoWeight) {
  const Row& row = GetParam();
  const Inferred inferred(Text("g (float[N, 4, 9, 9] x, float[N, 4] s) => (float[M] y) <",
                               row.weight,
                               " w, float[8, 4, 3, 3] k, int64[4] one = {1, 4, 1, 1}> {"
                               "r = Reshape(s, one) ",
                               row.nodes, "}"));
  EXPECT_EQ(FansText(inferred["w"]), row.fans);
}

INSTANTIATE_TEST_SUITE_P(Rows, ModulatedTwinTest, ::testing::ValuesIn(kTwins),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
