// Random matrices with orthonormal columns, the same bits on every processor.
#ifndef ONNX_REINIT_GEN_ORTHOGONAL_H_
#define ONNX_REINIT_GEN_ORTHOGONAL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gen/kernels.h"

namespace onnx_reinit::gen {

// Row-major; a row may be followed by padding.
struct Matrix {
  size_t rows = 0;
  size_t columns = 0;
  size_t stride = 0;  // elements from one row to the next
  std::vector<float> values;

  float At(size_t row, size_t column) const { return values[row * stride + column]; }
};

// A rows x columns matrix (rows >= columns) with orthonormal columns, uniformly distributed over
// all such matrices (Haar). It is what QR makes of a Gaussian matrix once R's diagonal is made
// positive; but the reflections of that QR are independent Gaussian directions, so they are drawn
// directly and only multiplied out: Stewart, "The efficient generation of random orthogonal
// matrices", 1980, section 3. `matrix` numbers the matrices of one part. |Q^T Q - 1| stays below
// 1e-5.
Matrix RandomOrthogonal(size_t rows, size_t columns, uint64_t key, uint32_t part, uint64_t matrix,
                        const KernelRow& kernel);

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_ORTHOGONAL_H_
