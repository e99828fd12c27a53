#include "plan/quantization.h"

#include <cmath>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "base/checked_math.h"
#include "base/element_type.h"
#include "base/status_macros.h"
#include "base/text.h"

namespace onnx_reinit::plan {
namespace {

// Of packed blocks (MatMulNBits) without zero points: the middle of the unsigned range.
double DefaultZeroPoint(const infer::TensorFacts& facts) {
  const ElementTypeInfo* info = FindElementType(facts.tensor->data_type);
  const bool is_blocked = facts.quantization->block_size > 0;
  return is_blocked && info->kind == NumberKind::kUnsigned ? std::ldexp(1.0, info->bits - 1) : 0;
}

absl::StatusOr<std::vector<double>> ReadAll(const wire::Tensor& tensor,
                                            const wire::ValueReader& values) {
  const std::optional<int64_t> count = ElementCount(tensor.dims);
  if (!count) return absl::FailedPreconditionError("the shape of its scales is no shape");
  return values.Read(tensor, 0, static_cast<uint64_t>(*count));
}

}  // namespace

absl::StatusOr<Quantization> ReadGrid(const infer::TensorFacts& facts,
                                      const wire::ValueReader* values) {
  const infer::QuantizationFacts& grid = *facts.quantization;
  if (!grid.unsupported.empty()) return absl::FailedPreconditionError(grid.unsupported);
  if (grid.scale == nullptr || values == nullptr) {
    return absl::FailedPreconditionError("its scales are not stored in the file");
  }
  Quantization quantization{.axis = grid.axis, .block_size = grid.block_size};
  ASSIGN_OR_RETURN(const std::vector<double> scale, ReadAll(*grid.scale, *values));
  quantization.scale.assign(scale.begin(), scale.end());
  quantization.zero_point.assign(scale.size(), DefaultZeroPoint(facts));
  if (grid.zero_point == nullptr) return quantization;
  ASSIGN_OR_RETURN(quantization.zero_point, ReadAll(*grid.zero_point, *values));
  if (quantization.zero_point.size() != scale.size()) {
    return absl::FailedPreconditionError("it has more or fewer zero points than scales");
  }
  return quantization;
}

}  // namespace onnx_reinit::plan
