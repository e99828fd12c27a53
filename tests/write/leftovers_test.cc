#include "write/leftovers.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/temp_file.h"
#include "write/temporary_name.h"
#include "write/write_support.h"

namespace onnx_reinit::write {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct LeftoverRow {
  const char* name;
  std::vector<std::string> files;
  std::vector<std::string> remaining;
};

class LeftoversTest : public testing::TestWithParam<LeftoverRow> {};

TEST_P(LeftoversTest, GoWhereTheyAreTheOutputs) {
  test::TempDirectory directory;
  for (const std::string& file : GetParam().files) directory.Write(file, "");
  RemoveLeftovers(directory.Path("out"));
  EXPECT_EQ(Names(directory.path()), GetParam().remaining);
}

INSTANTIATE_TEST_SUITE_P(
    Files, LeftoversTest,
    testing::Values(
        LeftoverRow{"Model", {".out.onnx-reinit-00c0ffee", "out"}, {"out"}},
        LeftoverRow{"SeveralRuns", {".out.onnx-reinit-00000001", ".out.onnx-reinit-00000002"}, {}},
        LeftoverRow{"DataFiles",
                    {".out.data.onnx-reinit-00000001", ".out.3.data.onnx-reinit-00000001",
                     ".out-00001-of-00002.data.onnx-reinit-00000001"},
                    {}},
        LeftoverRow{"OtherOutputsStay",
                    {".other.onnx-reinit-00000001", ".out2.onnx-reinit-00000001"},
                    {".other.onnx-reinit-00000001", ".out2.onnx-reinit-00000001"}},
        LeftoverRow{"OtherNamesStay",
                    {".out", ".out.onnx-reinit-1", ".out.onnx-reinit-0000000g", "out.data"},
                    {".out", ".out.onnx-reinit-0000000g", ".out.onnx-reinit-1", "out.data"}}),
    [](const auto& row) { return row.param.name; });

// Too long for a temporary name around them.
TEST(LeftoversTest, OfLongNamesAreRecognised) {
  test::TempDirectory directory;
  const std::string model(250, 'm');
  const std::string other = std::string(240, 'm') + std::string(10, 'n');
  for (const std::string& target : {model, model + ".data", other}) {
    const std::string name = MakeTemporaryName({.target = target, .run = "00000001"});
    EXPECT_EQ(name.size(), 255U);
    directory.Write(name, "");
  }
  RemoveLeftovers(directory.Path(model));
  EXPECT_THAT(Names(directory.path()),
              ElementsAre(MakeTemporaryName({.target = other, .run = "00000001"})));
}

TEST(LeftoversTest, StayWhileTheirRunLives) {
  test::TempDirectory directory;
  const std::string path = directory.Write(".out.onnx-reinit-00000001", "");
  directory.Write(".out.data.onnx-reinit-00000001", "");
  const int descriptor = open(path.c_str(), O_RDONLY);
  flock(descriptor, LOCK_EX);
  RemoveLeftovers(directory.Path("out"));
  EXPECT_THAT(Names(directory.path()),
              ElementsAre(".out.data.onnx-reinit-00000001", ".out.onnx-reinit-00000001"));
  close(descriptor);
  RemoveLeftovers(directory.Path("out"));
  EXPECT_THAT(Names(directory.path()), IsEmpty());
}

// Killed between the two names of its data file and the model.
TEST(LeftoversTest, ADataFileWhoseModelNeverAppearedGoes) {
  test::TempDirectory directory;
  directory.Write(".out.onnx-reinit-00000001", "");
  directory.Write(".out.data.onnx-reinit-00000001", "");
  std::filesystem::create_hard_link(directory.Path(".out.data.onnx-reinit-00000001"),
                                    directory.Path("out.data"));
  RemoveLeftovers(directory.Path("out"));
  EXPECT_THAT(Names(directory.path()), IsEmpty());
}

// Killed when the model had appeared.
TEST(LeftoversTest, ADataFileThatAModelPointsToStays) {
  test::TempDirectory directory;
  directory.Write("out", "model");
  directory.Write(".out.data.onnx-reinit-00000001", "");
  std::filesystem::create_hard_link(directory.Path(".out.data.onnx-reinit-00000001"),
                                    directory.Path("out.data"));
  RemoveLeftovers(directory.Path("out"));
  EXPECT_THAT(Names(directory.path()), ElementsAre("out", "out.data"));
}

// Killed before its model had appeared: what was to be old is not.
TEST(LeftoversTest, SecondNamesOfOldDataGoWithTheRunAndTheDataStay) {
  test::TempDirectory directory;
  directory.Write("out.data", "");
  directory.Write(".out.onnx-reinit-00000001", "");
  for (const char* name : {".out.data.onnx-reinit-old-00000001",
                           ".out.data.onnx-reinit-old-00000002"}) {  // its model has appeared
    std::filesystem::create_hard_link(directory.Path("out.data"), directory.Path(name));
  }
  RemoveLeftovers(directory.Path("out"));
  EXPECT_THAT(Names(directory.path()),
              ElementsAre(".out.data.onnx-reinit-old-00000002", "out.data"));
}

// Killed before its data file was published; another run's has that name.
TEST(LeftoversTest, ADataFileOfAnotherRunStays) {
  test::TempDirectory directory;
  directory.Write(".out.onnx-reinit-00000001", "");
  directory.Write(".out.data.onnx-reinit-00000001", "");
  directory.Write("out.data", "");
  RemoveLeftovers(directory.Path("out"));
  EXPECT_THAT(Names(directory.path()), ElementsAre("out.data"));
}

}  // namespace
}  // namespace onnx_reinit::write
