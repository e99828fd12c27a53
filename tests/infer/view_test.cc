#include "infer/view.h"

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Describe;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kHuge = std::numeric_limits<int64_t>::max();
constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();

struct Row {
  std::string name;
  std::vector<int64_t> dims;
  View (*apply)(const View&);
  std::string seen;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

const auto kRows = std::to_array<Row>({
    {"Of", {64, 3, 7}, [](const View& v) { return v; }, "0:64 | 1:3 | 2:7"},
    {"OfAScalar", {}, [](const View& v) { return v; }, ""},

    {"TransposeBy",
     {2, 3, 4},
     [](const View& v) {
       return Transposed(v, {2, 0, 1});
     },
     "2:4 | 0:2 | 1:3"},
    {"TransposeReverses", {2, 3, 4}, [](const View& v) { return Transposed(v, {}); }, "2:4 | 1:3 | 0:2"},
    {"TransposeTwiceIsNone",
     {2, 3},
     [](const View& v) {
       return Transposed(Transposed(v, {1, 0}), {1, 0});
     },
     "0:2 | 1:3"},
    {"TransposeByTooFewAxes", {2, 3}, [](const View& v) { return Transposed(v, {0}); }, "opaque"},
    {"TransposeByAnAxisTwice",
     {2, 3},
     [](const View& v) {
       return Transposed(v, {1, 1});
     },
     "opaque"},
    {"TransposeByAnAxisThatIsNone",
     {2, 3},
     [](const View& v) {
       return Transposed(v, {0, 2});
     },
     "opaque"},

    {"ReshapeSplits",
     {64, 12},
     [](const View& v) {
       return Reshaped(v, {4, 16, 12}, false);
     },
     "0:4 | 0:16 | 1:12"},
    {"ReshapeMerges",
     {4, 16, 12},
     [](const View& v) {
       return Reshaped(v, {64, 12}, false);
     },
     "0:4 1:16 | 2:12"},
    {"ReshapeSplitsAndMerges",
     {6, 4},
     [](const View& v) {
       return Reshaped(v, {2, 12}, false);
     },
     "0:2 | 0:3 1:4"},
    {"ReshapeOfATransposedMerges",
     {6, 4},
     [](const View& v) {
       return Reshaped(Transposed(v, {1, 0}), {24}, false);
     },
     "1:4 0:6"},
    {"ReshapeSplitsAMergedAxisWhereItWasJoined",
     {6, 4},
     [](const View& v) {
       return Reshaped(Reshaped(v, {24}, false), {6, 4}, false);
     },
     "0:6 | 1:4"},
    {"ReshapeKeepsWhereZero",
     {6, 4},
     [](const View& v) {
       return Reshaped(v, {0, 2, 2}, false);
     },
     "0:6 | 1:2 | 1:2"},
    {"ReshapeToWhatRemains",
     {6, 4},
     [](const View& v) {
       return Reshaped(v, {2, -1}, false);
     },
     "0:2 | 0:3 1:4"},
    {"ReshapeAddsOnes",
     {6, 4},
     [](const View& v) {
       return Reshaped(v, {1, 6, 1, 4, 1}, false);
     },
     "- | 0:6 | - | 1:4 | -"},
    {"ReshapeDropsOnes",
     {1, 6, 1, 4},
     [](const View& v) {
       return Reshaped(v, {6, 4}, false);
     },
     "1:6 | 3:4"},
    {"ReshapeToAScalar", {1, 1}, [](const View& v) { return Reshaped(v, {}, false); }, ""},
    {"ReshapeThatDoesNotDivide",
     {6, 4},
     [](const View& v) {
       return Reshaped(v, {8, 3}, false);
     },
     "opaque x8 | x3"},
    {"ReshapeToOtherElements",
     {6, 4},
     [](const View& v) {
       return Reshaped(v, {5, 5}, false);
     },
     "opaque x5 | x5"},
    {"ReshapeKeepsAnOpaqueViewsRank",
     {6, 4},
     [](const View& v) {
       return Reshaped(Opaque(v, {24}), {6, 4}, false);
     },
     "opaque x6 | x4"},
    {"ReshapeOfNoElements",
     {0, 4},
     [](const View& v) {
       return Reshaped(v, {4, 0}, true);
     },
     "opaque x4 | x0"},

    {"UnsqueezeFrontAndBack",
     {3},
     [](const View& v) {
       return Unsqueezed(v, {0, 2});
     },
     "- | 0:3 | -"},
    {"UnsqueezeCountsFromTheEnd",
     {3, 4},
     [](const View& v) { return Unsqueezed(v, {-1}); },
     "0:3 | 1:4 | -"},
    {"UnsqueezeBeyond", {3}, [](const View& v) { return Unsqueezed(v, {5}); }, "opaque"},
    {"UnsqueezeTheSameTwice",
     {3},
     [](const View& v) {
       return Unsqueezed(v, {0, 0});
     },
     "opaque"},

    {"SqueezeAllOnes", {1, 3, 1}, [](const View& v) { return Squeezed(v, {}); }, "1:3"},
    {"SqueezeNamed", {1, 3, 1}, [](const View& v) { return Squeezed(v, {-1}); }, "0:1 | 1:3"},
    {"SqueezeBeyond", {1, 3}, [](const View& v) { return Squeezed(v, {2}); }, "opaque"},

    {"RestrictedIsAPart", {9, 4}, [](const View& v) { return Restricted(v, 0, 3); }, "0:3/9 | 1:4 part"},
    {"RestrictedToAll", {9, 4}, [](const View& v) { return Restricted(v, -2, 9); }, "0:9 | 1:4"},
    {"RestrictedToMore", {9}, [](const View& v) { return Restricted(v, 0, 11); }, "0:11/9"},
    {"RestrictedBeyond", {9}, [](const View& v) { return Restricted(v, 1, 3); }, "opaque"},
    {"RestrictedMergedAxis",
     {6, 4},
     [](const View& v) { return Restricted(Reshaped(v, {24}, false), 0, 8); },
     "1:8/24 part"},

    {"SelectedDropsTheAxis", {9, 4}, [](const View& v) { return Selected(v, 0); }, "1:4 part"},
    {"SelectedTheOnlyOne", {1, 4}, [](const View& v) { return Selected(v, 0); }, "1:4"},
    {"SelectedBeyond", {9}, [](const View& v) { return Selected(v, 1); }, "opaque"},

    {"Joined", {9, 4}, [](const View& v) { return Joined(v, 1, 12); }, "0:9 | 1:12/4 joined"},

    {"BroadcastAddsAxes",
     {4},
     [](const View& v) {
       return Broadcast(v, {2, 3, 4});
     },
     "x2 | x3 | 0:4"},
    {"BroadcastRepeatsOnes",
     {4, 1},
     [](const View& v) {
       return Broadcast(v, {4, 3});
     },
     "0:4 | 1:1 x3"},
    {"BroadcastKeepsWhereMinusOneOrOne",
     {4, 1, 2},
     [](const View& v) {
       return Broadcast(v, {1, -1, 1});
     },
     "0:4 | 1:1 | 2:2"},
    {"BroadcastToFewerAxes", {4, 1}, [](const View& v) { return Broadcast(v, {5}); }, "0:4 | 1:1 x5"},

    // Where not even the rank is known, no operator makes it known by itself.
    {"TransposeOfUnknownRank",
     {4},
     [](const View& v) { return Transposed(Opaque(v, {}), {0}); },
     "opaque"},
    {"UnsqueezeOfUnknownRank",
     {4},
     [](const View& v) { return Unsqueezed(Opaque(v, {}), {0}); },
     "opaque"},
    {"SqueezeOfUnknownRank", {4}, [](const View& v) { return Squeezed(Opaque(v, {}), {0}); }, "opaque"},
    {"BroadcastOfUnknownRank",
     {4},
     [](const View& v) {
       return Broadcast(Opaque(v, {}), {1, 1});
     },
     "opaque"},
    {"SelectedOfUnknownRank", {4}, [](const View& v) { return Selected(Opaque(v, {}), 0); }, "opaque"},
    {"ReshapeOfUnknownRank",
     {4},
     [](const View& v) {
       return Reshaped(Opaque(v, {}), {2, 2}, false);
     },
     "opaque x2 | x2"},
    {"ReshapeOfUnknownRankToWhatRemains",
     {4},
     [](const View& v) {
       return Reshaped(Opaque(v, {}), {1, -1}, false);
     },
     "opaque x1 | x-1"},

    {"OpaqueKeepsItsScale",
     {4},
     [](const View& v) {
       View scaled = v;
       scaled.scale = 2;
       return Opaque(scaled, {2, 2});
     },
     "opaque x2 | x2 * 2"},
});

using ViewTest = ::testing::TestWithParam<Row>;

TEST_P(ViewTest, IsSeenAs) {
  EXPECT_EQ(Describe(GetParam().apply(View::Of(GetParam().dims))), GetParam().seen);
}

INSTANTIATE_TEST_SUITE_P(Rows, ViewTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return test.param.name; });

TEST(View, ExtentsOfMergedAxesAreProducts) {
  const View view = Reshaped(View::Of({4, 16, 12}), {64, 1, 12}, false);
  EXPECT_THAT(view.Dims(), ElementsAre(64, 1, 12));
  EXPECT_EQ(view.Extent(0), 64);
  EXPECT_EQ(view.rank(), 3);
  EXPECT_EQ(view.Elements(), 768);
}

TEST(View, AScalarHasOneElement) {
  EXPECT_THAT(View::Of({}).Dims(), IsEmpty());
  EXPECT_EQ(View::Of({}).Elements(), 1);
}

struct SingleRow {
  std::string name;
  View view;
  bool is_single;
};

void PrintTo(const SingleRow& row, std::ostream* out) { *out << row.name; }

class SingleTest : public ::testing::TestWithParam<SingleRow> {};

TEST_P(SingleTest, IsWhatIsKnownToBeOneElement) {
  EXPECT_EQ(GetParam().view.IsSingle(), GetParam().is_single);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SingleTest,
    ::testing::Values(
        SingleRow{"Scalar", View::Of({}), true},
        SingleRow{"OneElementOfRankTwo", View::Of({1, 1}), true},
        SingleRow{"TwoElements", View::Of({2}), false},
        SingleRow{"NoElement", View::Of({0}), false},
        SingleRow{"Repeated", Broadcast(View::Of({1}), {3}), false},
        SingleRow{"OpaqueOfOneElement", Opaque(View::Of({4}), {1}), true},
        SingleRow{"OpaqueOfUnknownRank", Opaque(View::Of({1}), {}), false},
        SingleRow{"UnsqueezedOfUnknownRank", Unsqueezed(Opaque(View::Of({3}), {}), {0}), false},
        SingleRow{"ReshapedOfUnknownRank", Reshaped(Opaque(View::Of({3}), {}), {-1}, false), false},
        SingleRow{"BroadcastOfUnknownRank", Broadcast(Opaque(View::Of({3}), {}), {1, 1}), false}),
    [](const auto& test) { return test.param.name; });

// A file can make up any numbers.
struct HostileRow {
  std::string name;
  std::vector<int64_t> dims;
  View (*apply)(const View&);
};

void PrintTo(const HostileRow& row, std::ostream* out) { *out << row.name; }

const auto kHostileRows = std::to_array<HostileRow>({
    {"HugeDims", {kHuge, kHuge}, [](const View& v) { return v; }},
    {"NegativeDims", {-3, 4}, [](const View& v) { return v; }},
    {"TwoNegativeDims", {-3, -4}, [](const View& v) { return v; }},
    {"ReshapeToHuge",
     {4},
     [](const View& v) {
       return Reshaped(v, {kHuge, 2}, false);
     }},
    {"ReshapeToNegative",
     {4},
     [](const View& v) {
       return Reshaped(v, {-2, -2}, false);
     }},
    {"ReshapeToLowest",
     {4},
     [](const View& v) {
       return Reshaped(v, {kLowest, -1}, false);
     }},
    {"ReshapeOfHuge", {kHuge, kHuge}, [](const View& v) { return Reshaped(v, {-1}, false); }},
    {"JoinedOfMergedHuge",
     {kHuge, 1},
     [](const View& v) { return Joined(Reshaped(v, {-1}, false), 0, kLowest); }},
    {"BroadcastToHuge",
     {1, 1},
     [](const View& v) {
       return Broadcast(v, {kHuge, kHuge});
     }},
});

class HostileViewTest : public ::testing::TestWithParam<HostileRow> {};

TEST_P(HostileViewTest, CountsNoElements) {
  EXPECT_EQ(GetParam().apply(View::Of(GetParam().dims)).Elements(), 0);
}

INSTANTIATE_TEST_SUITE_P(Rows, HostileViewTest, ::testing::ValuesIn(kHostileRows),
                         [](const auto& test) { return test.param.name; });

TEST(DimsText, IsInBrackets) {
  EXPECT_EQ(DimsText({64, 3}), "[64, 3]");
  EXPECT_EQ(DimsText({}), "[]");
}

}  // namespace
}  // namespace onnx_reinit::infer
