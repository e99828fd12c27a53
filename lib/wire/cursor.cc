#include "wire/cursor.h"

#include <algorithm>
#include <array>
#include <bit>

#include "absl/strings/str_cat.h"

namespace onnx_reinit::wire {
namespace {

constexpr uint64_t kMaxLengthBytes = 5;
constexpr uint64_t kMaxVarintBytes = 10;

}  // namespace

Cursor::Cursor(const InputFile& file, std::vector<Frame>& frames, TextPool& texts)
    : file_(file),
      stream_(file),
      coded_(&stream_),
      frames_(frames),
      texts_(texts),
      end_(file.size()) {
  coded_.PushLimit(static_cast<int>(file.size()));
}

// How many bytes the tag at hand has; one more than may be where it has no end.
uint64_t Cursor::TagSize() const {
  std::array<uint8_t, kMaxTagBytes> bytes = {};
  const uint64_t left = std::min<uint64_t>(bytes.size(), end_ - tag_begin_);
  if (!file_.Read(tag_begin_, absl::MakeSpan(bytes.data(), left)).ok()) return 0;
  const auto* last =
      std::find_if(bytes.begin(), bytes.begin() + left, [](uint8_t byte) { return byte < 0x80; });
  return static_cast<uint64_t>(last - bytes.begin()) + 1;
}

// Of a tag that it cannot read, CodedInputStream tells nothing.
bool Cursor::FailTag() {
  const uint64_t size = TagSize();
  if (size > end_ - tag_begin_) {
    FailRead(tag_begin_);
  } else if (size > kMaxTagBytes) {
    Fail(tag_begin_, "a field tag is longer than 5 bytes");
  } else {
    Fail(tag_begin_, absl::StrCat("field number ", key_ >> 3, " with wire type ", key_ & 7,
                                  " is no valid field tag"));
  }
  return false;
}

void Cursor::FailRead(uint64_t offset) {
  Fail(offset, levels_.empty() ? "the file ends in the middle of a field"
                               : "a field goes beyond the end of its message");
}

void Cursor::Fail(uint64_t offset, absl::string_view what) {
  if (!ok()) return;
  status_ = stream_.status();  // what cannot be read looks malformed, too
  if (!ok()) return;
  status_ = absl::DataLossError(absl::StrCat(file_.path(), ": at byte ", offset, ": ", what));
}

uint64_t Cursor::ReadVarint() {
  if (!ok()) return 0;
  const uint64_t begin = position();
  uint64_t value = 0;
  if (coded_.ReadVarint64(&value) && position() <= end_) return value;
  if (stream_.status().ok() && end_ - begin >= kMaxVarintBytes) {
    Fail(begin, "a number is written in more than 10 bytes");
  }
  FailRead(begin);
  return 0;
}

int64_t Cursor::Integer() { return static_cast<int64_t>(ReadVarint()); }

uint64_t Cursor::ReadLength() {
  if (!ok()) return 0;
  uint64_t length = 0;
  if (!coded_.ReadVarint64(&length) || position() > end_) {
    FailRead(length_begin_);
    return 0;
  }
  const uint64_t begin = position();
  const bool valid = length <= end_ - begin && begin - length_begin_ <= kMaxLengthBytes;
  return valid ? length : FailLength(length);
}

uint64_t Cursor::FailLength(uint64_t length) {
  const uint64_t begin = position();
  if (begin - length_begin_ > kMaxLengthBytes) {
    Fail(length_begin_, "a length is written in more than 5 bytes");
    return 0;
  }
  Fail(length_begin_,
       absl::StrCat("a field of ", length, " bytes goes beyond the end of its ",
                    levels_.empty() ? "file" : "message", ", which has ", end_ - begin, " left",
                    begin + length > file_.size() ? "; is the file cut short?" : ""));
  return 0;
}

void Cursor::SkipBytes(uint64_t count) {
  if (!ok()) return;
  const uint64_t begin = position();
  if (count > end_ - begin || !coded_.Skip(static_cast<int>(count))) FailRead(begin);
}

Span Cursor::Bytes() {
  const uint64_t size = ReadLength();
  const uint64_t begin = position();
  SkipBytes(size);
  return {begin, begin + size};
}

Span Cursor::Skip() {
  const uint64_t begin = position();
  switch (key_ & 7) {
    case kVarintType:
      ReadVarint();
      break;
    case kFixed64Type:
      SkipBytes(8);
      break;
    case kLengthType:
      return Bytes();
    case kGroupBegin:
      SkipGroup();
      break;
    case kFixed32Type:
      SkipBytes(4);
      break;
    default:
      Fail(tag_begin_, "a group ends that was never begun");
  }
  return {begin, position()};
}

void Cursor::SkipGroup() {
  std::vector<uint32_t> open = {key_ >> 3};
  while (!open.empty()) {
    if (levels_.size() + open.size() > kMaxDepth) {
      Fail(tag_begin_, absl::StrCat("messages are nested more than ", kMaxDepth, " deep"));
    }
    if (!Next()) {
      Fail(position(), "a group has no end");
      return;
    }
    if ((key_ & 7) == kGroupBegin) {
      open.push_back(key_ >> 3);
    } else if ((key_ & 7) == kGroupEnd && key_ >> 3 == open.back()) {
      open.pop_back();
    } else {
      Skip();
    }
  }
}

inline const char* Cursor::Buffered(uint64_t size) {
  const void* data = nullptr;
  int buffered = 0;
  coded_.GetDirectBufferPointerInline(&data, &buffered);
  return size <= static_cast<uint64_t>(buffered) ? static_cast<const char*>(data) : nullptr;
}

inline void Cursor::Keep(std::string& out, uint64_t size) {
  Charge(size);
  if (!ok()) return;
  if (const char* buffered = Buffered(size)) {  // ReadString would fill `out` with zeros first
    out.assign(buffered, size);
    coded_.Skip(static_cast<int>(size));
  } else if (!coded_.ReadString(&out, static_cast<int>(size))) {
    FailRead(tag_begin_);
  }
}

void Cursor::Text(std::string& out) { Keep(out, ReadLength()); }

void Cursor::Text(std::string_view& out) {
  const uint64_t size = ReadLength();
  Charge(size);
  if (!ok()) return;
  char* text = texts_.Add(size);
  if (const char* buffered = Buffered(size)) {
    std::copy_n(buffered, size, text);
    coded_.Skip(static_cast<int>(size));
  } else if (!coded_.ReadRaw(text, static_cast<int>(size))) {
    FailRead(tag_begin_);
  }
  out = {text, size};
}

void Cursor::CutText(std::string& out) {
  const uint64_t size = ReadLength();
  const uint64_t kept = std::min<uint64_t>(size, kMaxKeptText);
  Keep(out, kept);
  SkipBytes(size - kept);
}

float Cursor::Float() {
  uint32_t bits = 0;
  if (!ok()) return 0;
  if (!coded_.ReadLittleEndian32(&bits) || position() > end_) FailRead(tag_begin_);
  return std::bit_cast<float>(bits);
}

void Cursor::Charge(uint64_t bytes) {
  kept_bytes_ += bytes;
  if (kept_bytes_ <= kMaxKeptBytes) return;
  Fail(tag_begin_, absl::StrCat("the file's nodes, names and shapes take more than ", kMaxKeptBytes,
                                " bytes of memory"));
}

void Cursor::Enter(uint64_t size) {
  if (levels_.size() >= kMaxDepth) {
    Fail(tag_begin_, absl::StrCat("messages are nested more than ", kMaxDepth, " deep"));
  }
  const uint64_t begin = position();
  levels_.push_back({.frame = {.tag_begin = tag_begin_,
                               .length_begin = length_begin_,
                               .body = {begin, begin + size}},
                     .index = Frame::kNone});
  end_ = begin + size;
}

void Cursor::Leave() {
  levels_.pop_back();
  end_ = levels_.empty() ? file_.size() : levels_.back().frame.body.end;
}

uint32_t Cursor::RecordFrame() {
  size_t first = levels_.size();
  while (first > 0 && levels_[first - 1].index == Frame::kNone) --first;
  for (; first < levels_.size(); ++first) {
    Level& level = levels_[first];
    level.frame.parent = first == 0 ? Frame::kNone : levels_[first - 1].index;
    level.index = static_cast<uint32_t>(frames_.size());
    Charge(sizeof(Frame));
    frames_.push_back(level.frame);
  }
  return levels_.back().index;
}

}  // namespace onnx_reinit::wire
