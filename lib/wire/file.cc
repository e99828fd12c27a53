#include "wire/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/checked_math.h"
#include "base/status_macros.h"

namespace onnx_reinit::wire {
namespace {

constexpr uint64_t kLargestKept = 4 << 20;

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

absl::StatusOr<std::unique_ptr<InputFile>> InputFile::Examine(std::string path,
                                                              const Descriptor& descriptor) {
  struct stat info = {};
  if (fstat(descriptor.number(), &info) != 0) {
    return absl::UnavailableError(absl::StrCat(path, ": cannot be opened: ", std::strerror(errno)));
  }
  if (!S_ISREG(info.st_mode)) {
    return absl::DataLossError(
        absl::StrCat(path, ": is ", KindOf(info.st_mode), ", not a regular file"));
  }
  return std::unique_ptr<InputFile>(
      new InputFile(std::move(path), static_cast<uint64_t>(info.st_size), IdOf(info)));
}

absl::StatusOr<std::unique_ptr<InputFile>> InputFile::Open(const std::string& path) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Descriptor> descriptor, OpenToRead(path));
  ASSIGN_OR_RETURN(std::unique_ptr<InputFile> file, Examine(path, *descriptor));
  file->own_ = std::move(descriptor);
  return file;
}

absl::StatusOr<std::unique_ptr<InputFile>> InputFile::OpenIn(DescriptorPool& pool,
                                                             const std::string& path) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Descriptor> descriptor, pool.Open(path));
  ASSIGN_OR_RETURN(std::unique_ptr<InputFile> file, Examine(path, *descriptor));
  file->pool_ = &pool;
  return file;
}

absl::StatusOr<std::unique_ptr<InputFile>> InputFile::Adopt(std::string path, int descriptor) {
  auto own = std::make_shared<const Descriptor>(descriptor);
  ASSIGN_OR_RETURN(std::unique_ptr<InputFile> file, Examine(std::move(path), *own));
  file->own_ = std::move(own);
  return file;
}

absl::StatusOr<std::shared_ptr<const Descriptor>> InputFile::Hold() const {
  if (own_ != nullptr) return own_;
  ASSIGN_OR_RETURN(std::shared_ptr<const Descriptor> descriptor, pool_->Open(path_));
  struct stat info = {};
  if (fstat(descriptor->number(), &info) != 0 || IdOf(info) != id_) {
    return absl::UnavailableError(absl::StrCat(path_, ": was replaced while it was read"));
  }
  return descriptor;
}

absl::Status InputFile::KeepIfSmall() {
  if (size_ > kLargestKept) return absl::OkStatus();
  auto all = std::make_unique_for_overwrite<uint8_t[]>(size_);
  RETURN_IF_ERROR(Read(0, absl::MakeSpan(all.get(), size_)));
  kept_ = std::move(all);
  return absl::OkStatus();
}

absl::Status InputFile::Read(uint64_t offset, absl::Span<uint8_t> out) const {
  if (!Fits(offset, out.size(), size_)) {
    return absl::DataLossError(absl::StrCat(path_, ": ", out.size(), " bytes at byte ", offset,
                                            " were wanted, but the file ends at byte ", size_));
  }
  if (kept_ != nullptr) {
    std::copy_n(kept_.get() + offset, out.size(), out.data());
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const Descriptor> descriptor, Hold());
  while (!out.empty()) {
    const ssize_t got =
        pread(descriptor->number(), out.data(), out.size(), static_cast<off_t>(offset));
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
