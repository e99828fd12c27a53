#include "gen/draw.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/status/status.h"
#include "gen/float_math.h"
#include "gen/philox.h"

namespace onnx_reinit::gen {
namespace {

float Uniform(const Draw& draw, uint32_t word) {
  return std::min(SignedWord(word) * draw.scale + draw.centre, draw.highest);
}

// Distance in probability to the nearer end: counted from that end, so exact however small.
float TailMass(const Draw& draw, uint32_t word, bool upper) {
  const uint32_t from_lower_end = word ^ 0x80000000u;
  const uint32_t from_end = upper ? ~from_lower_end : from_lower_end;
  const float steps = static_cast<float>(static_cast<int32_t>(from_end >> 1)) + 0.5f;
  return steps * draw.tail_step + (upper ? draw.upper_mass : draw.lower_mass);
}

float TruncatedNormal(const Draw& draw, uint32_t word) {
  const float x = SignedWord(word) * draw.half_width + draw.middle;
  float standard = 0;
  if (std::fabs(x) <= kCentralLimit) {
    standard = InverseNormalCentral(x);
  } else {
    standard = std::copysign(InverseNormalTail(TailMass(draw, word, x > 0)), x);
  }
  return std::max(std::min(standard * draw.scale + draw.centre, draw.highest), draw.lowest);
}

std::array<float, 2> NormalPair(const Draw& draw, uint32_t radius_word, uint32_t angle_word) {
  const float radius = std::sqrt(Log(OpenFraction(radius_word)) * -2.0f) * draw.scale;
  const SinCos angle = SinCosOfTurn(angle_word);
  return {radius * angle.cos + draw.centre, radius * angle.sin + draw.centre};
}

bool AllFinite(const Values& values) {
  return std::isfinite(values.mean) && std::isfinite(values.std) && std::isfinite(values.bound) &&
         std::isfinite(values.parent_std);
}

// Probability that a standard normal lies above x.
double UpperMass(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }

float JustBelow(float x) { return std::nextafter(x, -std::numeric_limits<float>::infinity()); }

absl::StatusOr<Draw> WithUniform(Draw draw, const Values& values) {
  if (values.bound < 0)
    return absl::InvalidArgumentError("a uniform distribution of negative width");
  draw.kind = DrawKind::kUniform;
  const auto bound = static_cast<float>(values.bound);
  draw.scale = bound * kWordUnit;
  draw.highest = bound == 0 ? draw.centre : JustBelow(draw.centre + bound);
  return draw;
}

absl::StatusOr<Draw> WithNormal(Draw draw, const Values& values) {
  if (values.std < 0) return absl::InvalidArgumentError("a normal distribution of negative std");
  draw.kind = DrawKind::kNormal;
  draw.scale = static_cast<float>(values.std);
  return draw;
}

absl::StatusOr<Draw> WithTruncatedNormal(Draw draw, const Values& values) {
  if (!(values.parent_std > 0)) {
    return absl::InvalidArgumentError(
        "a truncated normal distribution whose parent std is not positive");
  }
  const double low = std::max(values.low / values.parent_std, -kFurthestBound);
  const double high = std::min(values.high / values.parent_std, kFurthestBound);
  if (!(low < high)) {
    return absl::InvalidArgumentError("a truncated normal distribution whose bounds leave nothing");
  }
  const double lower_mass = UpperMass(-low);
  const double upper_mass = UpperMass(high);
  const double half_width = 1.0 - lower_mass - upper_mass;
  draw.kind = DrawKind::kTruncatedNormal;
  draw.scale = static_cast<float>(values.parent_std);
  draw.lowest = static_cast<float>(values.mean + low * values.parent_std);
  draw.highest = static_cast<float>(values.mean + high * values.parent_std);
  draw.middle = static_cast<float>(lower_mass - upper_mass);
  draw.half_width = static_cast<float>(half_width) * kWordUnit;
  draw.lower_mass = static_cast<float>(lower_mass);
  draw.upper_mass = static_cast<float>(upper_mass);
  draw.tail_step = static_cast<float>(half_width) * kWordUnit;
  draw.reaches_tail = std::fabs(lower_mass - upper_mass) + half_width >= kCentralLimit;
  return draw;
}

}  // namespace

absl::StatusOr<Draw> MakeDraw(const Values& values, uint64_t key, uint32_t part) {
  if (!AllFinite(values))
    return absl::InvalidArgumentError("a distribution whose numbers are not finite");
  Draw draw;
  draw.key = key;
  draw.part = part;
  draw.centre = static_cast<float>(values.mean);
  switch (values.distribution) {
    case Distribution::kConstant:
      return draw;
    case Distribution::kUniform:
      return WithUniform(draw, values);
    case Distribution::kNormal:
      return WithNormal(draw, values);
    case Distribution::kTruncatedNormal:
      return WithTruncatedNormal(draw, values);
    default:
      return absl::InvalidArgumentError(
          "a structured distribution where each element stands alone");
  }
}

std::array<float, 4> DrawBlock(const Draw& draw, uint64_t block) {
  if (draw.kind == DrawKind::kConstant) {
    return {draw.centre, draw.centre, draw.centre, draw.centre};
  }
  const PhiloxWords words = BlockWords(draw.key, draw.part, block);
  std::array<float, 4> out{};
  if (draw.kind == DrawKind::kNormal) {
    const auto [a, b] = NormalPair(draw, words[0], words[1]);
    const auto [c, d] = NormalPair(draw, words[2], words[3]);
    return {a, b, c, d};
  }
  const auto one = draw.kind == DrawKind::kUniform ? Uniform : TruncatedNormal;
  for (size_t i = 0; i < 4; ++i) out[i] = one(draw, words[i]);
  return out;
}

void DrawScalar(const Draw& draw, uint64_t first, absl::Span<float> out) {
  size_t done = 0;
  while (done < out.size()) {
    const uint64_t element = first + done;
    const std::array<float, 4> block = DrawBlock(draw, element / 4);
    const size_t skip = element % 4;
    const size_t length = std::min(4 - skip, out.size() - done);
    std::copy_n(block.begin() + static_cast<std::ptrdiff_t>(skip), length,
                out.begin() + static_cast<std::ptrdiff_t>(done));
    done += length;
  }
}

}  // namespace onnx_reinit::gen
