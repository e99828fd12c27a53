// Patterns of rows and columns.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "infer/line_fit.h"
#include "infer/patterns.h"

namespace onnx_reinit::infer::patterns {
namespace {

// A sample as one matrix: the first axis, or the last one, against all others. Of two axes both are
// the same matrix.
struct Matrix {
  const Sample& sample;
  size_t rows;
  size_t columns;

  double at(size_t row, size_t column) const { return sample.values[row * columns + column]; }
};

Matrix ByFirstAxis(const Sample& sample) {
  const size_t rows = sample.rank() == 0 ? 1 : sample.Extent(0);
  return {sample, rows, sample.values.size() / rows};
}

Matrix ByLastAxis(const Sample& sample) {
  const size_t columns = sample.rank() == 0 ? 1 : sample.Extent(sample.rank() - 1);
  return {sample, sample.values.size() / columns, columns};
}

// At most one number of each line is not 0, it is the same everywhere, most lines have it, and not
// all at the same place.
template <typename At>
bool HasOneOfEach(size_t lines, size_t size, At at) {
  size_t found = 0;
  double number = 0;
  size_t first_place = 0;
  bool differs = false;
  for (size_t i = 0; i < lines; ++i) {
    size_t in_line = 0;
    for (size_t j = 0; j < size; ++j) {
      const double value = at(i, j);
      if (value == 0) continue;
      if (found == 0) number = value, first_place = j;
      if (value != number || ++in_line > 1) return false;
      differs = differs || j != first_place;
      ++found;
    }
  }
  return differs && 2 * found >= lines;
}

bool IsOneOfEach(const Matrix& m) {
  return HasOneOfEach(m.rows, m.columns, [&](size_t i, size_t j) { return m.at(i, j); }) ||
         HasOneOfEach(m.columns, m.rows, [&](size_t i, size_t j) { return m.at(j, i); });
}

// Each line has one number that is not 0, each at another place.
template <typename At>
bool HasOneInEach(size_t lines, size_t size, At at) {
  absl::InlinedVector<bool, 64> is_taken(size);
  for (size_t i = 0; i < lines; ++i) {
    std::optional<size_t> place;
    for (size_t j = 0; j < size; ++j) {
      if (at(i, j) == 0) continue;
      if (place || is_taken[j]) return false;
      place = j;
    }
    if (!place) return false;
    is_taken[*place] = true;
  }
  return true;
}

// The last two axes, one matrix after the other.
struct Slice {
  const double* first;
  size_t rows;
  size_t columns;

  double at(size_t row, size_t column) const { return first[row * columns + column]; }
};

template <typename Visit>
bool ForEachSlice(const Sample& sample, Visit visit) {
  const size_t rows = sample.Extent(sample.rank() - 2);
  const size_t columns = sample.Extent(sample.rank() - 1);
  for (size_t begin = 0; begin < sample.values.size(); begin += rows * columns) {
    if (!visit(Slice{sample.values.data() + begin, rows, columns})) return false;
  }
  return true;
}

bool HasEqualDiagonals(const Slice& m, double tolerance) {
  for (size_t i = 1; i < m.rows; ++i) {
    for (size_t j = 1; j < m.columns; ++j) {
      if (!(std::fabs(m.at(i, j) - m.at(i - 1, j - 1)) <= tolerance)) return false;
    }
  }
  return true;
}

// What crosses the diagonals: up the first column, then along the first row.
std::vector<double> AcrossDiagonals(const Slice& m) {
  std::vector<double> across;
  for (size_t i = m.rows; i-- > 1;) across.push_back(m.at(i, 0));
  for (size_t j = 0; j < m.columns; ++j) across.push_back(m.at(0, j));
  return across;
}

LineFit FitSide(const double* first, size_t size, const Sample& sample) {
  // Zeros before the first number and after the last are those of a triangle.
  while (size > 0 && first[0] == 0) ++first, --size;
  while (size > 0 && first[size - 1] == 0) --size;
  if (size < 4) return {Fit::kIdle, 0};
  return FitProgression({first, size}, sample);
}

// Each side of the main diagonal is a progression.
bool IsProgressionAcross(const Slice& m, const Sample& sample, size_t& relations) {
  const std::vector<double> across = AcrossDiagonals(m);
  const size_t middle = m.rows - 1;
  const LineFit left = FitSide(across.data(), middle + 1, sample);
  const LineFit right = FitSide(across.data() + middle, across.size() - middle, sample);
  relations += left.relations + right.relations;
  return left.fit != Fit::kNo && right.fit != Fit::kNo;
}

// Non-negative, rising and then falling, and 0 elsewhere: where it begins; nothing where it is not
// so.
struct Hill {
  size_t begin = 0;
  size_t width = 0;
  size_t peak = 0;
};

template <typename At>
std::optional<Hill> HillOf(size_t size, At at) {
  Hill hill;
  while (hill.begin < size && at(hill.begin) == 0) ++hill.begin;
  bool falls = false;
  double before = 0;
  size_t i = hill.begin;
  hill.peak = i;
  for (; i < size && at(i) != 0; ++i) {
    const double value = at(i);
    if (value < 0 || (falls && value > before)) return std::nullopt;
    falls = falls || value < before;
    if (!falls) hill.peak = i;
    before = value;
  }
  hill.width = i - hill.begin;
  for (; i < size; ++i) {
    if (at(i) != 0) return std::nullopt;
  }
  return hill;
}

template <typename At>
bool AreHillsInARow(size_t lines, size_t size, At at) {
  if (lines < 4 || size < 4) return false;
  std::optional<Hill> before;
  size_t hills = 0;
  size_t total = 0;
  size_t rises = 0;
  size_t falls = 0;
  for (size_t i = 0; i < lines; ++i) {
    const std::optional<Hill> hill = HillOf(size, [&](size_t j) { return at(i, j); });
    if (!hill) return false;
    if (hill->width == 0) continue;
    total += hill->width;
    ++hills;
    if (before) {
      rises += hill->begin >= before->begin && hill->peak >= before->peak;
      falls += hill->begin <= before->begin && hill->peak <= before->peak;
    }
    before = hill;
  }
  // At least half is 0, and the hills stand in order.
  return hills >= 4 && 2 * hills >= lines && 2 * total <= lines * size &&
         std::max(rises, falls) + 1 == hills;
}

bool AreHillsEitherWay(const Matrix& m) {
  return AreHillsInARow(m.rows, m.columns, [&](size_t i, size_t j) { return m.at(i, j); }) ||
         AreHillsInARow(m.columns, m.rows, [&](size_t i, size_t j) { return m.at(j, i); });
}

// Numbers of lines p and q of the feature axis at the same place.
struct Pairing {
  size_t lines;
  size_t apart;  // within blocks of 2 * apart lines

  size_t count() const { return lines / 2; }
  // An inverse transform halves the first pair and the last.
  size_t begin() const { return count() < 8 ? 0 : 1; }
  size_t end() const { return count() - begin(); }
  size_t first(size_t pair) const { return pair / apart * 2 * apart + pair % apart; }
};

struct Feature {
  const Sample& sample;
  size_t axis;
  size_t stride = sample.Stride(axis);
  size_t extent = sample.Extent(axis);

  size_t places() const { return sample.values.size() / extent; }
  Line at(size_t place) const {
    const size_t begin = place / stride * stride * extent + place % stride;
    return {sample.values.data() + begin, extent, stride};
  }
};

// a^2 + b^2 - 2 shift (a + b).
double SquareSum(const Line& x, size_t line, size_t apart, double shift) {
  const double a = x[line];
  const double b = x[line + apart];
  return a * (a - 2 * shift) + b * (b - 2 * shift);
}

// What square sums that should be equal may differ by.
double SquareTolerance(const Sample& sample) {
  return (8 * sample.unit + 1e-6) * sample.largest * sample.largest;
}

// How many pairs agree with the first of their place; 0 where one does not.
size_t AgreeingPairs(const Feature& x, const Pairing& pairing, double shift) {
  const double scale = x.sample.largest;
  const double tolerance = SquareTolerance(x.sample);
  size_t telling = 0;
  size_t pairs = 0;
  for (size_t place = 0; place < x.places(); ++place) {
    const Line here = x.at(place);
    const size_t first_line = pairing.first(pairing.begin());
    const double first = SquareSum(here, first_line, pairing.apart, shift);
    for (size_t pair = pairing.begin() + 1; pair < pairing.end(); ++pair) {
      const size_t line = pairing.first(pair);
      if (!(std::fabs(SquareSum(here, line, pairing.apart, shift) - first) <= tolerance)) {
        return 0;
      }
      // Numbers of one magnitude agree without being sines and cosines.
      const double a = std::fabs(here[line] - shift);
      const double b = std::fabs(here[line + pairing.apart] - shift);
      telling += std::fabs(a - b) > 0.1 * scale;
      ++pairs;
    }
  }
  return 8 * telling >= pairs ? telling : 0;
}

// The shift that makes the first two pairs agree at some place, where they differ most. It is less
// than half of the largest number: sines and cosines change their sign.
std::optional<double> ShiftOf(const Feature& x, const Pairing& pairing) {
  double best = 0;
  double shift = 0;
  for (size_t place = 0; place < std::min<size_t>(x.places(), 16); ++place) {
    const Line here = x.at(place);
    for (size_t pair = pairing.begin() + 1; pair < pairing.end(); ++pair) {
      const size_t p = pairing.first(pairing.begin());
      const size_t q = pairing.first(pair);
      const double sums = here[p] + here[p + pairing.apart] - here[q] - here[q + pairing.apart];
      if (!(std::fabs(sums) > best)) continue;
      best = std::fabs(sums);
      shift = (SquareSum(here, p, pairing.apart, 0) - SquareSum(here, q, pairing.apart, 0)) /
              (2 * sums);
    }
  }
  const bool is_small = std::fabs(shift) < 0.5 * x.sample.largest;
  if (!is_small || !(best > 0.01 * x.sample.largest)) return std::nullopt;
  return shift;
}

// Several pairings, and shifts, were tried.
bool ArePairsEvidence(size_t agreeing, const Sample& sample) {
  constexpr size_t kTried = 3;
  return agreeing > kTried && IsEvidence(agreeing - kTried, sample);
}

// Whatever the shift, the square sums of three pairs of a place differ in proportion to their sums.
// Almost every tensor ends here.
bool MayBePaired(const Feature& x, const Pairing& pairing) {
  if (pairing.end() < pairing.begin() + 3) return true;
  const Line here = x.at(0);
  std::array<double, 3> sums{};
  std::array<double, 3> squares{};
  for (size_t pair = 0; pair < 3; ++pair) {
    const size_t line = pairing.first(pairing.begin() + pair);
    sums[pair] = here[line] + here[line + pairing.apart];
    squares[pair] = SquareSum(here, line, pairing.apart, 0);
  }
  const double sums_1 = sums[1] - sums[0];
  const double sums_2 = sums[2] - sums[0];
  const double cross = (squares[1] - squares[0]) * sums_2 - (squares[2] - squares[0]) * sums_1;
  const double allowed =
      2 * SquareTolerance(x.sample) * (std::fabs(sums_1) + std::fabs(sums_2) + x.sample.largest);
  return std::fabs(cross) <= allowed;
}

bool ArePaired(const Feature& x, const Pairing& pairing) {
  if (pairing.count() < 2 || !MayBePaired(x, pairing)) return false;
  if (ArePairsEvidence(AgreeingPairs(x, pairing, 0), x.sample)) return true;
  const std::optional<double> shift = ShiftOf(x, pairing);
  return shift && ArePairsEvidence(AgreeingPairs(x, pairing, *shift), x.sample);
}

// Side by side, or in the halves of all lines, of their halves, or of their quarters.
bool HasPairsAlong(const Sample& sample, size_t axis) {
  const Feature x{sample, axis};
  const size_t even = x.extent / 2 * 2;
  // Halving comes to 1 last, which was the first.
  if (ArePaired(x, {even, 1})) return true;
  for (size_t apart = even / 2; apart > 1 && apart >= even / 8; apart /= 2) {
    if (even % (2 * apart) == 0 && ArePaired(x, {even, apart})) return true;
  }
  return false;
}

// The numbers of coordinate `c` do not change along `axis`.
bool IsFixedAlong(const Feature& x, size_t c, size_t axis, double tolerance) {
  const size_t stride = x.sample.Stride(axis);
  const size_t extent = x.sample.Extent(axis);
  const size_t begin = c * x.stride;
  for (size_t i = begin; i < x.sample.values.size(); i += 1) {
    if (i / x.stride % x.extent != c || i / stride % extent == 0) continue;
    if (!(std::fabs(x.sample.values[i] - x.sample.values[i - stride]) <= tolerance)) return false;
  }
  return true;
}

// The one axis that coordinate `c` changes along; kNoAxis for none, nothing for several.
constexpr size_t kNoAxis = static_cast<size_t>(-1);
std::optional<size_t> ChangingAxis(const Feature& x, size_t c) {
  size_t changing = kNoAxis;
  for (size_t axis = 0; axis < x.sample.rank(); ++axis) {
    if (axis == x.axis || x.sample.Extent(axis) < 2) continue;
    if (IsFixedAlong(x, c, axis, x.sample.Tolerance())) continue;
    if (changing != kNoAxis) return std::nullopt;
    changing = axis;
  }
  return changing;
}

bool AreCoordinatesAlong(const Sample& sample, size_t axis) {
  const Feature x{sample, axis};
  if (x.extent < 2 || x.extent > 4) return false;
  size_t first = kNoAxis;
  bool differs = false;
  for (size_t c = 0; c < x.extent; ++c) {
    const std::optional<size_t> changing = ChangingAxis(x, c);
    if (!changing) return false;
    if (*changing == kNoAxis) continue;
    if (first == kNoAxis) first = *changing;
    differs = differs || *changing != first;
  }
  return differs;
}

// The least distance at which most numbers are repeated, though no number is most of them; nothing
// beyond 64.
std::optional<size_t> RepeatDistance(const Line& x) {
  constexpr size_t kFarthest = 64;
  for (size_t distance = 1; distance <= kFarthest && 2 * distance < x.size; ++distance) {
    size_t repeated = 0;
    for (size_t i = distance; i < x.size; ++i) {
      repeated += x[i] == x[i - distance];
      if (5 * (i + 1 - distance - repeated) > x.size) break;
    }
    if (5 * repeated < 4 * (x.size - distance)) continue;
    std::vector<double> sorted(x.size);
    for (size_t i = 0; i < x.size; ++i) sorted[i] = x[i];
    std::sort(sorted.begin(), sorted.end());
    for (size_t i = 0; 2 * i < x.size; ++i) {
      if (sorted[i] == sorted[i + x.size / 2]) return std::nullopt;
    }
    return distance;
  }
  return std::nullopt;
}

// The points of a grid one after the other, by at most 4 coordinates: of the slowest axis each is
// repeated at once, of a faster one after a row.
bool ListsPointsAlong(const Sample& sample, size_t axis) {
  if (sample.Extent(axis) < 64 || sample.Extent(axis) * 4 < sample.values.size()) return false;
  std::vector<size_t> distances;
  const bool all = ForEachLine(sample, axis, [&](const Line& line) {
    const std::optional<size_t> distance = RepeatDistance(line);
    distances.push_back(distance.value_or(0));
    return distance.has_value();
  });
  return all && distances.size() > 1 &&
         *std::min_element(distances.begin(), distances.end()) == 1 &&
         *std::max_element(distances.begin(), distances.end()) > 1;
}

size_t ZerosOf(const Sample& sample) {
  return static_cast<size_t>(std::count(sample.values.begin(), sample.values.end(), 0.0));
}

// Rows of non-negative numbers with the sum 1, but for rows of zeros; counts them.
bool AreAverages(const Slice& m, double tolerance, size_t& relations) {
  for (size_t i = 0; i < m.rows; ++i) {
    double sum = 0;
    for (size_t j = 0; j < m.columns; ++j) {
      if (!(m.at(i, j) >= 0)) return false;
      sum += m.at(i, j);
    }
    if (sum != 0 && !(std::fabs(sum - 1) <= tolerance)) return false;
    relations += sum != 0;
  }
  return true;
}

// Counts the pairs that are not 0.
bool IsSymmetric(const Slice& m, double tolerance, size_t& relations) {
  for (size_t i = 0; i < m.rows; ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (!(std::fabs(m.at(i, j) - m.at(j, i)) <= tolerance)) return false;
      relations += m.at(i, j) != 0;
    }
  }
  return true;
}

template <typename Test>
bool HoldsForSlices(const Sample& sample, Test test) {
  size_t relations = 0;
  const bool all = ForEachSlice(sample, [&](const Slice& m) { return test(m, relations); });
  return all && IsEvidence(relations, sample);
}

}  // namespace

bool IsGraphOfEdges(const Sample& sample) {
  if (sample.rank() < 2 || sample.WideAxes() < 2) return false;
  const size_t nodes = sample.Extent(sample.rank() - 1);
  const double of_a_sum = 4 * sample.unit * static_cast<double>(nodes);
  const bool is_square = nodes == sample.Extent(sample.rank() - 2);
  const bool is_graph =
      HoldsForSlices(
          sample,
          [&](const Slice& m, size_t& relations) { return AreAverages(m, of_a_sum, relations); }) ||
      (is_square && nodes >= 4 && HoldsForSlices(sample, [&](const Slice& m, size_t& relations) {
         return IsSymmetric(m, sample.Tolerance(), relations);
       }));
  return is_graph && 4 * ZerosOf(sample) >= sample.values.size();
}

bool IsIdentity(const Sample& sample) {
  if (sample.WideAxes() < 2) return false;
  return IsOneOfEach(ByFirstAxis(sample)) || (sample.rank() > 2 && IsOneOfEach(ByLastAxis(sample)));
}

bool IsScaling(const Sample& sample) {
  if (sample.WideAxes() != 2) return false;
  const auto rows = static_cast<size_t>(
      *std::find_if(sample.dims.begin(), sample.dims.end(), [](int64_t dim) { return dim > 1; }));
  const Matrix m = {sample, rows, sample.values.size() / rows};
  if (std::min(m.rows, m.columns) < (m.rows == m.columns ? 3 : 8)) return false;
  return m.rows <= m.columns
             ? HasOneInEach(m.rows, m.columns, [&](size_t i, size_t j) { return m.at(i, j); })
             : HasOneInEach(m.columns, m.rows, [&](size_t i, size_t j) { return m.at(j, i); });
}

bool IsToeplitz(const Sample& sample) {
  if (sample.rank() < 2 || sample.Extent(sample.rank() - 2) < 4 ||
      sample.Extent(sample.rank() - 1) < 4) {
    return false;
  }
  size_t relations = 0;
  const bool all = ForEachSlice(sample, [&](const Slice& slice) {
    return HasEqualDiagonals(slice, sample.Tolerance()) &&
           IsProgressionAcross(slice, sample, relations);
  });
  return all && IsEvidence(relations, sample);
}

bool IsHadamard(const Sample& sample) {
  const Matrix m = ByFirstAxis(sample);
  if (m.rows < 4 || m.columns < 4 || m.rows > m.columns) return false;
  for (const double value : sample.values) {
    if (std::fabs(value) != sample.largest) return false;
  }
  for (size_t i = 1; i < m.rows; ++i) {
    double product = 0;
    for (size_t j = 0; j < m.columns; ++j) product += m.at(i, j) * m.at(i - 1, j);
    if (product != 0) return false;
  }
  return sample.largest > 0;
}

bool IsFilterBank(const Sample& sample) {
  if (sample.WideAxes() < 2) return false;
  return AreHillsEitherWay(ByFirstAxis(sample)) ||
         (sample.rank() > 2 && AreHillsEitherWay(ByLastAxis(sample)));
}

bool HasUnitPairs(const Sample& sample) {
  if (sample.WideAxes() < 2) return false;
  for (size_t axis = 0; axis < sample.rank(); ++axis) {
    if (sample.Extent(axis) >= 4 && HasPairsAlong(sample, axis)) return true;
  }
  return false;
}

bool IsCoordinates(const Sample& sample) {
  if (sample.WideAxes() >= 3) {
    return AreCoordinatesAlong(sample, sample.rank() - 1) || AreCoordinatesAlong(sample, 0);
  }
  for (size_t axis = 0; axis < sample.rank(); ++axis) {
    if (ListsPointsAlong(sample, axis)) return true;
  }
  return false;
}

}  // namespace onnx_reinit::infer::patterns
