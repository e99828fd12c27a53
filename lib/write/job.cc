#include "write/job.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/checked_math.h"
#include "base/status_macros.h"
#include "write/all_tensors.h"
#include "write/pipeline.h"

namespace onnx_reinit::write {
namespace {

constexpr uint64_t kShort = uint64_t{64} << 10;

std::vector<const wire::Tensor*> TensorsOf(const std::vector<Replacement>& replacements) {
  std::vector<const wire::Tensor*> tensors;
  tensors.reserve(replacements.size());
  for (const Replacement& replacement : replacements) tensors.push_back(replacement.tensor);
  return tensors;
}

// The first tensor that ends beyond the file, of those whose bytes the segment has.
std::string NameOfTensor(const wire::Skeleton& skeleton, const std::string& location,
                         uint64_t file_size, const Segment& segment) {
  for (const StoredTensor& stored : AllTensors(skeleton)) {
    if (stored.tensor->storage != wire::Storage::kExternal) continue;
    const absl::StatusOr<wire::ExternalRange> range = wire::ParseExternal(*stored.tensor);
    if (!range.ok() || range->location != location) continue;
    const bool is_in_segment = range->offset >= segment.begin &&
                               range->offset + range->length <= segment.begin + segment.length;
    if (is_in_segment && range->offset + range->length > file_size) return stored.tensor->name;
  }
  return "";
}

absl::Status CheckLength(const Input& input, const Layout& layout, const wire::InputFile& source,
                         const Segment& segment) {
  if (Fits(segment.begin, segment.length, source.size())) return absl::OkStatus();
  const std::string name =
      segment.source == 0
          ? ""
          : NameOfTensor(input.skeleton, layout.external_sources[segment.source - 1], source.size(),
                         segment);
  return absl::DataLossError(absl::StrCat(
      absl::CHexEscape(source.path()), ": the bytes ", segment.begin, " to ",
      segment.begin + segment.length, ", with tensor '", absl::CHexEscape(name),
      "' among them, are wanted, but the file has only ", source.size(), "; fetch it anew"));
}

absl::StatusOr<std::vector<const wire::InputFile*>> OpenSources(const Input& input,
                                                                const Layout& layout) {
  std::vector<const wire::InputFile*> sources = {&input.file};
  for (const std::string& location : layout.external_sources) {
    ASSIGN_OR_RETURN(const wire::InputFile* source, input.external.Open(location));
    sources.push_back(source);
  }
  for (const OutputFile& file : layout.files) {
    for (const Segment& segment : file.content.segments()) {
      if (segment.kind != SegmentKind::kVerbatim) continue;
      RETURN_IF_ERROR(CheckLength(input, layout, *sources[segment.source], segment));
    }
  }
  return sources;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Job>> Job::Make(const Input& input, const LayoutOptions& options) {
  ASSIGN_OR_RETURN(Layout layout,
                   MakeLayout(input.skeleton, TensorsOf(input.replacements), options));
  ASSIGN_OR_RETURN(std::vector<const wire::InputFile*> sources, OpenSources(input, layout));
  return std::unique_ptr<Job>(new Job(input, std::move(layout), std::move(sources)));
}

Job::Job(const Input& input, Layout layout, std::vector<const wire::InputFile*> sources)
    : layout_(std::move(layout)),
      generators_(input.replacements),
      assembler_(std::move(sources), &generators_) {}

void Job::AnnounceUses(absl::Span<const Chunk> chunks) {
  for (const Chunk& chunk : chunks) {
    const SegmentList& content = layout_.files[chunk.file].content;
    const size_t count = content.segments().size();
    for (size_t i = content.Find(chunk.begin); i < count && content.offset(i) < chunk.end; ++i) {
      const Segment& segment = content.segments()[i];
      if (segment.kind == SegmentKind::kPayload) generators_.Announce(segment.source);
    }
  }
}

absl::Status Job::Write(absl::Span<Target> targets, Extent extent, int part, int parts,
                        const WriteOptions& options) {
  const std::vector<Chunk> all = CutIntoChunks(layout_);
  std::vector<Chunk> mine;
  for (auto i = static_cast<size_t>(part - 1); i < all.size(); i += static_cast<size_t>(parts)) {
    mine.push_back(all[i]);
  }
  AnnounceUses(mine);
  return WriteChunks(layout_, mine, assembler_, targets, extent, options);
}

absl::Status Job::WriteTo(const Stream& stream, const WriteOptions& options) {
  const std::vector<Chunk> chunks = CutIntoChunks(layout_);
  AnnounceUses(chunks);
  return StreamChunks(layout_, chunks, assembler_, stream, options);
}

absl::StatusOr<bool> Job::Matches(const wire::InputFile& model) const {
  const SegmentList& content = layout_.files.back().content;
  if (model.size() != content.size()) return false;
  std::vector<uint8_t> expected;
  std::vector<uint8_t> found;
  for (size_t i = 0; i < content.segments().size(); ++i) {
    const Segment& segment = content.segments()[i];
    if (segment.kind == SegmentKind::kPayload || segment.length > kShort) continue;
    expected.resize(segment.length);
    found.resize(segment.length);
    RETURN_IF_ERROR(assembler_.Fill(content, content.offset(i), absl::MakeSpan(expected)));
    RETURN_IF_ERROR(model.Read(content.offset(i), absl::MakeSpan(found)));
    if (expected != found) return false;
  }
  return true;
}

}  // namespace onnx_reinit::write
