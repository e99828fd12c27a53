#include "infer/constant_functions.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/checked_math.h"
#include "base/element_type.h"
#include "infer/constant_arithmetic.h"
#include "infer/constant_moves.h"
#include "infer/operator_rows.h"

namespace onnx_reinit::infer {
namespace {

constexpr int kAll = -1;

constexpr std::array kRows = {
    ConstantRow{"", "Abs", 1, arithmetic::Abs},
    ConstantRow{"", "Add", 2, arithmetic::Add},
    ConstantRow{"", "And", 2, arithmetic::And},
    ConstantRow{"", "Cast", 1, arithmetic::Cast},
    ConstantRow{"", "CastLike", 1, arithmetic::CastLike},
    ConstantRow{"", "Ceil", 1, arithmetic::Ceil},
    ConstantRow{"", "Concat", kAll, moves::Concat},
    ConstantRow{"", "ConstantOfShape", 1, moves::ConstantOfShape},
    ConstantRow{"", "Cos", 1, arithmetic::Cos},
    ConstantRow{"", "DequantizeLinear", kAll, arithmetic::DequantizeLinear},
    ConstantRow{"", "Div", 2, arithmetic::Div},
    ConstantRow{"", "Equal", 2, arithmetic::Equal},
    ConstantRow{"", "Exp", 1, arithmetic::Exp},
    ConstantRow{"", "Expand", 2, moves::Expand},
    ConstantRow{"", "Flatten", 1, moves::Flatten},
    ConstantRow{"", "Floor", 1, arithmetic::Floor},
    ConstantRow{"", "Gather", 2, moves::Gather},
    ConstantRow{"", "Greater", 2, arithmetic::Greater},
    ConstantRow{"", "GreaterOrEqual", 2, arithmetic::GreaterOrEqual},
    ConstantRow{"", "Identity", 1, moves::First},
    ConstantRow{"", "Less", 2, arithmetic::Less},
    ConstantRow{"", "LessOrEqual", 2, arithmetic::LessOrEqual},
    ConstantRow{"", "Log", 1, arithmetic::Log},
    ConstantRow{"", "Max", kAll, arithmetic::Max},
    ConstantRow{"", "Min", kAll, arithmetic::Min},
    ConstantRow{"", "Mod", 2, arithmetic::Mod},
    ConstantRow{"", "Mul", 2, arithmetic::Mul},
    ConstantRow{"", "Neg", 1, arithmetic::Neg},
    ConstantRow{"", "Not", 1, arithmetic::Not},
    ConstantRow{"", "Or", 2, arithmetic::Or},
    ConstantRow{"", "Pow", 2, arithmetic::Pow},
    ConstantRow{"", "Range", 3, moves::Range},
    ConstantRow{"", "Reciprocal", 1, arithmetic::Reciprocal},
    ConstantRow{"", "ReduceMax", kAll, arithmetic::ReduceMax},
    ConstantRow{"", "ReduceMin", kAll, arithmetic::ReduceMin},
    ConstantRow{"", "ReduceProd", kAll, arithmetic::ReduceProd},
    ConstantRow{"", "ReduceSum", kAll, arithmetic::ReduceSum},
    ConstantRow{"", "Reshape", 2, moves::Reshape},
    ConstantRow{"", "Round", 1, arithmetic::Round},
    ConstantRow{"", "Sin", 1, arithmetic::Sin},
    ConstantRow{"", "Slice", kAll, moves::Slice},
    ConstantRow{"", "Split", kAll, moves::Split},
    ConstantRow{"", "Sqrt", 1, arithmetic::Sqrt},
    ConstantRow{"", "Squeeze", kAll, moves::Squeeze},
    ConstantRow{"", "Sub", 2, arithmetic::Sub},
    ConstantRow{"", "Tile", 2, moves::Tile},
    ConstantRow{"", "Transpose", 1, moves::Transpose},
    ConstantRow{"", "Unsqueeze", kAll, moves::Unsqueeze},
    ConstantRow{"", "Where", 3, arithmetic::Where},
    ConstantRow{"border", "Alias", 1, moves::First},
    ConstantRow{"border", "Merge", kAll, moves::Agreed},
    ConstantRow{"com.microsoft", "DequantizeLinear", kAll, arithmetic::DequantizeLinear},
};

}  // namespace

absl::Span<const ConstantRow> ConstantRows() { return kRows; }

const ConstantRow* FindConstantRow(const graph::Node& node) { return RowOf<kRows>(node); }

std::optional<Array> ReadArray(const wire::Tensor& tensor, const wire::ValueReader* values) {
  if (values == nullptr) return std::nullopt;
  std::optional<Array> array = MakeArray(tensor.dims, !IsFloatingType(tensor.data_type));
  if (!array) return std::nullopt;
  auto read = values->Read(tensor, 0, array->values.size());
  if (!read.ok()) return std::nullopt;
  array->values = *std::move(read);
  return array;
}

}  // namespace onnx_reinit::infer
