// Chunks -> bytes in their place, by several threads, in bounded memory.
#ifndef ONNX_REINIT_WRITE_PIPELINE_H_
#define ONNX_REINIT_WRITE_PIPELINE_H_

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "onnx_reinit/options.h"
#include "write/assembler.h"
#include "write/chunk.h"
#include "write/chunk_writer.h"
#include "write/layout.h"
#include "write/stream.h"
#include "write/target.h"

namespace onnx_reinit::write {

// What is said of options.sync.
inline bool MustSync(const WriteOptions& options) { return options.sync || options.in_place; }

// Writes the chunks to targets[chunk.file], each in its place. Long verbatim stretches are copied
// by the kernel. A target is open, and then closed (synced where it must be), from its first chunk
// to its last. Memory and open targets: a chunk for each of at most 32 threads. Returns the first
// error, or Cancelled; then some bytes are missing.
absl::Status WriteChunks(const Layout& layout, absl::Span<const Chunk> chunks,
                         const Assembler& assembler, absl::Span<Target> targets, Extent extent,
                         const WriteOptions& options);

// Writes the chunks to `stream` one after another: for pipes and terminals. Memory: two chunks for
// each of at most 16 threads.
absl::Status StreamChunks(const Layout& layout, absl::Span<const Chunk> chunks,
                          const Assembler& assembler, const Stream& stream,
                          const WriteOptions& options);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_PIPELINE_H_
