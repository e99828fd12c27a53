#include "wire/file_stream.h"

#include <algorithm>

#include "absl/types/span.h"

namespace onnx_reinit::wire {
namespace {

constexpr size_t kSmallestRead = 4096;
constexpr size_t kLargestRead = 65536;

}  // namespace

bool FileStream::Next(const void** data, int* size) {
  if (position_ < buffer_end_) {  // what BackUp returned
    const uint64_t rest = buffer_end_ - position_;
    *data = buffer_.data() + (buffered_ - rest);
    *size = static_cast<int>(rest);
    position_ = buffer_end_;
    return true;
  }
  const uint64_t rest = file_.size() - position_;
  if (rest == 0 || !status_.ok()) return false;
  buffered_ = static_cast<size_t>(std::min<uint64_t>(next_size_, rest));
  if (buffer_.size() < buffered_) buffer_.resize(next_size_);
  status_ = file_.Read(position_, absl::MakeSpan(buffer_.data(), buffered_));
  if (!status_.ok()) return false;
  next_size_ = std::min(2 * next_size_, kLargestRead);
  *data = buffer_.data();
  *size = static_cast<int>(buffered_);
  position_ += buffered_;
  buffer_end_ = position_;
  return true;
}

void FileStream::BackUp(int count) { position_ -= static_cast<uint64_t>(count); }

bool FileStream::Skip(int count) {
  const uint64_t wanted = position_ + static_cast<uint64_t>(count);
  position_ = std::min(wanted, file_.size());
  if (position_ > buffer_end_) {
    if (position_ - buffer_end_ > kSmallestRead) next_size_ = kSmallestRead;
    buffer_end_ = position_;
  }
  return wanted <= file_.size();
}

}  // namespace onnx_reinit::wire
