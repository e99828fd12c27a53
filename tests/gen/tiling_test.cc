#include "gen/tiling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace onnx_reinit::gen {
namespace {

Piece Along(int axis, int64_t begin, int64_t end) {
  Piece piece;
  piece.axis = axis;
  piece.begin = begin;
  piece.end = end;
  return piece;
}

Fill FillOf(std::vector<int64_t> dims, std::vector<Piece> pieces) {
  Fill fill;
  fill.dims = std::move(dims);
  fill.pieces = std::move(pieces);
  return fill;
}

// The piece of each element, and its index within the piece, found by following all runs.
struct Place {
  size_t piece;
  uint64_t within;
  bool operator==(const Place&) const = default;
};

std::vector<Place> Places(const Tiling& tiling) {
  std::vector<Place> places;
  while (places.size() < tiling.size()) {
    const Run run = tiling.RunAt(places.size());
    for (uint64_t i = 0; i < run.count; ++i) places.push_back({run.piece, run.first_within + i});
  }
  return places;
}

TEST(TilingTest, OnePieceIsOneRun) {
  const Fill fill = FillOf({3, 4}, {Piece()});
  const absl::StatusOr<Tiling> tiling = Tiling::Create(fill);
  ASSERT_TRUE(tiling.ok());
  EXPECT_THAT(tiling->PieceDims(fill, 0), testing::ElementsAre(3, 4));
  EXPECT_EQ(tiling->size(), 12);
  EXPECT_EQ(tiling->RunAt(5).count, 7);
  EXPECT_EQ(tiling->RunAt(5).first_within, 5);
}

TEST(TilingTest, PiecesAlongTheFirstAxisFollowOneAnother) {
  const Fill fill = FillOf({4, 2}, {Along(0, 0, 1), Along(0, 1, -1)});
  const auto tiling = Tiling::Create(fill);
  EXPECT_THAT(Places(*tiling),
              testing::ElementsAre(Place{0, 0}, Place{0, 1}, Place{1, 0}, Place{1, 1}, Place{1, 2},
                                   Place{1, 3}, Place{1, 4}, Place{1, 5}));
  EXPECT_THAT(tiling->PieceDims(fill, 1), testing::ElementsAre(3, 2));
}

TEST(TilingTest, PiecesAlongTheLastAxisAlternate) {
  const auto tiling = Tiling::Create(FillOf({2, 3}, {Along(1, 0, 1), Along(1, 1, 3)}));
  EXPECT_THAT(Places(*tiling), testing::ElementsAre(Place{0, 0}, Place{1, 0}, Place{1, 1},
                                                    Place{0, 1}, Place{1, 2}, Place{1, 3}));
}

TEST(TilingTest, PiecesMayComeInAnyOrder) {
  const Fill fill = FillOf({1, 3}, {Along(1, 2, 3), Along(1, 0, 2)});
  const auto tiling = Tiling::Create(fill);
  EXPECT_THAT(Places(*tiling), testing::ElementsAre(Place{1, 0}, Place{1, 1}, Place{0, 0}));
  EXPECT_THAT(tiling->PieceDims(fill, 0), testing::ElementsAre(1, 1));
  EXPECT_THAT(tiling->PieceDims(fill, 1), testing::ElementsAre(1, 2));
}

TEST(TilingTest, RunsThatBeginAnywhereAgreeWithThoseFromTheStart) {
  const auto tiling =
      Tiling::Create(FillOf({2, 5, 3}, {Along(1, 0, 2), Along(1, 2, 3), Along(1, 3, 5)}));
  const std::vector<Place> places = Places(*tiling);
  for (uint64_t i = 0; i < places.size(); ++i) {
    EXPECT_EQ(tiling->RunAt(i).piece, places[i].piece) << i;
    EXPECT_EQ(tiling->RunAt(i).first_within, places[i].within) << i;
  }
}

TEST(TilingTest, ATensorWithoutElementsHasSizeZero) {
  EXPECT_EQ(Tiling::Create(FillOf({0, 4}, {Piece()}))->size(), 0);
  EXPECT_EQ(Tiling::Create(FillOf({4, 0}, {Along(0, 0, 1), Along(0, 1, 4)}))->size(), 0);
}

struct BadRow {
  std::string name;
  Fill fill;
  std::string sentence;
};

const BadRow kBadRows[] = {
    {"NoPieces", FillOf({4}, {}), "no pieces"},
    {"NegativeDim", FillOf({4, -1}, {Piece()}), "no shape"},
    {"TooManyElements", FillOf({int64_t{1} << 40, int64_t{1} << 40}, {Piece()}), "no shape"},
    {"Gap", FillOf({4}, {Along(0, 0, 1), Along(0, 2, 4)}), "comes next"},
    {"Overlap", FillOf({4}, {Along(0, 0, 3), Along(0, 2, 4)}), "comes next"},
    {"Short", FillOf({4}, {Along(0, 0, 1), Along(0, 1, 3)}), "cover 3 of 4"},
    {"Long", FillOf({4}, {Along(0, 0, 1), Along(0, 1, 5)}), "cover 5 of 4"},
    {"OnePieceTooShort", FillOf({4}, {Along(0, 0, 3)}), "cover 3 of 4"},
    {"TwoAxes", FillOf({4, 4}, {Along(0, 0, 2), Along(1, 2, 4)}), "comes next"},
    {"NoSuchAxis", FillOf({4}, {Along(1, 0, 2), Along(1, 2, 4)}), "axis 1 of 1"},
};

class BadTilingTest : public testing::TestWithParam<BadRow> {};

TEST_P(BadTilingTest, IsRefusedWithTheReason) {
  const auto tiling = Tiling::Create(GetParam().fill);
  EXPECT_EQ(tiling.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(tiling.status().message()), testing::HasSubstr(GetParam().sentence));
}

INSTANTIATE_TEST_SUITE_P(Rows, BadTilingTest, testing::ValuesIn(kBadRows),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace onnx_reinit::gen
