#include "plan/summary.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "plan/distributions.h"
#include "plan/moments.h"

namespace onnx_reinit::plan {
namespace {

struct Moments {
  double mean = 0;
  double square = 0;  // mean of the squares
};

struct Extents {
  double rows = 1;
  double columns = 1;
  double taps = 1;
  double Elements() const { return rows * columns * taps; }
};

double Extent(const Fill& fill, const Piece& piece, int axis) {
  const int64_t stored = fill.dims[static_cast<size_t>(axis)];
  if (fill.pieces.size() == 1 || axis != piece.axis) return static_cast<double>(stored);
  return static_cast<double>((piece.end < 0 ? stored : piece.end) - piece.begin);
}

double Product(const Fill& fill, const Piece& piece, const std::vector<int>& axes) {
  double product = 1;
  for (const int axis : axes) product *= Extent(fill, piece, axis);
  return product;
}

Extents MatrixOf(const Fill& fill, const Piece& piece) {
  return {Product(fill, piece, piece.matrix.output), Product(fill, piece, piece.matrix.input),
          Product(fill, piece, piece.matrix.kernel)};
}

// `count` of the matrix's elements are `value`, the others 0.
Moments OfEqual(double count, double value, const Extents& matrix) {
  const double share = count / matrix.Elements();
  return {share * value, share * value * value};
}

// A semi-orthogonal R x C matrix has min(R, C) rows or columns of length 1.
Moments OfOrthonormal(double rows, double columns, double gain, const Extents& matrix) {
  return {0, gain * gain * std::min(rows, columns) / matrix.Elements()};
}

Moments OfSparse(const Values& values, double rows) {
  const double share = 1 - std::ceil(values.sparsity * rows) / rows;
  return {share * values.mean, share * (values.std * values.std + values.mean * values.mean)};
}

// ln 1 ... ln n.
Moments OfLogRange(int64_t n) {
  Moments moments;
  for (int64_t i = 1; i <= n; ++i) {
    const double value = std::log(static_cast<double>(i));
    moments.mean += value / static_cast<double>(n);
    moments.square += value * value / static_cast<double>(n);
  }
  return moments;
}

// ln(e^d - 1), ln d uniform: by the midpoint rule, error below 1e-6 of the range.
Moments OfInverseSoftplus(double low, double high) {
  constexpr int kSteps = 1000;
  Moments moments;
  for (int i = 0; i < kSteps; ++i) {
    const double d = low * std::pow(high / low, (i + 0.5) / kSteps);
    const double value = std::log(std::expm1(d));
    moments.mean += value / kSteps;
    moments.square += value * value / kSteps;
  }
  return moments;
}

Moments OfIndependent(const Values& values) {
  double mean = values.mean;
  if (values.distribution == Distribution::kTruncatedNormal) {
    const double parent = values.parent_std;
    mean += parent * MomentsOfCut(values.low / parent, values.high / parent).mean;
  }
  return {mean, mean * mean + values.std * values.std};
}

Moments MomentsOf(const Fill& fill, const Piece& piece) {
  const Values& values = piece.values;
  const Extents matrix = MatrixOf(fill, piece);
  switch (values.distribution) {
    case Distribution::kOrthogonal:
      return OfOrthonormal(matrix.rows, matrix.columns * matrix.taps, values.gain, matrix);
    case Distribution::kDeltaOrthogonal:
      return OfOrthonormal(matrix.rows, matrix.columns, values.gain, matrix);
    case Distribution::kDirac:
      return OfEqual(std::min(matrix.rows, matrix.columns), values.gain, matrix);
    case Distribution::kIdentity:
      return OfEqual(std::min(matrix.rows, matrix.columns * matrix.taps), values.gain, matrix);
    case Distribution::kSparse:
      return OfSparse(values, matrix.rows);
    case Distribution::kLogRange:
      return OfLogRange(fill.dims.empty() ? 1 : fill.dims.back());
    case Distribution::kInverseSoftplus:
      return OfInverseSoftplus(values.low, values.high);
    default:
      return OfIndependent(values);
  }
}

double ShareOf(const Fill& fill, const Piece& piece) {
  if (fill.pieces.size() == 1) return 1;
  return Extent(fill, piece, piece.axis) /
         static_cast<double>(fill.dims[static_cast<size_t>(piece.axis)]);
}

}  // namespace

Summary Summarize(const Fill& fill) {
  Summary summary;
  Moments whole;
  for (const Piece& piece : fill.pieces) {
    const std::string_view name = ToString(piece.values.distribution);
    const bool is_first = summary.distribution.empty();
    summary.distribution = is_first || summary.distribution == name ? name : "mixed";
    const Moments moments = MomentsOf(fill, piece);
    whole.mean += ShareOf(fill, piece) * moments.mean;
    whole.square += ShareOf(fill, piece) * moments.square;
    summary.bound = std::max(summary.bound, piece.values.bound);
  }
  summary.mean = whole.mean;
  summary.std = std::sqrt(std::max(0.0, whole.square - whole.mean * whole.mean));
  return summary;
}

}  // namespace onnx_reinit::plan
