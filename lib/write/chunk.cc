#include "write/chunk.h"

#include <algorithm>

namespace onnx_reinit::write {
namespace {

// Raw bytes that are generated best together: a multiple of every element's size.
constexpr uint64_t kUnit = 64;

// The end nearest before `at` that is no end within an element.
uint64_t BetweenElements(const SegmentList& content, uint64_t at) {
  const size_t i = content.Find(at);
  if (i == content.segments().size()) return content.size();
  const Segment& segment = content.segments()[i];
  if (segment.kind != SegmentKind::kPayload) return at;
  const uint64_t within = at - content.offset(i);
  if (segment.value_size == 0) return at - std::min((segment.begin + within) % kUnit, within);
  return at - within % (static_cast<uint64_t>(segment.value_size) + segment.bytes.size());
}

}  // namespace

std::vector<Chunk> CutIntoChunks(const Layout& layout) {
  std::vector<Chunk> chunks;
  for (size_t file = 0; file < layout.files.size(); ++file) {
    const SegmentList& content = layout.files[file].content;
    uint64_t begin = 0;
    for (uint64_t at = kChunkSize; begin < content.size(); at += kChunkSize) {
      const uint64_t end = BetweenElements(content, at);
      chunks.push_back({.file = file, .begin = begin, .end = end});
      begin = end;
    }
  }
  return chunks;
}

}  // namespace onnx_reinit::write
