// An output file as a list of stretches, each of which says where its bytes come from.
#ifndef ONNX_REINIT_WRITE_SEGMENT_H_
#define ONNX_REINIT_WRITE_SEGMENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"

namespace onnx_reinit::write {

enum class SegmentKind {
  kVerbatim,  // copied from a file
  kPayload,   // generated
  kLiteral,   // given here
  kZeros,     // padding
};

struct Segment {
  SegmentKind kind = SegmentKind::kLiteral;
  uint64_t length = 0;  // in the output
  // kVerbatim: offset in the source file. kPayload: first byte of the tensor's raw bytes.
  uint64_t begin = 0;
  // kVerbatim: index of a source file (0: the model; i + 1: Layout::external_sources[i]).
  // kPayload: index of a replacement.
  size_t source = 0;
  // kLiteral: the bytes. kPayload: the tag that stands before each value of an unpacked field.
  std::string bytes;
  int value_size = 0;  // kPayload of an unpacked field: bytes of a value, without its tag

  friend bool operator==(const Segment&, const Segment&) = default;
};

// What takes the place of something else: nearly always one.
using Segments = absl::InlinedVector<Segment, 1>;

Segment Verbatim(size_t source, uint64_t begin, uint64_t length);
Segment Payload(size_t replacement, uint64_t begin, uint64_t length);
// `length` raw bytes, `value_size` at a time, each value behind `tag`.
Segment TaggedPayload(size_t replacement, uint64_t begin, uint64_t length, std::string tag,
                      int value_size);
Segment Literal(std::string bytes);
Segment Zeros(uint64_t length);

// One file to be written.
class SegmentList {
 public:
  // Makes room for so many segments.
  void Reserve(size_t segments);
  // Stretches of no length are left out; verbatim stretches that continue each other become one.
  void Add(Segment segment);

  uint64_t size() const { return size_; }
  const std::vector<Segment>& segments() const { return segments_; }
  // Offset in the output of segment i.
  uint64_t offset(size_t i) const { return offsets_[i]; }
  // The segment that holds byte `at` of the output; segments().size() for at >= size().
  size_t Find(uint64_t at) const;

 private:
  std::vector<Segment> segments_;
  std::vector<uint64_t> offsets_;
  uint64_t size_ = 0;
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_SEGMENT_H_
