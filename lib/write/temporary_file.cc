#include "write/temporary_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "write/system_error.h"
#include "write/temporary_name.h"

namespace onnx_reinit::write {
namespace {

constexpr mode_t kModeOfNewFiles = 0666;  // less the umask
constexpr mode_t kPermissions = 07777;

// A locked new file, or -1 with errno. Between open and flock another run may take the file for a
// leftover: then it has the lock, or the file is no longer linked.
int CreateLocked(const std::string& path) {
  const int descriptor =
      open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kModeOfNewFiles);
  if (descriptor < 0) return -1;
  struct stat info = {};
  const bool is_taken = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (!is_taken && fstat(descriptor, &info) == 0 && info.st_nlink > 0) return descriptor;
  close(descriptor);
  errno = EEXIST;
  return -1;
}

// The new file gets the owner of the model that is to be replaced, as far as that is allowed: only
// root may give a file away. Returns the mode that it is to have: the model's, or where there is
// none, what the umask gave it.
mode_t TakeOver(const std::string& model, int descriptor) {
  struct stat info = {};
  if (stat(model.c_str(), &info) == 0 && S_ISREG(info.st_mode)) {
    [[maybe_unused]] const int ignored = fchown(descriptor, info.st_uid, info.st_gid);
  } else {
    fstat(descriptor, &info);
  }
  return info.st_mode & kPermissions;
}

// Temporary names are shortened: that of the target would fail when all is written.
bool IsTooLong(const std::string& path) {
  struct stat info = {};
  return lstat(path.c_str(), &info) != 0 && errno == ENAMETOOLONG;
}

// Signals that only set a flag must not end it: who set the flag looks at it later.
int Allocate(int descriptor, off_t length) {
  int result = 0;
  do {
    result = fallocate(descriptor, 0, 0, length);
  } while (result != 0 && errno == EINTR);
  return result;
}

bool HasNoHardLinks(int error) {
  return error == EPERM || error == EOPNOTSUPP || error == ENOSYS || error == EMLINK;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TemporaryFile>> TemporaryFile::Create(const std::string& target,
                                                                     const std::string& model,
                                                                     uint32_t run) {
  if (IsTooLong(target)) return SystemError(ENAMETOOLONG, "create", target);
  const std::string directory = DirectoryOf(target);
  const TemporaryName name = {.target = FileName(target), .run = RunDigits(run)};
  std::string path = absl::StrCat(directory, "/", MakeTemporaryName(name));
  const int descriptor = CreateLocked(path);
  if (descriptor < 0 && errno == EEXIST) return absl::AlreadyExistsError(path);
  if (descriptor < 0) return SystemError(errno, "create a file in", directory);
  const mode_t mode = TakeOver(model, descriptor);
  (void)fchmod(descriptor, mode | S_IWUSR);
  return std::unique_ptr<TemporaryFile>(
      new TemporaryFile(std::move(path), target, descriptor, mode));
}

TemporaryFile::TemporaryFile(std::string path, std::string target, int descriptor, mode_t mode)
    : path_(std::move(path)), target_(std::move(target)), descriptor_(descriptor), mode_(mode) {}

TemporaryFile::~TemporaryFile() {
  if (is_published_) unlink(target_.c_str());
  if (!path_.empty()) unlink(path_.c_str());
  Close();
}

absl::Status TemporaryFile::Reserve(uint64_t size) {
  const auto length = static_cast<off_t>(size);
  if (length == 0 || Allocate(descriptor_, length) == 0) return absl::OkStatus();
  const bool is_unsupported = errno == EOPNOTSUPP || errno == ENOSYS;
  if (is_unsupported && ftruncate(descriptor_, length) == 0) return absl::OkStatus();
  return SystemError(errno, absl::StrCat("reserve ", size, " bytes for"), target_);
}

void TemporaryFile::Close() {
  if (descriptor_ >= 0) close(std::exchange(descriptor_, -1));
}

// Best effort.
void TemporaryFile::SetMode() const {
  if ((mode_ & S_IWUSR) == 0) (void)chmod(path_.c_str(), mode_);
}

absl::Status TemporaryFile::Replace() {
  SetMode();
  if (rename(path_.c_str(), target_.c_str()) != 0) return SystemError(errno, "replace", target_);
  path_.clear();
  return absl::OkStatus();
}

// A link rather than a rename: until the model appears, the temporary name tells the next run that
// the target is a leftover, should this run be killed.
absl::Status TemporaryFile::Publish() {
  SetMode();
  if (link(path_.c_str(), target_.c_str()) == 0) {
    is_published_ = true;
    return absl::OkStatus();
  }
  if (!HasNoHardLinks(errno) ||
      renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) != 0) {
    return SystemError(errno, "create", target_);
  }
  path_.clear();
  is_published_ = true;
  return absl::OkStatus();
}

void TemporaryFile::Keep() {
  is_published_ = false;
  if (!path_.empty()) unlink(path_.c_str());
  path_.clear();
}

absl::Status SyncDirectoryOf(const std::string& path) {
  const std::string directory = DirectoryOf(path);
  const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return SystemError(errno, "open directory", directory);
  const int error = fsync(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  // EINVAL: a file system that does not sync directories.
  if (error == 0 || error == EINVAL) return absl::OkStatus();
  return SystemError(error, "sync directory", directory);
}

}  // namespace onnx_reinit::write
