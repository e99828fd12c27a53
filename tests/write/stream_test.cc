#include "write/stream.h"

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGPIPE is POSIX
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
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

absl::Status RewriteWeights(const std::string& in, const std::string& out) {
  const OpenModel model = Open(in);
  return Rewrite(*model.file, model.skeleton, *model.external, PatternsForWeights(model), out, {});
}

onnx::ModelProto LargeModel() {
  onnx::ModelProto model = SmallModel();
  AddRaw(model, "kept", 1'000'000);
  AddRaw(model, "w", 2'000'001);
  return model;
}

std::string ReadToTheEnd(int descriptor) {
  std::string bytes;
  char buffer[65536];
  for (ssize_t n = 0; (n = read(descriptor, buffer, sizeof(buffer))) > 0;) bytes.append(buffer, n);
  return bytes;
}

struct StreamRow {
  const char* name;
  std::string path;
  bool is_stream;
};

class IsStreamTest : public testing::TestWithParam<StreamRow> {};

TEST_P(IsStreamTest, GoesByThePathAndWhatIsThere) {
  EXPECT_EQ(IsStream(GetParam().path), GetParam().is_stream);
}

INSTANTIATE_TEST_SUITE_P(Paths, IsStreamTest,
                         testing::Values(StreamRow{"StandardOutput", "/dev/stdout", true},
                                         StreamRow{"Descriptor", "/dev/fd/1", true},
                                         StreamRow{"NullDevice", "/dev/null", true},
                                         StreamRow{"Directory", "/tmp", false},
                                         StreamRow{"NothingThere", "/tmp/none.onnx", false},
                                         StreamRow{"SharedMemory", "/dev/shm/none.onnx", false}),
                         [](const auto& row) { return row.param.name; });

TEST(StreamTest, ANamedPipeGetsTheWholeModelInOrder) {
  test::TempDirectory directory;
  const onnx::ModelProto model = LargeModel();
  const std::string in = directory.Write("in", model.SerializeAsString());
  const std::string out = directory.Path("out");
  ASSERT_EQ(mkfifo(out.c_str(), 0600), 0);
  absl::Status status;
  std::thread writer([&] { status = RewriteWeights(in, out); });
  const int descriptor = open(out.c_str(), O_RDONLY);
  const std::string bytes = ReadToTheEnd(descriptor);
  writer.join();
  close(descriptor);
  EXPECT_EQ(status, absl::OkStatus());
  EXPECT_TRUE(bytes == ExpectedWeights(model));
  EXPECT_THAT(Names(directory.path()), ElementsAre("in", "out"));
}

TEST(StreamTest, ExternalDataComesInside) {
  test::TempDirectory directory;
  onnx::ModelProto model = SmallModel();
  AddExternal(model, "kept", 100, "weights", 40);
  const std::string in = directory.Write("in", model.SerializeAsString());
  directory.Write("weights", CountingBytes(440));
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_EQ(RewriteWeights(in, "/dev/fd/" + std::to_string(ends[1])), absl::OkStatus());
  close(ends[1]);
  onnx::ModelProto out;
  ASSERT_TRUE(out.ParseFromString(ReadToTheEnd(ends[0])));
  close(ends[0]);
  EXPECT_EQ(out.graph().initializer(0).raw_data(), CountingBytes(400, 40));
  EXPECT_EQ(out.graph().initializer(0).data_location(), onnx::TensorProto::DEFAULT);
}

TEST(StreamTest, ADescriptorGoesOnWhereItIs) {
  test::TempDirectory directory;
  const onnx::ModelProto model = LargeModel();
  const std::string in = directory.Write("in", model.SerializeAsString());
  const std::string out = directory.Write("out", "before");
  const int descriptor = open(out.c_str(), O_WRONLY | O_APPEND);
  EXPECT_EQ(RewriteWeights(in, "/dev/fd/" + std::to_string(descriptor)), absl::OkStatus());
  close(descriptor);
  EXPECT_TRUE(test::ReadFile(out) == "before" + ExpectedWeights(model));
}

TEST(StreamTest, AReaderThatIsGoneIsAnError) {
  test::TempDirectory directory;
  const std::string in = directory.Write("in", LargeModel().SerializeAsString());
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  const auto before = signal(SIGPIPE, SIG_IGN);
  const absl::Status status = RewriteWeights(in, "/dev/fd/" + std::to_string(ends[1]));
  signal(SIGPIPE, before);
  close(ends[1]);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("Broken pipe"));
}

// However many signals there are, and whichever thread gets them.
TEST(StreamTest, AReaderThatTakesNothingDoesNotHoldACancelledRun) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string path = "/dev/fd/" + std::to_string(ends[1]);
  std::atomic<bool> cancelled = false;
  const absl::StatusOr<Stream> stream = Stream::Open(path, &cancelled);
  ASSERT_EQ(stream.status(), absl::OkStatus());
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    cancelled = true;
  });
  const std::vector<uint8_t> bytes(1'000'000);  // more than a pipe holds
  EXPECT_EQ(stream->Write(bytes).code(), absl::StatusCode::kCancelled);
  canceller.join();
  // Those who share the pipe wait as before.
  EXPECT_EQ(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
  close(ends[0]);
  close(ends[1]);
}

TEST(StreamTest, ADescriptorThatDoesNotWaitGetsTheWholeModel) {
  test::TempDirectory directory;
  const onnx::ModelProto model = LargeModel();
  const std::string in = directory.Write("in", model.SerializeAsString());
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
  ASSERT_EQ(fcntl(ends[0], F_SETFL, 0), 0);
  absl::Status status;
  std::thread writer([&] {
    status = RewriteWeights(in, "/dev/fd/" + std::to_string(ends[1]));
    close(ends[1]);
  });
  const std::string bytes = ReadToTheEnd(ends[0]);
  writer.join();
  close(ends[0]);
  EXPECT_EQ(status, absl::OkStatus());
  EXPECT_TRUE(bytes == ExpectedWeights(model));
}

TEST(StreamTest, TheInputIsNeverStreamedOver) {
  test::TempDirectory directory;
  const onnx::ModelProto model = LargeModel();
  const std::string in = directory.Write("in", model.SerializeAsString());
  const int descriptor = open(in.c_str(), O_WRONLY);
  const OpenModel open = Open(in);
  const absl::Status status =
      Rewrite(*open.file, open.skeleton, *open.external, PatternsForWeights(open),
              "/dev/fd/" + std::to_string(descriptor), {.in_place = true});
  close(descriptor);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(test::ReadFile(in) == model.SerializeAsString());
}

}  // namespace
}  // namespace onnx_reinit::write
