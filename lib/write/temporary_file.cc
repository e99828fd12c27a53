#include "write/temporary_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "write/system_error.h"

namespace onnx_reinit::write {
namespace {

constexpr int kAttempts = 100;
constexpr mode_t kModeOfNewFiles = 0666;  // less the umask

std::string DirectoryOf(const std::string& path) {
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  return directory.empty() ? "." : directory.string();
}

std::string TemporaryName(const std::string& target, uint32_t number) {
  const std::string name = std::filesystem::path(target).filename().string();
  return absl::StrFormat("%s/.%s.onnx-reinit-%06x", DirectoryOf(target), name, number & 0xFFFFFF);
}

// A locked new file, or -1 with errno. Between open and flock another run may take the file for a
// leftover and remove it; then it is no longer linked.
int CreateLocked(const std::string& path) {
  const int descriptor =
      open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kModeOfNewFiles);
  if (descriptor < 0) return -1;
  struct stat info = {};
  flock(descriptor, LOCK_EX | LOCK_NB);
  if (fstat(descriptor, &info) == 0 && info.st_nlink > 0) return descriptor;
  close(descriptor);
  errno = EEXIST;
  return -1;
}

// Best effort: a new file keeps what the umask gave it.
void CopyMode(const std::string& from, int descriptor) {
  struct stat info = {};
  if (stat(from.c_str(), &info) == 0 && S_ISREG(info.st_mode)) {
    (void)fchmod(descriptor, info.st_mode & 07777);
  }
}

absl::Status SyncDirectory(const std::string& directory) {
  const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return SystemError(errno, "open directory", directory);
  const int error = fsync(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  // Some file systems do not sync directories; the rename itself has been done.
  if (error == 0 || error == EINVAL) return absl::OkStatus();
  return SystemError(error, "sync directory", directory);
}

}  // namespace

absl::StatusOr<std::unique_ptr<TemporaryFile>> TemporaryFile::Create(const std::string& target) {
  std::random_device random;
  for (int i = 0; i < kAttempts; ++i) {
    std::string path = TemporaryName(target, random());
    const int descriptor = CreateLocked(path);
    if (descriptor >= 0) {
      CopyMode(target, descriptor);
      return std::unique_ptr<TemporaryFile>(new TemporaryFile(std::move(path), target, descriptor));
    }
    if (errno != EEXIST) return SystemError(errno, "create a file in", DirectoryOf(target));
  }
  return SystemError(EEXIST, "create a file in", DirectoryOf(target));
}

TemporaryFile::TemporaryFile(std::string path, std::string target, int descriptor)
    : path_(std::move(path)), target_(std::move(target)), descriptor_(descriptor) {}

TemporaryFile::~TemporaryFile() {
  if (!path_.empty()) unlink(path_.c_str());
  close(descriptor_);
}

absl::Status TemporaryFile::Reserve(uint64_t size) {
  const auto length = static_cast<off_t>(size);
  if (length == 0 || fallocate(descriptor_, 0, 0, length) == 0) return absl::OkStatus();
  if (errno == EOPNOTSUPP || errno == ENOSYS) {
    if (ftruncate(descriptor_, length) == 0) return absl::OkStatus();
  }
  return SystemError(errno, absl::StrCat("reserve ", size, " bytes for"), target_);
}

absl::Status TemporaryFile::Sync() {
  if (fsync(descriptor_) == 0) return absl::OkStatus();
  return SystemError(errno, "write", target_);
}

absl::Status TemporaryFile::Replace() {
  if (rename(path_.c_str(), target_.c_str()) != 0) return SystemError(errno, "replace", target_);
  path_.clear();
  return SyncDirectory(DirectoryOf(target_));
}

}  // namespace onnx_reinit::write
