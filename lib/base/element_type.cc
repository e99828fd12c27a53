#include "base/element_type.h"

#include <array>
#include <string>

namespace onnx_reinit {
namespace {

using enum ElementType;
using Field = StorageField;
using Kind = NumberKind;

// In the order of onnx.proto: row i holds type i. Facts: onnx.proto, TensorProto.DataType and the
// comments on the typed fields.
constexpr auto kTypes = std::to_array<ElementTypeInfo>({
    // type, name, bits, field, elements per entry, entries per element, kind
    {kUndefined, "UNDEFINED", 0, Field::kNone, 1, 1, Kind::kNone},
    {kFloat, "FLOAT", 32, Field::kFloatData, 1, 1, Kind::kFloat},
    {kUint8, "UINT8", 8, Field::kInt32Data, 1, 1, Kind::kUnsigned},
    {kInt8, "INT8", 8, Field::kInt32Data, 1, 1, Kind::kSigned},
    {kUint16, "UINT16", 16, Field::kInt32Data, 1, 1, Kind::kUnsigned},
    {kInt16, "INT16", 16, Field::kInt32Data, 1, 1, Kind::kSigned},
    {kInt32, "INT32", 32, Field::kInt32Data, 1, 1, Kind::kSigned},
    {kInt64, "INT64", 64, Field::kInt64Data, 1, 1, Kind::kSigned},
    {kString, "STRING", 0, Field::kStringData, 1, 1, Kind::kString},
    {kBool, "BOOL", 8, Field::kInt32Data, 1, 1, Kind::kBool},
    {kFloat16, "FLOAT16", 16, Field::kInt32Data, 1, 1, Kind::kFloat},
    {kDouble, "DOUBLE", 64, Field::kDoubleData, 1, 1, Kind::kFloat},
    {kUint32, "UINT32", 32, Field::kUint64Data, 1, 1, Kind::kUnsigned},
    {kUint64, "UINT64", 64, Field::kUint64Data, 1, 1, Kind::kUnsigned},
    {kComplex64, "COMPLEX64", 64, Field::kFloatData, 1, 2, Kind::kComplex},
    {kComplex128, "COMPLEX128", 128, Field::kDoubleData, 1, 2, Kind::kComplex},
    {kBfloat16, "BFLOAT16", 16, Field::kInt32Data, 1, 1, Kind::kFloat},
    {kFloat8E4M3FN, "FLOAT8E4M3FN", 8, Field::kInt32Data, 1, 1, Kind::kFloat},
    {kFloat8E4M3FNUZ, "FLOAT8E4M3FNUZ", 8, Field::kInt32Data, 1, 1, Kind::kFloat},
    {kFloat8E5M2, "FLOAT8E5M2", 8, Field::kInt32Data, 1, 1, Kind::kFloat},
    {kFloat8E5M2FNUZ, "FLOAT8E5M2FNUZ", 8, Field::kInt32Data, 1, 1, Kind::kFloat},
    {kUint4, "UINT4", 4, Field::kInt32Data, 2, 1, Kind::kUnsigned},
    {kInt4, "INT4", 4, Field::kInt32Data, 2, 1, Kind::kSigned},
    {kFloat4E2M1, "FLOAT4E2M1", 4, Field::kInt32Data, 2, 1, Kind::kFloat},
    {kFloat8E8M0, "FLOAT8E8M0", 8, Field::kInt32Data, 1, 1, Kind::kFloat},
    {kUint2, "UINT2", 2, Field::kInt32Data, 4, 1, Kind::kUnsigned},
    {kInt2, "INT2", 2, Field::kInt32Data, 4, 1, Kind::kSigned},
});

constexpr bool RowsAreInOrder() {
  for (size_t i = 0; i < kTypes.size(); ++i) {
    if (static_cast<size_t>(kTypes[i].type) != i) return false;
  }
  return true;
}
static_assert(RowsAreInOrder(), "FindElementType indexes the table by type");

}  // namespace

const ElementTypeInfo* FindElementType(int32_t data_type) {
  if (data_type <= 0 || static_cast<size_t>(data_type) >= kTypes.size()) return nullptr;
  return &kTypes[static_cast<size_t>(data_type)];
}

std::string ElementTypeName(int32_t data_type) {
  const ElementTypeInfo* info = FindElementType(data_type);
  return info != nullptr ? std::string(info->name) : "type " + std::to_string(data_type);
}

bool IsRealType(int32_t data_type) {
  const ElementTypeInfo* info = FindElementType(data_type);
  return info != nullptr && info->kind == Kind::kFloat && info->bits >= 16;
}

bool HoldsRealNumbers(int32_t data_type) {
  const ElementTypeInfo* info = FindElementType(data_type);
  if (info == nullptr || info->type == ElementType::kFloat8E8M0) return false;
  return info->kind == NumberKind::kFloat || info->kind == NumberKind::kSigned ||
         info->kind == NumberKind::kUnsigned;
}

bool IsFloatingType(int32_t data_type) {
  const ElementTypeInfo* info = FindElementType(data_type);
  return info != nullptr && info->kind == Kind::kFloat;
}

}  // namespace onnx_reinit
