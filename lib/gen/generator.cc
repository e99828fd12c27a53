#include "gen/generator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/fixed_array.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "base/element_type.h"
#include "base/narrow_float.h"
#include "base/status_macros.h"
#include "gen/draw.h"
#include "gen/encode.h"
#include "gen/kernels.h"
#include "gen/structured.h"
#include "gen/tiling.h"
#include "xxhash.h"

namespace onnx_reinit::gen {
namespace {

// Values between float32 and the output type wait here: small enough for the first-level cache.
constexpr size_t kBufferElements = 1024;

// Where a piece's values come from: a draw, or, where they depend on one another, a table.
struct Source {
  Draw draw;
  std::vector<float> table;  // all elements of the piece; empty for a draw
};
using Sources = absl::InlinedVector<Source, 1>;  // one per piece, and most tensors have one

// The type that can be written for these sources without a detour through float32.
std::optional<KernelOutput> DirectOutput(const Encoder& encoder, const Sources& sources) {
  if (encoder.quantized()) return std::nullopt;
  if (encoder.type() == ElementType::kFloat) return KernelOutput::kFloat;
  const bool narrow = std::ranges::all_of(sources, [](const Source& source) {
    return source.table.empty() && source.draw.magnitude <= kMostNarrowMagnitude;
  });
  if (narrow && encoder.type() == ElementType::kFloat16) return KernelOutput::kFloat16;
  if (narrow && encoder.type() == ElementType::kBfloat16) return KernelOutput::kBfloat16;
  return std::nullopt;
}

class FillGenerator final : public Generator {
 public:
  FillGenerator(Tiling&& tiling, Encoder&& encoder, Sources&& sources, GroupKernel kernel)
      : tiling_(std::move(tiling)),
        encoder_(std::move(encoder)),
        sources_(std::move(sources)),
        kernel_(kernel),
        direct_(DirectOutput(encoder_, sources_)) {}

  int Granularity() const override { return encoder_.Granularity(); }

  void Write(uint64_t first, uint64_t count, absl::Span<uint8_t> out) const override {
    if (direct_) return WriteDirect(*direct_, first, count, out.data());
    std::array<float, kBufferElements> buffer;
    for (uint64_t done = 0; done < count;) {
      const auto length = static_cast<size_t>(std::min<uint64_t>(count - done, buffer.size()));
      WriteDirect(KernelOutput::kFloat, first + done, length,
                  reinterpret_cast<uint8_t*>(buffer.data()));
      encoder_.Encode(first + done, absl::MakeConstSpan(buffer.data(), length),
                      out.subspan(encoder_.Bytes(done), encoder_.Bytes(length)));
      done += length;
    }
  }

 private:
  void WriteDirect(KernelOutput output, uint64_t first, uint64_t count, uint8_t* out) const {
    for (uint64_t done = 0; done < count;) {
      const Run run = tiling_.RunAt(first + done);
      const uint64_t length = std::min(run.count, count - done);
      WriteRun(sources_[run.piece], run, output, first + done, length,
               out + done * ElementSize(output));
      done += length;
    }
  }

  void WriteRun(const Source& source, const Run& run, KernelOutput output, uint64_t first,
                uint64_t count, uint8_t* out) const {
    if (source.table.empty()) return FillElements(kernel_, source.draw, output, first, count, out);
    std::memcpy(out, &source.table[run.first_within], count * sizeof(float));
  }

  Tiling tiling_;
  Encoder encoder_;
  Sources sources_;
  GroupKernel kernel_;
  std::optional<KernelOutput> direct_;
};

absl::Status MakeSources(const Fill& fill, const Tiling& tiling, uint64_t key,
                         const KernelRow& kernel, Sources& sources) {
  sources.resize(fill.pieces.size());
  for (size_t i = 0; i < fill.pieces.size(); ++i) {
    const Piece& piece = fill.pieces[i];
    const auto part = static_cast<uint32_t>(i);
    if (IsStructured(piece.values.distribution)) {
      ASSIGN_OR_RETURN(sources[i].table,
                       MakeStructured(piece, tiling.PieceDims(fill, i), key, part, kernel));
    } else {
      ASSIGN_OR_RETURN(sources[i].draw, MakeDraw(piece.values, key, part));
    }
  }
  return absl::OkStatus();
}

// Beyond it a float32 is infinite, and a narrow type has nothing but its largest numbers.
double LargestNumber(int32_t data_type) {
  const ElementTypeInfo* info = FindElementType(data_type);
  const NarrowFloatFormat* format =
      IsRealType(data_type) ? FindNarrowFloatFormat(info->type) : nullptr;
  if (format == nullptr) return std::numeric_limits<float>::max();
  return static_cast<double>(DecodeNarrowFloat(format->highest, *format));
}

absl::Status CheckNumbers(const Values& values, int32_t data_type) {
  const double largest = LargestNumber(data_type);
  for (const double number :
       {values.mean, values.std, values.bound, values.parent_std, values.gain}) {
    if (std::fabs(number) <= largest) continue;
    return absl::InvalidArgumentError(absl::StrCat("a distribution has the number ", number,
                                                   ", and the largest ", ElementTypeName(data_type),
                                                   " is ", largest));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckFill(const Fill& fill) {
  RETURN_IF_ERROR(Encoder::Create(fill.data_type, fill.dims, std::nullopt).status());
  RETURN_IF_ERROR(Tiling::Create(fill).status());
  for (const Piece& piece : fill.pieces) {
    RETURN_IF_ERROR(CheckNumbers(piece.values, fill.data_type));
    if (IsStructured(piece.values.distribution)) continue;
    RETURN_IF_ERROR(MakeDraw(piece.values, /*key=*/0, /*part=*/0).status());
  }
  return absl::OkStatus();
}

uint64_t TensorKey(uint64_t seed, std::string_view scope, std::string_view name) {
  absl::FixedArray<char, 128> identity(scope.size() + 1 + name.size());
  char* const end = std::ranges::copy(scope, identity.data()).out;
  *end = '\0';
  std::ranges::copy(name, end + 1);
  return XXH3_64bits_withSeed(identity.data(), identity.size(), seed);
}

absl::StatusOr<std::unique_ptr<Generator>> Generator::Create(
    const Fill& fill, uint64_t key, Kernel kernel, std::optional<Quantization> quantization) {
  ASSIGN_OR_RETURN(const KernelRow row, FindKernel(kernel));
  ASSIGN_OR_RETURN(Tiling tiling, Tiling::Create(fill));
  ASSIGN_OR_RETURN(Encoder encoder,
                   Encoder::Create(fill.data_type, fill.dims, std::move(quantization)));
  Sources sources;
  RETURN_IF_ERROR(MakeSources(fill, tiling, key, row, sources));
  return std::make_unique<FillGenerator>(std::move(tiling), std::move(encoder), std::move(sources),
                                         row.fill);
}

}  // namespace onnx_reinit::gen
