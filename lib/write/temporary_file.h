// A file that appears under its name whole, or not at all.
#ifndef ONNX_REINIT_WRITE_TEMPORARY_FILE_H_
#define ONNX_REINIT_WRITE_TEMPORARY_FILE_H_

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace onnx_reinit::write {

// A new file beside its target, named ".TARGET.onnx-reinit-RUN", where RUN is 8 hexadecimal digits
// that all files of one run share. It is locked (flock) as long as it is open; the model's is open
// as long as its run lives. The destructor removes it, and its target as well where that was
// published and not kept.
class TemporaryFile {
 public:
  // With the mode of the model that is to be replaced and, for root, its owner; else those of any
  // new file. AlreadyExists
  // where that run's file is there; else PermissionDenied, NotFound or Unavailable, with the
  // directory.
  static absl::StatusOr<std::unique_ptr<TemporaryFile>> Create(const std::string& target,
                                                               const std::string& model,
                                                               uint32_t run);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }  // empty once it has its name
  const std::string& target() const { return target_; }

  // Gives the file its size and takes the space from the file system, where it can do that.
  // ResourceExhausted where there is not enough.
  absl::Status Reserve(uint64_t size);
  // Whatever the mode of the model that is to be replaced, the owner may write in the end.
  void StayWritable() { mode_ |= S_IWUSR; }
  // The lock goes, and a descriptor is free.
  void Close();
  // Takes the place of the target, at once; whatever was there is gone.
  absl::Status Replace();

  // In two steps, for a target that nothing refers to yet. Publish: the target appears; an error
  // where the name has been taken meanwhile. Keep: from now on it stays.
  absl::Status Publish();
  void Keep();

 private:
  TemporaryFile(std::string path, std::string target, int descriptor, mode_t mode);
  void SetMode() const;

  std::string path_;  // empty once moved
  std::string target_;
  int descriptor_;  // -1 once closed
  mode_t mode_;     // in the end; until then the owner may write
  bool is_published_ = false;
};

// Waits until the names in the directory of `path` are on the disk.
absl::Status SyncDirectoryOf(const std::string& path);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_TEMPORARY_FILE_H_
