#include "base/status_macros.h"

#include <memory>
#include <utility>

#include "gtest/gtest.h"

namespace onnx_reinit {
namespace {

absl::Status ReturnIfError(const absl::Status& status, bool& went_on) {
  RETURN_IF_ERROR(status);
  went_on = true;
  return absl::OkStatus();
}

TEST(ReturnIfError, ReturnsOnlyErrors) {
  bool went_on = false;
  EXPECT_EQ(ReturnIfError(absl::DataLossError("x"), went_on), absl::DataLossError("x"));
  EXPECT_FALSE(went_on);
  EXPECT_TRUE(ReturnIfError(absl::OkStatus(), went_on).ok());
  EXPECT_TRUE(went_on);
}

absl::StatusOr<int> Twice(absl::StatusOr<std::unique_ptr<int>> value) {
  ASSIGN_OR_RETURN(const std::unique_ptr<int> number, std::move(value));
  ASSIGN_OR_RETURN(const int same, absl::StatusOr<int>(*number));
  return *number + same;
}

TEST(AssignOrReturn, MovesTheValueOrReturnsTheError) {
  EXPECT_EQ(Twice(std::make_unique<int>(21)).value(), 42);
  EXPECT_EQ(Twice(absl::NotFoundError("x")).status(), absl::NotFoundError("x"));
}

}  // namespace
}  // namespace onnx_reinit
