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
  const float deviation = SignedWord(word) * draw.scale;
  return draw.centre == 0 ? deviation : deviation + draw.centre;
}

// Probability between the value and its side's end of the distribution.
float TailMass(const Draw& draw, uint32_t word, bool upper) {
  const uint32_t from_lower_end = word ^ 0x80000000u;
  const uint32_t from_end = upper ? ~from_lower_end : from_lower_end;
  return OpenFraction(from_end) * draw.mass + (upper ? draw.upper_mass : draw.lower_mass);
}

float InnerNormal(const Draw& draw, uint32_t word) {
  return InverseNormalInner(SignedWord(word) * draw.half_width, draw.numerator) + draw.centre;
}

float CentralNormal(const Draw& draw, uint32_t word) {
  return InverseNormalCentral(SignedWord(word) * draw.half_width) * draw.scale + draw.centre;
}

float TailedNormal(const Draw& draw, uint32_t word) {
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

// In standard deviations from the mean.
struct Bounds {
  double low;
  double high;
};

// Symmetric bounds are taken this much closer: more than the errors of the quantile and of its
// argument add up to. The mass that is lost is below 2e-6.
constexpr double kMargin = 6e-6;
// Below this the coefficients that carry the scale would lose digits.
constexpr float kLeastSymmetricScale = 1e-30f;

DrawKind KindFor(const Bounds& bounds, float scale) {
  if (bounds.low != -bounds.high || scale < kLeastSymmetricScale) return DrawKind::kTailedNormal;
  const double reach = 1 - 2 * PortableNormalTail(bounds.high);
  if (reach <= double{kInnerLimit}) return DrawKind::kInnerNormal;
  return reach <= double{kCentralLimit} ? DrawKind::kCentralNormal : DrawKind::kTailedNormal;
}

void SetSymmetric(Draw& draw, double bound) {
  const double mass = 1 - 2 * PortableNormalTail(bound * (1 - kMargin));
  draw.half_width = static_cast<float>(mass) * kWordUnit;
  for (size_t i = 0; i < draw.numerator.size(); ++i) {
    draw.numerator[i] = kInnerNumerator[i] * draw.scale;
  }
}

void SetTailed(Draw& draw, const Bounds& bounds) {
  const double lower_mass = PortableNormalTail(-bounds.low);
  const double upper_mass = PortableNormalTail(bounds.high);
  const double mass = 1.0 - lower_mass - upper_mass;
  draw.middle = static_cast<float>(lower_mass - upper_mass);
  draw.half_width = static_cast<float>(mass) * kWordUnit;
  draw.mass = static_cast<float>(mass);
  draw.lower_mass = static_cast<float>(lower_mass);
  draw.upper_mass = static_cast<float>(upper_mass);
}

absl::StatusOr<Draw> WithTruncatedNormal(Draw draw, const Values& values) {
  if (!(values.parent_std > 0)) {
    return absl::InvalidArgumentError(
        "a truncated normal distribution whose parent std is not positive");
  }
  const Bounds bounds = {.low = std::max(values.low / values.parent_std, -kFurthestBound),
                         .high = std::min(values.high / values.parent_std, kFurthestBound)};
  if (!(bounds.low < bounds.high)) {
    return absl::InvalidArgumentError("a truncated normal distribution whose bounds leave nothing");
  }
  draw.scale = static_cast<float>(values.parent_std);
  draw.lowest = static_cast<float>(values.mean + bounds.low * values.parent_std);
  draw.highest = static_cast<float>(values.mean + bounds.high * values.parent_std);
  draw.magnitude = std::max(std::fabs(draw.lowest), std::fabs(draw.highest));
  draw.kind = KindFor(bounds, draw.scale);
  if (draw.kind == DrawKind::kTailedNormal) {
    SetTailed(draw, bounds);
  } else {
    SetSymmetric(draw, bounds.high);
  }
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

float DrawWord(const Draw& draw, uint32_t word) {
  switch (draw.kind) {
    case DrawKind::kInnerNormal:
      return InnerNormal(draw, word);
    case DrawKind::kCentralNormal:
      return CentralNormal(draw, word);
    case DrawKind::kTailedNormal:
      return TailedNormal(draw, word);
    default:
      return Uniform(draw, word);
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
      for (size_t i = 0; i < words.size(); ++i) at(i) = DrawWord(draw, words[i]);
    }
  }
  return out;
}

}  // namespace onnx_reinit::gen
