// Reads the sources: every stage includes headers of earlier stages only, and the library leaves
// the world around it alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "re2/re2.h"

namespace onnx_reinit {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;
using testing::Not;

const fs::path kSource = ONNX_REINIT_SOURCE_DIR;

// In the order of the data flow.
constexpr auto kStages = std::to_array<std::string_view>(
    {"base", "wire", "graph", "infer", "plan", "gen", "write", "report"});

std::optional<size_t> StageIndex(std::string_view folder) {
  const auto* found = std::find(kStages.begin(), kStages.end(), folder);
  if (found == kStages.end()) return std::nullopt;
  return static_cast<size_t>(found - kStages.begin());
}

std::vector<fs::path> SourcesBelow(const fs::path& folder) {
  std::vector<fs::path> sources;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path extension = entry.path().extension();
    if (extension == ".h" || extension == ".cc") sources.push_back(entry.path());
  }
  return sources;
}

std::vector<std::string> LinesOf(const fs::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// What #include "..." lines name.
std::vector<std::string> QuotedIncludes(const fs::path& path) {
  static const RE2& include = *new RE2("^#include \"(.*)\"");
  std::vector<std::string> included;
  for (const std::string& line : LinesOf(path)) {
    std::string name;
    if (RE2::PartialMatch(line, include, &name)) included.push_back(name);
  }
  return included;
}

std::string FirstFolder(const std::string& path) { return path.substr(0, path.find('/')); }

// Sentences that name each include for which `is_allowed` is false.
template <typename Predicate>
std::vector<std::string> WrongIncludes(const fs::path& folder, Predicate is_allowed) {
  std::vector<std::string> wrong;
  for (const fs::path& source : SourcesBelow(folder)) {
    for (const std::string& included : QuotedIncludes(source)) {
      if (!is_allowed(included)) wrong.push_back(source.string() + " includes " + included);
    }
  }
  return wrong;
}

class StageTest : public testing::TestWithParam<std::string_view> {};

TEST_P(StageTest, IncludesEarlierStagesOnly) {
  const size_t own = *StageIndex(GetParam());
  EXPECT_THAT(WrongIncludes(kSource / "lib" / GetParam(),
                            [own](const std::string& included) {
                              const auto stage = StageIndex(FirstFolder(included));
                              return !stage.has_value() || *stage <= own;
                            }),
              IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(All, StageTest, testing::ValuesIn(kStages),
                         [](const auto& test) { return std::string(test.param); });

TEST(LayeringTest, TheScanSeesIncludes) {
  EXPECT_THAT(QuotedIncludes(kSource / "lib/reinit.cc"), Not(IsEmpty()));
}

TEST(LayeringTest, EveryFolderOfTheLibraryIsAStage) {
  for (const auto& entry : fs::directory_iterator(kSource / "lib")) {
    const std::string folder = entry.path().filename().string();
    if (!entry.is_directory() || folder == "include") continue;
    EXPECT_TRUE(StageIndex(folder).has_value()) << folder << " stands nowhere in the data flow";
  }
}

TEST(LayeringTest, PublicHeadersIncludePublicHeadersOnly) {
  EXPECT_THAT(WrongIncludes(kSource / "lib/include",
                            [](const std::string& included) {
                              const std::string folder = FirstFolder(included);
                              return folder == "onnx_reinit" || folder == "absl";
                            }),
              IsEmpty());
}

TEST(LayeringTest, ToolsUseThePublicInterface) {
  EXPECT_THAT(WrongIncludes(kSource / "tools",
                            [](const std::string& included) {
                              const std::string folder = FirstFolder(included);
                              const auto stage = StageIndex(folder);
                              return !stage.has_value() || folder == "base";
                            }),
              IsEmpty());
}

TEST(LayeringTest, TheLibraryNeverPrintsExitsOrReadsTheEnvironment) {
  const RE2 forbidden(
      R"(std::(cout|cerr|clog)|\b(f?printf|puts|perror|exit|abort|getenv|setenv)\()");
  std::vector<std::string> found;
  for (const fs::path& source : SourcesBelow(kSource / "lib")) {
    for (const std::string& line : LinesOf(source)) {
      const std::string code = line.substr(0, line.find("//"));
      if (RE2::PartialMatch(code, forbidden)) found.push_back(source.string() + ": " + line);
    }
  }
  EXPECT_THAT(found, IsEmpty());
}

}  // namespace
}  // namespace onnx_reinit
