#include "infer/grid.h"

#include <algorithm>
#include <cmath>

namespace onnx_reinit::infer {
namespace {

using Line = std::array<double, kGridSide>;

double MeanOf(const Line& line, double (*of)(double)) {
  double sum = 0;
  for (const double value : line) sum += of(value);
  return sum / kGridSide;
}

double Same(double value) { return value; }
double Square(double value) { return value * value; }
double Magnitude(double value) { return std::abs(value); }
double Exponential(double value) { return std::exp(value); }

double Reduce(const Line& line, Reduction reduction, double count) {
  switch (reduction) {
    case Reduction::kSum:
      return count * MeanOf(line, Same);
    case Reduction::kMean:
      return MeanOf(line, Same);
    case Reduction::kMax:
      return *std::max_element(line.begin(), line.end());
    case Reduction::kMin:
      return *std::min_element(line.begin(), line.end());
    case Reduction::kAbsoluteSum:
      return count * MeanOf(line, Magnitude);
    case Reduction::kSquareSum:
      return count * MeanOf(line, Square);
    case Reduction::kNorm:
      return std::sqrt(count * MeanOf(line, Square));
    case Reduction::kLogSumExp:
      return std::log(count * MeanOf(line, Exponential));
  }
  return 0;
}

}  // namespace

Grid Filled(double value) {
  Grid grid;
  grid.fill(value);
  return grid;
}

bool IsSum(Reduction reduction) {
  return reduction != Reduction::kMean && reduction != Reduction::kMax &&
         reduction != Reduction::kMin;
}

Grid Reduced(const Grid& grid, Reduction reduction, GridAxis axis, double count) {
  const size_t step = axis == GridAxis::kAlong ? 1 : kGridSide;
  const size_t next = axis == GridAxis::kAlong ? kGridSide : 1;
  Grid reduced;
  for (size_t line = 0; line < kGridSide; ++line) {
    Line values;
    for (size_t i = 0; i < kGridSide; ++i) values[i] = grid[line * next + i * step];
    const double result = Reduce(values, reduction, count);
    for (size_t i = 0; i < kGridSide; ++i) reduced[line * next + i * step] = result;
  }
  return reduced;
}

}  // namespace onnx_reinit::infer
