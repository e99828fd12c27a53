// float32 values -> the bytes of an element type, on the grid of a quantization where there is one.
#ifndef ONNX_REINIT_GEN_ENCODE_H_
#define ONNX_REINIT_GEN_ENCODE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/element_type.h"
#include "base/narrow_float.h"
#include "base/quantization.h"

namespace onnx_reinit::gen {

// Immutable after creation.
class Encoder {
 public:
  // Unimplemented where the type holds no real numbers (strings, complex numbers, truth values,
  // powers of two). InvalidArgument where it is no element type, or where the quantization has an
  // axis, a number of scales or a scale that does not fit `dims`.
  static absl::StatusOr<Encoder> Create(int32_t data_type, absl::Span<const int64_t> dims,
                                        std::optional<Quantization> quantization);

  ElementType type() const { return type_; }
  bool quantized() const { return !scale_.empty(); }
  // Elements per byte of a type narrower than a byte, else 1.
  int Granularity() const { return bits_ < 8 ? 8 / bits_ : 1; }
  // Bytes of `count` elements that start at a multiple of Granularity().
  uint64_t Bytes(uint64_t count) const { return (count * static_cast<uint64_t>(bits_) + 7) / 8; }

  // Writes elements [first, first + values.size()), whose real values are given; out.size() is
  // Bytes(values.size()). Integers and 8-bit floats: value / scale + zero point, to the nearest,
  // ties to even, saturated. Narrow floats saturate too. The unused high bits of a last byte are 0.
  void Encode(uint64_t first, absl::Span<const float> values, absl::Span<uint8_t> out) const;

 private:
  Encoder() = default;

  // The group of `element`, and how many elements from it on are in that group.
  struct Group {
    size_t index;
    uint64_t run;
  };
  Group GroupOf(uint64_t element) const;
  template <typename Store>
  void ForEachOnGrid(uint64_t first, absl::Span<const float> values, Store store) const;
  template <typename Integer>
  void EncodeIntegers(uint64_t first, absl::Span<const float> values, uint8_t* out) const;
  void EncodePacked(uint64_t first, absl::Span<const float> values, uint8_t* out) const;
  void EncodeNarrow(uint64_t first, absl::Span<const float> values, uint8_t* out) const;

  ElementType type_ = ElementType::kFloat;
  int bits_ = 32;
  bool is_signed_ = true;
  const NarrowFloatFormat* format_ = nullptr;  // of a narrow floating type
  // Quantization; empty vectors where there is none.
  std::vector<float> scale_;
  std::vector<float> zero_point_;  // one, or as many as scales
  uint64_t inner_ = 1;             // elements per index of the axis
  uint64_t extent_ = 1;            // of the axis
  uint64_t block_ = 1;             // indices of the axis per group
  bool blocked_ = false;
};

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_ENCODE_H_
