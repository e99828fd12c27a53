#include "gen/draw.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "gen/double_math.h"
#include "gen/float_math.h"
#include "gen/philox.h"

namespace onnx_reinit::gen {
namespace {

float Uniform(const Draw& draw, uint32_t word) {
  return SignedWord(word) * draw.scale + draw.centre;
}

// Probability between the value and its side's end of the distribution.
float TailMass(const Draw& draw, uint32_t word, bool upper) {
  const uint32_t from_lower_end = word ^ 0x80000000u;
  const uint32_t from_end = upper ? ~from_lower_end : from_lower_end;
  return OpenFraction(from_end) * draw.mass + (upper ? draw.upper_mass : draw.lower_mass);
}

float TruncatedNormal(const Draw& draw, uint32_t word) {
  const float x = SignedWord(word) * draw.half_width + draw.middle;
  const float quantile = std::fabs(x) <= kCentralLimit
                             ? InverseNormalCentral(x)
                             : std::copysign(InverseNormalTail(TailMass(draw, word, x > 0)), x);
  return std::max(std::min(quantile * draw.scale + draw.centre, draw.highest), draw.lowest);
}

std::pair<float, float> Normals(const Draw& draw, uint32_t radius_word, uint32_t angle_word) {
  const float radius = std::sqrt(Log(OpenFraction(radius_word)) * -2.0f) * draw.scale;
  const SinCos angle = SinCosOfTurn(angle_word);
  return {radius * angle.cos + draw.centre, radius * angle.sin + draw.centre};
}

bool AllFinite(const Values& values) {
  return std::isfinite(values.mean) && std::isfinite(values.std) && std::isfinite(values.bound) &&
         std::isfinite(values.parent_std);
}

// sqrt(-2 ln 2^-32), the furthest that Box and Muller reach, rounded up.
constexpr double kFurthestNormal = 6.67;

// The largest float32 half width for which centre + half width stays below centre + bound, rounding
// included; 0 where there is none.
float OpenHalfWidth(float centre, double bound) {
  const auto end = static_cast<float>(static_cast<double>(centre) + bound);
  const float highest = std::nextafter(end, -std::numeric_limits<float>::infinity());
  const double width = std::min(static_cast<double>(highest) - static_cast<double>(centre), bound);
  const auto rounded = static_cast<float>(width);
  return std::max(static_cast<double>(rounded) > width ? std::nextafter(rounded, 0.0f) : rounded,
                  0.0f);
}

absl::StatusOr<Draw> WithUniform(Draw draw, const Values& values) {
  if (values.bound < 0)
    return absl::InvalidArgumentError("a uniform distribution of negative width");
  draw.kind = DrawKind::kUniform;
  draw.scale = OpenHalfWidth(draw.centre, values.bound) * kWordUnit;
  draw.magnitude = std::fabs(draw.centre) + static_cast<float>(values.bound);
  return draw;
}

absl::StatusOr<Draw> WithNormal(Draw draw, const Values& values) {
  if (values.std < 0) return absl::InvalidArgumentError("a normal distribution of negative std");
  draw.kind = DrawKind::kNormal;
  draw.scale = static_cast<float>(values.std);
  draw.magnitude = static_cast<float>(std::fabs(values.mean) + kFurthestNormal * values.std);
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
  const double lower_mass = PortableNormalTail(-low);
  const double upper_mass = PortableNormalTail(high);
  const double mass = 1.0 - lower_mass - upper_mass;
  draw.kind = DrawKind::kTruncatedNormal;
  draw.scale = static_cast<float>(values.parent_std);
  draw.lowest = static_cast<float>(values.mean + low * values.parent_std);
  draw.highest = static_cast<float>(values.mean + high * values.parent_std);
  draw.magnitude = std::max(std::fabs(draw.lowest), std::fabs(draw.highest));
  draw.middle = static_cast<float>(lower_mass - upper_mass);
  draw.half_width = static_cast<float>(mass) * kWordUnit;
  draw.mass = static_cast<float>(mass);
  draw.lower_mass = static_cast<float>(lower_mass);
  draw.upper_mass = static_cast<float>(upper_mass);
  draw.reaches_tail = std::fabs(lower_mass - upper_mass) + mass > kCentralLimit - 1e-6;
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
  draw.magnitude = std::fabs(draw.centre);
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

std::array<float, kGroupElements> DrawGroup(const Draw& draw, uint64_t group) {
  std::array<float, kGroupElements> out;
  out.fill(draw.centre);
  if (draw.kind == DrawKind::kConstant) return out;
  for (uint64_t lane = 0; lane < kGroupBlocks; ++lane) {
    const PhiloxWords words = BlockWords(draw.key, draw.part, group * kGroupBlocks + lane);
    const auto at = [&](size_t word) -> float& { return out[word * kGroupBlocks + lane]; };
    if (draw.kind == DrawKind::kNormal) {
      std::tie(at(0), at(1)) = Normals(draw, words[0], words[1]);
      std::tie(at(2), at(3)) = Normals(draw, words[2], words[3]);
    } else {
      const auto one = draw.kind == DrawKind::kUniform ? Uniform : TruncatedNormal;
      for (size_t i = 0; i < words.size(); ++i) at(i) = one(draw, words[i]);
    }
  }
  return out;
}

}  // namespace onnx_reinit::gen
