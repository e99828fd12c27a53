#include "write/rewrite.h"

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/temp_file.h"
#include "support/wire_bytes.h"
#include "write/encode.h"
#include "write/write_support.h"

namespace onnx_reinit::write {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

absl::Status RewritePatterns(const std::string& in, const std::string& out,
                             const std::vector<std::string>& names,
                             const WriteOptions& options = {}) {
  const OpenModel model = Open(in);
  return Rewrite(*model.file, model.skeleton, *model.external, PatternsFor(model, names), out,
                 options);
}

onnx::ModelProto Parse(const std::string& path) {
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(test::ReadFile(path)));
  return model;
}

TEST(RewriteTest, RawDataChangesAndNothingElse) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddRaw(model, "kept", 10);
  AddRaw(model, "w", 1000);
  AddRaw(model, "last", 3);
  directory.Write("in", model.SerializeAsString());

  ASSERT_EQ(RewritePatterns(directory.Path("in"), directory.Path("out"), {"w"}), absl::OkStatus());

  model.mutable_graph()->mutable_initializer(1)->set_raw_data(PatternBytes("w", 4000));
  EXPECT_EQ(test::ReadFile(directory.Path("out")), model.SerializeAsString());
  EXPECT_THAT(Names(directory.path()), ElementsAre("in", "out"));
}

TEST(RewriteTest, PayloadsLongerThanAChunk) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddRaw(model, "kept", 700'001);
  AddRaw(model, "w", 1'000'003);
  AddRaw(model, "v", 1'000'003);
  directory.Write("in", model.SerializeAsString());

  ASSERT_EQ(RewritePatterns(directory.Path("in"), directory.Path("out"), {"w", "v"}),
            absl::OkStatus());

  model.mutable_graph()->mutable_initializer(1)->set_raw_data(PatternBytes("w", 4'000'012));
  model.mutable_graph()->mutable_initializer(2)->set_raw_data(PatternBytes("v", 4'000'012));
  EXPECT_TRUE(test::ReadFile(directory.Path("out")) == model.SerializeAsString());
}

TEST(RewriteTest, Int32DataBecomesRawData) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddRaw(model, "kept", 10);
  onnx::TensorProto& tensor = AddRaw(model, "half", 0);
  tensor.clear_raw_data();
  tensor.set_data_type(onnx::TensorProto::FLOAT16);
  tensor.set_dims(0, 200);
  for (int i = 0; i < 200; ++i) tensor.add_int32_data(i * 300);
  directory.Write("in", model.SerializeAsString());

  ASSERT_EQ(RewritePatterns(directory.Path("in"), directory.Path("out"), {"half"}),
            absl::OkStatus());

  tensor.clear_int32_data();
  tensor.set_raw_data(PatternBytes("half", 400));
  EXPECT_EQ(Parse(directory.Path("out")).SerializeAsString(), model.SerializeAsString());
}

TEST(RewriteTest, UnpackedFloatsKeepTheirTags) {
  test::TempDirectory directory;
  onnx::TensorProto tensor;
  tensor.set_name("w");
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.add_dims(3);
  std::string bytes = tensor.SerializeAsString();
  const std::string tag = test::Tag(4, 5);
  for (int i = 0; i < 3; ++i) bytes += tag + "abcd";
  const std::string model = SmallModel().SerializeAsString() + BytesField(7, BytesField(5, bytes));
  directory.Write("in", model);

  ASSERT_EQ(RewritePatterns(directory.Path("in"), directory.Path("out"), {"w"}), absl::OkStatus());

  std::string expected = model.substr(0, model.size() - 15);
  const std::string pattern = PatternBytes("w", 12);
  for (size_t i = 0; i < 3; ++i) expected += tag + pattern.substr(i * 4, 4);
  EXPECT_EQ(test::ReadFile(directory.Path("out")), expected);
}

TEST(RewriteTest, BytesDoNotDependOnThreads) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  for (int i = 0; i < 50; ++i) AddRaw(model, "w" + std::to_string(i), 50'000 + i);
  directory.Write("in", model.SerializeAsString());
  const std::vector<std::string> names = {"w3", "w4", "w17", "w49"};
  ASSERT_EQ(RewritePatterns(directory.Path("in"), directory.Path("one"), names, {.threads = 1}),
            absl::OkStatus());
  ASSERT_EQ(RewritePatterns(directory.Path("in"), directory.Path("eight"), names, {.threads = 8}),
            absl::OkStatus());
  EXPECT_TRUE(test::ReadFile(directory.Path("one")) == test::ReadFile(directory.Path("eight")));
}

TEST(RewriteTest, BytesDoNotDependOnTheOrderOfReplacements) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  for (int i = 0; i < 4; ++i) AddRaw(model, "w" + std::to_string(i), 100 + i);
  directory.Write("in", model.SerializeAsString());
  ASSERT_EQ(RewritePatterns(directory.Path("in"), directory.Path("out"), {"w0", "w1", "w3"}),
            absl::OkStatus());
  const std::string expected = test::ReadFile(directory.Path("out"));
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"w3", "w1", "w0"}, {"w0", "w3", "w1"}, {"w1", "w3", "w0"}}) {
    ASSERT_EQ(RewritePatterns(directory.Path("in"), directory.Path("out"), names),
              absl::OkStatus());
    EXPECT_EQ(test::ReadFile(directory.Path("out")), expected) << names.front();
  }
}

// Ways to name the input as the output.
struct SameFileRow {
  const char* name;
  std::function<std::string(const test::TempDirectory&)> output;
};

class SameFileTest : public testing::TestWithParam<SameFileRow> {};

TEST_P(SameFileTest, IsRefused) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddRaw(model, "w", 10);
  directory.Write("in", model.SerializeAsString());
  const std::string output = GetParam().output(directory);

  const absl::Status status = RewritePatterns(directory.Path("in"), output, {"w"});

  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("--in-place"));
  EXPECT_EQ(test::ReadFile(directory.Path("in")), model.SerializeAsString());
}

TEST_P(SameFileTest, IsReplacedInPlace) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddRaw(model, "w", 10);
  directory.Write("in", model.SerializeAsString());
  const std::string output = GetParam().output(directory);

  ASSERT_EQ(RewritePatterns(directory.Path("in"), output, {"w"}, {.in_place = true}),
            absl::OkStatus());

  model.mutable_graph()->mutable_initializer(0)->set_raw_data(PatternBytes("w", 40));
  EXPECT_EQ(test::ReadFile(output), model.SerializeAsString());
}

INSTANTIATE_TEST_SUITE_P(
    Names, SameFileTest,
    testing::Values(SameFileRow{"Path", [](const test::TempDirectory& d) { return d.Path("in"); }},
                    SameFileRow{"OtherPath",
                                [](const test::TempDirectory& d) { return d.Path("./in"); }},
                    SameFileRow{"HardLink",
                                [](const test::TempDirectory& d) {
                                  std::filesystem::create_hard_link(d.Path("in"), d.Path("out"));
                                  return d.Path("out");
                                }},
                    SameFileRow{"SymbolicLink",
                                [](const test::TempDirectory& d) {
                                  std::filesystem::create_symlink("in", d.Path("out"));
                                  return d.Path("out");
                                }}),
    [](const auto& row) { return row.param.name; });

TEST(RewriteTest, KeepsTheModeOfTheFileItReplaces) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddRaw(model, "w", 10);
  directory.Write("in", model.SerializeAsString());
  directory.Write("out", "old");
  const auto mode = std::filesystem::perms{0640};
  std::filesystem::permissions(directory.Path("out"), mode);
  ASSERT_EQ(RewritePatterns(directory.Path("in"), directory.Path("out"), {"w"}), absl::OkStatus());
  EXPECT_EQ(std::filesystem::status(directory.Path("out")).permissions(), mode);
}

TEST(RewriteTest, AFailedGeneratorLeavesTheOldOutput) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddRaw(model, "w", 10);
  directory.Write("in", model.SerializeAsString());
  directory.Write("out", "old");
  const OpenModel open = Open(directory.Path("in"));
  const std::vector<Replacement> replacements = {
      {&FindInitializer(open, "w"), [] { return absl::InvalidArgumentError("no such values"); }}};

  const absl::Status status =
      Rewrite(*open.file, open.skeleton, *open.external, replacements, directory.Path("out"), {});

  EXPECT_EQ(status, absl::InvalidArgumentError("no such values"));
  EXPECT_EQ(test::ReadFile(directory.Path("out")), "old");
  EXPECT_THAT(Names(directory.path()), ElementsAre("in", "out"));
}

TEST(RewriteTest, AMissingDirectoryIsNamed) {
  test::TempDirectory directory;
  directory.Write("in", SmallModel().SerializeAsString());
  const std::string output = directory.Path("none/out");
  const absl::Status status = RewritePatterns(directory.Path("in"), output, {});
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr(directory.Path("none")));
}

}  // namespace
}  // namespace onnx_reinit::write
