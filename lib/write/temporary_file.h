// A file that appears under its name whole, or not at all.
#ifndef ONNX_REINIT_WRITE_TEMPORARY_FILE_H_
#define ONNX_REINIT_WRITE_TEMPORARY_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace onnx_reinit::write {

// A new file beside its target, named ".TARGET.onnx-reinit-XXXXXX" and locked (flock) as long as it
// is written; removed by the destructor unless it was moved to its target.
class TemporaryFile {
 public:
  // With the mode of the file that is to be replaced, else that of any new file. Unavailable /
  // PermissionDenied / NotFound, with the directory, where it cannot be made.
  static absl::StatusOr<std::unique_ptr<TemporaryFile>> Create(const std::string& target);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  int descriptor() const { return descriptor_; }
  const std::string& target() const { return target_; }

  // Gives the file its size and takes the space from the file system, where it can do that.
  // ResourceExhausted where there is not enough.
  absl::Status Reserve(uint64_t size);
  // Waits until the contents are on the disk.
  absl::Status Sync();
  // Takes the place of the target, at once; whatever was there is gone.
  absl::Status Replace();

 private:
  TemporaryFile(std::string path, std::string target, int descriptor);
  std::string path_;  // empty once moved
  std::string target_;
  int descriptor_;
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_TEMPORARY_FILE_H_
