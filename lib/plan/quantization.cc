#include "plan/quantization.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/checked_math.h"
#include "base/element_type.h"
#include "base/groups.h"
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

// How a tensor's numbers are divided among scales.
struct Layout {
  int axis = -1;
  uint64_t groups = 0;
  uint64_t rows = 1;  // of packed numbers
  int packed_bits = 0;
};

absl::StatusOr<Layout> MakeLayout(const Fill& fill, const Grid& grid) {
  Layout layout = {.axis = grid.packed_bits > 0 ? 1 : grid.axis, .packed_bits = grid.packed_bits};
  const std::optional<uint64_t> groups = GroupCount(fill.dims, layout.axis, grid.block_size);
  if (!groups || (grid.packed_bits > 0 && grid.block_size == 0)) {
    return absl::FailedPreconditionError(Text("its scales lie along axis ", layout.axis,
                                              " in blocks of ", grid.block_size,
                                              ", which does not fit its shape"));
  }
  layout.groups = *groups;
  if (grid.packed_bits > 0) layout.rows = static_cast<uint64_t>(fill.dims[0]);
  return layout;
}

size_t RowBytes(uint64_t columns, int bits) {
  return static_cast<size_t>((columns * static_cast<uint64_t>(bits) + 7) / 8);
}

bool HasPackedZeroPoints(const Layout& layout, const wire::Tensor& zero_point) {
  return layout.packed_bits > 0 && layout.packed_bits < 8 && !IsFloatingType(zero_point.data_type);
}

int BitsOf(const infer::QuantizationFacts& grid, int32_t data_type) {
  if (grid.packed_bits > 0) return grid.packed_bits;
  const ElementTypeInfo* type = FindElementType(data_type);
  return type == nullptr ? 0 : type->bits;
}

// All elements, read in blocks: as doubles they would take twice or eight times the memory.
template <typename Number>
absl::StatusOr<std::vector<Number>> ReadAll(const wire::Tensor& tensor,
                                            const wire::ValueReader& values) {
  const std::optional<int64_t> count = ElementCount(tensor.dims);
  if (!count) {
    return absl::DataLossError(Text("tensor ", Quote(tensor.name), " has a shape that is none"));
  }
  std::vector<Number> numbers;
  RETURN_IF_ERROR(values.Scan(tensor, kScanBlock, [&](absl::Span<const double> block) {
    if (numbers.empty()) numbers.reserve(static_cast<size_t>(*count));
    for (const double number : block) numbers.push_back(static_cast<Number>(number));
    return true;
  }));
  return numbers;
}

// Zero points of packed numbers are packed themselves, row by row, lowest bits first.
std::vector<float> Unpack(const std::vector<uint8_t>& bytes, size_t rows, size_t columns,
                          int bits) {
  const size_t row_bytes = RowBytes(columns, bits);
  const unsigned mask = (1U << static_cast<unsigned>(bits)) - 1;
  std::vector<float> numbers;
  numbers.reserve(rows * columns);
  for (size_t row = 0; row < rows; ++row) {
    for (size_t column = 0; column < columns; ++column) {
      const size_t first_bit = column * static_cast<size_t>(bits);
      const unsigned byte = bytes[row * row_bytes + first_bit / 8];
      numbers.push_back(static_cast<float>(byte >> first_bit % 8 & mask));
    }
  }
  return numbers;
}

// The numbers that the tensor of zero points must have: one for each scale, or whole bytes of them.
uint64_t ZeroPointsStored(const Layout& layout, const wire::Tensor& zero_point) {
  if (!HasPackedZeroPoints(layout, zero_point)) return layout.groups;
  return layout.rows * RowBytes(layout.groups / layout.rows, layout.packed_bits);
}

absl::Status CheckCounts(const Layout& layout, const wire::Tensor& scale,
                         const wire::Tensor* zero_point) {
  const auto scales = static_cast<uint64_t>(ElementCount(scale.dims).value_or(0));
  if (scales != layout.groups) {
    return absl::FailedPreconditionError(
        Text("it needs ", layout.groups, " scales, and ", Quote(scale.name), " has ", scales));
  }
  if (zero_point == nullptr) return absl::OkStatus();
  const uint64_t needed = ZeroPointsStored(layout, *zero_point);
  const auto stored = static_cast<uint64_t>(ElementCount(zero_point->dims).value_or(0));
  if (stored == needed) return absl::OkStatus();
  return absl::FailedPreconditionError(
      Text("it needs ", needed, " zero points, and ", Quote(zero_point->name), " has ", stored));
}

absl::StatusOr<std::vector<float>> ReadZeroPoints(const Layout& layout, const wire::Tensor& tensor,
                                                  const wire::ValueReader& values) {
  if (!HasPackedZeroPoints(layout, tensor)) return ReadAll<float>(tensor, values);
  ASSIGN_OR_RETURN(const std::vector<uint8_t> bytes, ReadAll<uint8_t>(tensor, values));
  return Unpack(bytes, layout.rows, layout.groups / layout.rows, layout.packed_bits);
}

}  // namespace

absl::StatusOr<Fill> EmptyFill(absl::Span<const int64_t> dims, int32_t data_type,
                               const std::optional<Grid>& grid) {
  if (!grid || grid->packed_bits == 0)
    return Fill{.dims = {dims.begin(), dims.end()}, .data_type = data_type};
  const std::optional<ElementType> type = PackedType(grid->packed_bits);
  const std::optional<int64_t> bytes = ElementCount(dims);
  if (!type || !bytes || dims.empty() || dims[0] < 1 || *bytes % dims[0] != 0) {
    return absl::InvalidArgumentError(
        Text("numbers of ", grid->packed_bits, " bits do not fit into its shape"));
  }
  const int64_t columns = *bytes / dims[0] * (8 / grid->packed_bits);
  return Fill{.dims = {dims[0], columns}, .data_type = static_cast<int32_t>(*type)};
}

absl::Status CheckGrid(const infer::QuantizationFacts& facts, absl::Span<const int64_t> dims,
                       int32_t data_type) {
  if (!facts.unsupported.empty()) return absl::FailedPreconditionError(facts.unsupported);
  if (facts.packed_bits > 0 && !PackedType(facts.packed_bits)) {
    return absl::FailedPreconditionError(
        Text("its numbers have ", facts.packed_bits, " bits, which do not divide a byte"));
  }
  const Grid grid = {
      .axis = facts.axis, .block_size = facts.block_size, .packed_bits = facts.packed_bits};
  ASSIGN_OR_RETURN(const Fill fill, EmptyFill(dims, data_type, grid));
  ASSIGN_OR_RETURN(const Layout layout, MakeLayout(fill, grid));
  return CheckCounts(layout, *facts.scale, facts.zero_point);
}

absl::StatusOr<GridRange> ReadRange(const infer::QuantizationFacts& grid, int32_t data_type,
                                    const wire::ValueReader* values) {
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
  ASSIGN_OR_RETURN(const Layout layout, MakeLayout(fill, grid));
  RETURN_IF_ERROR(CheckCounts(layout, scale, zero_point));
  Quantization quantization{.axis = layout.axis, .block_size = grid.block_size};
  ASSIGN_OR_RETURN(quantization.scale, ReadAll<float>(scale, values));
  const double middle = grid.packed_bits > 0 ? std::ldexp(1.0, grid.packed_bits - 1) : 0;
  quantization.zero_point = {static_cast<float>(middle)};
  if (zero_point == nullptr) return quantization;
  ASSIGN_OR_RETURN(quantization.zero_point, ReadZeroPoints(layout, *zero_point, values));
  return quantization;
}

}  // namespace onnx_reinit::plan
