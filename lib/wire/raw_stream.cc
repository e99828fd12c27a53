#include "wire/raw_stream.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace onnx_reinit::wire {
namespace {

constexpr uint64_t kBufferSize = 65536;
constexpr int kMaxVarintBytes = 10;

}  // namespace

RawStream::RawStream(const InputFile& file, absl::Span<const Chunk> chunks, EntryLayout layout)
    : file_(file), layout_(layout) {
  std::copy_if(chunks.begin(), chunks.end(), std::back_inserter(chunks_),
               [](const Chunk& chunk) { return chunk.bytes.size() != 0; });
  if (!AtEnd()) position_ = chunks_.front().bytes.begin;
}

absl::Status RawStream::Ended() const {
  return absl::DataLossError(absl::StrCat(
      file_.path(), ": a tensor has fewer values than its shape needs",
      chunks_.empty() ? "" : absl::StrCat("; they end at byte ", chunks_.back().bytes.end)));
}

void RawStream::Advance(uint64_t bytes) {
  position_ += bytes;
  if (position_ < chunks_[chunk_].bytes.end) return;
  ++chunk_;
  if (!AtEnd()) position_ = chunks_[chunk_].bytes.begin;
}

absl::Status RawStream::Byte(uint8_t& byte) {
  if (AtEnd()) return Ended();
  if (position_ < buffer_begin_ || position_ - buffer_begin_ >= buffer_.size()) {
    buffer_.resize(std::min(kBufferSize, chunks_[chunk_].bytes.end - position_));
    buffer_begin_ = position_;
    RETURN_IF_ERROR(file_.Read(position_, absl::MakeSpan(buffer_)));
  }
  byte = buffer_[position_ - buffer_begin_];
  Advance(1);
  return absl::OkStatus();
}

absl::Status RawStream::Varint(uint64_t& value) {
  const size_t chunk = chunk_;
  const uint64_t begin = position_;
  value = 0;
  for (int i = 0; i < kMaxVarintBytes && chunk_ == chunk; ++i) {
    uint8_t byte = 0;
    RETURN_IF_ERROR(Byte(byte));
    value |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) return absl::OkStatus();
  }
  return absl::DataLossError(
      absl::StrCat(file_.path(), ": at byte ", begin, ": a packed value has no end"));
}

absl::Status RawStream::ReadEntry(uint8_t* out) {
  uint8_t skipped = 0;
  if (AtEnd()) return Ended();
  for (int i = chunks_[chunk_].tag_size; i > 0; --i) RETURN_IF_ERROR(Byte(skipped));
  if (layout_.varint) {
    uint64_t value = 0;
    RETURN_IF_ERROR(Varint(value));
    for (uint64_t i = 0; i < layout_.raw_bytes; ++i) out[i] = static_cast<uint8_t>(value >> 8 * i);
    return absl::OkStatus();
  }
  for (uint64_t i = 0; i < layout_.raw_bytes; ++i) RETURN_IF_ERROR(Byte(out[i]));
  return absl::OkStatus();
}

absl::Status RawStream::Skip(uint64_t bytes) {
  if (bytes == 0) return absl::OkStatus();
  std::vector<uint8_t> ignored(layout_.raw_bytes);
  while (bytes > 0) {
    if (AtEnd()) return Ended();
    uint64_t step = layout_.raw_bytes;
    if (IsRun()) {
      step = std::min(bytes, chunks_[chunk_].bytes.end - position_);
      Advance(step);
    } else {
      RETURN_IF_ERROR(ReadEntry(ignored.data()));
    }
    bytes -= step;
  }
  return absl::OkStatus();
}

absl::Status RawStream::Read(absl::Span<uint8_t> out) {
  while (!out.empty()) {
    if (AtEnd()) return Ended();
    uint64_t step = layout_.raw_bytes;
    if (IsRun()) {
      step = std::min<uint64_t>(out.size(), chunks_[chunk_].bytes.end - position_);
      RETURN_IF_ERROR(file_.Read(position_, out.subspan(0, step)));
      Advance(step);
    } else {
      RETURN_IF_ERROR(ReadEntry(out.data()));
    }
    out.remove_prefix(step);
  }
  return absl::OkStatus();
}

}  // namespace onnx_reinit::wire
