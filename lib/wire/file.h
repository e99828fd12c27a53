// A file that is only read, by position. Regular files only: no FIFO, device or directory.
#ifndef ONNX_REINIT_WIRE_FILE_H_
#define ONNX_REINIT_WIRE_FILE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "wire/descriptor_pool.h"

namespace onnx_reinit::wire {

// The same for all names of a file.
struct FileId {
  uint64_t device = 0;
  uint64_t inode = 0;

  friend bool operator==(const FileId&, const FileId&) = default;
  template <typename H>
  friend H AbslHashValue(H hash, const FileId& id) {
    return H::combine(std::move(hash), id.device, id.inode);
  }
};

// Of the file that a path leads to, through links; nothing where there is none.
std::optional<FileId> FindFile(const std::string& path);

// Thread-safe. Never maps the file: a file that shrinks while it is read gives an error, not a
// signal.
class InputFile {
 public:
  // NotFound, PermissionDenied, or DataLoss where `path` is no regular file.
  static absl::StatusOr<std::unique_ptr<InputFile>> Open(const std::string& path);
  // The same for one of many files: it is open only while the pool has it, or it is being read.
  // `pool` outlives the file. Unavailable, from Read, where another file has taken its place.
  static absl::StatusOr<std::unique_ptr<InputFile>> OpenIn(DescriptorPool& pool,
                                                           const std::string& path);
  // The file behind `descriptor`, which it owns from now on, also where this fails. `path` is for
  // messages.
  static absl::StatusOr<std::unique_ptr<InputFile>> Adopt(std::string path, int descriptor);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::string& path() const { return path_; }
  uint64_t size() const { return size_; }  // when it was opened
  // Open for as long as it is held.
  absl::StatusOr<std::shared_ptr<const Descriptor>> Hold() const;
  const FileId& id() const { return id_; }

  // Reads a file of at most 4 MiB at once, for many small reads to come. Read gives what it was
  // then.
  absl::Status KeepIfSmall();

  // Fills `out` from `offset`. DataLoss, with path and offset, where the file ends before that.
  absl::Status Read(uint64_t offset, absl::Span<uint8_t> out) const;

 private:
  InputFile(std::string path, uint64_t size, FileId id)
      : path_(std::move(path)), size_(size), id_(id) {}
  static absl::StatusOr<std::unique_ptr<InputFile>> Examine(std::string path,
                                                            const Descriptor& descriptor);
  std::string path_;
  std::shared_ptr<const Descriptor> own_;  // of a file that stays open
  DescriptorPool* pool_ = nullptr;         // of one that does not
  uint64_t size_;
  FileId id_;
  std::unique_ptr<const uint8_t[]> kept_;  // all of a small file, or nullptr
};

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_FILE_H_
