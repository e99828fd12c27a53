// Every file of testdata/bad is refused: by the library, with its sentence and place; by the
// program, with exit 3 and one line, quickly, in little memory, and with an existing output
// untouched.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "bad/run_tool.h"
#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "onnx_reinit/reinit.h"
#include "re2/re2.h"
#include "support/temp_file.h"
#include "support/wire_text.h"

namespace onnx_reinit::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;

constexpr std::string_view kFolder = ONNX_REINIT_SOURCE_DIR "/testdata/bad";

// Sanitizers cost memory that users never see.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kIsMeasured = false;
#else
constexpr bool kIsMeasured = true;
#endif
// Empty messages of two bytes take some hundred here, until a limit is reached.
constexpr uint64_t kMaxGrowth = 150;
constexpr uint64_t kBaseBytes = 100'000'000;

std::vector<std::string> BadFiles() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

struct BadFile {
  std::string bytes;
  std::string sentence;
};

// The line that begins with "! " is the sentence; "byte ^" in it is the place that ^ marks below,
// and "byte *" wherever a limit on memory lies.
BadFile ReadBadFile(const std::string& name) {
  const std::string text = ReadFile(Text(kFolder, "/", name, ".txt"));
  const size_t begin = text.find("\n! ") + 3;
  const size_t end = text.find('\n', begin);
  const WireText wire = AssembleWireText(text.substr(end));
  const std::string place = wire.mark ? std::to_string(*wire.mark) : "no mark";
  return {wire.bytes,
          absl::StrReplaceAll(text.substr(begin, end - begin), {{"byte ^", "byte " + place}})};
}

// `message` with "byte *" for the place, where the file expects that.
std::string WithoutPlace(const BadFile& bad, absl::string_view message) {
  std::string text(message);
  if (absl::StartsWith(bad.sentence, "at byte *")) {
    RE2::Replace(&text, "at byte [0-9]+", "at byte *");
  }
  return text;
}

class BadFileTest : public ::testing::TestWithParam<std::string> {};

TEST_P(BadFileTest, IsRefusedByTheLibrary) {
  const BadFile bad = ReadBadFile(GetParam());
  const TempFile file(bad.bytes);
  const absl::Status status = Model::Open(file.path()).status();
  EXPECT_THAT(status.code(), AnyOf(absl::StatusCode::kDataLoss, absl::StatusCode::kUnimplemented));
  EXPECT_EQ(WithoutPlace(bad, status.message()), Text(file.path(), ": ", bad.sentence));
}

TEST_P(BadFileTest, IsRefusedByTheProgram) {
  const BadFile bad = ReadBadFile(GetParam());
  const TempFile file(bad.bytes);
  const std::string output = file.Beside("out.onnx", "old");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"plan", file.path()}, {"apply", file.path(), "-o", output}}) {
    const ToolRun run = RunTool(arguments);
    EXPECT_EQ(run.exit_code, 3);
    EXPECT_EQ(WithoutPlace(bad, run.errors),
              Text("error: ", file.path(), ": ", bad.sentence, "\n"));
    if (!kIsMeasured) continue;
    EXPECT_LT(run.peak_bytes, kBaseBytes + kMaxGrowth * bad.bytes.size());
  }
  EXPECT_EQ(ReadFile(output), "old");
  const fs::directory_iterator folder(file.directory());
  EXPECT_EQ(std::distance(begin(folder), end(folder)), 2) << "something was left behind";
}

INSTANTIATE_TEST_SUITE_P(All, BadFileTest, ::testing::ValuesIn(BadFiles()),
                         [](const auto& test_info) { return test_info.param; });

TEST(BadFiles, AreDescribed) {
  for (const std::string& name : BadFiles()) {
    const std::string text = ReadFile(Text(kFolder, "/", name, ".txt"));
    EXPECT_TRUE(absl::StartsWith(text, "# ")) << name;
    EXPECT_NE(text.find("\n! at byte "), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace onnx_reinit::test
