#include "infer/fingerprint.h"

#include <algorithm>

#include "base/checked_math.h"

namespace onnx_reinit::infer {
namespace {

constexpr int64_t kMaxSampled = 65'536;

}  // namespace

Pattern Fingerprint(const wire::Tensor& tensor, const wire::ValueReader* values) {
  const int64_t count = ElementCount(tensor.dims).value_or(0);
  if (values == nullptr || count == 0) return Pattern::kUnknown;
  const auto sample = values->Read(tensor, 0, static_cast<uint64_t>(std::min(count, kMaxSampled)));
  if (!sample.ok()) return Pattern::kUnknown;
  const bool is_uniform = std::all_of(sample->begin(), sample->end(),
                                      [&](double value) { return value == sample->front(); });
  return is_uniform ? Pattern::kUniform : Pattern::kNoise;
}

std::string_view Describe(Pattern pattern) {
  switch (pattern) {
    case Pattern::kUnknown:
      return "unknown";
    case Pattern::kNoise:
      return "like noise";
    case Pattern::kUniform:
      return "all equal";
    case Pattern::kMask:
      return "a mask";
    case Pattern::kIdentity:
      return "an identity, a permutation or a selection";
    case Pattern::kSequence:
      return "an arithmetic or geometric progression";
    case Pattern::kSinusoid:
      return "sines and cosines of geometric frequencies";
    case Pattern::kWindow:
      return "a symmetric window";
    case Pattern::kFilter:
      return "one small filter for every channel";
    case Pattern::kFilterBank:
      return "a bank of triangular filters";
    case Pattern::kGrid:
      return "coordinates of a grid";
    case Pattern::kFewValues:
      return "two or three distinct values";
  }
  return "unknown";
}

}  // namespace onnx_reinit::infer
