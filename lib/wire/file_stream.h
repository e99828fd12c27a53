// A file as protobuf's CodedInputStream wants it: what is skipped is not read.
#ifndef ONNX_REINIT_WIRE_FILE_STREAM_H_
#define ONNX_REINIT_WIRE_FILE_STREAM_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/io/zero_copy_stream.h"
#include "wire/file.h"

namespace onnx_reinit::wire {

// Reads from the file's start. Buffers grow from 4 KiB after a skip of more to 64 KiB, so that a
// model of many short messages takes few reads and one of many payloads reads little of them.
class FileStream final : public google::protobuf::io::ZeroCopyInputStream {
 public:
  // `file` outlives the stream.
  explicit FileStream(const InputFile& file) : file_(file) {}

  bool Next(const void** data, int* size) override;
  void BackUp(int count) override;
  bool Skip(int count) override;
  int64_t ByteCount() const override { return static_cast<int64_t>(position_); }

  // Why Next returned false before the file's end; OK otherwise.
  const absl::Status& status() const { return status_; }

 private:
  const InputFile& file_;
  uint64_t position_ = 0;    // of the next byte to hand out
  uint64_t buffer_end_ = 0;  // where in the file the buffered bytes end
  size_t next_size_ = 4096;  // of the next read
  std::vector<uint8_t> buffer_;
  size_t buffered_ = 0;  // bytes of buffer_ that are filled; they end at buffer_end_
  absl::Status status_;
};

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_FILE_STREAM_H_
