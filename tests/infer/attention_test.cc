#include "infer/attention.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using enum BlockRole;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string ModelOf(std::string_view nodes) {
  return Text(
      "g (float[N, 6, 8] x, float[N, 9, 8] memory, float[N, 6, 6] mask, bool b)"
      "=> (float[M] y) <float[8, 8] wq, float[8, 8] wk, float[8, 8] wv, float[8, 8] wo, "
      "float[8, 24] wqkv, float[8, 16] wkv, float[24] bias, float s = {0.5}, uint8 z = {0}, "
      "uint8 iq = {9}, "
      "float[6, 6] scores_bias, float[2, 2] heads, int64[1] zero = {0}, "
      "int64[1] eight = {8}, int64[1] sixteen = {16}, int64[1] last = {2}, "
      "int64[4] split = {0, 0, 2, 4}, int64[5] five = {0, 0, 3, 2, 4}, "
      "int64[3] merged = {0, 0, -1}, int64[6] pads = {0, 0, 0, 0, 1, 0}, float one = {1}, "
      "int64 i0 = {0}, int64 i1 = {1}, int64 i2 = {2}> {",
      nodes, "}");
}

constexpr std::string_view kProjections = "q = MatMul(x, wq) k = MatMul(x, wk) v = MatMul(x, wv) ";
constexpr std::string_view kQuantised =
    "qq = QuantizeLinear(q, s, z) tq = QuantizeLinear(t, s, z) vq = QuantizeLinear(v, s, z) ";
constexpr std::string_view kTransposed = "t = Transpose<perm = [0, 2, 1]>(k) ";

// "query key value -> output", by the names of the values.
std::vector<std::string> SitesOf(std::string_view nodes) {
  const test::Layered layered(ModelOf(nodes));
  const test::Analysis& analysis = layered.analysis();
  std::vector<std::string> sites;
  for (const AttentionSite& site : FindAttention(layered.layers(), layered.inferred().all())) {
    sites.push_back(Text(analysis.NameOf(site.query), " ", analysis.NameOf(site.key), " ",
                         analysis.NameOf(site.value), " -> ", analysis.NameOf(site.output)));
  }
  return sites;
}

struct Row {
  std::string_view name;
  std::string nodes;
  std::string_view site;  // empty: none
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

const auto kSites = std::to_array<Row>({
    {"Plain", Text(kProjections, kTransposed, "a = MatMul(q, t) p = Softmax(a) y = MatMul(p, v)"),
     "q t v -> y"},
    {"Quantised",
     Text(kProjections, kTransposed, kQuantised,
          "a = QLinearMatMul(qq, s, z, tq, s, z, s, z) e = com.microsoft.QLinearMul(a, s, z, iq, "
          "s, z, s, z) p = com.microsoft.QLinearSoftmax<opset = 13>(e, s, z, s, z) "
          "y = QLinearMatMul(p, s, z, vq, s, z, s, z)"),
     "qq tq vq -> y"},
    {"ScaledAndMasked",
     Text(kProjections, kTransposed,
          "a = MatMul(q, t) e = Mul(a, s) f = Add(e, mask) p = Softmax(f) y = MatMul(p, v)"),
     "q t v -> y"},
    {"WithDropoutAndCast",
     Text(kProjections, kTransposed,
          "a = MatMul(q, t) p = Softmax(a) d = Dropout(p) e = Cast<to = 1>(d) y = MatMul(e, v)"),
     "q t v -> y"},
    {"MaskedByWhere",
     Text(kProjections, kTransposed,
          "a = MatMul(q, t) f = Where(b, a, s) p = Softmax(f) y = MatMul(p, v)"),
     "q t v -> y"},
    {"SoftmaxInPieces",
     Text(kProjections, kTransposed,
          "a = MatMul(q, t) e = Exp(a) f = ReduceSum(e, last) p = Div(e, f) y = MatMul(p, v)"),
     "q t v -> y"},
    {"WeightsOnTheRight",
     Text(kProjections,
          "t = Transpose<perm = [0, 2, 1]>(q) a = MatMul(k, t) p = Softmax<axis = 1>(a)"
          "u = Transpose<perm = [0, 2, 1]>(v) y = MatMul(u, p)"),
     "k t u -> y"},
    {"ByEinsum",
     Text(kProjections,
          "a = Einsum<equation = \"bqd,bkd->bqk\">(q, k) p = Softmax(a)"
          "y = Einsum<equation = \"bqk,bkd->bqd\">(p, v)"),
     "q k v -> y"},
    {"OfAnotherSequence",
     Text("q = MatMul(x, wq) k = MatMul(memory, wk) v = MatMul(memory, wv)", kTransposed,
          "a = MatMul(q, t) p = Softmax(a) y = MatMul(p, v)"),
     "q t v -> y"},
    {"HeadsAreMixed",
     Text("q0 = MatMul(x, wq) k0 = MatMul(x, wk) v = MatMul(x, wv)"
          "q = Reshape(q0, split) k = Reshape(k0, split) t = Transpose(k) a = MatMul(q, t)"
          "e = Transpose(a) f = MatMul(e, heads) h = Transpose(f) p = Softmax(h) y = MatMul(p, v)"),
     "q t v -> y"},
    {"WithoutASoftmax", Text(kProjections, kTransposed, "a = MatMul(q, t) y = MatMul(a, v)"),
     "q t v -> y"},
    {"LinearInTheOtherOrder", Text(kProjections, kTransposed, "a = MatMul(t, v) y = MatMul(q, a)"),
     "q t v -> y"},
    // A feature map on two of the three.
    {"LinearAndTurned",
     Text(kProjections,
          "e = Relu(q) f = Relu(k) u = Transpose<perm = [0, 2, 1]>(v) "
          "r = Transpose<perm = [0, 2, 1]>(e) a = MatMul(u, f) y = MatMul(a, r)"),
     "r f u -> y"},
    {"LinearAndTurnedWithOnesForTheNormaliser",
     Text(kProjections,
          "e = Elu(q) q1 = Add(e, s) f = Elu(k) k1 = Add(f, s) t = Transpose<perm = [0, 2, 1]>(v) "
          "u = Pad(t, pads, one) r = Transpose<perm = [0, 2, 1]>(q1) a = MatMul(u, k1) "
          "y = MatMul(a, r)"),
     "r k1 u -> y"},
    {"LinearWithAFeatureMap",
     Text(kProjections,
          "e = Relu(q) f = Relu(k) t = Transpose<perm = [0, 2, 1]>(f) a = MatMul(t, v) "
          "y = MatMul(e, a)"),
     "e t v -> y"},
    {"LinearWithAnActivatedValueToo",
     Text(kProjections,
          "e = Relu(q) f = Relu(k) g0 = Relu(v) t = Transpose<perm = [0, 2, 1]>(f) "
          "a = MatMul(e, t) y = MatMul(a, g0)"),
     "e t g0 -> y"},
    {"LinearWithAnActivatedValueAlone",
     Text(kProjections, kTransposed, "g0 = Relu(v) a = MatMul(q, t) y = MatMul(a, g0)"),
     "q t g0 -> y"},
    {"LinearWithASoftmaxOfTheKeys",
     Text(kProjections,
          "t = Transpose<perm = [0, 2, 1]>(k) e = Softmax(t) a = MatMul(e, v) y = MatMul(q, a)"),
     "q t v -> y"},
    {"LinearAndTurnedWithSoftmaxes",
     Text(kProjections,
          "e = Softmax(q) f = Softmax<axis = 1>(k) u = Transpose<perm = [0, 2, 1]>(v) "
          "r = Transpose<perm = [0, 2, 1]>(e) a = MatMul(u, f) y = MatMul(a, r)"),
     "q k u -> y"},
    {"MultiHeadAttention",
     Text(kProjections, "y = com.microsoft.MultiHeadAttention<num_heads = 2>(q, k, v)"),
     "q k v -> y"},
    {"MultiHeadAttentionOfOneValue",
     "q = MatMul(x, wqkv) y = com.microsoft.MultiHeadAttention<num_heads = 2>(q)", "q q q -> y"},
    {"GroupQueryAttention",
     Text(kProjections, "y = com.microsoft.GroupQueryAttention<num_heads = 2>(q, k, v)"),
     "q k v -> y"},
    {"AttentionOfOnnx", Text(kProjections, "y = Attention(q, k, v)"), "q k v -> y"},

    // What is none.
    {"QuantisedWithoutSoftmax",
     Text(kProjections, kTransposed, kQuantised,
          "a = QLinearMatMul(qq, s, z, tq, s, z, s, z) p = com.microsoft.QLinearSigmoid(a, s, z, "
          "s, z) y = QLinearMatMul(p, s, z, vq, s, z, s, z)"),
     ""},
    {"AClassifier", "q = MatMul(x, wq) y = Softmax(q)", ""},
    {"SoftmaxOfAProductAlone", Text(kProjections, kTransposed, "a = MatMul(q, t) y = Softmax(a)"),
     ""},
    {"SoftmaxOfALayer", "q = MatMul(x, wq) p = Softmax(q) y = MatMul(p, memory)", ""},
    {"OneProductWithASoftmaxOfALayer",
     "q = MatMul(x, wq) v = MatMul(x, wv) "
     "t = Transpose<perm = [0, 2, 1]>(q) e = Softmax(t) y = MatMul(e, v)",
     ""},
    {"ProductsOfWhatNoLayerMadeWithASoftmax",
     "t = Transpose(memory) e = Softmax(t) a = MatMul(e, memory) y = MatMul(x, a)", ""},
    {"AProductOfWhatNoLayerMade", "t = Transpose(memory) a = MatMul(x, t) y = MatMul(a, memory)",
     ""},
    {"ASigmoidBetween",
     Text(kProjections, kTransposed, "a = MatMul(q, t) p = Sigmoid(a) y = Identity(p)"), ""},
});

class SiteTest : public ::testing::TestWithParam<Row> {};

TEST_P(SiteTest, IsFoundByItsDataflow) {
  const std::vector<std::string> sites = SitesOf(GetParam().nodes);
  if (GetParam().site.empty()) {
    EXPECT_THAT(sites, IsEmpty());
  } else {
    EXPECT_THAT(sites, ElementsAre(std::string(GetParam().site)));
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, SiteTest, ::testing::ValuesIn(kSites),
                         [](const auto& test) { return std::string(test.param.name); });

// The layers around it.
struct RoleRow {
  std::string_view name;
  std::string nodes;
  std::vector<std::pair<std::string_view, BlockRole>> roles;
};

void PrintTo(const RoleRow& row, std::ostream* out) { *out << row.name; }

constexpr std::string_view kAttended =
    "t = Transpose<perm = [0, 2, 1]>(k) a = MatMul(q, t) p = Softmax(a) c = MatMul(p, v) "
    "y = MatMul(c, wo)";

const auto kRoles = std::to_array<RoleRow>({
    {"FourMatrices",
     Text(kProjections, kAttended),
     {{"wq", kQuery}, {"wk", kKey}, {"wv", kValue}, {"wo", kAttentionOutput}}},
    {"HeadsAndBiases",
     "q0 = MatMul(x, wq) q1 = Add(q0, bias8) q2 = Reshape(q1, split)"
     "q = Transpose<perm = [0, 2, 1, 3]>(q2) k0 = MatMul(x, wk) k1 = Reshape(k0, split)"
     "t = Transpose<perm = [0, 2, 3, 1]>(k1) v0 = MatMul(x, wv) v1 = Reshape(v0, split)"
     "v = Transpose<perm = [0, 2, 1, 3]>(v1) a = MatMul(q, t) p = Softmax(a) c0 = MatMul(p, v)"
     "c1 = Transpose<perm = [0, 2, 1, 3]>(c0) c = Reshape(c1, merged) y = MatMul(c, wo)",
     {{"wq", kQuery}, {"wk", kKey}, {"wv", kValue}, {"wo", kAttentionOutput}}},
    {"OneMatrixBySplit",
     Text("m = MatMul(x, wqkv) q, k, v = Split<axis = 2>(m) ", kAttended),
     {{"wqkv", kQkv}, {"wo", kAttentionOutput}}},
    {"OneMatrixBySlice",
     Text("m = MatMul(x, wqkv) q = Slice(m, zero, eight, last) k = Slice(m, eight, sixteen, last) "
          "v = Slice(m, sixteen, big, last) ",
          kAttended),
     {{"wqkv", kQkv}, {"wo", kAttentionOutput}}},
    {"OneMatrixByGather",
     Text("n = MatMul(x, wqkv) m = Reshape(n, five) q = Gather<axis = 2>(m, i0) "
          "k = Gather<axis = 2>(m, i1) v = Gather<axis = 2>(m, i2) ",
          kAttended),
     {{"wqkv", kQkv}, {"wo", kAttentionOutput}}},
    {"KeyAndValueInOne",
     Text("q = MatMul(x, wq) m = MatMul(memory, wkv) k, v = Split<axis = 2>(m) ", kAttended),
     {{"wq", kQuery}, {"wkv", kKv}, {"wo", kAttentionOutput}}},
    {"CrossAttention",
     Text("q = MatMul(x, wq) k = MatMul(memory, wk) v = MatMul(memory, wv) ", kAttended),
     {{"wq", kQuery}, {"wk", kKey}, {"wv", kValue}, {"wo", kAttentionOutput}}},
    {"MultiHeadAttention",
     Text(kProjections,
          "c = com.microsoft.MultiHeadAttention<num_heads = 2>(q, k, v) y = MatMul(c, wo)"),
     {{"wq", kQuery}, {"wk", kKey}, {"wv", kValue}, {"wo", kAttentionOutput}}},
    {"MultiHeadAttentionOfOneValue",
     "q = MatMul(x, wqkv) c = com.microsoft.MultiHeadAttention<num_heads = 2>(q) y = MatMul(c, wo)",
     {{"wqkv", kQkv}, {"wo", kAttentionOutput}}},
    {"AttentionWithItsOwnMatrix",
     "c = com.microsoft.Attention<num_heads = 2>(x, wqkv, bias) y = MatMul(c, wo)",
     {{"wqkv", kQkv}, {"wo", kAttentionOutput}}},
    {"DecoderAttention",
     "c = com.microsoft.DecoderAttention<num_heads = 2>(x, memory, wq, wkv, bias) y = MatMul(c, "
     "wo)",
     {{"wq", kQuery}, {"wkv", kKv}, {"wo", kAttentionOutput}}},
    {"DividedByItsNormaliser",
     Text(kProjections,
          "e = Relu(q) f = Relu(k) t = Transpose<perm = [0, 2, 1]>(f) a = MatMul(t, v) "
          "h = MatMul(e, a) i = ReduceSum(e, last) c = Div(h, i) y = MatMul(c, wo)"),
     {{"wq", kQuery}, {"wk", kKey}, {"wv", kValue}, {"wo", kAttentionOutput}}},
    {"KeyAndValueSummedAlongTheirPlaces",
     "q = MatMul(x, wq) k0 = MatMul(x, wk) k = MatMul(places, k0) v0 = MatMul(x, wv) "
     "v1 = Add(v0, bias8) v = MatMul(places2, v1) t = Transpose<perm = [0, 2, 1]>(k) "
     "a = MatMul(q, t) p = Softmax(a) c = MatMul(p, v) y = MatMul(c, wo)",
     {{"wq", kQuery},
      {"wk", kKey},
      {"wv", kValue},
      {"wo", kAttentionOutput},
      {"places", BlockRole::kNone},
      {"places2", BlockRole::kNone}}},
    {"KeyOfTwoFactors",
     Text("q = MatMul(x, wq) k0 = MatMul(x, wdown) k = MatMul(k0, wup) v = MatMul(x, wv) ",
          kAttended),
     {{"wq", kQuery}, {"wdown", BlockRole::kNone}, {"wup", kKey}, {"wv", kValue}}},
    {"KeyOfHeadsThatAreMoved",
     Text("q = MatMul(x, wq) k0 = MatMul(x, wk) k1 = Reshape(k0, split) k2 = MatMul(k1, whead) "
          "k = Reshape(k2, merged) v = MatMul(x, wv) ",
          kAttended),
     {{"wq", kQuery}, {"wk", BlockRole::kNone}, {"whead", kKey}, {"wv", kValue}}},
    {"NoAttentionInAnMlp",
     "q = MatMul(x, wq) k = Relu(q) y = MatMul(k, wo)",
     {{"wq", BlockRole::kNone}, {"wo", kHead}}},
});

class AttentionRoleTest : public ::testing::TestWithParam<RoleRow> {};

TEST_P(AttentionRoleTest, IsThatOfEachLayer) {
  std::string model = ModelOf(GetParam().nodes);
  model.replace(model.find("float[24] bias"), 14,
                "float[24] bias, float[8] bias8, int64[1] big = {99}, float[3, 6] places, "
                "float[3, 6] places2, float[8, 2] wdown, float[2, 8] wup, float[4, 4] whead");
  const test::Inferred inferred(model);
  for (const auto& [name, role] : GetParam().roles) {
    EXPECT_EQ(inferred[name].block_role, role) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, AttentionRoleTest, ::testing::ValuesIn(kRoles),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
