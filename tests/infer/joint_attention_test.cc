#include "infer/joint_attention.h"

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
using ::testing::ElementsAreArray;

// Two streams, x and z, of six and three places.
std::string ModelOf(std::string_view nodes) {
  return Text(
      "g (float[N, 6, 8] x, float[N, 3, 8] z, float[N, 9, 8] pq, float[N, 9, 8] pk, "
      "float[N, 9, 8] pv) => (float[M] y) <float[8, 8] q0, float[8, 8] k0, "
      "float[8, 8] v0, float[8, 8] o0, float[8, 8] q1, float[8, 8] k1, float[8, 8] v1, "
      "float[8, 8] o1, float[8, 24] qkv0, float[8, 24] qkv1, float[8] norm, float[9, 8] cos, "
      "float[9, 8] sin, int64[1] zero = {0}, int64[1] six = {6}, int64[1] one = {1}, "
      "int64[1] end = {99}> {",
      nodes, "}");
}

constexpr std::string_view kOfX = "qx = MatMul(x, q0) kx = MatMul(x, k0) vx = MatMul(x, v0) ";
constexpr std::string_view kOfZ = "qz = MatMul(z, q1) kz = MatMul(z, k1) vz = MatMul(z, v1) ";
constexpr std::string_view kJoined =
    "q = Concat<axis = 1>(qx, qz) k = Concat<axis = 1>(kx, kz) v = Concat<axis = 1>(vx, vz) ";
constexpr std::string_view kAttended =
    "t = Transpose<perm = [0, 2, 1]>(k) a = MatMul(q, t) p = Softmax(a) c = MatMul(p, v) ";
constexpr std::string_view kSplit =
    "cx, cz = Split<axis = 1>(c) y = MatMul(cx, o0) w = MatMul(cz, o1) ";

struct Row {
  std::string_view name;
  std::string nodes;
  std::vector<std::string> sites;  // "query key value -> output", by the names of the values
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

const auto kRows = std::to_array<Row>({
    {"TwoStreams",
     Text(kOfX, kOfZ, kJoined, kAttended, kSplit),
     {"qx kx vx -> cx", "qz kz vz -> cz"}},
    {"TwoStreamsByOneMatrixEach",
     Text("mx = MatMul(x, qkv0) qx, kx, vx = Split<axis = 2>(mx) mz = MatMul(z, qkv1) "
          "qz, kz, vz = Split<axis = 2>(mz)",
          kJoined, kAttended, kSplit),
     {"qx kx vx -> cx", "qz kz vz -> cz"}},
    {"NormalisedAndTurned",
     Text("rx = MatMul(x, q0) qx = LayerNormalization(rx, norm) kx = MatMul(x, k0) "
          "vx = MatMul(x, v0)",
          kOfZ,
          "j = Concat<axis = 1>(qx, qz) h0, h1 = Split<axis = 2>(j) n = Neg(h1) "
          "i = Concat<axis = 2>(n, h0) e = Mul(j, cos) f = Mul(i, sin) q = Add(e, f) "
          "k = Concat<axis = 1>(kx, kz) v = Concat<axis = 1>(vx, vz)",
          kAttended, kSplit),
     {"qx kx vx -> cx", "qz kz vz -> cz"}},
    {"SplitBySlices",
     Text(kOfX, kOfZ, kJoined, kAttended,
          "d = Identity(c) cx = Slice(d, zero, six, one) cz = Slice(d, six, end, one) "
          "y = MatMul(cx, o0) w = MatMul(cz, o1)"),
     {"qx kx vx -> cx", "qz kz vz -> cz"}},
    {"OneStreamGoesOn",
     Text(kOfX, kOfZ, kJoined, kAttended, "cx = Slice(c, zero, six, one) y = MatMul(cx, o0)"),
     {"qx kx vx -> c", "qz kz vz -> c"}},

    // One stream.
    {"OneStream",
     Text("q = MatMul(x, q0) k = MatMul(x, k0) v = MatMul(x, v0)", kAttended, "y = MatMul(c, o0)"),
     {"q t v -> c"}},
    {"KeysAndValuesAloneAreJoined",
     Text("q = MatMul(x, q0) ", kOfX, kOfZ,
          "k = Concat<axis = 1>(kx, kz) v = Concat<axis = 1>(vx, vz)", kAttended,
          "y = MatMul(c, o0)"),
     {"q t v -> c"}},
    {"JoinedWithThePast",
     Text(kOfX,
          "q = Concat<axis = 1>(pq, qx) k = Concat<axis = 1>(pk, kx) v = Concat<axis = 1>(pv, vx)",
          kAttended, kSplit),
     {"q t v -> c"}},
    {"TheHalvesOfOneLayer",
     Text(kOfX,
          "a0, a1 = Split<axis = 2>(qx) b0, b1 = Split<axis = 2>(kx) c0, c1 = Split<axis = 2>(vx) "
          "q = Concat<axis = 2>(a1, a0) k = Concat<axis = 2>(b1, b0) v = Concat<axis = 2>(c1, c0)",
          kAttended, "y = MatMul(c, o0)"),
     {"q t v -> c"}},
    {"AllOfOneConcat",
     Text("mx = MatMul(x, qkv0) mz = MatMul(z, qkv1) m = Concat<axis = 1>(mx, mz) "
          "q, k, v = Split<axis = 2>(m)",
          kAttended, "y = MatMul(c, o0)"),
     {"q t v -> c"}},
});

class StreamTest : public ::testing::TestWithParam<Row> {};

TEST_P(StreamTest, HasASiteOfItsOwn) {
  const test::Layered layered(ModelOf(GetParam().nodes), {.opset = 18});
  const test::Analysis& analysis = layered.analysis();
  std::vector<std::string> sites;
  for (const AttentionSite& site : FindAttention(layered.layers(), layered.inferred().all())) {
    for (const AttentionSite& stream : StreamsOf(layered.layers(), site)) {
      sites.push_back(Text(analysis.NameOf(stream.query), " ", analysis.NameOf(stream.key), " ",
                           analysis.NameOf(stream.value), " -> ", analysis.NameOf(stream.output)));
    }
  }
  EXPECT_THAT(sites, ElementsAreArray(GetParam().sites));
}

INSTANTIATE_TEST_SUITE_P(Rows, StreamTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(JointAttentionTest, EveryStreamHasAllFourRoles) {
  const test::Inferred inferred(ModelOf(Text(kOfX, kOfZ, kJoined, kAttended, kSplit)),
                                {.opset = 18});
  for (const std::string_view stream : {"0", "1"}) {
    EXPECT_EQ(inferred[Text("q", stream)].block_role, kQuery) << stream;
    EXPECT_EQ(inferred[Text("k", stream)].block_role, kKey) << stream;
    EXPECT_EQ(inferred[Text("v", stream)].block_role, kValue) << stream;
    EXPECT_EQ(inferred[Text("o", stream)].block_role, kAttentionOutput) << stream;
  }
}

}  // namespace
}  // namespace onnx_reinit::infer
