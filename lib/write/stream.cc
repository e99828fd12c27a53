#include "write/stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "write/system_error.h"

namespace onnx_reinit::write {
namespace {

constexpr int kPatience = 100;  // milliseconds between two looks at whether to go on

// The open descriptor that the path is a name of.
std::optional<int> NamedDescriptor(absl::string_view path) {
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  int descriptor = 0;
  const bool is_in_list =
      absl::ConsumePrefix(&path, "/dev/fd/") || absl::ConsumePrefix(&path, "/proc/self/fd/");
  if (is_in_list && absl::SimpleAtoi(path, &descriptor)) return descriptor;
  return std::nullopt;
}

// A named descriptor is duplicated: to open it anew would start at the beginning of a file that a
// shell may have opened for appending.
int OpenOnce(const std::string& path) {
  const std::optional<int> named = NamedDescriptor(path);
  return named ? fcntl(*named, F_DUPFD_CLOEXEC, 0) : open(path.c_str(), O_WRONLY | O_CLOEXEC);
}

bool IsTrue(const std::atomic<bool>* flag) { return flag != nullptr && *flag; }

// The same pipe without waiting in write, where it can be opened anew; those who share the
// descriptor see nothing of that. -1 where it is no pipe, or has no reader.
int OpenWithoutWaiting(int descriptor) {
  struct stat info = {};
  if (fstat(descriptor, &info) != 0 || !S_ISFIFO(info.st_mode)) return -1;
  const std::string path = absl::StrCat("/proc/self/fd/", descriptor);
  return open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
}

void WaitForReader(int descriptor) {
  pollfd file = {.fd = descriptor, .events = POLLOUT, .revents = 0};
  poll(&file, 1, kPatience);
}

}  // namespace

bool IsStream(const std::string& path) {
  if (NamedDescriptor(path)) return true;
  struct stat info = {};
  return stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

absl::StatusOr<Stream> Stream::Open(const std::string& path, const std::atomic<bool>* cancelled) {
  int descriptor = OpenOnce(path);
  while (descriptor < 0 && errno == EINTR) {
    if (IsTrue(cancelled)) return absl::CancelledError("interrupted");
    descriptor = OpenOnce(path);
  }
  if (descriptor < 0) return SystemError(errno, "open", path);
  if (const int again = OpenWithoutWaiting(descriptor); again >= 0) {
    close(std::exchange(descriptor, again));
  }
  return Stream(descriptor, path, cancelled);
}

Stream::Stream(Stream&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      cancelled_(other.cancelled_) {}

Stream::~Stream() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status Stream::Write(absl::Span<const uint8_t> bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
      continue;
    }
    if (errno != EINTR && errno != EAGAIN) return SystemError(errno, "write", path_);
    if (IsTrue(cancelled_)) return absl::CancelledError("interrupted");
    WaitForReader(descriptor_);
  }
  return absl::OkStatus();
}

}  // namespace onnx_reinit::write
