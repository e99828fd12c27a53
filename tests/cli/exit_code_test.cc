#include <gtest/gtest.h>

#include "command.h"

namespace onnx_reinit::tools {
namespace {

struct ExitCodeCase {
  const char* name;
  absl::StatusCode code;
  ExitCode expected;
};

class ExitCodeTest : public testing::TestWithParam<ExitCodeCase> {};

TEST_P(ExitCodeTest, FollowsTheStatus) {
  EXPECT_EQ(ExitCodeOf(absl::Status(GetParam().code, "why")), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Codes, ExitCodeTest,
    testing::Values(ExitCodeCase{"Ok", absl::StatusCode::kOk, kDone},
                    ExitCodeCase{"WrongOption", absl::StatusCode::kInvalidArgument, kUsage},
                    ExitCodeCase{"Malformed", absl::StatusCode::kDataLoss, kRefused},
                    ExitCodeCase{"Unsupported", absl::StatusCode::kUnimplemented, kRefused},
                    ExitCodeCase{"SameFile", absl::StatusCode::kFailedPrecondition, kRefused},
                    ExitCodeCase{"Missing", absl::StatusCode::kNotFound, kFailed},
                    ExitCodeCase{"NoPermission", absl::StatusCode::kPermissionDenied, kFailed},
                    ExitCodeCase{"DiskFull", absl::StatusCode::kResourceExhausted, kFailed},
                    ExitCodeCase{"WriteFailed", absl::StatusCode::kUnavailable, kFailed}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace onnx_reinit::tools
