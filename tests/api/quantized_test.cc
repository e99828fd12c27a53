// Quantised weights from plan to file: drawn as their float layer would be, on the grid that is
// there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "onnx_reinit/reinit.h"
#include "support/model_proto.h"
#include "support/temp_file.h"

namespace onnx_reinit {
namespace {

using test::AddNode;
using test::FloatTensor;
using test::RawTensor;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kUint8 = 2;
constexpr int kInt8 = 3;
constexpr int kInt32 = 6;
constexpr int64_t kIn = 64;
constexpr int64_t kOut = 48;

// Noise that no one takes for a table: an old weight.
std::string OldBytes(size_t count) {
  std::string bytes(count, '\0');
  uint32_t state = 12345;
  for (char& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<char>(state >> 24U);
  }
  return bytes;
}

// One scale a column, between 0.004 and 0.006.
std::vector<float> Scales(int64_t count) {
  std::vector<float> scales;
  for (int64_t i = 0; i < count; ++i) {
    scales.push_back(0.004F + 0.002F * static_cast<float>(i % 7) / 6);
  }
  return scales;
}

onnx::ModelProto NewModel() {
  onnx::ModelProto model = test::EmptyModel(21);
  auto* microsoft = model.add_opset_import();
  microsoft->set_domain("com.microsoft");
  microsoft->set_version(1);
  test::AddInput(*model.mutable_graph(), "x", {-1, kIn});
  test::AddOutput(*model.mutable_graph(), "y", {-1, kOut});
  return model;
}

onnx::NodeProto& WithInt(onnx::NodeProto& node, const char* name, int64_t value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
  return node;
}

// Real values of the weight, [kIn, kOut] or [kOut, kIn], from a model.
using Dequantize = std::function<std::vector<double>(const onnx::GraphProto&)>;

const onnx::TensorProto& Find(const onnx::GraphProto& graph, const std::string& name) {
  for (const onnx::TensorProto& tensor : graph.initializer()) {
    if (tensor.name() == name) return tensor;
  }
  ADD_FAILURE() << "there is no " << name;
  return graph.initializer(0);
}

struct QuantizedCase {
  const char* name;
  std::function<onnx::ModelProto()> model;
  Dequantize dequantize;
};

std::ostream& operator<<(std::ostream& out, const QuantizedCase& c) { return out << c.name; }

// --- The forms --------------------------------------------------------------------------------

// w [in, out], int8, one scale for each output.
onnx::ModelProto PerAxis() {
  onnx::ModelProto model = NewModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  *graph.add_initializer() = RawTensor("w", {kIn, kOut}, kInt8, OldBytes(kIn * kOut));
  *graph.add_initializer() = FloatTensor("scale", {kOut}, Scales(kOut));
  WithInt(AddNode(graph, "DequantizeLinear", {"w", "scale"}, {"wf"}), "axis", 1);
  AddNode(graph, "MatMul", {"x", "wf"}, {"y"});
  return model;
}
std::vector<double> PerAxisValues(const onnx::GraphProto& graph) {
  const std::string& stored = Find(graph, "w").raw_data();
  std::vector<double> values;
  for (size_t i = 0; i < stored.size(); ++i) {
    values.push_back(static_cast<int8_t>(stored[i]) * static_cast<double>(Scales(kOut)[i % kOut]));
  }
  return values;
}

// w [in, out], uint8 around 120 (an x), one scale.
onnx::ModelProto PerTensor() {
  onnx::ModelProto model = NewModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  *graph.add_initializer() = RawTensor("w", {kIn, kOut}, kUint8, OldBytes(kIn * kOut));
  *graph.add_initializer() = FloatTensor("scale", {}, {0.005F});
  *graph.add_initializer() = RawTensor("zero", {}, kUint8, "x");
  AddNode(graph, "DequantizeLinear", {"w", "scale", "zero"}, {"wf"});
  AddNode(graph, "MatMul", {"x", "wf"}, {"y"});
  return model;
}
std::vector<double> PerTensorValues(const onnx::GraphProto& graph) {
  std::vector<double> values;
  for (const char byte : Find(graph, "w").raw_data()) {
    values.push_back((static_cast<uint8_t>(byte) - 120) * static_cast<double>(0.005F));
  }
  return values;
}

// B [out, blocks, 8 bytes]: 16 numbers of 4 bits a block, zero points packed two to a byte.
constexpr int64_t kBlock = 16;
constexpr int64_t kBlocks = kIn / kBlock;
onnx::ModelProto Packed(bool with_zero_points) {
  onnx::ModelProto model = NewModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  *graph.add_initializer() =
      RawTensor("w", {kOut, kBlocks, kBlock / 2}, kUint8, OldBytes(kOut * kIn / 2));
  std::vector<float> scales = Scales(kOut * kBlocks);
  for (float& scale : scales) scale *= 16;
  *graph.add_initializer() = FloatTensor("scale", {kOut * kBlocks}, scales);
  std::vector<std::string> inputs = {"x", "w", "scale"};
  if (with_zero_points) {
    // 7 and 9, 7 and 9 in each row.
    *graph.add_initializer() =
        RawTensor("zero", {kOut * kBlocks / 2}, kUint8, std::string(kOut * kBlocks / 2, '\x97'));
    inputs.emplace_back("zero");
  }
  onnx::NodeProto& node = AddNode(graph, "MatMulNBits", inputs, {"y"});
  node.set_domain("com.microsoft");
  WithInt(WithInt(WithInt(WithInt(node, "K", kIn), "N", kOut), "bits", 4), "block_size", kBlock);
  return model;
}
std::vector<double> PackedValues(const onnx::GraphProto& graph, bool with_zero_points) {
  const std::string& stored = Find(graph, "w").raw_data();
  const std::vector<float> scales = Scales(kOut * kBlocks);
  std::vector<double> values;
  for (size_t i = 0; i < 2 * stored.size(); ++i) {
    const int number = static_cast<uint8_t>(stored[i / 2]) >> (i % 2 * 4) & 0xF;
    const size_t block = i / kBlock;
    const int zero = !with_zero_points ? 8 : block % 2 == 0 ? 7 : 9;
    values.push_back((number - zero) * 16.0 * static_cast<double>(scales[block]));
  }
  return values;
}

// y = Cast(MatMulInteger(xq, w)) * (x_scale * w_scale), as dynamic quantisation writes it.
onnx::ModelProto Dynamic() {
  onnx::ModelProto model = NewModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  *graph.add_initializer() = RawTensor("w", {kIn, kOut}, kInt8, OldBytes(kIn * kOut));
  *graph.add_initializer() = FloatTensor("scale", {}, {0.005F});
  *graph.add_initializer() = RawTensor("zero", {}, kInt8, std::string(1, '\0'));
  AddNode(graph, "DynamicQuantizeLinear", {"x"}, {"xq", "x_scale", "x_zero"});
  AddNode(graph, "MatMulInteger", {"xq", "w", "x_zero", "zero"}, {"p"});
  WithInt(AddNode(graph, "Cast", {"p"}, {"pf"}), "to", 1);
  AddNode(graph, "Mul", {"x_scale", "scale"}, {"both"});
  AddNode(graph, "Mul", {"pf", "both"}, {"y"});
  return model;
}
std::vector<double> DynamicValues(const onnx::GraphProto& graph) {
  std::vector<double> values;
  for (const char byte : Find(graph, "w").raw_data()) {
    values.push_back(static_cast<int8_t>(byte) * static_cast<double>(0.005F));
  }
  return values;
}

// --- What must hold ---------------------------------------------------------------------------

absl::StatusOr<Plan> PlanOf(const test::TempFile& file, const PlanOptions& options) {
  const auto model = Model::Open(file.path());
  return model.ok() ? MakePlan(*model, options) : model.status();
}

class QuantizedTest : public testing::TestWithParam<QuantizedCase> {
 protected:
  // The model after a plan that went through its JSON.
  static onnx::ModelProto Reinitialized(const onnx::ModelProto& before, Plan& plan) {
    const test::TempFile file(test::Serialize(before));
    const auto model = Model::Open(file.path());
    EXPECT_TRUE(model.ok()) << model.status();
    const auto made = MakePlan(*model, {.seed = 5});
    EXPECT_TRUE(made.ok()) << made.status();
    const auto replayed = PlanFromJson(PlanToJson(*made));
    EXPECT_TRUE(replayed.ok()) << replayed.status();
    plan = *replayed;
    const std::string output = file.directory() + "/out.onnx";
    const absl::Status applied = Apply(*model, plan, output, {});
    EXPECT_TRUE(applied.ok()) << applied;
    onnx::ModelProto after;
    EXPECT_TRUE(after.ParseFromString(test::ReadFile(output)));
    return after;
  }
};

TEST_P(QuantizedTest, TheValuesOnTheGridHaveTheStdOfTheFloatLayer) {
  Plan plan;
  const onnx::ModelProto after = Reinitialized(GetParam().model(), plan);
  const TensorPlan& planned = plan.tensors[0];
  ASSERT_TRUE(planned.fill.has_value()) << planned.reason;
  EXPECT_NEAR(planned.std, 1 / std::sqrt(static_cast<double>(kIn)), 1e-9) << planned.reason;
  const std::vector<double> values = GetParam().dequantize(after.graph());
  ASSERT_EQ(values.size(), static_cast<size_t>(kIn * kOut));
  double square = 0;
  double sum = 0;
  for (const double value : values) {
    sum += value;
    square += value * value;
  }
  const auto n = static_cast<double>(values.size());
  EXPECT_NEAR(std::sqrt(square / n), planned.std, 0.05 * planned.std);
  EXPECT_NEAR(sum / n, 0, 6 * planned.std / std::sqrt(n));
}

TEST_P(QuantizedTest, NothingElseChanges) {
  Plan plan;
  onnx::ModelProto before = GetParam().model();
  onnx::ModelProto after = Reinitialized(before, plan);
  EXPECT_NE(before.graph().initializer(0).raw_data(), after.graph().initializer(0).raw_data());
  EXPECT_EQ(before.graph().initializer(0).raw_data().size(),
            after.graph().initializer(0).raw_data().size());
  before.mutable_graph()->mutable_initializer(0)->clear_raw_data();
  after.mutable_graph()->mutable_initializer(0)->clear_raw_data();
  EXPECT_EQ(test::Serialize(before), test::Serialize(after));
}

INSTANTIATE_TEST_SUITE_P(
    Forms, QuantizedTest,
    testing::Values(QuantizedCase{"PerAxis", PerAxis, PerAxisValues},
                    QuantizedCase{"PerTensor", PerTensor, PerTensorValues},
                    QuantizedCase{"PackedBlocks", [] { return Packed(false); },
                                  [](const auto& graph) { return PackedValues(graph, false); }},
                    QuantizedCase{"PackedBlocksWithZeroPoints", [] { return Packed(true); },
                                  [](const auto& graph) { return PackedValues(graph, true); }},
                    QuantizedCase{"Dynamic", Dynamic, DynamicValues}),
    [](const auto& test) { return test.param.name; });

TEST(QuantizedKeptTest, AScaleOfZeroIsAReasonToKeep) {
  onnx::ModelProto model = PerAxis();
  std::vector<float> scales = Scales(kOut);
  scales[7] = 0;
  *model.mutable_graph()->mutable_initializer(1) = FloatTensor("scale", {kOut}, scales);
  const test::TempFile file(test::Serialize(model));
  const auto plan = PlanOf(file, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->tensors[0].action, Action::kKeep);
  EXPECT_THAT(plan->tensors[0].reason, HasSubstr("kept: one of its scales is 0 or no number"));
  const auto all = PlanOf(file, {.require_all = true});
  EXPECT_EQ(all.status().code(), absl::StatusCode::kFailedPrecondition);
}

struct CountRow {
  const char* name;
  std::vector<int64_t> scales;
  std::vector<int64_t> zero_points;  // empty: no such tensor
  int64_t axis;
  int64_t block_size;
  const char* reason;  // empty: gets new values
};

std::ostream& operator<<(std::ostream& out, const CountRow& row) { return out << row.name; }

// w [64, 48] behind DequantizeLinear.
class GroupCountTest : public testing::TestWithParam<CountRow> {};

TEST_P(GroupCountTest, ATensorWhoseScalesDoNotFitIsKeptWithTheReason) {
  const CountRow& row = GetParam();
  onnx::ModelProto model = NewModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  *graph.add_initializer() = RawTensor("w", {kIn, kOut}, kInt8, OldBytes(kIn * kOut));
  const auto count = [](const std::vector<int64_t>& dims) {
    int64_t product = 1;
    for (const int64_t dim : dims) product *= dim;
    return product;
  };
  *graph.add_initializer() = FloatTensor("scale", row.scales, Scales(count(row.scales)));
  std::vector<std::string> inputs = {"w", "scale"};
  if (!row.zero_points.empty()) {
    const std::string zeros(static_cast<size_t>(count(row.zero_points)), '\0');
    *graph.add_initializer() = RawTensor("zero", row.zero_points, kInt8, zeros);
    inputs.emplace_back("zero");
  }
  WithInt(WithInt(AddNode(graph, "DequantizeLinear", inputs, {"wf"}), "axis", row.axis),
          "block_size", row.block_size);
  AddNode(graph, "MatMul", {"x", "wf"}, {"y"});
  const test::TempFile file(test::Serialize(model));
  const auto plan = PlanOf(file, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  const TensorPlan& weight = plan->tensors[0];
  EXPECT_EQ(weight.action == Action::kKeep, row.reason[0] != '\0') << weight.reason;
  EXPECT_THAT(weight.reason, HasSubstr(row.reason));
  const auto opened = Model::Open(file.path());
  EXPECT_EQ(Apply(*opened, *plan, file.Beside("out", ""), {}), absl::OkStatus());
}

INSTANTIATE_TEST_SUITE_P(
    Rows, GroupCountTest,
    testing::Values(
        CountRow{"PerAxis", {kOut}, {kOut}, 1, 0, ""},
        CountRow{"AxisFromTheEnd", {kOut}, {}, -1, 0, ""},
        CountRow{"Blocks", {4, kOut}, {4, kOut}, 0, 16, ""},
        CountRow{"TooFew", {5}, {}, 1, 0, "needs 48 scales, and 'scale' has 5"},
        CountRow{"TooFewZeroPoints", {kOut}, {5}, 1, 0, "needs 48 zero points, and 'zero' has 5"},
        CountRow{"NoSuchAxis", {kOut}, {}, 9, 0, "needs 1 scales"},
        CountRow{"NoSuchAxisFromTheEnd", {kOut}, {}, -9, 0, "needs 1 scales"},
        CountRow{"BlocksWithoutSize", {4, kOut}, {}, 0, 0, "needs 64 scales"},
        CountRow{"OtherBlocks", {3, kOut}, {}, 0, 16, "needs 192 scales"},
        CountRow{"NegativeSize", {4, kOut}, {}, 0, -16, "in blocks of -16"},
        CountRow{"None", {0}, {}, 1, 0, "has 0"}),
    [](const auto& row) { return row.param.name; });

// Powers of two are scales, never weights.
TEST(QuantizedKeptTest, ATypeThatHoldsNoRealNumbersIsKeptWithTheReason) {
  constexpr int kFloat8E8M0 = 24;
  onnx::ModelProto model = NewModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  *graph.add_initializer() = RawTensor("w", {kIn, kOut}, kInt8, OldBytes(kIn * kOut));
  graph.mutable_initializer(0)->set_data_type(kFloat8E8M0);
  AddNode(graph, "MatMul", {"x", "w"}, {"y"});
  const test::TempFile file(test::Serialize(model));
  const auto plan = PlanOf(file, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->tensors[0].action, Action::kKeep);
  EXPECT_THAT(plan->tensors[0].reason, HasSubstr("FLOAT8E8M0"));
}

TEST(QuantizedGridTest, AGridThatDoesNotSuitTheNewValuesIsAWarning) {
  for (const float scale : {0.0005F, 0.5F}) {  // ends at half a std; three steps in a std
    onnx::ModelProto model = PerTensor();
    *model.mutable_graph()->mutable_initializer(1) = FloatTensor("scale", {}, {scale});
    const test::TempFile file(test::Serialize(model));
    const auto plan = PlanOf(file, {});
    ASSERT_TRUE(plan.ok()) << plan.status();
    EXPECT_THAT(plan->warnings, ElementsAre(HasSubstr("too narrow or too coarse for the new "
                                                      "values: 1; the first is tensor 'w'")));
  }
  const test::TempFile file(test::Serialize(PerTensor()));
  const auto plan = PlanOf(file, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(plan->warnings, IsEmpty());
}

TEST(QuantizedKeptTest, ABiasOfIntegersIsResetOnItsGrid) {
  onnx::ModelProto model = PerAxis();
  onnx::GraphProto& graph = *model.mutable_graph();
  graph.mutable_node(1)->set_output(0, "product");
  *graph.add_initializer() = RawTensor("b", {kOut}, kInt32, OldBytes(4 * kOut));
  *graph.add_initializer() = FloatTensor("b_scale", {}, {0.0001F});
  AddNode(graph, "DequantizeLinear", {"b", "b_scale"}, {"bf"});
  AddNode(graph, "Add", {"product", "bf"}, {"y"});
  const test::TempFile file(test::Serialize(model));
  const auto plan = PlanOf(file, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  const TensorPlan& bias = plan->tensors[2];
  EXPECT_EQ(bias.name, "b");
  EXPECT_EQ(bias.scheme, "zeros") << bias.reason;
}

}  // namespace
}  // namespace onnx_reinit
