// Rewrite with external data.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/model_proto.h"
#include "support/temp_file.h"
#include "write/rewrite.h"
#include "write/write_support.h"

namespace onnx_reinit::write {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

absl::Status RewritePatterns(const test::TempDirectory& directory,
                             const std::vector<std::string>& names,
                             const WriteOptions& options = {}) {
  const OpenModel model = Open(directory.Path("in"));
  return Rewrite(*model.file, model.skeleton, *model.external, PatternsFor(model, names),
                 directory.Path("out"), options);
}

onnx::ModelProto Parse(const std::string& path) {
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(test::ReadFile(path)));
  return model;
}

std::map<std::string, std::string> Entries(const onnx::TensorProto& tensor) {
  std::map<std::string, std::string> entries;
  for (const auto& entry : tensor.external_data()) entries[entry.key()] = entry.value();
  return entries;
}

// The raw bytes of every initializer, wherever they are.
std::map<std::string, std::string> Values(const test::TempDirectory& directory,
                                          const std::string& name) {
  std::map<std::string, std::string> values;
  const onnx::ModelProto model = Parse(directory.Path(name));
  for (const onnx::TensorProto& tensor : model.graph().initializer()) {
    if (tensor.data_location() != onnx::TensorProto::EXTERNAL) {
      values[tensor.name()] = tensor.raw_data();
      continue;
    }
    std::map<std::string, std::string> entries = Entries(tensor);
    const std::string file = test::ReadFile(directory.Path(entries["location"]));
    const size_t offset = std::stoull(entries["offset"]);
    const size_t length = std::stoull(entries["length"]);
    EXPECT_LE(offset + length, file.size());
    values[tensor.name()] = file.substr(offset, length);
  }
  return values;
}

// kept (inline), a and b and c (external in "weights"), of which b and c overlap.
onnx::ModelProto WriteExternalModel(const test::TempDirectory& directory) {
  onnx::ModelProto model = SmallModel();
  AddRaw(model, "kept", 10);
  AddExternal(model, "a", 500, "weights", 3);
  AddExternal(model, "b", 100, "weights", 2003);
  AddExternal(model, "c", 100, "weights", 2203);
  directory.Write("in", model.SerializeAsString());
  directory.Write("weights", CountingBytes(3000));
  return model;
}

TEST(RewriteExternalTest, EverythingMovesToANewFile) {
  test::TempDirectory directory;
  WriteExternalModel(directory);

  ASSERT_EQ(RewritePatterns(directory, {"a"}), absl::OkStatus());

  EXPECT_THAT(Names(directory.path()), ElementsAre("in", "out", "out.data", "weights"));
  auto values = Values(directory, "out");
  EXPECT_EQ(values["kept"], CountingBytes(40));
  EXPECT_EQ(values["a"], PatternBytes("a", 2000));
  EXPECT_EQ(values["b"], CountingBytes(400, 2003));
  EXPECT_EQ(values["c"], CountingBytes(400, 2203));
  EXPECT_EQ(test::ReadFile(directory.Path("weights")), CountingBytes(3000));
}

TEST(RewriteExternalTest, NothingElseInTheModelChanges) {
  test::TempDirectory directory;
  onnx::ModelProto before = WriteExternalModel(directory);
  ASSERT_EQ(RewritePatterns(directory, {"a"}), absl::OkStatus());
  onnx::ModelProto after = Parse(directory.Path("out"));
  for (onnx::ModelProto* model : {&before, &after}) {
    for (auto& tensor : *model->mutable_graph()->mutable_initializer()) {
      tensor.clear_external_data();
    }
  }
  EXPECT_EQ(before.SerializeAsString(), after.SerializeAsString());
}

TEST(RewriteExternalTest, KeptTensorsThatOverlapStillDo) {
  test::TempDirectory directory;
  WriteExternalModel(directory);
  ASSERT_EQ(RewritePatterns(directory, {"a"}), absl::OkStatus());
  const onnx::ModelProto out = Parse(directory.Path("out"));
  const size_t b = std::stoull(Entries(out.graph().initializer(2))["offset"]);
  const size_t c = std::stoull(Entries(out.graph().initializer(3))["offset"]);
  EXPECT_EQ(c, b + 200);
}

TEST(RewriteExternalTest, AChangedTensorLeavesASharedRange) {
  test::TempDirectory directory;
  WriteExternalModel(directory);
  ASSERT_EQ(RewritePatterns(directory, {"b"}), absl::OkStatus());
  auto values = Values(directory, "out");
  EXPECT_EQ(values["b"], PatternBytes("b", 400));
  EXPECT_EQ(values["c"], CountingBytes(400, 2203));
}

TEST(RewriteExternalTest, StaleEntriesGoAndOthersStay) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  onnx::TensorProto& tensor = AddExternal(model, "w", 10, "weights", 0);
  for (const char* key : {"checksum", "prepacked_0", "basepath", "source_shape", "slice_starts"}) {
    test::AddEntry(tensor, key, "1");
  }
  test::AddEntry(tensor, "vendor", "kept");
  directory.Write("in", model.SerializeAsString());
  directory.Write("weights", CountingBytes(40));
  ASSERT_EQ(RewritePatterns(directory, {"w"}), absl::OkStatus());
  const std::map<std::string, std::string> expected = {
      {"location", "out.data"}, {"offset", "0"}, {"length", "40"}, {"vendor", "kept"}};
  EXPECT_EQ(Entries(Parse(directory.Path("out")).graph().initializer(0)), expected);
}

TEST(RewriteExternalTest, LengthAndOffsetMayBeMissing) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  onnx::TensorProto& tensor = AddExternal(model, "w", 10, "weights", 0);
  tensor.mutable_external_data()->DeleteSubrange(1, 2);
  directory.Write("in", model.SerializeAsString());
  directory.Write("weights", CountingBytes(100));
  ASSERT_EQ(RewritePatterns(directory, {}), absl::OkStatus());
  EXPECT_EQ(Values(directory, "out")["w"], CountingBytes(40));
}

TEST(RewriteExternalTest, LargeTensorsBeginOnAPage) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddExternal(model, "small", 1, "weights", 0);
  AddExternal(model, "large", 1 << 18, "weights", 4);
  directory.Write("in", model.SerializeAsString());
  directory.Write("weights", CountingBytes((1 << 20) + 4));
  ASSERT_EQ(RewritePatterns(directory, {"small"}), absl::OkStatus());
  const onnx::ModelProto out = Parse(directory.Path("out"));
  EXPECT_EQ(Entries(out.graph().initializer(1))["offset"], "4096");
  EXPECT_TRUE(Values(directory, "out")["large"] == CountingBytes(1 << 20, 4));
}

TEST(RewriteExternalTest, TakesANameThatIsFree) {
  test::TempDirectory directory;
  WriteExternalModel(directory);
  directory.Write("out.data", "mine");
  std::filesystem::create_symlink("nowhere", directory.Path("out.2.data"));
  ASSERT_EQ(RewritePatterns(directory, {"a"}), absl::OkStatus());
  EXPECT_EQ(test::ReadFile(directory.Path("out.data")), "mine");
  EXPECT_TRUE(std::filesystem::exists(directory.Path("out.3.data")));
  EXPECT_EQ(Values(directory, "out")["a"], PatternBytes("a", 2000));
}

TEST(RewriteExternalTest, ANameThatIsTooLongIsFoundBeforeAnythingIsWritten) {
  test::TempDirectory directory;
  WriteExternalModel(directory);
  const OpenModel model = Open(directory.Path("in"));
  const std::string longest(251, 'n');  // with ".data" it is too long
  bool has_written = false;
  const absl::Status status =
      Rewrite(*model.file, model.skeleton, *model.external, PatternsFor(model, {"a"}),
              directory.Path(longest),
              {.progress = [&](uint64_t /*done*/, uint64_t /*total*/) { has_written = true; }});
  EXPECT_THAT(std::string(status.message()), HasSubstr(".data': File name too long"));
  EXPECT_FALSE(has_written);
  EXPECT_THAT(Names(directory.path()), ElementsAre("in", "weights"));
}

TEST(RewriteExternalTest, AFileThatIsTooShortIsNamedWithItsTensor) {
  test::TempDirectory directory;
  WriteExternalModel(directory);
  std::filesystem::resize_file(directory.Path("weights"), 2300);
  const absl::Status status = RewritePatterns(directory, {"a"});
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("weights: "));
  EXPECT_THAT(std::string(status.message()), HasSubstr("tensor 'b'"));
}

// What the replaced output pointed to goes with it; what it did not, or what the input needs,
// stays.
TEST(RewriteExternalTest, TheDataOfAReplacedOutputGoes) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddExternal(model, "w", 1000, "weights", 0);
  directory.Write("in", model.SerializeAsString());
  directory.Write("weights", CountingBytes(4000));
  for (const char* data : {"out.data", "out.2.data", "out.data"}) {
    ASSERT_EQ(RewritePatterns(directory, {"w"}), absl::OkStatus());
    EXPECT_THAT(Names(directory.path()), ElementsAre("in", "out", data, "weights"));
  }
}

TEST(RewriteExternalTest, DataFilesHaveTheModeOfTheModelThatIsReplaced) {
  test::TempDirectory directory;
  WriteExternalModel(directory);
  directory.Write("out", "old");
  for (const auto& [mode, data] : {std::pair(0640, "out.data"), std::pair(0440, "out.2.data")}) {
    const auto permissions = std::filesystem::perms(mode);
    std::filesystem::permissions(directory.Path("out"), permissions);
    ASSERT_EQ(RewritePatterns(directory, {"a"}), absl::OkStatus());
    for (const char* name : {"out", data}) {
      EXPECT_EQ(std::filesystem::status(directory.Path(name)).permissions(), permissions) << name;
    }
  }
}

TEST(RewriteExternalTest, RootLeavesTheOutputToItsOwner) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  test::TempDirectory directory;
  WriteExternalModel(directory);
  constexpr uid_t kOwner = 1234;
  constexpr gid_t kGroup = 5678;
  ASSERT_EQ(chown(directory.Write("out", "old").c_str(), kOwner, kGroup), 0);
  ASSERT_EQ(RewritePatterns(directory, {"a"}), absl::OkStatus());
  for (const char* name : {"out", "out.data"}) {
    struct stat info = {};
    ASSERT_EQ(stat(directory.Path(name).c_str(), &info), 0);
    EXPECT_EQ(info.st_uid, kOwner) << name;
    EXPECT_EQ(info.st_gid, kGroup) << name;
  }
}

TEST(RewriteExternalTest, DataOfOtherNamesStays) {
  test::TempDirectory directory;
  directory.Write("in", SmallModel().SerializeAsString());
  onnx::ModelProto old = SmallModel();
  AddExternal(old, "a", 10, "weights.data", 0);
  AddExternal(old, "b", 10, "folder/out.data", 0);
  AddExternal(old, "c", 10, "out.data.txt", 0);
  directory.Write("out", old.SerializeAsString());
  for (const char* name : {"weights.data", "folder/out.data", "out.data.txt", "out.7.data"}) {
    directory.Write(name, "");
  }
  ASSERT_EQ(RewritePatterns(directory, {}), absl::OkStatus());
  EXPECT_THAT(Names(directory.path()),
              ElementsAre("folder", "in", "out", "out.7.data", "out.data.txt", "weights.data"));
  EXPECT_TRUE(std::filesystem::exists(directory.Path("folder/out.data")));
}

TEST(RewriteExternalTest, DataThatTheInputSharesWithTheOutputStays) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddExternal(model, "w", 1000, "out.data", 0);
  directory.Write("in", model.SerializeAsString());
  directory.Write("out", model.SerializeAsString());
  directory.Write("out.data", CountingBytes(4000));
  ASSERT_EQ(RewritePatterns(directory, {"w"}), absl::OkStatus());
  EXPECT_EQ(test::ReadFile(directory.Path("out.data")), CountingBytes(4000));
  EXPECT_THAT(Names(directory.path()), ElementsAre("in", "out", "out.2.data", "out.data"));
}

TEST(RewriteExternalTest, AMissingFileIsNotNeededWhereAllOfItIsReplaced) {
  test::TempDirectory directory;
  WriteExternalModel(directory);
  std::filesystem::remove(directory.Path("weights"));

  const absl::Status status = RewritePatterns(directory, {"a", "b"});
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("weights"));
  EXPECT_THAT(Names(directory.path()), ElementsAre("in"));

  ASSERT_EQ(RewritePatterns(directory, {"a", "b", "c"}), absl::OkStatus());
  EXPECT_EQ(Values(directory, "out")["c"], PatternBytes("c", 400));
}

TEST(RewriteExternalTest, AShortFileIsFoundBeforeAnythingIsWritten) {
  test::TempDirectory directory;
  WriteExternalModel(directory);
  directory.Write("weights", CountingBytes(2500));
  const absl::Status status = RewritePatterns(directory, {"a"});
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("the file has only 2500"));
  EXPECT_THAT(Names(directory.path()), ElementsAre("in", "weights"));
}

TEST(RewriteExternalTest, TheOutputMayNotBeADataFileOfTheInput) {
  test::TempDirectory directory;
  WriteExternalModel(directory);
  std::filesystem::create_hard_link(directory.Path("weights"), directory.Path("out"));
  for (const bool in_place : {false, true}) {
    const absl::Status status = RewritePatterns(directory, {"a"}, {.in_place = in_place});
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("external data of the input"));
  }
  EXPECT_EQ(test::ReadFile(directory.Path("weights")), CountingBytes(3000));
}

TEST(RewriteExternalTest, InPlaceLeavesTheOldDataFile) {
  test::TempDirectory directory;
  WriteExternalModel(directory);
  const OpenModel model = Open(directory.Path("in"));
  ASSERT_EQ(Rewrite(*model.file, model.skeleton, *model.external, PatternsFor(model, {"a"}),
                    directory.Path("in"), {.in_place = true}),
            absl::OkStatus());
  EXPECT_EQ(Values(directory, "in")["a"], PatternBytes("a", 2000));
  EXPECT_EQ(test::ReadFile(directory.Path("weights")), CountingBytes(3000));
}

TEST(RewriteExternalTest, SymbolicLinksOfAModelCacheAreFollowed) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddExternal(model, "kept", 10, "in_data", 0);
  AddExternal(model, "w", 10, "in_data", 40);
  directory.Write("blobs/1", model.SerializeAsString());
  directory.Write("blobs/2", CountingBytes(80));
  std::filesystem::create_directory(directory.Path("snapshot"));
  std::filesystem::create_symlink("../blobs/1", directory.Path("snapshot/in"));
  std::filesystem::create_symlink("../blobs/2", directory.Path("snapshot/in_data"));
  const OpenModel open = Open(directory.Path("snapshot/in"));
  ASSERT_EQ(Rewrite(*open.file, open.skeleton, *open.external, PatternsFor(open, {"w"}),
                    directory.Path("out"), {}),
            absl::OkStatus());
  auto values = Values(directory, "out");
  EXPECT_EQ(values["kept"], CountingBytes(40));
  EXPECT_EQ(values["w"], PatternBytes("w", 40));
}

TEST(RewriteExternalTest, InlineTakesEverythingIn) {
  test::TempDirectory directory;
  WriteExternalModel(directory);
  ASSERT_EQ(RewritePatterns(directory, {"a"}, {.external_data = ExternalData::kInline}),
            absl::OkStatus());
  EXPECT_THAT(Names(directory.path()), ElementsAre("in", "out", "weights"));
  auto values = Values(directory, "out");
  EXPECT_EQ(values["a"], PatternBytes("a", 2000));
  EXPECT_EQ(values["c"], CountingBytes(400, 2203));
  const onnx::ModelProto out = Parse(directory.Path("out"));
  for (const onnx::TensorProto& tensor : out.graph().initializer()) {
    EXPECT_EQ(tensor.external_data_size(), 0);
  }
}

TEST(RewriteExternalTest, OneFileTakesLargeInitializersOut) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddRaw(model, "small", 255);
  AddRaw(model, "large", 256);
  AddRaw(model, "changed", 300);
  onnx::TensorProto& typed = AddRaw(model, "typed", 0);
  typed.clear_raw_data();
  typed.set_dims(0, 300);
  for (int i = 0; i < 300; ++i) typed.add_float_data(1);
  directory.Write("in", model.SerializeAsString());

  ASSERT_EQ(RewritePatterns(directory, {"changed"}, {.external_data = ExternalData::kOneFile}),
            absl::OkStatus());

  auto values = Values(directory, "out");
  EXPECT_EQ(values["small"], CountingBytes(1020));
  EXPECT_EQ(values["large"], CountingBytes(1024));
  EXPECT_EQ(values["changed"], PatternBytes("changed", 1200));
  std::string ones;
  for (int i = 0; i < 300; ++i) ones += std::string("\0\0\x80\x3F", 4);
  EXPECT_EQ(values["typed"], ones);
  const onnx::ModelProto out = Parse(directory.Path("out"));
  for (int i = 1; i < 4; ++i) {
    EXPECT_EQ(out.graph().initializer(i).data_location(), onnx::TensorProto::EXTERNAL);
    EXPECT_FALSE(out.graph().initializer(i).has_raw_data());
    EXPECT_EQ(out.graph().initializer(i).float_data_size(), 0);
  }
  EXPECT_FALSE(out.graph().initializer(0).has_data_location());
}

TEST(RewriteExternalTest, ShardsAreFilledInOrder) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  for (const char* name : {"a", "b", "c", "d"}) AddRaw(model, name, 256);
  AddRaw(model, "large", 2000);
  directory.Write("in", model.SerializeAsString());

  ASSERT_EQ(RewritePatterns(directory, {"b", "large"},
                            {.external_data = ExternalData::kShards, .shard_size = 2048}),
            absl::OkStatus());

  EXPECT_THAT(Names(directory.path()),
              ElementsAre("in", "out", "out-00001-of-00003.data", "out-00002-of-00003.data",
                          "out-00003-of-00003.data"));
  auto values = Values(directory, "out");
  EXPECT_EQ(values["a"], CountingBytes(1024));
  EXPECT_EQ(values["b"], PatternBytes("b", 1024));
  EXPECT_EQ(values["large"], PatternBytes("large", 8000));
  for (const char* name : {"out-00001-of-00003.data", "out-00002-of-00003.data"}) {
    EXPECT_LE(std::filesystem::file_size(directory.Path(name)), 2048U);
  }
}

TEST(RewriteExternalTest, ShardsNeedASize) {
  test::TempDirectory directory;
  WriteExternalModel(directory);
  const absl::Status status =
      RewritePatterns(directory, {}, {.external_data = ExternalData::kShards});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
}

TEST(RewriteExternalTest, TwoGibibytesAreFoundInAdvance) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  constexpr int64_t kCount = int64_t{1} << 29;
  AddExternal(model, "w", kCount, "weights", 0);
  directory.Write("in", model.SerializeAsString());
  directory.Write("weights", "");
  std::filesystem::resize_file(directory.Path("weights"), kCount * 4);  // sparse
  const absl::Status status =
      RewritePatterns(directory, {"w"}, {.external_data = ExternalData::kInline});
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(std::string(status.message()), HasSubstr("--external-data one-file"));
  EXPECT_THAT(Names(directory.path()), Not(testing::Contains("out")));
}

}  // namespace
}  // namespace onnx_reinit::write
