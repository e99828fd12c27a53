#include "gen/matrix_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace onnx_reinit::gen {
namespace {

using testing::ElementsAre;

TEST(MatrixViewTest, ALinearWeightHasRowsAndColumns) {
  const std::vector<int64_t> dims = {2, 3};
  const auto view =
      MatrixView::Create({.batch = {}, .output = {0}, .input = {1}, .kernel = {}}, dims);
  ASSERT_TRUE(view.ok()) << view.status();
  EXPECT_THAT(view->batch, ElementsAre(0));
  EXPECT_THAT(view->row, ElementsAre(0, 3));
  EXPECT_THAT(view->column, ElementsAre(0, 1, 2));
  EXPECT_THAT(view->kernel, ElementsAre(0));
}

TEST(MatrixViewTest, AnInputFirstWeightIsTheTranspose) {
  const std::vector<int64_t> dims = {2, 3};
  const auto view =
      MatrixView::Create({.batch = {}, .output = {1}, .input = {0}, .kernel = {}}, dims);
  EXPECT_THAT(view->row, ElementsAre(0, 1, 2));
  EXPECT_THAT(view->column, ElementsAre(0, 3));
}

TEST(MatrixViewTest, TheFirstAxisOfAListIsTheSlowest) {
  const std::vector<int64_t> dims = {2, 3, 2};
  const auto view =
      MatrixView::Create({.batch = {}, .output = {2, 0}, .input = {1}, .kernel = {}}, dims);
  EXPECT_THAT(view->row, ElementsAre(0, 6, 1, 7));
  EXPECT_THAT(view->column, ElementsAre(0, 2, 4));
}

TEST(MatrixViewTest, CentresOfOddAndEvenKernels) {
  const std::vector<int64_t> dims = {1, 1, 3, 4};
  const auto view =
      MatrixView::Create({.batch = {}, .output = {0}, .input = {1}, .kernel = {2, 3}}, dims);
  EXPECT_EQ(view->kernel.size(), 12);
  EXPECT_EQ(view->centre_low, 1 * 4 + 1);
  EXPECT_EQ(view->centre_high, 1 * 4 + 2);
}

TEST(MatrixViewTest, EachExpertIsAMatrix) {
  const std::vector<int64_t> dims = {3, 2, 2};
  const auto view =
      MatrixView::Create({.batch = {0}, .output = {1}, .input = {2}, .kernel = {}}, dims);
  EXPECT_THAT(view->batch, ElementsAre(0, 4, 8));
}

struct BadRow {
  std::string name;
  MatrixAxes axes;
  std::string sentence;
};

const BadRow kBadRows[] = {
    {"AxisInNoList", {.batch = {}, .output = {0}, .input = {}, .kernel = {}}, "axis 1 is used 0"},
    {"AxisInTwoLists",
     {.batch = {0}, .output = {0}, .input = {1}, .kernel = {}},
     "axis 0 is used 2"},
    {"NoSuchAxis", {.batch = {}, .output = {0}, .input = {2}, .kernel = {}}, "axis 2 of 2"},
    {"NegativeAxis", {.batch = {}, .output = {0}, .input = {-1}, .kernel = {}}, "axis -1"},
};

class BadMatrixTest : public testing::TestWithParam<BadRow> {};

TEST_P(BadMatrixTest, IsRefusedWithTheReason) {
  const std::vector<int64_t> dims = {2, 3};
  const auto view = MatrixView::Create(GetParam().axes, dims);
  EXPECT_EQ(view.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(view.status().message()), testing::HasSubstr(GetParam().sentence));
}

INSTANTIATE_TEST_SUITE_P(Rows, BadMatrixTest, testing::ValuesIn(kBadRows),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace onnx_reinit::gen
