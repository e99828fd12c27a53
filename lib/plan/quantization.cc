#include "plan/quantization.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/checked_math.h"
#include "base/element_type.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"

namespace onnx_reinit::plan {
namespace {

constexpr uint64_t kScanBlock = 1 << 16;

std::optional<ElementType> PackedType(int bits) {
  if (bits == 2) return ElementType::kUint2;
  if (bits == 4) return ElementType::kUint4;
  if (bits == 8) return ElementType::kUint8;
  return std::nullopt;
}

int BitsOf(const infer::QuantizationFacts& grid, int32_t data_type) {
  if (grid.packed_bits > 0) return grid.packed_bits;
  const ElementTypeInfo* type = FindElementType(data_type);
  return type == nullptr ? 0 : type->bits;
}

absl::StatusOr<std::vector<double>> ReadAll(const wire::Tensor& tensor,
                                            const wire::ValueReader& values) {
  const std::optional<int64_t> count = ElementCount(tensor.dims);
  if (!count) {
    return absl::DataLossError(Text("tensor ", Quote(tensor.name), " has a shape that is none"));
  }
  return values.Read(tensor, 0, static_cast<uint64_t>(*count));
}

// Zero points of packed numbers are packed themselves, row by row, lowest bits first.
std::vector<double> Unpack(const std::vector<double>& bytes, size_t rows, size_t columns,
                           int bits) {
  const size_t row_bytes = (columns * static_cast<size_t>(bits) + 7) / 8;
  const unsigned mask = (1U << static_cast<unsigned>(bits)) - 1;
  std::vector<double> numbers;
  for (size_t row = 0; row < rows && (row + 1) * row_bytes <= bytes.size(); ++row) {
    for (size_t column = 0; column < columns; ++column) {
      const size_t first_bit = column * static_cast<size_t>(bits);
      const auto byte = static_cast<unsigned>(bytes[row * row_bytes + first_bit / 8]);
      numbers.push_back(byte >> first_bit % 8 & mask);
    }
  }
  return numbers;
}

absl::StatusOr<std::vector<double>> ReadZeroPoints(const Grid& grid, const Fill& fill, size_t count,
                                                   const wire::Tensor& tensor,
                                                   const wire::ValueReader& values) {
  ASSIGN_OR_RETURN(std::vector<double> stored, ReadAll(tensor, values));
  const bool is_packed =
      grid.packed_bits > 0 && grid.packed_bits < 8 && !IsFloatingType(tensor.data_type);
  if (is_packed) {
    const auto rows = static_cast<size_t>(fill.dims[0]);
    stored = Unpack(stored, rows, count / std::max<size_t>(rows, 1), grid.packed_bits);
  }
  if (stored.size() == count) return stored;
  return absl::DataLossError(Text("tensor ", Quote(tensor.name), " has ", stored.size(),
                                  " zero points for ", count, " scales"));
}

}  // namespace

absl::StatusOr<Fill> EmptyFill(const std::vector<int64_t>& dims, int32_t data_type,
                               const std::optional<Grid>& grid) {
  if (!grid || grid->packed_bits == 0) return Fill{.dims = dims, .data_type = data_type};
  const std::optional<ElementType> type = PackedType(grid->packed_bits);
  const std::optional<int64_t> bytes = ElementCount(dims);
  if (!type || !bytes || dims.empty() || dims[0] < 1 || *bytes % dims[0] != 0) {
    return absl::InvalidArgumentError(
        Text("numbers of ", grid->packed_bits, " bits do not fit into its shape"));
  }
  const int64_t columns = *bytes / dims[0] * (8 / grid->packed_bits);
  return Fill{.dims = {dims[0], columns}, .data_type = static_cast<int32_t>(*type)};
}

absl::StatusOr<GridRange> CheckGrid(const infer::QuantizationFacts& grid, int32_t data_type,
                                    const wire::ValueReader* values) {
  if (!grid.unsupported.empty()) return absl::FailedPreconditionError(grid.unsupported);
  if (grid.packed_bits > 0 && !PackedType(grid.packed_bits)) {
    return absl::FailedPreconditionError(
        Text("its numbers have ", grid.packed_bits, " bits, which do not divide a byte"));
  }
  if (values == nullptr) return GridRange{};
  bool is_good = true;
  GridRange range;
  // What cannot be read is no reason to keep the tensor.
  (void)values->Scan(*grid.scale, kScanBlock, [&](absl::Span<const double> scales) {
    for (const double scale : scales) {
      is_good = is_good && scale != 0 && std::isfinite(scale);
      range.step = std::max(range.step, std::fabs(scale));
    }
    return is_good;
  });
  if (!is_good) return absl::FailedPreconditionError("one of its scales is 0 or no number");
  range.reach = range.step * (std::ldexp(1.0, BitsOf(grid, data_type)) - 1) / 2;
  return range;
}

absl::StatusOr<Quantization> ReadQuantization(const Grid& grid, const Fill& fill,
                                              const wire::Tensor& scale,
                                              const wire::Tensor* zero_point,
                                              const wire::ValueReader& values) {
  Quantization quantization{.axis = grid.axis, .block_size = grid.block_size};
  if (grid.packed_bits > 0) quantization.axis = 1;
  ASSIGN_OR_RETURN(const std::vector<double> scales, ReadAll(scale, values));
  quantization.scale.assign(scales.begin(), scales.end());
  const double middle = grid.packed_bits > 0 ? std::ldexp(1.0, grid.packed_bits - 1) : 0;
  quantization.zero_point.assign(scales.size(), middle);
  if (zero_point == nullptr) return quantization;
  ASSIGN_OR_RETURN(quantization.zero_point,
                   ReadZeroPoints(grid, fill, scales.size(), *zero_point, values));
  return quantization;
}

}  // namespace onnx_reinit::plan
