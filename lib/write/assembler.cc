#include "write/assembler.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/status_macros.h"

namespace onnx_reinit::write {
namespace {

// Reading this much too much costs less than another call of the system.
constexpr uint64_t kMaxGap = 8192;

// The part of a segment that lies in the range at hand.
struct Part {
  const Segment& segment;
  uint64_t within;          // offset in the segment
  absl::Span<uint8_t> out;  // where it goes
};

// Calls visit(Part) for every segment in [begin, begin + out.size()).
template <typename Visit>
absl::Status ForEachPart(const SegmentList& content, uint64_t begin, absl::Span<uint8_t> out,
                         Visit visit) {
  for (size_t i = content.Find(begin); !out.empty(); ++i) {
    const Segment& segment = content.segments()[i];
    const uint64_t within = begin - content.offset(i);
    const uint64_t length = std::min<uint64_t>(segment.length - within, out.size());
    RETURN_IF_ERROR(visit(Part{segment, within, out.first(length)}));
    out.remove_prefix(length);
    begin += length;
  }
  return absl::OkStatus();
}

// A read that grows as long as what follows lies just as far apart in the source as in the output.
class PendingRead {
 public:
  bool Extend(const Part& part) {
    const uint64_t from = part.segment.begin + part.within;
    if (out_.data() == nullptr || source_ != part.segment.source) return false;
    const auto distance = static_cast<uint64_t>(part.out.data() - out_.data());
    if (from - from_ != distance || distance - out_.size() > kMaxGap) return false;
    out_ = absl::MakeSpan(out_.data(), distance + part.out.size());
    return true;
  }

  void Start(const Part& part) {
    source_ = part.segment.source;
    from_ = part.segment.begin + part.within;
    out_ = part.out;
  }

  absl::Status Run(const std::vector<const wire::InputFile*>& sources) const {
    if (out_.empty()) return absl::OkStatus();
    return sources[source_]->Read(from_, out_);
  }

 private:
  size_t source_ = 0;
  uint64_t from_ = 0;
  absl::Span<uint8_t> out_;
};

}  // namespace

absl::Status Assembler::Fill(const SegmentList& content, uint64_t begin,
                             absl::Span<uint8_t> out) const {
  RETURN_IF_ERROR(Copy(content, begin, out));
  return ForEachPart(content, begin, out, [this](const Part& part) {
    switch (part.segment.kind) {
      case SegmentKind::kVerbatim:
        break;
      case SegmentKind::kLiteral:
        std::memcpy(part.out.data(), part.segment.bytes.data() + part.within, part.out.size());
        break;
      case SegmentKind::kZeros:
        std::memset(part.out.data(), 0, part.out.size());
        break;
      case SegmentKind::kPayload:
        return Generate(part.segment, part.within, part.out);
    }
    return absl::OkStatus();
  });
}

absl::Status Assembler::Copy(const SegmentList& content, uint64_t begin,
                             absl::Span<uint8_t> out) const {
  PendingRead read;
  RETURN_IF_ERROR(ForEachPart(content, begin, out, [&](const Part& part) {
    if (part.segment.kind != SegmentKind::kVerbatim || read.Extend(part)) return absl::OkStatus();
    const absl::Status status = read.Run(sources_);
    read.Start(part);
    return status;
  }));
  return read.Run(sources_);
}

absl::Status Assembler::Generate(const Segment& segment, uint64_t within,
                                 absl::Span<uint8_t> out) const {
  if (segment.value_size != 0) return GenerateTagged(segment, within, out);
  return generators_->Write(segment.source, segment.begin + within, out);
}

absl::Status Assembler::GenerateTagged(const Segment& segment, uint64_t within,
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
