#include "gen/kernels.h"

#include <algorithm>
#include <cstring>

#include "absl/status/status.h"
#include "base/narrow_float.h"

namespace onnx_reinit::gen {
namespace {

void StoreNarrow(const std::array<float, kGroupElements>& values, ElementType type, uint8_t* out) {
  const NarrowFloatFormat& format = *FindNarrowFloatFormat(type);
  for (const float value : values) {
    const auto bits = static_cast<uint16_t>(EncodeNarrowFloat(value, format));
    std::memcpy(out, &bits, sizeof(bits));
    out += sizeof(bits);
  }
}

void FillScalar(const Draw& draw, KernelOutput output, uint64_t first_group, uint64_t groups,
                uint8_t* out) {
  const size_t size = ElementSize(output);
  for (uint64_t i = 0; i < groups; ++i, out += kGroupElements * size) {
    const std::array<float, kGroupElements> values = DrawGroup(draw, first_group + i);
    switch (output) {
      case KernelOutput::kFloat:
        std::memcpy(out, values.data(), sizeof(values));
        break;
      case KernelOutput::kFloat16:
        StoreNarrow(values, ElementType::kFloat16, out);
        break;
      case KernelOutput::kBfloat16:
        StoreNarrow(values, ElementType::kBfloat16, out);
        break;
    }
  }
}

void ProductScalar(const MatrixProduct& p) {
  for (size_t row = 0; row < p.rows; ++row) {
    float* sum = p.sum + row * p.sum_stride;
    for (size_t d = 0; d < p.depth; ++d) {
      const float left = p.left[row * p.left_row_stride + d * p.left_depth_stride];
      const float* right = p.right + d * p.right_stride;
      for (size_t column = 0; column < p.columns; ++column) sum[column] += left * right[column];
    }
  }
}

// Writes elements [first, first + count) that all lie in one group.
void FillWithinGroup(GroupKernel kernel, const Draw& draw, KernelOutput output, uint64_t first,
                     uint64_t count, uint8_t* out) {
  std::array<uint8_t, kGroupElements * sizeof(float)> group;
  kernel(draw, output, first / kGroupElements, 1, group.data());
  const size_t size = ElementSize(output);
  std::memcpy(out, group.data() + first % kGroupElements * size, count * size);
}

std::vector<KernelRow> MakeAvailableKernels() {
  std::vector<KernelRow> rows = AvailableVectorKernels();
  rows.push_back({Kernel::kScalar, "scalar", FillScalar, ProductScalar});
  return rows;
}

}  // namespace

const std::vector<KernelRow>& AvailableKernels() {
  static const auto& rows = *new std::vector<KernelRow>(MakeAvailableKernels());
  return rows;
}

absl::StatusOr<KernelRow> FindKernel(Kernel kernel) {
  const std::vector<KernelRow>& rows = AvailableKernels();
  if (kernel == Kernel::kBest) return rows.front();
  const auto row = std::ranges::find(rows, kernel, &KernelRow::kernel);
  if (row == rows.end()) {
    return absl::InvalidArgumentError(
        "this processor or build does not have the chosen kernel's instructions");
  }
  return *row;
}

void FillElements(GroupKernel kernel, const Draw& draw, KernelOutput output, uint64_t first,
                  uint64_t count, uint8_t* out) {
  const size_t size = ElementSize(output);
  const uint64_t head = std::min(count, (kGroupElements - first % kGroupElements) % kGroupElements);
  if (head > 0) FillWithinGroup(kernel, draw, output, first, head, out);
  const uint64_t groups = (count - head) / kGroupElements;
  if (groups > 0) kernel(draw, output, (first + head) / kGroupElements, groups, out + head * size);
  const uint64_t done = head + groups * kGroupElements;
  if (done < count) {
    FillWithinGroup(kernel, draw, output, first + done, count - done, out + done * size);
  }
}

}  // namespace onnx_reinit::gen
