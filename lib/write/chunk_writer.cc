#include "write/chunk_writer.h"

#include <algorithm>

#include "base/status_macros.h"
#include "write/positioned.h"

namespace onnx_reinit::write {
namespace {

// Shorter verbatim stretches are cheaper to copy along with their neighbours.
constexpr uint64_t kMinCopy = uint64_t{64} << 10;

}  // namespace

absl::Status ChunkWriter::Write(const Chunk& chunk) {
  uint64_t pending = chunk.begin;  // [pending, at) is still to be assembled
  uint64_t at = chunk.begin;
  for (size_t i = content_.Find(at); at < chunk.end; ++i) {
    const Segment& segment = content_.segments()[i];
    const uint64_t end = std::min(content_.offset(i) + segment.length, chunk.end);
    const Way way = WayOf(segment, end - at);
    if (way != Way::kAssemble) {
      RETURN_IF_ERROR(Assemble(pending, at));
      if (way == Way::kCopy) RETURN_IF_ERROR(Copy(i, at, end));
      pending = end;
    }
    at = end;
  }
  return Assemble(pending, at);
}

ChunkWriter::Way ChunkWriter::WayOf(const Segment& segment, uint64_t length) const {
  const bool is_payload = segment.kind == SegmentKind::kPayload;
  if (extent_ == Extent::kAllButPayloads && is_payload) return Way::kSkip;
  if (extent_ == Extent::kPayloads && !is_payload) return Way::kSkip;
  const bool is_long = segment.kind == SegmentKind::kVerbatim && length >= kMinCopy;
  return is_long ? Way::kCopy : Way::kAssemble;
}

absl::Status ChunkWriter::Assemble(uint64_t begin, uint64_t end) {
  if (begin == end) return absl::OkStatus();
  buffer_.resize(end - begin);
  RETURN_IF_ERROR(assembler_.Fill(content_, begin, absl::MakeSpan(buffer_)));
  return WriteAt(target_.descriptor(), begin, buffer_, target_.path());
}

absl::Status ChunkWriter::Copy(size_t segment, uint64_t begin, uint64_t end) {
  const Segment& source = content_.segments()[segment];
  const uint64_t from = source.begin + (begin - content_.offset(segment));
  return CopyRange(assembler_.source(source.source), from, target_.descriptor(), begin, end - begin,
                   target_.path());
}

}  // namespace onnx_reinit::write
