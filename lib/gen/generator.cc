#include "gen/generator.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "gen/draw.h"
#include "gen/encode.h"
#include "gen/tiling.h"
#include "xxhash.h"

namespace onnx_reinit::gen {
namespace {

// Values between float32 and the output type wait here: small enough for the first-level cache.
constexpr size_t kBufferElements = 1024;

class FillGenerator final : public Generator {
 public:
  FillGenerator(Tiling tiling, Encoder encoder, std::vector<Draw> draws)
      : tiling_(std::move(tiling)), encoder_(std::move(encoder)), draws_(std::move(draws)) {}

  int Granularity() const override { return encoder_.Granularity(); }

  void Write(uint64_t first, uint64_t count, absl::Span<uint8_t> out) const override {
    std::array<float, kBufferElements> buffer;
    for (uint64_t done = 0; done < count;) {
      const auto length = static_cast<size_t>(std::min<uint64_t>(count - done, buffer.size()));
      const absl::Span<float> values(buffer.data(), length);
      WriteFloats(first + done, values);
      encoder_.Encode(first + done, values,
                      out.subspan(encoder_.Bytes(done), encoder_.Bytes(length)));
      done += length;
    }
  }

 private:
  void WriteFloats(uint64_t first, absl::Span<float> out) const {
    for (size_t done = 0; done < out.size();) {
      const Run run = tiling_.RunAt(first + done);
      const auto length = static_cast<size_t>(std::min<uint64_t>(run.count, out.size() - done));
      DrawScalar(draws_[run.piece], first + done, out.subspan(done, length));
      done += length;
    }
  }

  Tiling tiling_;
  Encoder encoder_;
  std::vector<Draw> draws_;  // one per piece
};

}  // namespace

uint64_t TensorKey(uint64_t seed, std::string_view scope, std::string_view name) {
  std::string identity(scope);
  identity += '\0';
  identity += name;
  return XXH3_64bits_withSeed(identity.data(), identity.size(), seed);
}

absl::StatusOr<std::unique_ptr<Generator>> Generator::Create(const Fill& fill, uint64_t key,
                                                             Kernel /*kernel*/) {
  ASSIGN_OR_RETURN(Tiling tiling, Tiling::Create(fill));
  ASSIGN_OR_RETURN(Encoder encoder, Encoder::Create(fill.data_type, fill.dims, fill.quantization));
  std::vector<Draw> draws;
  for (size_t i = 0; i < fill.pieces.size(); ++i) {
    ASSIGN_OR_RETURN(Draw draw, MakeDraw(fill.pieces[i].values, key, static_cast<uint32_t>(i)));
    draws.push_back(draw);
  }
  return std::make_unique<FillGenerator>(std::move(tiling), std::move(encoder), std::move(draws));
}

}  // namespace onnx_reinit::gen
