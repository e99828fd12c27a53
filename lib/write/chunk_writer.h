// One chunk -> its place in the output file.
#ifndef ONNX_REINIT_WRITE_CHUNK_WRITER_H_
#define ONNX_REINIT_WRITE_CHUNK_WRITER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "write/assembler.h"
#include "write/chunk.h"
#include "write/segment.h"
#include "write/target.h"

namespace onnx_reinit::write {

// Which bytes of the chunks are written; the others are left as they are.
enum class Extent { kEverything, kAllButPayloads, kPayloads };

class ChunkWriter {
 public:
  // Everything outlives the writer; `target` is open; `buffer` is the caller's so that it can be
  // used again.
  ChunkWriter(const SegmentList& content, const Assembler& assembler, const Target& target,
              Extent extent, std::vector<uint8_t>& buffer)
      : content_(content),
        assembler_(assembler),
        target_(target),
        extent_(extent),
        buffer_(buffer) {}

  absl::Status Write(const Chunk& chunk);

 private:
  enum class Way { kSkip, kAssemble, kCopy };
  Way WayOf(const Segment& segment, uint64_t length) const;
  absl::Status Assemble(uint64_t begin, uint64_t end);
  absl::Status Copy(size_t segment, uint64_t begin, uint64_t end);

  const SegmentList& content_;
  const Assembler& assembler_;
  const Target& target_;
  Extent extent_;
  std::vector<uint8_t>& buffer_;
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_CHUNK_WRITER_H_
