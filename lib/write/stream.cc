#include "write/stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "write/system_error.h"

namespace onnx_reinit::write {
namespace {

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

}  // namespace

bool IsStream(const std::string& path) {
  if (NamedDescriptor(path)) return true;
  struct stat info = {};
  return stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

absl::StatusOr<Stream> Stream::Open(const std::string& path, const std::atomic<bool>* cancelled) {
  int descriptor = OpenOnce(path);
  while (descriptor < 0 && errno == EINTR) {
    if (cancelled != nullptr && *cancelled) return absl::CancelledError("interrupted");
    descriptor = OpenOnce(path);
  }
  if (descriptor < 0) return SystemError(errno, "open", path);
  return Stream(descriptor);
}

Stream::~Stream() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace onnx_reinit::write
