// What the output is after kill -9, SIGINT, a full disk, a directory that cannot be written, and an
// input that changes while it is read.
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGKILL is POSIX
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/model_proto.h"
#include "support/temp_file.h"
#include "write/child.h"
#include "write/rewrite.h"
#include "write/write_support.h"

namespace onnx_reinit::write {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

absl::Status RewriteWeights(const std::string& in, const std::string& out,
                            const WriteOptions& options = {}) {
  const OpenModel model = Open(in);
  return Rewrite(*model.file, model.skeleton, *model.external, PatternsForWeights(model), out,
                 options);
}

// Some MiB: enough for several chunks.
onnx::ModelProto LargeModel() {
  onnx::ModelProto model = SmallModel();
  AddRaw(model, "kept", 1'000'000);
  AddRaw(model, "w", 2'000'001);
  return model;
}

int Kills() {
  const char* kills = std::getenv("ONNX_REINIT_KILLS");
  return kills != nullptr ? std::atoi(kills) : 20;
}

// How long a whole run takes.
std::chrono::microseconds Duration(const std::vector<std::string>& arguments) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(Child(arguments).Wait(), 0);
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() -
                                                               start);
}

void KillWithin(std::chrono::microseconds limit, const std::vector<std::string>& arguments,
                std::mt19937& random) {
  std::uniform_int_distribution<int64_t> moment(0, limit.count());
  Child child(arguments);
  std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
  child.Signal(SIGKILL);
  child.Wait();
}

TEST(KillTest, LeavesTheOldOutputOrTheNewOne) {
  test::TempDirectory directory;
  const onnx::ModelProto model = LargeModel();
  const std::string in = directory.Write("in", model.SerializeAsString());
  const std::string out = directory.Path("out");
  const std::vector<std::string> arguments = {"rewrite", in, out};
  const std::chrono::microseconds duration = Duration(arguments);
  const std::string whole = ExpectedWeights(model);
  std::mt19937 random(1);
  for (int i = 0; i < Kills(); ++i) {
    directory.Write("out", "old");
    KillWithin(duration, arguments, random);
    const std::string found = test::ReadFile(out);
    EXPECT_TRUE(found == "old" || found == whole) << "after " << i << " kills: " << found.size();
  }
  ASSERT_EQ(RewriteWeights(in, out), absl::OkStatus());
  EXPECT_THAT(Names(directory.path()), ElementsAre("in", "out"));
}

// Every data file that is there is one that a model points to.
TEST(KillTest, LeavesNoDataFileWithoutItsModel) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddExternal(model, "kept", 500'000, "weights", 0);
  AddExternal(model, "w", 1'000'000, "weights", 2'000'000);
  const std::string in = directory.Write("in", model.SerializeAsString());
  directory.Write("weights", CountingBytes(6'000'000));
  const std::vector<std::string> arguments = {"rewrite", in, directory.Path("out")};
  const std::chrono::microseconds duration = Duration(arguments);
  std::mt19937 random(2);
  for (int i = 0; i < Kills(); ++i) {
    for (const std::string& name : Names(directory.path())) {
      if (name.rfind("out", 0) == 0) std::filesystem::remove(directory.Path(name));
    }
    KillWithin(duration, arguments, random);
    const bool is_done = std::filesystem::exists(directory.Path("out"));
    if (is_done) {
      EXPECT_EQ(Open(directory.Path("out")).skeleton.graph.initializers.size(), 2U);
      EXPECT_TRUE(test::ReadFile(directory.Path("out.data")).substr(2'002'944) ==
                  PatternBytes("w", 4'000'000));
    }
    ASSERT_EQ(RewriteWeights(in, directory.Path("out")), absl::OkStatus());
    const std::string data = is_done ? "out.2.data" : "out.data";
    EXPECT_THAT(Names(directory.path()), ElementsAre("in", "out", data, "weights"));
  }
}

// Whenever it dies, the data of the old output or of the new one goes with the next run.
TEST(KillTest, LeavesNoDataOfTheOutputThatItReplaced) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddExternal(model, "w", 200'000, "weights", 0);
  const std::string in = directory.Write("in", model.SerializeAsString());
  directory.Write("weights", CountingBytes(800'000));
  const std::vector<std::string> arguments = {"rewrite", in, directory.Path("out")};
  const std::chrono::microseconds duration = Duration(arguments);
  std::mt19937 random(3);
  for (int i = 0; i < Kills(); ++i) {
    KillWithin(duration, arguments, random);
    KillWithin(duration, arguments, random);
    ASSERT_EQ(RewriteWeights(in, directory.Path("out")), absl::OkStatus());
    EXPECT_THAT(Names(directory.path()), ElementsAre("in", "out", HasSubstr(".data"), "weights"));
  }
}

TEST(InterruptTest, LeavesNothingBehind) {
  test::TempDirectory directory;
  const std::string in = directory.Write("in", LargeModel().SerializeAsString());
  directory.Write("out", "old");
  Child child({"slow", in, directory.Path("out")});
  EXPECT_EQ(child.ReadLine(), "started");
  child.Signal(SIGINT);
  EXPECT_EQ(child.Wait(), static_cast<int>(absl::StatusCode::kCancelled));
  EXPECT_EQ(test::ReadFile(directory.Path("out")), "old");
  EXPECT_THAT(Names(directory.path()), ElementsAre("in", "out"));
}

TEST(CancelTest, EndsTheRunBetweenChunks) {
  test::TempDirectory directory;
  const std::string in = directory.Write("in", LargeModel().SerializeAsString());
  std::atomic<bool> cancelled = false;
  WriteOptions options = {.threads = 1, .cancelled = &cancelled};
  uint64_t last = 0;
  options.progress = [&](uint64_t done, uint64_t total) {
    EXPECT_LT(done, total);
    last = done;
    cancelled = true;
  };
  EXPECT_EQ(RewriteWeights(in, directory.Path("out"), options).code(),
            absl::StatusCode::kCancelled);
  EXPECT_GT(last, 0U);
  EXPECT_THAT(Names(directory.path()), ElementsAre("in"));
}

TEST(ProgressTest, GrowsToTheTotal) {
  test::TempDirectory directory;
  const std::string in = directory.Write("in", LargeModel().SerializeAsString());
  const uint64_t size = std::filesystem::file_size(in);
  uint64_t last = 0;
  const WriteOptions options = {.progress = [&](uint64_t done, uint64_t total) {
    EXPECT_GT(done, last);
    EXPECT_EQ(total, size);
    last = done;
  }};
  ASSERT_EQ(RewriteWeights(in, directory.Path("out"), options), absl::OkStatus());
  EXPECT_EQ(last, size);
}

// A file system of one MiB in memory.
class SmallDisk {
 public:
  SmallDisk() { is_mounted_ = mount("onnx_reinit", path(), "tmpfs", 0, "size=1m") == 0; }
  ~SmallDisk() {
    if (is_mounted_) umount(path());
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool is_mounted() const { return is_mounted_; }
  const test::TempDirectory& directory() const { return directory_; }

 private:
  const char* path() const { return directory_.path().c_str(); }
  test::TempDirectory directory_;
  bool is_mounted_;
};

TEST(FullDiskTest, IsFoundBeforeAnythingIsWritten) {
  const SmallDisk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "only root can mount a small disk";
  test::TempDirectory directory;
  const std::string in = directory.Write("in", LargeModel().SerializeAsString());
  disk.directory().Write("out", "old");
  bool has_written = false;
  const absl::Status status = RewriteWeights(
      in, disk.directory().Path("out"),
      {.progress = [&](uint64_t /*done*/, uint64_t /*total*/) { has_written = true; }});
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("No space left on device"));
  EXPECT_FALSE(has_written);
  EXPECT_EQ(test::ReadFile(disk.directory().Path("out")), "old");
  EXPECT_THAT(Names(disk.directory().path()), ElementsAre("out"));
}

// Root may write everywhere; it becomes nobody meanwhile.
class AsNobody {
 public:
  AsNobody() : user_(geteuid()) { is_nobody_ = user_ != 0 || seteuid(kNobody) == 0; }
  ~AsNobody() {
    if (seteuid(user_) != 0) std::abort();
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  bool is_nobody() const { return is_nobody_; }

 private:
  static constexpr uid_t kNobody = 65534;
  uid_t user_;
  bool is_nobody_;
};

TEST(ReadOnlyDirectoryTest, IsNamed) {
  test::TempDirectory directory;
  const std::string in = directory.Write("in", LargeModel().SerializeAsString());
  const std::string out = directory.Write("closed/out", "old");
  const OpenModel model = Open(in);
  chmod(directory.path().c_str(), 0755);
  chmod(directory.Path("closed").c_str(), 0555);
  absl::Status status;
  {
    const AsNobody nobody;
    if (!nobody.is_nobody()) GTEST_SKIP() << "cannot become another user";
    status =
        Rewrite(*model.file, model.skeleton, *model.external, PatternsForWeights(model), out, {});
  }
  chmod(directory.Path("closed").c_str(), 0755);
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(status.message()), HasSubstr("closed"));
  EXPECT_EQ(test::ReadFile(out), "old");
}

TEST(ShrinkingInputTest, IsAnErrorAndLeavesTheOldOutput) {
  test::TempDirectory directory;
  const std::string in = directory.Write("in", LargeModel().SerializeAsString());
  directory.Write("out", "old");
  const OpenModel model = Open(in);
  std::filesystem::resize_file(in, 2'000'000);
  const absl::Status status = Rewrite(*model.file, model.skeleton, *model.external,
                                      PatternsForWeights(model), directory.Path("out"), {});
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr(in));
  EXPECT_EQ(test::ReadFile(directory.Path("out")), "old");
  EXPECT_THAT(Names(directory.path()), ElementsAre("in", "out"));
}

}  // namespace
}  // namespace onnx_reinit::write
