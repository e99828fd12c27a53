#include "write/system_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <ostream>
#include <string>

namespace onnx_reinit::write {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

struct Row {
  const char* name;
  int error;
  absl::StatusCode code;
  const char* advice;  // the last words
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

constexpr auto kRows = std::to_array<Row>({
    {"FullDisk", ENOSPC, absl::StatusCode::kResourceExhausted, "write elsewhere"},
    {"Quota", EDQUOT, absl::StatusCode::kResourceExhausted, "write elsewhere"},
    {"FileTooLarge", EFBIG, absl::StatusCode::kResourceExhausted, "shards of external data"},
    {"NotAllowed", EACCES, absl::StatusCode::kPermissionDenied, "where you may write"},
    {"ReadOnly", EROFS, absl::StatusCode::kPermissionDenied, "where you may write"},
    {"TooManyFiles", EMFILE, absl::StatusCode::kUnavailable, "(ulimit -n)"},
});

class SystemErrorTest : public ::testing::TestWithParam<Row> {};

TEST_P(SystemErrorTest, SaysWhatToDo) {
  const absl::Status status = SystemError(GetParam().error, "replace", "a/b.onnx");
  EXPECT_EQ(status.code(), GetParam().code);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("cannot replace 'a/b.onnx': "), EndsWith(GetParam().advice)));
}

INSTANTIATE_TEST_SUITE_P(Rows, SystemErrorTest, ::testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(SystemErrors, NoAdviceWhereTheReasonSaysAll) {
  const absl::Status status = SystemError(ENOENT, "open", "b.onnx");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr(";")));
}

}  // namespace
}  // namespace onnx_reinit::write
