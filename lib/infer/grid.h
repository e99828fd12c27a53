// Sixteen numbers that stand for a tensor, four to a row. Arithmetic of a graph is recognised by
// what it makes of them.
#ifndef ONNX_REINIT_INFER_GRID_H_
#define ONNX_REINIT_INFER_GRID_H_

#include <array>
#include <cstddef>

namespace onnx_reinit::infer {

inline constexpr size_t kGridSide = 4;
using Grid = std::array<double, kGridSide * kGridSide>;

// Which elements a reduction takes together. A graph's own axes are named by their order: the first
// that it reduces are the rows' elements.
enum class GridAxis { kAlong, kAcross };

enum class Reduction { kSum, kMean, kMax, kMin, kAbsoluteSum, kSquareSum, kNorm, kLogSumExp };

Grid Filled(double value);
// Every element becomes what `reduction` makes of its row (kAlong) or its column (kAcross). A line
// stands for `count` numbers that are spread as its own: of which a sum is `count` means.
Grid Reduced(const Grid& grid, Reduction reduction, GridAxis axis, double count = kGridSide);
// Whether `reduction` depends on how many numbers there are.
bool IsSum(Reduction reduction);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_GRID_H_
