// A file that is being written.
#ifndef ONNX_REINIT_WRITE_TARGET_H_
#define ONNX_REINIT_WRITE_TARGET_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"

namespace onnx_reinit::write {

// Open from its first chunk to its last, so that an output may have more files than a process may
// open.
class Target {
 public:
  // `file` is there; `path` is what it is called in errors.
  Target(std::string file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  ~Target();
  Target(Target&& other) noexcept;
  Target& operator=(Target&&) = delete;
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  const std::string& path() const { return path_; }
  // -1 where it is not open.
  int descriptor() const { return descriptor_; }

  // Nothing where it is open already. A symbolic link is an error.
  absl::Status Open();
  // Makes the kernel write what comes before `end`, which is finished, to the disk while later
  // parts are made, so that `sync` has little left to do.
  void StartWriteback(uint64_t end);
  // With all errors that show up late. `sync`: waits until the contents are on the disk.
  absl::Status Close(bool sync);

 private:
  std::string file_;
  std::string path_;
  int descriptor_ = -1;
  uint64_t writeback_begin_ = 0;  // what comes before is on its way
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_TARGET_H_
