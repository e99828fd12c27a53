#include "infer/grid.h"

#include <algorithm>
#include <cmath>

namespace onnx_reinit::infer {
namespace {

using Line = std::array<double, kGridSide>;

double SumOf(const Line& line, double (*of)(double)) {
  double sum = 0;
  for (const double value : line) sum += of(value);
  return sum;
}

double Square(double value) { return value * value; }

double Reduce(const Line& line, Reduction reduction) {
  switch (reduction) {
    case Reduction::kSum:
      return SumOf(line, [](double value) { return value; });
    case Reduction::kMean:
      return SumOf(line, [](double value) { return value; }) / kGridSide;
    case Reduction::kMax:
      return *std::max_element(line.begin(), line.end());
    case Reduction::kMin:
      return *std::min_element(line.begin(), line.end());
    case Reduction::kAbsoluteSum:
      return SumOf(line, [](double value) { return std::abs(value); });
    case Reduction::kSquareSum:
      return SumOf(line, Square);
    case Reduction::kNorm:
      return std::sqrt(SumOf(line, Square));
    case Reduction::kLogSumExp:
      return std::log(SumOf(line, [](double value) { return std::exp(value); }));
  }
  return 0;
}

}  // namespace

Grid Filled(double value) {
  Grid grid;
  grid.fill(value);
  return grid;
}

Grid Reduced(const Grid& grid, Reduction reduction, GridAxis axis) {
  const size_t step = axis == GridAxis::kAlong ? 1 : kGridSide;
  const size_t next = axis == GridAxis::kAlong ? kGridSide : 1;
  Grid reduced;
  for (size_t line = 0; line < kGridSide; ++line) {
    Line values;
    for (size_t i = 0; i < kGridSide; ++i) values[i] = grid[line * next + i * step];
    const double result = Reduce(values, reduction);
    for (size_t i = 0; i < kGridSide; ++i) reduced[line * next + i * step] = result;
  }
  return reduced;
}

}  // namespace onnx_reinit::infer
