#include "write/assembler.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/status_macros.h"

namespace onnx_reinit::write {

absl::Status Assembler::Fill(const SegmentList& content, uint64_t begin,
                             absl::Span<uint8_t> out) const {
  for (size_t i = content.Find(begin); !out.empty(); ++i) {
    const Segment& segment = content.segments()[i];
    const uint64_t within = begin - content.offset(i);
    const uint64_t length = std::min<uint64_t>(segment.length - within, out.size());
    RETURN_IF_ERROR(FillFrom(segment, within, out.first(length)));
    out.remove_prefix(length);
    begin += length;
  }
  return absl::OkStatus();
}

absl::Status Assembler::FillFrom(const Segment& segment, uint64_t within,
                                 absl::Span<uint8_t> out) const {
  switch (segment.kind) {
    case SegmentKind::kVerbatim:
      return sources_[segment.source]->Read(segment.begin + within, out);
    case SegmentKind::kLiteral:
      std::memcpy(out.data(), segment.bytes.data() + within, out.size());
      return absl::OkStatus();
    case SegmentKind::kPayload:
      if (segment.value_size != 0) return FillTagged(segment, within, out);
      return generators_->Write(segment.source, segment.begin + within, out);
  }
  return absl::InternalError("a segment of unknown kind");
}

absl::Status Assembler::FillTagged(const Segment& segment, uint64_t within,
                                   absl::Span<uint8_t> out) const {
  const std::string& tag = segment.bytes;
  const auto value_size = static_cast<size_t>(segment.value_size);
  const size_t stride = tag.size() + value_size;
  std::vector<uint8_t> values(out.size() / stride * value_size);
  RETURN_IF_ERROR(generators_->Write(segment.source, segment.begin + within / stride * value_size,
                                     absl::MakeSpan(values)));
  const uint8_t* value = values.data();
  for (size_t at = 0; at < out.size(); at += stride, value += value_size) {
    std::memcpy(&out[at], tag.data(), tag.size());
    std::memcpy(&out[at] + tag.size(), value, value_size);
  }
  return absl::OkStatus();
}

}  // namespace onnx_reinit::write
