// Patterns that only ask which numbers there are.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "infer/patterns.h"

namespace onnx_reinit::infer::patterns {
namespace {

// Up to three distinct numbers; nothing where there are more, or a NaN.
std::optional<absl::InlinedVector<double, 3>> FewNumbers(const Sample& sample) {
  absl::InlinedVector<double, 3> found;
  for (const double value : sample.values) {
    if (std::isnan(value)) return std::nullopt;
    if (std::find(found.begin(), found.end(), value) != found.end()) continue;
    if (found.size() == 3) return std::nullopt;
    found.push_back(value);
  }
  std::sort(found.begin(), found.end());
  return found;
}

// Every row is one number: parameters stacked before training (ones over zeros).
bool HasUniformRows(const Sample& sample) {
  return ForEachLine(sample, sample.rank() - 1, [](const Line& row) {
    for (size_t i = 1; i < row.size; ++i) {
      if (row[i] != row[0]) return false;
    }
    return true;
  });
}

// Every row is the same: a recurrent bias before training, 1 for the forget gate, for two
// directions.
bool HasEqualRows(const Sample& sample) {
  const size_t columns = sample.Extent(sample.rank() - 1);
  for (size_t i = columns; i < sample.values.size(); ++i) {
    if (sample.values[i] != sample.values[i - columns]) return false;
  }
  return true;
}

// Zero and one other number.
std::optional<double> OtherThanZero(const Sample& sample) {
  if (sample.WideAxes() < 2) return std::nullopt;
  const auto numbers = FewNumbers(sample);
  if (!numbers || numbers->size() != 2) return std::nullopt;
  if ((*numbers)[0] != 0 && (*numbers)[1] != 0) return std::nullopt;
  const double other = (*numbers)[0] == 0 ? (*numbers)[1] : (*numbers)[0];
  const auto times = std::count(sample.values.begin(), sample.values.end(), other);
  if (!IsEvidence(static_cast<size_t>(times - 1), sample)) return std::nullopt;
  if (HasUniformRows(sample) || HasEqualRows(sample)) return std::nullopt;
  return other;
}

bool IsNear(double value, double wanted) { return std::fabs(value - wanted) <= 4e-3 * wanted; }

using Triple = std::array<double, 3>;

bool AreInEitherOrder(const Triple& values, const Triple& wanted) {
  bool forward = true;
  bool backward = true;
  for (size_t i = 0; i < 3; ++i) {
    forward = forward && IsNear(values[i], wanted[i]);
    backward = backward && IsNear(values[i], wanted[2 - i]);
  }
  return forward || backward;
}

// ITU-R BT.601-7, BT.709-6: what red, green and blue add to luma.
constexpr std::array<Triple, 2> kLuma = {{{0.299, 0.587, 0.114}, {0.2126, 0.7152, 0.0722}}};

// torchvision (ImageNet, also as 0 ... 255), OpenAI's CLIP, Caffe's ImageNet mean.
constexpr std::array<Triple, 8> kImageStatistics = {{{0.485, 0.456, 0.406},
                                                     {0.4488, 0.4371, 0.4040},
                                                     {0.229, 0.224, 0.225},
                                                     {123.675, 116.28, 103.53},
                                                     {58.395, 57.12, 57.375},
                                                     {0.48145466, 0.4578275, 0.40821073},
                                                     {0.26862954, 0.26130258, 0.27577711},
                                                     {123.68, 116.779, 103.939}}};

bool IsLuma(double a, double b, double c) {
  const double sum = a + b + c;
  if (!(std::fabs(sum) > 0)) return false;
  return std::any_of(kLuma.begin(), kLuma.end(), [&](const Triple& luma) {
    return AreInEitherOrder({a / sum, b / sum, c / sum}, luma);
  });
}

bool HasLuma(const std::array<double, 9>& m) {
  for (size_t i = 0; i < 3; ++i) {
    if (IsLuma(m[3 * i], m[3 * i + 1], m[3 * i + 2]) || IsLuma(m[i], m[i + 3], m[i + 6])) {
      return true;
    }
  }
  return false;
}

// Cofactors, transposed: the inverse but for a factor.
std::array<double, 9> Adjugate(const std::array<double, 9>& m) {
  std::array<double, 9> result{};
  for (size_t row = 0; row < 3; ++row) {
    for (size_t column = 0; column < 3; ++column) {
      const size_t r1 = (row + 1) % 3;
      const size_t r2 = (row + 2) % 3;
      const size_t c1 = (column + 1) % 3;
      const size_t c2 = (column + 2) % 3;
      result[3 * column + row] = m[3 * r1 + c1] * m[3 * r2 + c2] - m[3 * r1 + c2] * m[3 * r2 + c1];
    }
  }
  return result;
}

}  // namespace

bool IsUniform(const Sample& sample) {
  return std::all_of(sample.values.begin(), sample.values.end(),
                     [&](double value) { return value == sample.values[0]; });
}

bool IsMask(const Sample& sample) {
  constexpr double kBeyondWeights = 1e8;
  constexpr double kSwitchesOff = -50;
  if (sample.largest >= kBeyondWeights) return true;
  if (std::any_of(sample.values.begin(), sample.values.end(),
                  [](double value) { return std::isinf(value); })) {
    return true;
  }
  if (const auto numbers = FewNumbers(sample)) {
    if (numbers->size() > 1 && numbers->front() <= kSwitchesOff) return true;
  }
  return OtherThanZero(sample) == 1.0;
}

bool IsZeroOrOneNumber(const Sample& sample) { return OtherThanZero(sample).has_value(); }

bool IsImageStatistics(const Sample& sample) {
  if (sample.values.size() != 3) return false;
  Triple values = {sample.values[0], sample.values[1], sample.values[2]};
  for (double& value : values) value = std::fabs(value);
  const Triple inverse = {1 / values[0], 1 / values[1], 1 / values[2]};
  return std::any_of(kImageStatistics.begin(), kImageStatistics.end(), [&](const Triple& known) {
    return AreInEitherOrder(values, known) || AreInEitherOrder(inverse, known);
  });
}

bool IsColorMatrix(const Sample& sample) {
  std::array<double, 9> matrix{};
  if (sample.values.size() == 3) {
    return IsLuma(sample.values[0], sample.values[1], sample.values[2]);
  }
  if (sample.values.size() != 9 || sample.WideAxes() != 2) return false;
  std::copy(sample.values.begin(), sample.values.end(), matrix.begin());
  return HasLuma(matrix) || HasLuma(Adjugate(matrix));
}

}  // namespace onnx_reinit::infer::patterns
