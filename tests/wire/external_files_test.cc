#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/temp_file.h"
#include "wire/payload.h"

namespace onnx_reinit::wire {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// A folder "home" with a model, and one beside it.
class ExternalFilesTest : public ::testing::Test {
 protected:
  ExternalFilesTest() : model_(root_.Write("home/model.onnx", "")) {}

  void Link(const std::string& target, const std::string& name) const {
    fs::create_directories(fs::path(root_.Path(name)).parent_path());
    fs::create_symlink(target, root_.Path(name));
  }

  // The size of the file that the location leads to; the model is at `model`.
  static absl::StatusOr<uint64_t> SizeOf(const std::string& model, const std::string& location) {
    ExternalFiles files(model);
    const auto file = files.Open(location);
    if (!file.ok()) return file.status();
    return (*file)->size();
  }

  absl::StatusOr<uint64_t> SizeOf(const std::string& location) const {
    return SizeOf(model_, location);
  }

  test::TempDirectory root_;
  std::string model_;
};

TEST_F(ExternalFilesTest, OpensWhatLiesBesideOrBelowTheModel) {
  root_.Write("home/a.bin", "1");
  root_.Write("home/sub/b.bin", "12");
  EXPECT_EQ(*SizeOf("a.bin"), 1U);
  EXPECT_EQ(*SizeOf("sub/b.bin"), 2U);
  EXPECT_EQ(*SizeOf("sub/../a.bin"), 1U);
}

TEST_F(ExternalFilesTest, FollowsALinkThatStaysInside) {
  root_.Write("home/a.bin", "1");
  Link("a.bin", "home/link.bin");
  EXPECT_EQ(*SizeOf("link.bin"), 1U);
}

TEST_F(ExternalFilesTest, RefusesALinkThatLeadsOut) {
  root_.Write("other/secret.bin", "1");
  Link("../other/secret.bin", "home/link.bin");
  Link("../other", "home/folder");
  for (const char* location : {"link.bin", "folder/secret.bin"}) {
    const absl::Status status = SizeOf(location).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()), HasSubstr("leads out of the model's folder, to"));
  }
}

TEST_F(ExternalFilesTest, AFolderOfALongerNameIsOutside) {
  root_.Write("home2/a.bin", "1");
  Link("../home2/a.bin", "home/link.bin");
  EXPECT_EQ(SizeOf("link.bin").status().code(), absl::StatusCode::kDataLoss);
}

// The cache of the Hugging Face hub: snapshots/<revision>/model.onnx links into blobs/.
TEST_F(ExternalFilesTest, FollowsLinksBesideTheLinkedModel) {
  root_.Write("blobs/1234", "");
  root_.Write("blobs/5678", "123");
  Link("../../blobs/1234", "snapshots/r/model.onnx");
  Link("../../blobs/5678", "snapshots/r/model.onnx_data");
  EXPECT_EQ(*SizeOf(root_.Path("snapshots/r/model.onnx"), "model.onnx_data"), 3U);
}

TEST_F(ExternalFilesTest, AllowsHardLinks) {
  fs::create_hard_link(root_.Write("other/a.bin", "1"), root_.Path("home/hard.bin"));
  EXPECT_EQ(*SizeOf("hard.bin"), 1U);
}

TEST_F(ExternalFilesTest, SaysThatAFileIsMissing) {
  const absl::Status status = SizeOf("missing.bin").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("home/missing.bin"));
}

TEST_F(ExternalFilesTest, RefusesADirectory) {
  root_.Write("home/sub/b.bin", "12");
  EXPECT_EQ(SizeOf("sub").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(SizeOf(".").status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(ExternalFilesTest, WorksWithoutAFolderInTheModelsPath) {
  root_.Write("home/a.bin", "1");
  const fs::path before = fs::current_path();
  fs::current_path(root_.Path("home"));
  EXPECT_EQ(*SizeOf("model.onnx", "a.bin"), 1U);
  fs::current_path(before);
}

TEST_F(ExternalFilesTest, OpensEachFileOnceFromAllThreads) {
  root_.Write("home/a.bin", "1");
  ExternalFiles files(model_);
  std::vector<const InputFile*> opened(8);
  std::vector<std::thread> threads;
  threads.reserve(opened.size());
  for (const InputFile*& slot : opened) {
    threads.emplace_back([&files, &slot] { slot = files.Open("a.bin").value(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const InputFile* file : opened) EXPECT_EQ(file, opened[0]);
}

TEST_F(ExternalFilesTest, RemembersWhatIsMissing) {
  ExternalFiles files(model_);
  EXPECT_FALSE(files.Open("a.bin").ok());
  root_.Write("home/a.bin", "1");
  EXPECT_FALSE(files.Open("a.bin").ok());
}

}  // namespace
}  // namespace onnx_reinit::wire
