#include "infer/fingerprint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "base/element_type.h"
#include "infer/patterns.h"
#include "infer/sample.h"

namespace onnx_reinit::infer {
namespace {

struct PatternRow {
  Pattern pattern;
  std::string_view text;
  bool (*test)(const Sample& sample);  // nullptr: the row is for the text
};

constexpr std::array kRows = {
    PatternRow{Pattern::kUnknown, "not known", nullptr},
    PatternRow{Pattern::kNoise, "like noise", nullptr},
    PatternRow{Pattern::kUniform, "all equal", patterns::IsUniform},
    PatternRow{Pattern::kIdentity, "an identity, a permutation or a selection",
               patterns::IsIdentity},
    PatternRow{Pattern::kScaling, "one factor for each channel", patterns::IsScaling},
    PatternRow{Pattern::kMask, "a mask", patterns::IsMask},
    PatternRow{Pattern::kImageStatistics, "means or deviations of images",
               patterns::IsImageStatistics},
    PatternRow{Pattern::kColorMatrix, "a matrix of colour spaces", patterns::IsColorMatrix},
    PatternRow{Pattern::kFilter, "fixed filter kernels", patterns::IsFixedKernel},
    PatternRow{Pattern::kWavelet, "a pair of wavelet kernels", patterns::IsQuadratureMirror},
    PatternRow{Pattern::kHadamard, "a Hadamard matrix", patterns::IsHadamard},
    PatternRow{Pattern::kToeplitz, "a progression across the diagonals", patterns::IsToeplitz},
    PatternRow{Pattern::kSequence, "an arithmetic or geometric progression", patterns::IsSequence},
    PatternRow{Pattern::kGrid, "coordinates of a grid", patterns::IsCoordinates},
    PatternRow{Pattern::kWindow, "a symmetric window", patterns::IsWindow},
    PatternRow{Pattern::kSinusoid, "sines and cosines", patterns::IsSinusoid},
    PatternRow{Pattern::kPolynomials, "values of polynomials", patterns::IsPolynomialBasis},
    PatternRow{Pattern::kFilterBank, "a bank of triangular filters", patterns::IsFilterBank},
    PatternRow{Pattern::kEdges, "the edges of a graph", patterns::IsGraphOfEdges},
    PatternRow{Pattern::kFewValues, "zeros and one other number", patterns::IsZeroOrOneNumber},
};

constexpr bool IsInOrder() {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<size_t>(kRows[i].pattern) != i) return false;
  }
  return true;
}
static_assert(IsInOrder());

constexpr const PatternRow& RowOf(Pattern pattern) { return kRows[static_cast<size_t>(pattern)]; }

// A mask or a bank may be empty, or full, in one of the blocks.
bool MayBeUniformInPart(Pattern pattern) {
  return pattern == Pattern::kMask || pattern == Pattern::kFilterBank ||
         pattern == Pattern::kIdentity || pattern == Pattern::kFewValues;
}

bool Follows(const std::vector<Sample>& samples, const PatternRow& row) {
  size_t uniform = 0;
  for (const Sample& sample : samples) {
    if (row.test(sample)) continue;
    if (!MayBeUniformInPart(row.pattern) || !patterns::IsUniform(sample)) return false;
    ++uniform;
  }
  if (row.pattern == Pattern::kUniform) {
    return samples.front().values.front() == samples.back().values.front();
  }
  return uniform < samples.size();
}

std::optional<Pattern> FirstPattern(const std::vector<Sample>& samples) {
  for (const PatternRow& row : kRows) {
    if (row.test != nullptr && Follows(samples, row)) return row.pattern;
  }
  return std::nullopt;
}

// Blocks that are all one number may stand among others that are not: the mask of the last windows
// of an image.
Pattern OfUniformBlocks(const wire::Tensor& tensor, const wire::ValueReader& values,
                        const Sample& block) {
  const std::optional<Sample> probes = TakeProbes(tensor, values);
  if (!probes) return Pattern::kUniform;
  if (patterns::IsUniform(*probes) && probes->values[0] == block.values[0]) {
    return Pattern::kUniform;
  }
  return patterns::IsMask(*probes) ? Pattern::kMask : Pattern::kNoise;
}

// Numbers that a program made in half precision and stored in a wider type follow its pattern only
// within the rounding of half precision.
Pattern OfCoarserNumbers(std::vector<Sample> samples) {
  for (const double unit : {kFloat16Unit, kBfloat16Unit}) {
    for (Sample& sample : samples) {
      if (unit <= sample.unit || !HasUnit(sample, unit)) return Pattern::kNoise;
      sample.unit = unit;
    }
    if (const auto pattern = FirstPattern(samples)) return *pattern;
  }
  return Pattern::kNoise;
}

}  // namespace

Pattern Fingerprint(const wire::Tensor& tensor, const wire::ValueReader* values) {
  if (values == nullptr) return Pattern::kUnknown;
  std::vector<Sample> samples = TakeSamples(tensor, *values);
  if (samples.empty()) return Pattern::kUnknown;
  if (Follows(samples, RowOf(Pattern::kUniform))) {
    return OfUniformBlocks(tensor, *values, samples[0]);
  }
  if (!IsRealType(tensor.data_type)) return Pattern::kNoise;
  if (const auto pattern = FirstPattern(samples)) return *pattern;
  return OfCoarserNumbers(std::move(samples));
}

bool IsMaskOfIntegers(const wire::Tensor& tensor, const wire::ValueReader* values,
                      const Steps& steps) {
  if (values == nullptr || IsRealType(tensor.data_type)) return false;
  std::vector<Sample> samples = TakeSamples(tensor, *values);
  for (Sample& sample : samples) {
    sample.largest = 0;
    for (double& value : sample.values) {
      value = (value - steps.zero) * steps.step;
      sample.largest = std::max(sample.largest, std::fabs(value));
    }
  }
  return !samples.empty() && Follows(samples, RowOf(Pattern::kMask));
}

std::string_view Describe(Pattern pattern) { return RowOf(pattern).text; }

}  // namespace onnx_reinit::infer
