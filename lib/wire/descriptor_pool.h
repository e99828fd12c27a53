// Open files, of which only so many are open at a time.
#ifndef ONNX_REINIT_WIRE_DESCRIPTOR_POOL_H_
#define ONNX_REINIT_WIRE_DESCRIPTOR_POOL_H_

#include <cstddef>
#include <list>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

namespace onnx_reinit::wire {

// Closed with its last owner.
class Descriptor {
 public:
  // Takes what open(2) returned.
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }

 private:
  int number_;
};

// Opens for reading. Never waits, neither for the writer of a pipe nor for a device. NotFound,
// PermissionDenied, or Unavailable where the system fails, as with too many open files.
absl::StatusOr<std::shared_ptr<const Descriptor>> OpenToRead(const std::string& path);

// Keeps the files open that were asked for last. Whoever holds a descriptor can use it for as long
// as he likes: it is closed when the pool has let go of it and he has too. Thread-safe.
class DescriptorPool {
 public:
  // At most `capacity` >= 1 files, and fewer where the process may not open so many.
  explicit DescriptorPool(size_t capacity) : capacity_(capacity) {}

  // As OpenToRead, but a file that is open is not opened again.
  absl::StatusOr<std::shared_ptr<const Descriptor>> Open(const std::string& path);

 private:
  struct OpenFile {
    std::string path;
    std::shared_ptr<const Descriptor> descriptor;
  };

  const size_t capacity_;
  absl::Mutex mutex_;
  std::list<OpenFile> files_ ABSL_GUARDED_BY(mutex_);  // the one that was asked for last is first
};

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_DESCRIPTOR_POOL_H_
