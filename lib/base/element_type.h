// THE table of ONNX element types (TensorProto.DataType, to IR 14). Nothing else in this project
// knows a type's size or where its typed payload is stored.
#ifndef ONNX_REINIT_BASE_ELEMENT_TYPE_H_
#define ONNX_REINIT_BASE_ELEMENT_TYPE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace onnx_reinit {

// The numbers of onnx.proto.
enum class ElementType : int32_t {
  kUndefined = 0,
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kUint16 = 4,
  kInt16 = 5,
  kInt32 = 6,
  kInt64 = 7,
  kString = 8,
  kBool = 9,
  kFloat16 = 10,
  kDouble = 11,
  kUint32 = 12,
  kUint64 = 13,
  kComplex64 = 14,
  kComplex128 = 15,
  kBfloat16 = 16,
  kFloat8E4M3FN = 17,
  kFloat8E4M3FNUZ = 18,
  kFloat8E5M2 = 19,
  kFloat8E5M2FNUZ = 20,
  kUint4 = 21,
  kInt4 = 22,
  kFloat4E2M1 = 23,
  kFloat8E8M0 = 24,
  kUint2 = 25,
  kInt2 = 26,
};

// The field of TensorProto that holds a typed payload.
enum class StorageField {
  kNone,
  kFloatData,
  kInt32Data,
  kInt64Data,
  kDoubleData,
  kUint64Data,
  kStringData
};

enum class NumberKind { kNone, kFloat, kSigned, kUnsigned, kBool, kComplex, kString };

struct ElementTypeInfo {
  ElementType type;
  std::string_view name;  // as onnx.proto spells it: "FLOAT", "BFLOAT16"
  int bits;               // per element in raw_data; 0 for strings
  StorageField field;
  int elements_per_entry;  // entries of the typed field hold this many elements (INT4: 2); complex:
                           // see entries_per_element
  int entries_per_element;  // 2 for complex types, else 1
  NumberKind kind;
};

// The row of `data_type`; nullptr for a number that is no element type (0 included).
const ElementTypeInfo* FindElementType(int32_t data_type);
// The row's name, or "type N" for an unknown number.
std::string ElementTypeName(int32_t data_type);
// True for FLOAT, DOUBLE, FLOAT16, BFLOAT16: the types that real-valued weights are stored in.
bool IsRealType(int32_t data_type);
// True for the types that generated values can be written to: numbers that are neither complex nor
// powers of two alone.
bool HoldsRealNumbers(int32_t data_type);
// True for the 8-bit and 4-bit floating types as well.
bool IsFloatingType(int32_t data_type);

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_BASE_ELEMENT_TYPE_H_
