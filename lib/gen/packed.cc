#include "gen/packed.h"

#include <cstdint>
#include <utility>

namespace onnx_reinit::gen {
namespace {

class Bytes : public Generator {
 public:
  Bytes(std::unique_ptr<Generator> numbers, uint64_t per_byte)
      : numbers_(std::move(numbers)), per_byte_(per_byte) {}
  int Granularity() const override { return 1; }
  void Write(uint64_t first, uint64_t count, absl::Span<uint8_t> out) const override {
    numbers_->Write(first * per_byte_, count * per_byte_, out);
  }

 private:
  std::unique_ptr<Generator> numbers_;
  uint64_t per_byte_;
};

}  // namespace

std::unique_ptr<Generator> AsBytes(std::unique_ptr<Generator> numbers, int bits) {
  return std::make_unique<Bytes>(std::move(numbers), static_cast<uint64_t>(8 / bits));
}

}  // namespace onnx_reinit::gen
