#include "infer/fingerprint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
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

bool Follows(const Samples& samples, const PatternRow& row) {
  if (samples.size() == 1) return row.test(samples.front());
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

std::optional<Pattern> FirstPattern(const Samples& samples) {
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
Pattern OfCoarserNumbers(Samples samples) {
  for (const double unit : {kFloat16Unit, kBfloat16Unit}) {
    for (Sample& sample : samples) {
      if (unit <= sample.unit || !HasUnit(sample, unit)) return Pattern::kNoise;
      sample.unit = unit;
    }
    if (const auto pattern = FirstPattern(samples)) return *pattern;
  }
  return Pattern::kNoise;
}

Pattern OfReals(Samples samples) {
  if (const auto pattern = FirstPattern(samples)) return *pattern;
  return OfCoarserNumbers(std::move(samples));
}

// Fewer steps, and most numbers of a layer are one step from another or less.
constexpr double kStepsWanted = 8;

// Weights of binary and ternary networks.
bool MayBeTrainedTo(Pattern pattern) {
  return pattern == Pattern::kUniform || pattern == Pattern::kMask ||
         pattern == Pattern::kFewValues;
}

bool AreEqual(const std::vector<double>& numbers) {
  return std::ranges::adjacent_find(numbers, std::not_equal_to<>()) == numbers.end();
}

// Whether the integer `q`, wherever it stands, is one number.
bool IsOneNumber(const QuantizationGrid& grid, double q) {
  return AreEqual(grid.zeros) && (AreEqual(grid.steps) || q == grid.zeros[0]);
}

// The index of the grid that element `i` of a block has; nothing where the block does not tell.
std::optional<size_t> IndexOnGrid(const QuantizationGrid& grid, const Sample& sample, size_t i) {
  if (grid.steps.size() == 1) return 0;
  if (grid.axis < sample.cut_axis || grid.axis >= sample.rank()) return std::nullopt;
  const size_t begin = grid.axis == sample.cut_axis ? sample.cut_begin : 0;
  const size_t at = begin + i / sample.Stride(grid.axis) % sample.Extent(grid.axis);
  return at < grid.steps.size() ? std::optional(at) : std::nullopt;
}

// Puts what the integers stand for in their place. Gives the mean of their distances from the zero,
// in steps, without those that are zero; nothing where the steps are not known.
std::optional<double> PutOnGrid(const QuantizationGrid& grid, Sample& sample) {
  double distances = 0;
  double distant = 0;
  double coarsest = 0;
  sample.largest = 0;
  for (size_t i = 0; i < sample.values.size(); ++i) {
    const std::optional<size_t> at = IndexOnGrid(grid, sample, i);
    if (!at) return std::nullopt;
    const double distance = sample.values[i] - grid.zeros[*at];
    sample.values[i] = distance * grid.steps[*at];
    sample.largest = std::max(sample.largest, std::fabs(sample.values[i]));
    coarsest = std::max(coarsest, grid.steps[*at]);
    distances += std::fabs(distance);
    distant += distance == 0 ? 0 : 1;
  }
  sample.has_infinity = std::isinf(sample.largest);
  // Numbers that should be equal are one step apart, at most.
  sample.unit = coarsest / (4 * sample.largest);
  return distances / std::max(distant, 1.0);
}

Pattern OfIntegers(Samples samples, const QuantizationGrid& grid) {
  bool is_fine = true;
  for (Sample& sample : samples) {
    const std::optional<double> steps = PutOnGrid(grid, sample);
    if (!steps) return Pattern::kNoise;
    is_fine = is_fine && *steps >= kStepsWanted;
  }
  if (!grid.is_of_weight && Follows(samples, RowOf(Pattern::kMask))) return Pattern::kMask;
  const auto pattern = is_fine ? FirstPattern(samples) : std::nullopt;
  return pattern && !MayBeTrainedTo(*pattern) ? *pattern : Pattern::kNoise;
}

}  // namespace

Pattern Fingerprint(const wire::Tensor& tensor, const wire::ValueReader* values,
                    const QuantizationGrid* grid) {
  if (values == nullptr) return Pattern::kUnknown;
  Samples samples = TakeSamples(tensor, *values);
  if (samples.empty()) return Pattern::kUnknown;
  const bool is_real = IsRealType(tensor.data_type);
  const bool is_uniform = Follows(samples, RowOf(Pattern::kUniform));
  if (is_real && !is_uniform) return OfReals(std::move(samples));
  const bool is_plain = is_real || grid == nullptr;
  const Pattern stored = is_uniform && (is_plain || IsOneNumber(*grid, samples[0].values[0]))
                             ? OfUniformBlocks(tensor, *values, samples[0])
                             : Pattern::kNoise;
  return is_plain || stored != Pattern::kNoise ? stored : OfIntegers(std::move(samples), *grid);
}

std::string_view Describe(Pattern pattern) { return RowOf(pattern).text; }

}  // namespace onnx_reinit::infer
