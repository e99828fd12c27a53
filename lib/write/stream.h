// Outputs that are no regular files: pipes, terminals, /dev/stdout.
#ifndef ONNX_REINIT_WRITE_STREAM_H_
#define ONNX_REINIT_WRITE_STREAM_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace onnx_reinit::write {

// True for a path that is written as it comes, from beginning to end: what is there is no regular
// file, or the path names an open descriptor (/dev/stdout, /dev/stderr, /dev/fd/N,
// /proc/self/fd/N).
bool IsStream(const std::string& path);

class Stream {
 public:
  // Waits for the reader of a named pipe; Cancelled where `cancelled` (nullptr: never; it outlives
  // the stream) becomes true meanwhile and a signal ends the wait.
  static absl::StatusOr<Stream> Open(const std::string& path,
                                     const std::atomic<bool>* cancelled = nullptr);
  ~Stream();
  Stream(Stream&& other) noexcept;
  Stream& operator=(Stream&&) = delete;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // All of `bytes`, after those before. Cancelled where that is asked for while the reader of a
  // pipe takes nothing.
  absl::Status Write(absl::Span<const uint8_t> bytes) const;

 private:
  Stream(int descriptor, std::string path, const std::atomic<bool>* cancelled)
      : descriptor_(descriptor), path_(std::move(path)), cancelled_(cancelled) {}
  int descriptor_;
  std::string path_;
  const std::atomic<bool>* cancelled_;
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_STREAM_H_
