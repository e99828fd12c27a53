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
  while (!bytes.empty()) {
    const ssize_t written =
        pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(errno, "write", path);
    bytes.remove_prefix(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  return absl::OkStatus();
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

}  // namespace onnx_reinit::write
