// Any payload as a stream of the bytes that raw_data would hold.
#ifndef ONNX_REINIT_WIRE_RAW_STREAM_H_
#define ONNX_REINIT_WIRE_RAW_STREAM_H_

#include <cstdint>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "wire/file.h"
#include "wire/skeleton.h"

namespace onnx_reinit::wire {

// How the values lie in the chunks.
struct EntryLayout {
  bool varint = false;
  uint64_t raw_bytes = 1;  // per value in raw_data; in the chunks too where they are no varints
};

// Reads forward only. Runs of bytes are read and skipped at once, varints one by one.
class RawStream {
 public:
  // `file` outlives the stream.
  RawStream(const InputFile& file, absl::Span<const Chunk> chunks, EntryLayout layout);

  // Both count raw bytes, whole values of them. DataLoss where the payload ends before.
  absl::Status Skip(uint64_t bytes);
  absl::Status Read(absl::Span<uint8_t> out);
  bool AtEnd() const { return chunk_ == chunks_.size(); }

 private:
  absl::Status Ended() const;
  void Advance(uint64_t bytes);
  bool IsRun() const { return !layout_.varint && chunks_[chunk_].tag_size == 0; }
  absl::Status ReadEntry(uint8_t* out);
  absl::Status Byte(uint8_t& byte);
  absl::Status Varint(uint64_t& value);

  const InputFile& file_;
  absl::InlinedVector<Chunk, 1> chunks_;  // none of them empty
  EntryLayout layout_;
  size_t chunk_ = 0;
  uint64_t position_ = 0;  // in the file; meaningless at the end
  std::vector<uint8_t> buffer_;
  uint64_t buffer_begin_ = 0;  // where in the file the buffer begins
};

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_RAW_STREAM_H_
