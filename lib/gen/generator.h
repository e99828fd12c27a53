// Fill -> bytes. Stream 1: the values depend on (seed, scope, name, element index, fill) and on
// nothing else.
#ifndef ONNX_REINIT_GEN_GENERATOR_H_
#define ONNX_REINIT_GEN_GENERATOR_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/quantization.h"
#include "onnx_reinit/fill.h"
#include "onnx_reinit/options.h"

namespace onnx_reinit::gen {

// The 64-bit XXH3 hash of scope, a zero byte and name, seeded with `seed`.
uint64_t TensorKey(uint64_t seed, std::string_view scope, std::string_view name);

// What Create would refuse for reasons that are seen without making anything: pieces that do not
// tile, an element type that holds no numbers, a distribution whose numbers are none or lie beyond
// the type's largest.
absl::Status CheckFill(const Fill& fill);

// Makes any part of one tensor's bytes, in any order. Immutable after creation; thread-safe.
class Generator {
 public:
  // InvalidArgument where the fill does not fit its dims or type: pieces that do not tile, a
  // structured distribution without a matrix, an element type that holds no numbers, a kernel that
  // the processor lacks. Unimplemented where the type is one that no fill can be written to.
  // Structured distributions are computed here, whole, in memory; ResourceExhausted where one has
  // more than 2^30 elements.
  static absl::StatusOr<std::unique_ptr<Generator>> Create(
      const Fill& fill, uint64_t key, Kernel kernel,
      std::optional<Quantization> quantization = std::nullopt);
  virtual ~Generator() = default;

  // Elements per indivisible unit of output bytes: 1, or 2 / 4 for sub-byte types.
  virtual int Granularity() const = 0;
  // Writes elements [first, first + count) as raw_data has them (little-endian, packed). `first` is
  // a multiple of Granularity(); so is `count`, except at the tensor's end. out.size() is exactly
  // their bytes.
  virtual void Write(uint64_t first, uint64_t count, absl::Span<uint8_t> out) const = 0;
};

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_GENERATOR_H_
