#include "base/groups.h"

#include <ostream>
#include <vector>

#include "gtest/gtest.h"

namespace onnx_reinit {
namespace {

struct GroupRow {
  const char* name;
  std::vector<int64_t> dims;
  int axis;
  int64_t block_size;
  std::optional<uint64_t> groups;
};

std::ostream& operator<<(std::ostream& out, const GroupRow& row) { return out << row.name; }

class GroupCountTest : public testing::TestWithParam<GroupRow> {};

TEST_P(GroupCountTest, IsThatOfTheScales) {
  const GroupRow& row = GetParam();
  EXPECT_EQ(GroupCount(row.dims, row.axis, row.block_size), row.groups);
}

INSTANTIATE_TEST_SUITE_P(Rows, GroupCountTest,
                         testing::Values(GroupRow{"WholeTensor", {3, 4}, -1, 0, 1},
                                         GroupRow{"Scalar", {}, -1, 0, 1},
                                         GroupRow{"Axis", {3, 4}, 1, 0, 4},
                                         GroupRow{"EmptyAxis", {3, 0}, 1, 0, 0},
                                         GroupRow{"Blocks", {3, 4, 5}, 1, 2, 30},
                                         GroupRow{"ShortLastBlock", {3, 5}, 1, 2, 9},
                                         GroupRow{"BlockBeyondTheAxis", {3, 5}, 1, 8, 3},
                                         GroupRow{"NoSuchAxis", {3, 4}, 2, 0, std::nullopt},
                                         GroupRow{"AxisFromTheEnd", {3, 4}, -2, 0, std::nullopt},
                                         GroupRow{"NegativeBlock", {3, 4}, 1, -1, std::nullopt},
                                         GroupRow{"LargestBlock", {3, 4}, 1, INT64_MAX, 3}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace onnx_reinit
