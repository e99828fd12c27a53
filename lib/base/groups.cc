#include "base/groups.h"

#include <cstddef>
#include <vector>

#include "base/checked_math.h"

namespace onnx_reinit {

std::optional<uint64_t> GroupCount(absl::Span<const int64_t> dims, int axis, int64_t block_size) {
  if (axis < -1 || axis >= static_cast<int>(dims.size()) || block_size < 0) return std::nullopt;
  if (axis == -1) return 1;
  const auto place = static_cast<size_t>(axis);
  if (block_size == 0) return static_cast<uint64_t>(dims[place]);
  std::vector<int64_t> scales(dims.begin(), dims.end());
  scales[place] = dims[place] / block_size + (dims[place] % block_size != 0 ? 1 : 0);
  return ElementCount(scales);
}

}  // namespace onnx_reinit
