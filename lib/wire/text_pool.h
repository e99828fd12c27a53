// Owns many short texts, one behind the other.
#ifndef ONNX_REINIT_WIRE_TEXT_POOL_H_
#define ONNX_REINIT_WIRE_TEXT_POOL_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

namespace onnx_reinit::wire {

// What it hands out stays where it is for as long as the pool, or what the pool was moved to,
// lives.
class TextPool {
 public:
  // `size` bytes, without values.
  char* Add(size_t size) {
    if (size > left_) Grow(size);
    char* text = next_;
    next_ += size;
    left_ -= size;
    return text;
  }

 private:
  void Grow(size_t size) {
    left_ = std::max(size, kBlock);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
    next_ = blocks_.back().get();
  }

  static constexpr size_t kBlock = 65536;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;  // in the last block
  size_t left_ = 0;
};

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_TEXT_POOL_H_
