#include "write/rewrite.h"

#include <sys/stat.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "write/assembler.h"
#include "write/chunk.h"
#include "write/generator_cache.h"
#include "write/layout.h"
#include "write/pipeline.h"
#include "write/temporary_file.h"

namespace onnx_reinit::write {
namespace {

bool IsSameFile(const wire::InputFile& file, const std::string& path) {
  struct stat info = {};
  return stat(path.c_str(), &info) == 0 && info.st_dev == file.device() &&
         info.st_ino == file.inode();
}

absl::Status CheckOutput(const wire::InputFile& input, const std::string& output_path,
                         bool in_place) {
  if (in_place || !IsSameFile(input, output_path)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the output '", output_path, "' is the input '", input.path(),
                   "'; name another file, or allow it with --in-place"));
}

std::vector<const wire::Tensor*> TensorsOf(const std::vector<Replacement>& replacements) {
  std::vector<const wire::Tensor*> tensors;
  tensors.reserve(replacements.size());
  for (const Replacement& replacement : replacements) tensors.push_back(replacement.tensor);
  return tensors;
}

void AnnounceUses(const Layout& layout, absl::Span<const Chunk> chunks,
                  GeneratorCache& generators) {
  for (const Chunk& chunk : chunks) {
    const SegmentList& content = layout.files[chunk.file].content;
    for (size_t i = content.Find(chunk.begin);
         i < content.segments().size() && content.offset(i) < chunk.end; ++i) {
      const Segment& segment = content.segments()[i];
      if (segment.kind == SegmentKind::kPayload) generators.Announce(segment.source);
    }
  }
}

}  // namespace

absl::Status Rewrite(const wire::InputFile& input, const wire::Skeleton& skeleton,
                     wire::ExternalFiles& /*external*/,
                     const std::vector<Replacement>& replacements, const std::string& output_path,
                     const WriteOptions& options) {
  RETURN_IF_ERROR(CheckOutput(input, output_path, options.in_place));
  const std::vector<const wire::Tensor*> tensors = TensorsOf(replacements);
  ASSIGN_OR_RETURN(const Layout layout, MakeLayout(skeleton, tensors));
  const std::vector<Chunk> chunks = CutIntoChunks(layout);
  GeneratorCache generators(replacements);
  AnnounceUses(layout, chunks, generators);
  const Assembler assembler({&input}, &generators);

  ASSIGN_OR_RETURN(const std::unique_ptr<TemporaryFile> file, TemporaryFile::Create(output_path));
  RETURN_IF_ERROR(file->Reserve(layout.files.back().content.size()));
  const std::vector<Target> targets = {{file->descriptor(), output_path}};
  RETURN_IF_ERROR(WriteChunks(layout, chunks, assembler, targets, options.threads));
  RETURN_IF_ERROR(file->Sync());
  return file->Replace();
}

}  // namespace onnx_reinit::write
