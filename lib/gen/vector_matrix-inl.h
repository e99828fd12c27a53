// The matrix product of gen/kernels.h on vectors. Included once per instruction set (Highway's
// foreach_target).
#if defined(ONNX_REINIT_GEN_VECTOR_MATRIX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ONNX_REINIT_GEN_VECTOR_MATRIX_INL_H_
#undef ONNX_REINIT_GEN_VECTOR_MATRIX_INL_H_
#else
#define ONNX_REINIT_GEN_VECTOR_MATRIX_INL_H_
#endif

#include <array>
#include <cstddef>

#include "gen/kernels.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace onnx_reinit::gen::HWY_NAMESPACE {
#if HWY_TARGET != HWY_SCALAR

namespace hn = hwy::HWY_NAMESPACE;

// A tile of the sum stays in registers: 16 accumulators where there are 32 registers, else 8.
constexpr size_t kTileRows = HWY_LANES(float) == 16 || HWY_ARCH_ARM_A64 ? 8 : 4;
constexpr size_t kTileColumns = 2 * HWY_LANES(float);
static_assert(kProductRows % kTileRows == 0 && kProductColumns % kTileColumns == 0);

HWY_INLINE void AddTile(const MatrixProduct& p, size_t row, size_t column) {
  const hn::ScalableTag<float> d;
  constexpr size_t kLanes = HWY_LANES(float);
  std::array<std::array<hn::Vec<decltype(d)>, 2>, kTileRows> sums;
  for (size_t r = 0; r < kTileRows; ++r) {
    const float* sum = p.sum + (row + r) * p.sum_stride + column;
    sums[r][0] = hn::LoadU(d, sum);
    sums[r][1] = hn::LoadU(d, sum + kLanes);
  }
  const float* right = p.right + column;
  const float* left = p.left + row * p.left_row_stride;
  for (size_t i = 0; i < p.depth; ++i, right += p.right_stride, left += p.left_depth_stride) {
    const auto right0 = hn::LoadU(d, right);
    const auto right1 = hn::LoadU(d, right + kLanes);
    for (size_t r = 0; r < kTileRows; ++r) {
      const auto factor = hn::Set(d, left[r * p.left_row_stride]);
      sums[r][0] = hn::Add(sums[r][0], hn::Mul(factor, right0));
      sums[r][1] = hn::Add(sums[r][1], hn::Mul(factor, right1));
    }
  }
  for (size_t r = 0; r < kTileRows; ++r) {
    float* sum = p.sum + (row + r) * p.sum_stride + column;
    hn::StoreU(sums[r][0], d, sum);
    hn::StoreU(sums[r][1], d, sum + kLanes);
  }
}

inline void ProductVector(const MatrixProduct& p) {
  for (size_t row = 0; row < p.rows; row += kTileRows) {
    for (size_t column = 0; column < p.columns; column += kTileColumns) AddTile(p, row, column);
  }
}

#endif  // HWY_TARGET != HWY_SCALAR
}  // namespace onnx_reinit::gen::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // ONNX_REINIT_GEN_VECTOR_MATRIX_INL_H_
