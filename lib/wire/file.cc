#include "wire/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/checked_math.h"

namespace onnx_reinit::wire {
namespace {

absl::Status ErrorOfOpen(const std::string& path, int error) {
  const std::string text = absl::StrCat(path, ": cannot be opened: ", std::strerror(error));
  if (error == ENOENT || error == ENOTDIR) {
    return absl::NotFoundError(absl::StrCat(path, ": there is no such file"));
  }
  if (error == EACCES || error == EPERM) return absl::PermissionDeniedError(text);
  return absl::UnavailableError(text);
}

absl::string_view KindOf(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

FileId IdOf(const struct stat& info) { return {.device = info.st_dev, .inode = info.st_ino}; }

}  // namespace

std::optional<FileId> FindFile(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) return std::nullopt;
  return IdOf(info);
}

absl::StatusOr<std::unique_ptr<InputFile>> InputFile::Open(const std::string& path) {
  // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return ErrorOfOpen(path, errno);
  return Adopt(path, descriptor);
}

absl::StatusOr<std::unique_ptr<InputFile>> InputFile::Adopt(std::string path, int descriptor) {
  struct stat info = {};
  const int result = fstat(descriptor, &info);
  // The file owns the descriptor from here on: every return closes it.
  std::unique_ptr<InputFile> file(
      new InputFile(std::move(path), descriptor, static_cast<uint64_t>(info.st_size), IdOf(info)));
  if (result != 0) return ErrorOfOpen(file->path(), errno);
  if (!S_ISREG(info.st_mode)) {
    return absl::DataLossError(
        absl::StrCat(file->path(), ": is ", KindOf(info.st_mode), ", not a regular file"));
  }
  return file;
}

InputFile::InputFile(std::string path, int descriptor, uint64_t size, FileId id)
    : path_(std::move(path)), descriptor_(descriptor), size_(size), id_(id) {}

InputFile::~InputFile() { close(descriptor_); }

absl::Status InputFile::Read(uint64_t offset, absl::Span<uint8_t> out) const {
  if (!Fits(offset, out.size(), size_)) {
    return absl::DataLossError(absl::StrCat(path_, ": ", out.size(), " bytes at byte ", offset,
                                            " were wanted, but the file ends at byte ", size_));
  }
  while (!out.empty()) {
    const ssize_t got = pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return absl::UnavailableError(
          absl::StrCat(path_, ": reading at byte ", offset, " failed: ", std::strerror(errno)));
    }
    if (got == 0) {
      return absl::DataLossError(
          absl::StrCat(path_, ": became shorter while it was read; it ends at byte ", offset));
    }
    offset += static_cast<uint64_t>(got);
    out.remove_prefix(static_cast<size_t>(got));
  }
  return absl::OkStatus();
}

}  // namespace onnx_reinit::wire
