#include "write/segment.h"

#include <algorithm>
#include <string>
#include <utility>

namespace onnx_reinit::write {

Segment Verbatim(size_t source, uint64_t begin, uint64_t length) {
  return {.kind = SegmentKind::kVerbatim,
          .length = length,
          .begin = begin,
          .source = source,
          .bytes = {}};
}

Segment Payload(size_t replacement, uint64_t begin, uint64_t length) {
  return {.kind = SegmentKind::kPayload,
          .length = length,
          .begin = begin,
          .source = replacement,
          .bytes = {}};
}

Segment TaggedPayload(size_t replacement, uint64_t begin, uint64_t length, std::string tag,
                      int value_size) {
  const uint64_t values = length / static_cast<uint64_t>(value_size);
  const uint64_t tagged_length = length + values * tag.size();
  return {.kind = SegmentKind::kPayload,
          .length = tagged_length,
          .begin = begin,
          .source = replacement,
          .bytes = std::move(tag),
          .value_size = value_size};
}

Segment Literal(std::string bytes) {
  const uint64_t length = bytes.size();
  return {.kind = SegmentKind::kLiteral, .length = length, .bytes = std::move(bytes)};
}

Segment Zeros(uint64_t length) {
  return {.kind = SegmentKind::kZeros, .length = length, .bytes = {}};
}

namespace {

bool Continues(const Segment& last, const Segment& next) {
  return last.kind == SegmentKind::kVerbatim && next.kind == SegmentKind::kVerbatim &&
         last.source == next.source && last.begin + last.length == next.begin;
}

}  // namespace

void SegmentList::Reserve(size_t segments) {
  segments_.reserve(segments);
  offsets_.reserve(segments);
}

void SegmentList::Add(Segment segment) {
  if (segment.length == 0) return;
  const uint64_t length = segment.length;
  if (!segments_.empty() && Continues(segments_.back(), segment)) {
    segments_.back().length += length;
  } else {
    offsets_.push_back(size_);
    segments_.push_back(std::move(segment));
  }
  size_ += length;
}

size_t SegmentList::Find(uint64_t at) const {
  if (at >= size_) return segments_.size();
  const auto after = std::upper_bound(offsets_.begin(), offsets_.end(), at);
  return static_cast<size_t>(after - offsets_.begin()) - 1;
}

}  // namespace onnx_reinit::write
