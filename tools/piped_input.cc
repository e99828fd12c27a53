#include "piped_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "base/status_macros.h"
#include "base/text.h"

namespace onnx_reinit::tools {
namespace {

constexpr size_t kBufferSize = size_t{1} << 18;
constexpr uint64_t kTooLong = uint64_t{1} << 31;  // for any protobuf reader
constexpr const char* kStandardInput = "/dev/stdin";
constexpr const char* kDescriptors = "/proc/self/fd/";

absl::Status SystemError(std::string_view what, const std::string& path) {
  return absl::UnavailableError(Text("cannot ", what, " '", path, "': ", std::strerror(errno)));
}

bool ComesThroughAPipe(const std::string& path) {
  struct stat info = {};
  return stat(path.c_str(), &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode));
}

int OpenPipe(const std::string& path) {
  if (path == kStandardInput) return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  return open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

std::string TemporaryFolder() {
  std::error_code error;
  return std::filesystem::temp_directory_path(error).string();
}

// A file without a name: it is gone with its descriptor, however the process ends.
absl::StatusOr<int> OpenNamelessFile() {
  const std::string directory = TemporaryFolder();
  int descriptor = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0) return descriptor;
  std::string name = directory + "/onnx-reinit-XXXXXX";  // a file system without O_TMPFILE
  descriptor = mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) return SystemError("create a temporary file in", directory);
  unlink(name.c_str());
  return descriptor;
}

absl::Status CannotKeep(int error) {
  return absl::UnavailableError(Text("cannot keep the piped model in '", TemporaryFolder(),
                                     "': ", std::strerror(error),
                                     "; let TMPDIR name a folder with room, or give the model's "
                                     "path"));
}

absl::Status WriteAll(int descriptor, const uint8_t* bytes, size_t count) {
  while (count > 0) {
    const ssize_t written = write(descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return CannotKeep(errno);
    bytes += written;
    count -= static_cast<size_t>(written);
  }
  return absl::OkStatus();
}

absl::Status CopyPipe(int from, const std::string& name, int to,
                      const std::atomic<bool>* cancelled) {
  std::vector<uint8_t> buffer(kBufferSize);
  for (uint64_t total = 0; cancelled == nullptr || !*cancelled;) {
    if (total >= kTooLong) {
      return absl::DataLossError(Text(name, ": no model of 2 GiB or more can come through a pipe"));
    }
    const ssize_t got = read(from, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError("read", name);
    if (got == 0) return absl::OkStatus();
    RETURN_IF_ERROR(WriteAll(to, buffer.data(), static_cast<size_t>(got)));
    total += static_cast<uint64_t>(got);
  }
  return absl::CancelledError("interrupted");
}

}  // namespace

absl::StatusOr<ModelInput> ModelInput::Open(const std::string& path,
                                            const std::atomic<bool>* cancelled) {
  if (path.empty()) return absl::InvalidArgumentError("IN names no file");
  ModelInput input(path == "-" ? kStandardInput : path);
  if (!ComesThroughAPipe(input.name_)) return input;
  int pipe = OpenPipe(input.name_);
  while (pipe < 0 && errno == EINTR) {
    if (cancelled != nullptr && *cancelled) return absl::CancelledError("interrupted");
    pipe = OpenPipe(input.name_);
  }
  if (pipe < 0) return SystemError("open", input.name_);
  const absl::StatusOr<int> copy = OpenNamelessFile();
  if (copy.ok()) input.descriptor_ = *copy;
  const absl::Status copied =
      copy.ok() ? CopyPipe(pipe, input.name_, *copy, cancelled) : copy.status();
  close(pipe);
  RETURN_IF_ERROR(copied);
  input.path_ = Text(kDescriptors, input.descriptor_);
  return input;
}

ModelInput::~ModelInput() {
  if (descriptor_ >= 0) close(descriptor_);
}

ModelInput::ModelInput(ModelInput&& other) noexcept
    : name_(std::move(other.name_)),
      path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

absl::Status ModelInput::Explain(const absl::Status& status) const {
  return status.ok() ? status : absl::Status(status.code(), Explain(std::string(status.message())));
}

std::string ModelInput::Explain(const std::string& sentence) const {
  if (descriptor_ < 0) return sentence;
  const std::string rest = absl::StrReplaceAll(sentence, {{path_, ""}});
  if (rest.find(kDescriptors) == std::string::npos) {
    return absl::StrReplaceAll(sentence, {{path_, name_}});
  }
  return absl::StrReplaceAll(sentence, {{path_, name_}, {kDescriptors, ""}}) +
         "; a model that comes through a pipe has no folder, so give the model's path";
}

}  // namespace onnx_reinit::tools
