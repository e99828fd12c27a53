// The code that fills whole groups of elements: one row per instruction set, all equal bit for bit.
#ifndef ONNX_REINIT_GEN_KERNELS_H_
#define ONNX_REINIT_GEN_KERNELS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gen/draw.h"
#include "onnx_reinit/options.h"

namespace onnx_reinit::gen {

// The types that kernels write themselves. All others are made from float32.
enum class KernelOutput { kFloat, kFloat16, kBfloat16 };

// Writes `groups` groups of kGroupElements elements from group `first_group` on. `out` needs no
// alignment. For a 16-bit output, draw.magnitude is at most kMostNarrowMagnitude: nothing
// saturates.
using GroupKernel = void (*)(const Draw& draw, KernelOutput output, uint64_t first_group,
                             uint64_t groups, uint8_t* out);
inline constexpr float kMostNarrowMagnitude = 60000.0f;

constexpr size_t ElementSize(KernelOutput output) { return output == KernelOutput::kFloat ? 4 : 2; }

// sum[r][c] += left(r, d) * right[d][c] for d = 0, 1, ..., depth - 1 in this order, each product
// rounded before it is added. The order makes the result the same for vectors of any width.
struct MatrixProduct {
  size_t rows;     // a multiple of kProductRows
  size_t columns;  // a multiple of kProductColumns
  size_t depth;
  const float* left;  // left(r, d) = left[r * left_row_stride + d * left_depth_stride]
  size_t left_row_stride;
  size_t left_depth_stride;
  const float* right;
  size_t right_stride;  // elements from one row to the next, as below
  float* sum;
  size_t sum_stride;
};
using ProductKernel = void (*)(const MatrixProduct& product);
inline constexpr size_t kProductRows = 8;
inline constexpr size_t kProductColumns = 64;

struct KernelRow {
  Kernel kernel;
  std::string_view name;  // as --kernel takes it
  GroupKernel fill;
  ProductKernel product;
};

// The kernels that this processor can run, best first; the last one is the scalar reference.
const std::vector<KernelRow>& AvailableKernels();

// The row of `kernel`; for kBest the first. InvalidArgument where this processor or build does
// not have it.
absl::StatusOr<KernelRow> FindKernel(Kernel kernel);

// Writes elements [first, first + count), wherever they begin and end within groups.
void FillElements(GroupKernel kernel, const Draw& draw, KernelOutput output, uint64_t first,
                  uint64_t count, uint8_t* out);

// The vector kernels of this build that this processor can run, best first. May be empty.
std::vector<KernelRow> AvailableVectorKernels();

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_KERNELS_H_
