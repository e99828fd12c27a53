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
  std::array<double, 3> found{};
  size_t count = 0;
  for (const double value : sample.values) {
    if (std::isnan(value)) return std::nullopt;
    size_t i = 0;
    while (i < count && found[i] != value) ++i;
    if (i < count) continue;
    if (count == found.size()) return std::nullopt;
    found[count++] = value;
  }
  absl::InlinedVector<double, 3> numbers(found.data(), found.data() + count);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
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

// Means and deviations of pixels from 0 to 1: torchvision (ImageNet), Caffe's ImageNet mean,
// OpenAI's CLIP, CIFAR-10 (two deviations: the average of each image's, and of all pixels),
// CIFAR-100, DIV2K's mean.
constexpr std::array<Triple, 11> kImageStatistics = {{{0.485, 0.456, 0.406},
                                                      {0.229, 0.224, 0.225},
                                                      {0.485020, 0.457957, 0.407604},
                                                      {0.48145466, 0.4578275, 0.40821073},
                                                      {0.26862954, 0.26130258, 0.27577711},
                                                      {0.4914, 0.4822, 0.4465},
                                                      {0.2023, 0.1994, 0.2010},
                                                      {0.2470, 0.2435, 0.2616},
                                                      {0.5071, 0.4867, 0.4408},
                                                      {0.2675, 0.2565, 0.2761},
                                                      {0.4488, 0.4371, 0.4040}}};

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
  if (sample.has_infinity) return true;
  if (const auto numbers = FewNumbers(sample)) {
    if (numbers->size() > 1 && numbers->front() <= kSwitchesOff) return true;
  }
  return OtherThanZero(sample) == 1.0;
}

bool IsZeroOrOneNumber(const Sample& sample) { return OtherThanZero(sample).has_value(); }

bool IsImageStatistics(const Sample& sample) {
  if (sample.values.size() != 3) return false;
  const Triple values = {std::fabs(sample.values[0]), std::fabs(sample.values[1]),
                         std::fabs(sample.values[2])};
  const Triple inverse = {1 / values[0], 1 / values[1], 1 / values[2]};
  return std::any_of(kImageStatistics.begin(), kImageStatistics.end(), [&](const Triple& known) {
    const Triple of_bytes = {255 * known[0], 255 * known[1], 255 * known[2]};
    return AreInEitherOrder(values, known) || AreInEitherOrder(inverse, known) ||
           AreInEitherOrder(values, of_bytes) || AreInEitherOrder(inverse, of_bytes);
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
