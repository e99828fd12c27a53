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

struct KernelRow {
  Kernel kernel;
  std::string_view name;  // as --kernel takes it
  GroupKernel fill;
};

// The kernels that this processor can run, best first; the last one is the scalar reference.
const std::vector<KernelRow>& AvailableKernels();

// The row of `kernel`; for kBest the first. FailedPrecondition where this processor or build does
// not have it.
absl::StatusOr<KernelRow> FindKernel(Kernel kernel);

// Writes elements [first, first + count), wherever they begin and end within groups.
void FillElements(GroupKernel kernel, const Draw& draw, KernelOutput output, uint64_t first,
                  uint64_t count, uint8_t* out);

// The vector kernels of this build that this processor can run, best first. May be empty.
std::vector<KernelRow> AvailableVectorKernels();

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_KERNELS_H_
