// Chunks -> a file, by several threads, in bounded memory.
#ifndef ONNX_REINIT_WRITE_PIPELINE_H_
#define ONNX_REINIT_WRITE_PIPELINE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "write/assembler.h"
#include "write/chunk.h"
#include "write/layout.h"

namespace onnx_reinit::write {

// A file that is being written, by position.
struct Target {
  int descriptor = -1;
  std::string path;  // for errors
};

// Writes every chunk of the layout to targets[chunk.file], with at most `threads` threads (0: as
// many as the machine has) and a few MiB of memory for each. Long verbatim stretches are copied by
// the kernel. Returns the first error; then some chunks are missing.
absl::Status WriteChunks(const Layout& layout, absl::Span<const Chunk> chunks,
                         const Assembler& assembler, absl::Span<const Target> targets, int threads);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_PIPELINE_H_
