// Output files cut into chunks: the unit of work, of memory and of `--part`.
#ifndef ONNX_REINIT_WRITE_CHUNK_H_
#define ONNX_REINIT_WRITE_CHUNK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "write/layout.h"

namespace onnx_reinit::write {

inline constexpr uint64_t kChunkSize = uint64_t{1} << 20;

// Bytes [begin, end) of one output file.
struct Chunk {
  size_t file = 0;
  uint64_t begin = 0;
  uint64_t end = 0;
};

// All files, in order. Every chunk but a file's last is about kChunkSize long; none begins or ends
// within an element of a payload. The same layout always gives the same chunks.
std::vector<Chunk> CutIntoChunks(const Layout& layout);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_CHUNK_H_
