#include "write/positioned.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

#include "base/status_macros.h"
#include "write/system_error.h"

namespace onnx_reinit::write {
namespace {

constexpr uint64_t kBufferSize = uint64_t{256} << 10;
constexpr uint64_t kWritebackStep = uint64_t{8} << 20;

// Calls write_some(rest), which returns what write(2) does, until nothing is left.
template <typename WriteSome>
absl::Status WriteAll(absl::Span<const uint8_t> bytes, const std::string& path,
                      WriteSome write_some) {
  while (!bytes.empty()) {
    const ssize_t written = write_some(bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(errno, "write", path);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status CopyThroughBuffer(const wire::InputFile& source, uint64_t from, int descriptor,
                               uint64_t offset, uint64_t length, const std::string& path) {
  std::vector<uint8_t> buffer(std::min(length, kBufferSize));
  while (length > 0) {
    const absl::Span<uint8_t> part(buffer.data(), std::min<uint64_t>(length, buffer.size()));
    RETURN_IF_ERROR(source.Read(from, part));
    RETURN_IF_ERROR(WriteAt(descriptor, offset, part, path));
    from += part.size();
    offset += part.size();
    length -= part.size();
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteAt(int descriptor, uint64_t offset, absl::Span<const uint8_t> bytes,
                     const std::string& path) {
  return WriteAll(bytes, path, [&](absl::Span<const uint8_t> rest) {
    const uint64_t at = offset + (bytes.size() - rest.size());
    return pwrite(descriptor, rest.data(), rest.size(), static_cast<off_t>(at));
  });
}

absl::Status WriteNext(int descriptor, absl::Span<const uint8_t> bytes, const std::string& path) {
  return WriteAll(bytes, path, [&](absl::Span<const uint8_t> rest) {
    return ::write(descriptor, rest.data(), rest.size());
  });
}

absl::Status CopyRange(const wire::InputFile& source, uint64_t from, int descriptor,
                       uint64_t offset, uint64_t length, const std::string& path) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const wire::Descriptor> held, source.Hold());
  auto in = static_cast<off_t>(from);
  auto out = static_cast<off_t>(offset);
  while (length > 0) {
    const ssize_t copied = copy_file_range(held->number(), &in, descriptor, &out, length, 0);
    if (copied < 0 && errno == EINTR) continue;
    // No such call between these files, a full disk, or a source that has shrunk: plain reads and
    // writes do it, or say what is wrong.
    if (copied <= 0) break;
    length -= static_cast<uint64_t>(copied);
  }
  return CopyThroughBuffer(source, static_cast<uint64_t>(in), descriptor,
                           static_cast<uint64_t>(out), length, path);
}

void Writeback::Reached(int descriptor, uint64_t end) {
  if (descriptor != descriptor_) {
    descriptor_ = descriptor;
    begin_ = 0;
  }
  if (end - begin_ < kWritebackStep) return;
  // Only a hint: errors show up in fsync.
  (void)sync_file_range(descriptor, static_cast<off_t>(begin_), static_cast<off_t>(end - begin_),
                        SYNC_FILE_RANGE_WRITE);
  begin_ = end;
}

}  // namespace onnx_reinit::write
