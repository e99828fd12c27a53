#include "write/target.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "write/system_error.h"

namespace onnx_reinit::write {
namespace {

constexpr uint64_t kWritebackStep = uint64_t{8} << 20;

}  // namespace

Target::Target(Target&& other) noexcept
    : file_(std::move(other.file_)),
      path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      writeback_begin_(other.writeback_begin_) {}

Target::~Target() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status Target::Open() {
  if (descriptor_ >= 0) return absl::OkStatus();
  descriptor_ = open(file_.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  return descriptor_ >= 0 ? absl::OkStatus() : SystemError(errno, "open", path_);
}

void Target::StartWriteback(uint64_t end) {
  if (end - writeback_begin_ < kWritebackStep) return;
  // Only a hint: errors show up in fsync.
  (void)sync_file_range(descriptor_, static_cast<off_t>(writeback_begin_),
                        static_cast<off_t>(end - writeback_begin_), SYNC_FILE_RANGE_WRITE);
  writeback_begin_ = end;
}

// A file system across a network may tell only here that its disk is full.
absl::Status Target::Close(bool sync) {
  const bool is_synced = !sync || fsync(descriptor_) == 0;
  const int error = is_synced ? 0 : errno;
  const bool is_closed = close(std::exchange(descriptor_, -1)) == 0 || errno == EINTR;
  if (is_synced && is_closed) return absl::OkStatus();
  return SystemError(is_synced ? errno : error, "write", path_);
}

}  // namespace onnx_reinit::write
