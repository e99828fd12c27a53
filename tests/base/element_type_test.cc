#include "base/element_type.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace onnx_reinit {
namespace {

struct TypeRow {
  int32_t number;
  std::string_view name;
  int bits;
  StorageField field;
  bool real;
  bool floating;
};

// onnx.proto, TensorProto.DataType.
constexpr TypeRow kRows[] = {
    {1, "FLOAT", 32, StorageField::kFloatData, true, true},
    {2, "UINT8", 8, StorageField::kInt32Data, false, false},
    {3, "INT8", 8, StorageField::kInt32Data, false, false},
    {4, "UINT16", 16, StorageField::kInt32Data, false, false},
    {5, "INT16", 16, StorageField::kInt32Data, false, false},
    {6, "INT32", 32, StorageField::kInt32Data, false, false},
    {7, "INT64", 64, StorageField::kInt64Data, false, false},
    {8, "STRING", 0, StorageField::kStringData, false, false},
    {9, "BOOL", 8, StorageField::kInt32Data, false, false},
    {10, "FLOAT16", 16, StorageField::kInt32Data, true, true},
    {11, "DOUBLE", 64, StorageField::kDoubleData, true, true},
    {12, "UINT32", 32, StorageField::kUint64Data, false, false},
    {13, "UINT64", 64, StorageField::kUint64Data, false, false},
    {14, "COMPLEX64", 64, StorageField::kFloatData, false, false},
    {15, "COMPLEX128", 128, StorageField::kDoubleData, false, false},
    {16, "BFLOAT16", 16, StorageField::kInt32Data, true, true},
    {17, "FLOAT8E4M3FN", 8, StorageField::kInt32Data, false, true},
    {18, "FLOAT8E4M3FNUZ", 8, StorageField::kInt32Data, false, true},
    {19, "FLOAT8E5M2", 8, StorageField::kInt32Data, false, true},
    {20, "FLOAT8E5M2FNUZ", 8, StorageField::kInt32Data, false, true},
    {21, "UINT4", 4, StorageField::kInt32Data, false, false},
    {22, "INT4", 4, StorageField::kInt32Data, false, false},
    {23, "FLOAT4E2M1", 4, StorageField::kInt32Data, false, true},
    {24, "FLOAT8E8M0", 8, StorageField::kInt32Data, false, true},
    {25, "UINT2", 2, StorageField::kInt32Data, false, false},
    {26, "INT2", 2, StorageField::kInt32Data, false, false},
};

TEST(HoldsRealNumbersTest, IsTrueForNumbersThatAreNoPowersOfTwo) {
  for (const TypeRow& row : kRows) {
    const bool is_none = row.name == "STRING" || row.name == "BOOL" || row.name == "COMPLEX64" ||
                         row.name == "COMPLEX128" || row.name == "FLOAT8E8M0";
    EXPECT_EQ(HoldsRealNumbers(row.number), !is_none) << row.name;
  }
  EXPECT_FALSE(HoldsRealNumbers(0));
}

class ElementTypeTest : public ::testing::TestWithParam<TypeRow> {};

TEST_P(ElementTypeTest, IsAsOnnxProtoSays) {
  const TypeRow& row = GetParam();
  const ElementTypeInfo* info = FindElementType(row.number);
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(info->name, row.name);
  EXPECT_EQ(ElementTypeName(row.number), row.name);
  EXPECT_EQ(info->bits, row.bits);
  EXPECT_EQ(info->field, row.field);
  EXPECT_EQ(IsRealType(row.number), row.real);
  EXPECT_EQ(IsFloatingType(row.number), row.floating);
}

TEST_P(ElementTypeTest, SubByteElementsShareAnEntry) {
  const ElementTypeInfo& info = *FindElementType(GetParam().number);
  EXPECT_EQ(info.elements_per_entry, info.bits == 2 ? 4 : info.bits == 4 ? 2 : 1);
}

TEST_P(ElementTypeTest, OnlyComplexElementsHaveTwoEntries) {
  const ElementTypeInfo& info = *FindElementType(GetParam().number);
  EXPECT_EQ(info.entries_per_element, info.kind == NumberKind::kComplex ? 2 : 1);
}

INSTANTIATE_TEST_SUITE_P(Rows, ElementTypeTest, ::testing::ValuesIn(kRows),
                         [](const auto& test_info) { return std::string(test_info.param.name); });

TEST(FindElementType, KnowsNoOtherNumber) {
  for (const int32_t number : {-1, 0, 27, 1000}) {
    EXPECT_EQ(FindElementType(number), nullptr) << number;
    EXPECT_FALSE(IsFloatingType(number)) << number;
    EXPECT_FALSE(IsRealType(number)) << number;
  }
  EXPECT_EQ(ElementTypeName(27), "type 27");
}

}  // namespace
}  // namespace onnx_reinit
