#include "infer/channels.h"

#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <string>
#include <string_view>

#include "base/text.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

struct Row {
  std::string_view name;
  std::string_view nodes;  // from z, whose last axis has 24 channels, to y
  std::string_view run;    // of z's channels; "none"
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

constexpr auto kRows = std::to_array<Row>({
    {"EqualParts", "a, y, b = Split<axis = 2>(z)", "8 16"},
    {"PartsOfGivenSizes", "a, y = Split<axis = -1>(z, sizes)", "16 24"},
    {"BehindABias", "c = Add(z, bias) y, a, b = Split<axis = -1>(c)", "0 8"},
    {"ASlice", "y = Slice(z, from, to, last)", "8 20"},
    {"ThirdsOfAReshape",
     "r = Reshape(z, thirds) t = Transpose<perm = [2, 0, 3, 1, 4]>(r) y = Gather(t, one)", "8 16"},
    {"HeadsOfAReshape", "r = Reshape(z, heads) a, y = Split<axis = 2>(r, uneven)", "16 24"},
    {"MovedAfterwards", "a, b, c = Split<axis = 2>(z) r = Reshape(b, halves) y = Neg(r)", "8 16"},
    {"TheFirstCutCounts", "a, b, c = Split<axis = 2>(z) d, y = Split<axis = 2>(c)", "16 24"},

    {"All", "y = Neg(z)", "none"},
    {"FewerSizesThanParts", "a, b, y = Split<axis = -1>(z, sizes)", "none"},
    {"SizesBeyondTheAxis", "a, y = Split<axis = -1>(z, huge)", "none"},
    {"AChoiceBeyondTheAxis", "r = Reshape(z, thirds) y = Gather<axis = 2>(r, far)", "none"},
    {"ThirdsWithinEachHead",
     "r = Reshape(z, within) t = Transpose<perm = [3, 0, 1, 2, 4]>(r) y = Gather(t, one)", "none"},
    {"ThirdsOfEachHead", "r = Reshape(z, heads) a, y, b = Split<axis = 3>(r, of_head)", "none"},
    {"AReshapeOfAReshape",
     "r = Reshape(z, thirds) s = Reshape(r, heads) a, y = Split<axis = 2>(s, uneven)", "none"},
    {"OtherPlaces", "a, y = Split<axis = 0>(z)", "none"},
    {"SizesOfAnotherAxis", "a, y = Split<axis = 1>(z, uneven)", "none"},
    {"AChoiceByData", "r = Reshape(z, thirds) y = Gather<axis = 2>(r, ids)", "none"},
    {"EverySecond", "y = Slice(z, from, to, last, two)", "none"},
    {"BehindAnotherLayer", "p = MatMul(z, v) a, y = Split<axis = -1>(p)", "none"},
});

using ChannelsTest = testing::TestWithParam<Row>;

TEST_P(ChannelsTest, AreFollowed) {
  const test::Analysis analysis(
      Text("agraph (float[N, T, 8] x, int64[K] ids) => (float[M] y) <float[8, 24] w,"
           "  float[24, 24] v, float[24] bias, int64[2] sizes = {16, 8}, int64[1] from = {8},"
           "  int64[1] to = {20}, int64[1] last = {-1}, int64[1] two = {2}, int64 one = {1},"
           "  int64 far = {9223372036854775807},"
           "  int64[2] huge = {9223372036854775807, 9223372036854775807},"
           "  int64[5] thirds = {0, -1, 3, 2, 4}, int64[5] within = {0, -1, 2, 3, 4},"
           "  int64[4] heads = {0, -1, 6, 4}, int64[4] halves = {0, -1, 2, 4},"
           "  int64[2] uneven = {4, 2}, int64[3] of_head = {2, 1, 1}> { z = MatMul(x, w) ",
           GetParam().nodes, " }"));
  const auto run =
      ChannelsOf(analysis.slots(), analysis.Value("y"), analysis.Value("z"), {-1, 0, 24});
  EXPECT_EQ(run ? Text(run->begin, " ", run->end) : "none", GetParam().run);
}

INSTANTIATE_TEST_SUITE_P(Rows, ChannelsTest, testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
