// What Rewrite, Prepare and FillPart have in common: a layout whose sources are open and long
// enough.
#ifndef ONNX_REINIT_WRITE_JOB_H_
#define ONNX_REINIT_WRITE_JOB_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "onnx_reinit/options.h"
#include "wire/file.h"
#include "write/assembler.h"
#include "write/chunk.h"
#include "write/chunk_writer.h"
#include "write/generator_cache.h"
#include "write/input.h"
#include "write/layout.h"
#include "write/stream.h"
#include "write/target.h"

namespace onnx_reinit::write {

class Job {
 public:
  // The input outlives the job. NotFound where an external file is missing whose bytes are needed;
  // DataLoss where one is shorter than its tensors.
  static absl::StatusOr<std::unique_ptr<Job>> Make(const Input& input,
                                                   const LayoutOptions& options);

  const Layout& layout() const { return layout_; }

  // The part-th of `parts` shares of the output's chunks, counting from 1. What MustSync asks for
  // is done.
  absl::Status Write(absl::Span<Target> targets, Extent extent, int part, int parts,
                     const WriteOptions& options);
  // The model alone, from beginning to end.
  absl::Status WriteTo(const Stream& stream, const WriteOptions& options);

  // True where the file begins like the model of this layout, and goes on like it: same size, same
  // bytes in every stretch that is short and not generated.
  absl::StatusOr<bool> Matches(const wire::InputFile& model) const;

 private:
  Job(const Input& input, Layout layout, std::vector<const wire::InputFile*> sources);
  void AnnounceUses(absl::Span<const Chunk> chunks);

  Layout layout_;
  GeneratorCache generators_;
  Assembler assembler_;
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_JOB_H_
