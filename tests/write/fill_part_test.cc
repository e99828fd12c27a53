// One output made in parts.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/model_proto.h"
#include "support/temp_file.h"
#include "write/child.h"
#include "write/parts_record.h"
#include "write/rewrite.h"
#include "write/write_support.h"

namespace onnx_reinit::write {
namespace {

using testing::HasSubstr;

// Inline and external, kept and changed, one longer than several chunks.
std::string WriteModel(const test::TempDirectory& directory) {
  onnx::ModelProto model = SmallModel();
  AddRaw(model, "kept", 100'000);
  AddRaw(model, "w_small", 3);
  AddRaw(model, "w_large", 1'500'001);
  AddExternal(model, "also_kept", 10'000, "weights", 1);
  AddExternal(model, "w_external", 2'000'001, "weights", 40'001);
  directory.Write("weights", CountingBytes(9'000'000));
  return directory.Write("in", model.SerializeAsString());
}

// The files of a single run, by name.
std::vector<std::string> WholeRun(const test::TempDirectory& directory, const std::string& in) {
  EXPECT_EQ(Child({"rewrite", in, directory.Path("out")}).Wait(), 0);
  std::vector<std::string> contents = {test::ReadFile(directory.Path("out")),
                                       test::ReadFile(directory.Path("out.data"))};
  std::filesystem::remove(directory.Path("out"));
  std::filesystem::remove(directory.Path("out.data"));
  return contents;
}

absl::Status Fill(const std::string& in, const std::string& out, int part, int parts,
                  const std::string& job = "job") {
  const OpenModel model = Open(in);
  return FillPart(*model.file, model.skeleton, *model.external, PatternsForWeights(model), out, job,
                  part, parts, {});
}

// As if --prepare had been run for this output.
void Record(const std::string& out) { ASSERT_EQ(PartsRecord(out).Create("job"), absl::OkStatus()); }

TEST(FillPartTest, ProcessesMakeTheBytesOfASingleRun) {
  test::TempDirectory directory;
  const std::string in = WriteModel(directory);
  const std::string out = directory.Path("out");
  const std::vector<std::string> expected = WholeRun(directory, in);

  ASSERT_EQ(Child({"prepare", in, out}).Wait(), 0);
  EXPECT_EQ(test::ReadFile(out).size(), expected[0].size());
  EXPECT_FALSE(test::ReadFile(out) == expected[0]);
  Child third({"part", in, out, "3", "3"});
  Child first({"part", in, out, "1", "3"});
  EXPECT_EQ(first.Wait(), 0);
  EXPECT_EQ(third.Wait(), 0);
  EXPECT_FALSE(test::ReadFile(directory.Path("out.data")) == expected[1]) << "part 2 is missing";
  EXPECT_EQ(Child({"part", in, out, "2", "3"}).Wait(), 0);

  EXPECT_TRUE(test::ReadFile(out) == expected[0]);
  EXPECT_TRUE(test::ReadFile(directory.Path("out.data")) == expected[1]);
}

TEST(FillPartTest, MayWriteWhatTookThePlaceOfAReadOnlyModel) {
  test::TempDirectory directory;
  const std::string in = WriteModel(directory);
  const std::string out = directory.Write("out", "old");
  std::filesystem::permissions(out, std::filesystem::perms{0440});
  ASSERT_EQ(Child({"prepare", in, out}).Wait(), 0);
  for (const std::string& path : {out, directory.Path("out.data")}) {
    EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms{0640}) << path;
  }
}

TEST(FillPartTest, DividesDifferentlyToTheSameBytes) {
  test::TempDirectory directory;
  const std::string in = WriteModel(directory);
  const std::string out = directory.Path("out");
  const std::vector<std::string> expected = WholeRun(directory, in);
  ASSERT_EQ(Child({"prepare", in, out}).Wait(), 0);
  ASSERT_EQ(Fill(in, out, 1, 2), absl::OkStatus());
  for (int part = 40; part > 0; --part) ASSERT_EQ(Fill(in, out, part, 40), absl::OkStatus());
  EXPECT_TRUE(test::ReadFile(out) == expected[0]);
  EXPECT_TRUE(test::ReadFile(directory.Path("out.data")) == expected[1]);
}

TEST(FillPartTest, FindsDataFilesUnderAnotherName) {
  test::TempDirectory directory;
  const std::string in = WriteModel(directory);
  const std::string out = directory.Path("out");
  const std::vector<std::string> expected = WholeRun(directory, in);
  directory.Write("out.data", "mine");
  ASSERT_EQ(Child({"prepare", in, out}).Wait(), 0);
  ASSERT_EQ(Fill(in, out, 1, 1), absl::OkStatus());
  EXPECT_EQ(test::ReadFile(directory.Path("out.data")), "mine");
  EXPECT_TRUE(test::ReadFile(directory.Path("out.2.data")) == expected[1]);
}

TEST(FillPartTest, RefusesWhatWasNotPrepared) {
  test::TempDirectory directory;
  const std::string in = WriteModel(directory);
  const std::string other = directory.Write("out", SmallModel().SerializeAsString());
  Record(other);
  const absl::Status status = Fill(in, other, 1, 2);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("--prepare"));
  EXPECT_EQ(test::ReadFile(other), SmallModel().SerializeAsString());
}

// Each would be filled with other bytes than --prepare made room for.
TEST(FillPartTest, RefusesAnotherJob) {
  test::TempDirectory directory;
  const std::string in = WriteModel(directory);
  const std::string out = directory.Path("out");
  ASSERT_EQ(Child({"prepare", in, out}).Wait(), 0);
  const std::string prepared = test::ReadFile(out);
  const absl::Status status = Fill(in, out, 1, 1, "another");
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("another plan"));
  EXPECT_TRUE(test::ReadFile(out) == prepared);
}

TEST(FillPartTest, RefusesWhatAPlainRunWrote) {
  test::TempDirectory directory;
  const std::string in = WriteModel(directory);
  const std::string out = directory.Path("out");
  ASSERT_EQ(Child({"prepare", in, out}).Wait(), 0);
  ASSERT_EQ(Child({"rewrite", in, out}).Wait(), 0);
  EXPECT_EQ(Fill(in, out, 1, 1).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(FillPartTest, TheLastPartTakesTheRecordAway) {
  test::TempDirectory directory;
  const std::string in = WriteModel(directory);
  const std::string out = directory.Path("out");
  ASSERT_EQ(Child({"prepare", in, out}).Wait(), 0);
  const std::string record = directory.Path(".out.onnx-reinit-parts");
  for (const int part : {1, 3, 3, 1}) {
    ASSERT_EQ(Fill(in, out, part, 3), absl::OkStatus());
    EXPECT_TRUE(std::filesystem::exists(record)) << "part 2 is missing";
  }
  ASSERT_EQ(Fill(in, out, 1, 2), absl::OkStatus());
  EXPECT_TRUE(std::filesystem::exists(record)) << "parts of another division do not count";
  ASSERT_EQ(Fill(in, out, 2, 3), absl::OkStatus());
  EXPECT_FALSE(std::filesystem::exists(record));
  EXPECT_EQ(Fill(in, out, 2, 3).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(FillPartTest, RefusesADataFileOfAnotherSize) {
  test::TempDirectory directory;
  const std::string in = WriteModel(directory);
  ASSERT_EQ(Child({"prepare", in, directory.Path("out")}).Wait(), 0);
  std::filesystem::resize_file(directory.Path("out.data"), 100);
  EXPECT_EQ(Fill(in, directory.Path("out"), 1, 2).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(std::filesystem::file_size(directory.Path("out.data")), 100U);
}

TEST(FillPartTest, NeverWritesToTheInput) {
  test::TempDirectory directory;
  const std::string in = WriteModel(directory);
  const std::string before = test::ReadFile(in);
  Record(in);
  EXPECT_EQ(Fill(in, in, 1, 1).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(test::ReadFile(in) == before);
}

// Made of a copy of the input: its data file is the input's own.
TEST(FillPartTest, NeverWritesToTheInputsDataFiles) {
  test::TempDirectory directory;
  const std::string source = WriteModel(directory);
  const std::string in = directory.Path("model");
  ASSERT_EQ(Child({"rewrite", source, in}).Wait(), 0);
  const std::string before = test::ReadFile(directory.Path("model.data"));
  const std::string copy = directory.Path("copy");
  std::filesystem::copy_file(in, copy);

  Record(copy);
  EXPECT_EQ(Fill(in, copy, 1, 1).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(test::ReadFile(directory.Path("model.data")) == before);
}

TEST(FillPartTest, ThereAreNoPartsBeyondTheLast) {
  test::TempDirectory directory;
  const std::string in = WriteModel(directory);
  for (const auto& [part, parts] : std::vector<std::pair<int, int>>{{0, 3}, {4, 3}, {1, 0}}) {
    EXPECT_EQ(Fill(in, directory.Path("out"), part, parts).code(),
              absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace onnx_reinit::write
