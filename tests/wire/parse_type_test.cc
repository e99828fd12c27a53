#include "wire/parse_type.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/text_model.h"
#include "support/wire_bytes.h"

namespace onnx_reinit::wire {
namespace {

using test::LengthField;
using test::VarintField;

// Fields of TypeProto.
std::string Dim(const std::string& body) { return LengthField(1, body); }
std::string TensorType(int type, const std::string& dims) {
  return LengthField(1, VarintField(1, static_cast<uint64_t>(type)) + LengthField(2, dims));
}
const std::string kFloat = LengthField(1, VarintField(1, 1));
const std::string kSequence = LengthField(4, LengthField(1, TensorType(1, Dim(VarintField(1, 2)))));
const std::string kThree = Dim(VarintField(1, 3));

struct TypeRow {
  const char* name;
  std::string type;
  int32_t element_type;
  bool has_shape;
  std::string shape;  // numbers, symbols and ? joined by spaces
};

std::string ShapeText(const ValueInfo& info) {
  std::string text;
  for (const Dimension& dim : info.shape) {
    if (!text.empty()) text += ' ';
    text += !dim.symbol.empty() ? dim.symbol : dim.value < 0 ? "?" : std::to_string(dim.value);
  }
  return text;
}

class ValueTypeTest : public ::testing::TestWithParam<TypeRow> {};

TEST_P(ValueTypeTest, IsReadAsATensorTypeOrNone) {
  const TypeRow& row = GetParam();
  const test::TestModel model = test::ReadModelBytes(test::ModelOfGraph(
      LengthField(1, "") + LengthField(11, LengthField(2, row.type) + LengthField(1, "x"))));
  const ValueInfo& info = model.skeleton.graph.inputs.at(0);
  EXPECT_EQ(info.name, "x");
  EXPECT_EQ(info.element_type, row.element_type);
  EXPECT_EQ(info.has_shape, row.has_shape);
  EXPECT_EQ(ShapeText(info), row.shape);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ValueTypeTest,
    ::testing::Values(
        TypeRow{"none", "", 0, false, ""}, TypeRow{"no_shape", kFloat, 1, false, ""},
        TypeRow{"scalar", TensorType(7, ""), 7, true, ""},
        TypeRow{"numbers_symbols_and_unknown",
                TensorType(10, kThree + Dim(LengthField(2, "N")) + Dim("")), 10, true, "3 N ?"},
        TypeRow{"zero_is_a_number", TensorType(1, Dim(VarintField(1, 0))), 1, true, "0"},
        TypeRow{"symbol_replaces_number",
                TensorType(1, Dim(VarintField(1, 3) + LengthField(2, "N"))), 1, true, "N"},
        TypeRow{"number_replaces_symbol",
                TensorType(1, Dim(LengthField(2, "N") + VarintField(1, 3))), 1, true, "3"},
        TypeRow{
            "denotations_are_skipped",
            LengthField(6, "IMAGE") + TensorType(1, Dim(VarintField(1, 3) + LengthField(3, "C"))),
            1, true, "3"},
        TypeRow{"tensor_type_twice_is_merged", TensorType(1, kThree) + TensorType(7, kThree), 7,
                true, "3 3"},
        TypeRow{"sequence", kSequence, 0, false, ""},
        TypeRow{"map", LengthField(5, VarintField(1, 7) + LengthField(2, kFloat)), 0, false, ""},
        TypeRow{"optional", LengthField(9, LengthField(1, kFloat)), 0, false, ""},
        TypeRow{"opaque", LengthField(7, LengthField(1, "d") + LengthField(2, "n")), 0, false, ""},
        TypeRow{"sparse", LengthField(8, VarintField(1, 1) + LengthField(2, kThree)), 0, false, ""},
        TypeRow{"sequence_replaces_tensor", TensorType(1, kThree) + kSequence, 0, false, ""},
        TypeRow{"tensor_replaces_sequence", kSequence + TensorType(1, kThree), 1, true, "3"}),
    [](const auto& test_info) { return test_info.param.name; });

TEST(ParseValueInfo, MergesATypeThatAppearsTwice) {
  const test::TestModel model = test::ReadModelBytes(test::ModelOfGraph(
      LengthField(1, "") +
      LengthField(12, LengthField(2, kFloat) +
                          LengthField(2, LengthField(1, LengthField(2, kThree))) +
                          LengthField(4, LengthField(1, "k") + LengthField(2, "v")))));
  const ValueInfo& info = model.skeleton.graph.outputs.at(0);
  EXPECT_EQ(info.element_type, 1);
  EXPECT_EQ(ShapeText(info), "3");
  EXPECT_EQ(info.metadata.at(0).key, "k");
}

}  // namespace
}  // namespace onnx_reinit::wire
