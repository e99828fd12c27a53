// Walks the fields of nested protobuf messages in a file, and remembers the first thing wrong.
//
//   while (in.Next()) {
//     switch (in.key()) {
//       case Length(1): in.Text(node.name); break;
//       case Length(5): in.Message([&] { ParseAttribute(in, attribute); }); break;
//       default: in.Skip();
//     }
//   }
//
// After an error every call does nothing and Next() is false, so parsers need no checks of their
// own. Each call of Next() must be followed by exactly one call that consumes the field.
#ifndef ONNX_REINIT_WIRE_CURSOR_H_
#define ONNX_REINIT_WIRE_CURSOR_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/io/coded_stream.h"
#include "wire/file.h"
#include "wire/file_stream.h"
#include "wire/skeleton.h"
#include "wire/text_pool.h"

namespace onnx_reinit::wire {

// Field keys: field number and wire type, as they stand on the wire. A known number with another
// wire type is an unknown field, as for libprotobuf.
constexpr uint32_t Varint(uint32_t number) { return number << 3 | 0; }
constexpr uint32_t Fixed64(uint32_t number) { return number << 3 | 1; }
constexpr uint32_t Length(uint32_t number) { return number << 3 | 2; }
constexpr uint32_t Fixed32(uint32_t number) { return number << 3 | 5; }

enum WireType : uint32_t {
  kVarintType = 0,
  kFixed64Type = 1,
  kLengthType = 2,
  kGroupBegin = 3,
  kGroupEnd = 4,
  kFixed32Type = 5,
};

// What libprotobuf's parser takes; CodedInputStream alone would take 10.
inline constexpr uint64_t kMaxTagBytes = 5;

// How deep messages may nest: libprotobuf's own limit.
inline constexpr size_t kMaxDepth = 100;
// What the messages, names and numbers of one file may take in memory. Far above any real model: a
// hostile one has nodes of 2 bytes each, which take a hundred times as much here.
inline constexpr uint64_t kMaxKeptBytes = 400'000'000;

class Cursor {
 public:
  // All outlive the cursor. Frames that RecordFrame() is called for, and those around them, are
  // appended to `frames`; what Text() gives a view of, to `texts`. The file must be smaller than
  // 2 GiB.
  Cursor(const InputFile& file, std::vector<Frame>& frames, TextPool& texts);

  // Steps to the next field of the message at hand; false at its end and after an error.
  bool Next();
  uint32_t key() const { return key_; }
  uint64_t tag_begin() const { return tag_begin_; }
  uint64_t position() const { return static_cast<uint64_t>(coded_.CurrentPosition()); }
  uint64_t left() const { return end_ - position(); }  // bytes of the message at hand

  // Each consumes the field at hand.
  int64_t Integer();            // wire type varint
  Span Bytes();                 // wire type length: skips the body, returns its place
  Span Skip();                  // any; returns the place of the value
  void Text(std::string& out);  // wire type length
  void Text(std::string_view& out);
  void CutText(std::string& out);  // the same, only the first kMaxKeptText bytes
  template <typename Texts>        // a list of std::string or std::string_view
  void TextItem(Texts& out);
  float Float();  // wire type fixed32
  template <typename Visit>
  void Integers(Visit visit);  // varint or length (packed): visit(int64_t) for each
  template <typename Parse>
  void Message(Parse parse);  // wire type length: parse() sees the body's fields

  // wire type length: parse(in, item) sees the body's fields, with a new last item.
  template <typename T>
  void Item(std::vector<T>& items, void (*parse)(Cursor&, T&));

  // Counts memory that is about to be taken against the limit.
  void Charge(uint64_t bytes);
  // The index of the frame of the message at hand.
  uint32_t RecordFrame();

  void Fail(uint64_t offset, absl::string_view what);
  bool ok() const { return status_.ok(); }
  const absl::Status& status() const { return status_; }

 private:
  struct Level {
    Frame frame;
    uint32_t index;  // in frames_, or kNone where it is not recorded
  };

  uint64_t TagSize() const;
  bool FailTag();
  void FailRead(uint64_t offset);
  // Reads a length and checks it; 0 and an error where it is wrong.
  uint64_t ReadLength();
  uint64_t FailLength(uint64_t length);
  void SkipBytes(uint64_t count);
  void SkipGroup();
  // The next `size` bytes where they are in the buffer, else nullptr.
  const char* Buffered(uint64_t size);
  void Keep(std::string& out, uint64_t size);
  void Enter(uint64_t size);
  void Leave();
  uint64_t ReadVarint();

  const InputFile& file_;
  FileStream stream_;
  // Knows where the file ends, but not where messages do: each value that was read is compared with
  // `end_`, which is cheaper than a limit for each message.
  google::protobuf::io::CodedInputStream coded_;
  std::vector<Frame>& frames_;
  TextPool& texts_;
  std::vector<Level> levels_;
  absl::Status status_;
  uint64_t end_;  // of the message at hand
  uint32_t key_ = 0;
  uint64_t tag_begin_ = 0;
  uint64_t length_begin_ = 0;
  uint64_t kept_bytes_ = 0;
};

inline bool Cursor::Next() {
  tag_begin_ = position();
  if (tag_begin_ >= end_ || !ok()) return false;
  key_ = coded_.ReadTag();
  length_begin_ = position();
  const bool valid = key_ >= 8 && (key_ & 7) <= kFixed32Type && length_begin_ <= end_ &&
                     length_begin_ - tag_begin_ <= kMaxTagBytes;
  return valid || FailTag();
}

template <typename Visit>
void Cursor::Integers(Visit visit) {
  if ((key_ & 7) == 0) {
    const int64_t value = Integer();
    if (ok()) visit(value);
    return;
  }
  const uint64_t size = ReadLength();
  const auto limit = coded_.PushLimit(static_cast<int>(size));
  const uint64_t end = position() + size;
  while (ok() && position() < end) {
    const auto value = static_cast<int64_t>(ReadVarint());
    if (ok()) visit(value);
  }
  coded_.PopLimit(limit);
}

template <typename Texts>
void Cursor::TextItem(Texts& out) {
  Charge(sizeof(std::string));  // for a view too: the graph stage takes as much for what it names
  Text(out.emplace_back());
}

template <typename T>
void Cursor::Item(std::vector<T>& items, void (*parse)(Cursor&, T&)) {
  Charge(sizeof(T));
  Message([&] { parse(*this, items.emplace_back()); });
}

template <typename Parse>
void Cursor::Message(Parse parse) {
  const uint64_t size = ReadLength();
  Enter(size);
  if (!ok()) return;
  parse();
  Leave();
}

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_CURSOR_H_
