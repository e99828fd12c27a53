#include "infer/verdict.h"

#include <array>
#include <cmath>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer/infer.h"
#include "infer_support.h"
#include "onnx/onnx_pb.h"
#include "support/model_proto.h"
#include "support/wire_bytes.h"

namespace onnx_reinit::infer {
namespace {

using enum Role;
using test::Inferred;
using ::testing::HasSubstr;

double Zero(size_t) { return 0; }
double One(size_t) { return 1; }
double Quarter(size_t) { return 0.25; }
double Third(size_t) { return 1.0 / 3; }
// A table of 8 columns whose rows are positions.
double Sinusoid(size_t i) {
  const size_t row = i / 8;
  const size_t pair = i % 8 / 2;
  const double angle =
      static_cast<double>(row) * std::pow(10000, -0.25 * static_cast<double>(pair));
  return i % 2 == 0 ? std::sin(angle) : std::cos(angle);
}
double Counting(size_t i) { return static_cast<double>(i); }
double EyeOfEight(size_t i) { return i / 8 == i % 8 ? 1 : 0; }
double FactorsOfEight(size_t i) {
  return i / 8 == i % 8 ? std::sin(static_cast<double>(i) + 1) : 0;
}
double CausalOfSix(size_t i) { return i % 6 > i / 6 ? -1e9 : 0; }

// Of w, in nodes that make y out of x [N, 6, 8] and p = MatMul(x, m); by its values.
struct Row {
  std::string_view name;
  std::string_view weight;
  std::string_view nodes;
  double (*element)(size_t);  // nullptr: noise
  Role role;
  bool is_learned;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

std::string ModelOf(std::string_view weight, std::string_view nodes) {
  return Text(
      "g (float[N, 6, 8] x, int64[N] n) => (float[M] y) <", weight,
      " w, float[8, 8] m, float[8] u, float[1, 24, 8] r, float[8, 16] wide, float s = {0.5}, "
      "int64[3] shape = {1, 6, 8}, int64[1] eight = {8}> { p = MatMul(x, m) ",
      nodes, "}");
}

constexpr auto kRows = std::to_array<Row>({
    // The operator says that it is learned: its values do not matter.
    {"ZerosInANormScale", "float[8]", "y = LayerNormalization(x, w)", Zero, kNormScale, true},
    {"OnesInANormScale", "float[8]", "y = LayerNormalization(x, w)", One, kNormScale, true},
    {"ZerosInABias", "float[8]", "y = Gemm(x, m, w)", Zero, kBias, true},
    {"CountingInABias", "float[8]", "y = Gemm(x, m, w)", Counting, kBias, true},
    // The place says so: the same.
    {"ZerosAddedAfterAProduct", "float[8]", "y = Add(p, w)", Zero, kBias, true},
    {"OnesAfterANormalisation", "float[8]", "t = LpNormalization(x) y = Mul(t, w)", One, kNormScale,
     true},

    // A weight is learned unless its values speak against it.
    {"NoiseInAMatrix", "float[8, 8]", "y = MatMul(x, w)", nullptr, kLinear, true},
    {"ZerosInAMatrix", "float[8, 8]", "y = MatMul(x, w)", Zero, kLinear, true},
    {"IdentityMatrix", "float[8, 8]", "y = MatMul(x, w)", EyeOfEight, kConstant, false},
    {"FactorsOfChannels", "float[8, 8]", "y = MatMul(x, w)", FactorsOfEight, kConstant, false},
    {"SinusoidsInAMatrix", "float[40, 8]", "t = Transpose(w) y = MatMul(x, t)", Sinusoid, kConstant,
     false},
    {"AverageOfThree", "float[1, 1, 3]", "y = Conv(x, w)", Third, kConstant, false},
    {"ZerosInAConvolutionWithOneOutput", "float[1, 6, 3]", "y = Conv(x, w)", Zero, kConv, true},
    {"ZerosInARecurrentLayer", "float[1, 24, 8]", "y = GRU<hidden_size = 8>(x, w, r)", Zero,
     kRnnInput, true},
    {"ZerosOfAState", "float[1, 8, 8]", "y = MatMul(x, w)", Zero, kConstant, false},
    {"ZerosInStackedMatrices", "float[2, 8, 8]", "y = MatMul(x, w)", Zero, kLinear, true},
    {"NoiseInAConvolution", "float[4, 6, 3]", "y = Conv(x, w)", nullptr, kConv, true},
    {"NoiseInATable", "float[10, 8]", "y = Gather(w, n)", nullptr, kEmbedding, true},
    {"SinusoidsInATable", "float[40, 8]", "y = Gather(w, n)", Sinusoid, kConstant, false},

    // Of a weight, a function may be taken first; of the data, it is an activation.
    {"SignsOfAMatrix", "float[8, 8]", "t = Sign(w) y = MatMul(x, t)", nullptr, kLinear, true},
    {"SignsOfFiltersTimesTheirMean", "float[4, 6, 3]",
     "t = Sign(w) a = Abs(w) f = ReduceMean<axes = [0, 1, 2]>(a) k = Mul(t, f) y = Conv(x, k)",
     nullptr, kConv, true},
    {"SharesOfAMatrix", "float[8, 8]", "t = Softmax(w) r = Transpose(t) y = MatMul(x, r)", nullptr,
     kLinear, true},
    {"ATableAddedToSignsOfData", "float[1, 6, 8]", "t = Sign(p) y = Add(t, w)", nullptr,
     kPositionEmbedding, true},
    {"SharesOfTheSumWithData", "float[6, 6]",
     "t = Transpose<perm = [0, 2, 1]>(x) q = MatMul(p, t) a = Add(q, w) b = Softmax(a) "
     "y = MatMul(b, x)",
     nullptr, kRelPosBias, true},

    // The place is open: the values decide, and with none of them it is kept.
    {"NoiseAddedAsATable", "float[1, 6, 8]", "y = Add(p, w)", nullptr, kPositionEmbedding, true},
    {"SinusoidsAddedAsATable", "float[6, 8]", "y = Add(p, w)", Sinusoid, kConstant, false},
    {"ZerosAddedAsATable", "float[6, 8]", "y = Add(p, w)", Zero, kConstant, false},
    {"MaskAddedToScores", "float[6, 6]",
     "t = Transpose<perm = [0, 2, 1]>(x) q = MatMul(p, t) r = Add(q, w) y = Softmax(r)",
     CausalOfSix, kConstant, false},
    {"NoiseAddedToScores", "float[6, 6]",
     "t = Transpose<perm = [0, 2, 1]>(x) q = MatMul(p, t) r = Add(q, w) y = Softmax(r)", nullptr,
     kRelPosBias, true},
    {"NoiseMultiplied", "float[8]", "q = Mul(p, w) y = Add(q, x)", nullptr, kLayerScale, true},
    {"SmallEqualNumbersMultiplied", "float[8]", "q = Mul(p, w) y = Add(q, x)", Quarter, kLayerScale,
     true},
    {"OnesMultiplied", "float[8]", "q = Mul(p, w) y = Add(q, x)", One, kConstant, false},
    {"NoiseAsAToken", "float[1, 1, 8]", "y = Concat<axis = 1>(w, p)", nullptr, kToken, true},
    {"ZerosAsAToken", "float[1, 1, 8]", "y = Concat<axis = 1>(w, p)", Zero, kConstant, false},

    // What is never learned.
    {"NothingUsesIt", "float[8]", "y = Relu(x)", nullptr, kConstant, false},
    {"AnUnknownOperator", "float[8]", "y = other.Mystery(x, w)", nullptr, kConstant, false},
    {"ALimit", "float", "y = Clip(x, w)", nullptr, kConstant, false},
    {"AScale", "float", "y = QuantizeLinear(x, w)", nullptr, kQuantScale, false},
    {"ANumber", "float", "y = Mul(p, w)", nullptr, kConstant, false},
    {"RunningMean", "float[6]", "y = BatchNormalization(x, u, u, w, u)", nullptr, kNormMean, false},
    {"RunningVariance", "float[6]", "y = BatchNormalization(x, u, u, u, w)", nullptr, kNormVar,
     false},

    // One number that is repeated, an empty buffer.
    {"OneNumberExpandedToABias", "float[1]", "t = Expand(w, eight) y = Gemm(x, m, t)", nullptr,
     kConstant, false},
    {"AScalarAsANormScale", "float", "y = LayerNormalization(x, w)", nullptr, kConstant, false},
    {"OneOutputsBias", "float[1]", "y = Gemm(x, one, w)", nullptr, kBias, true},
    {"EmptyBuffer", "float[1, 8]", "y = Add(p, w)", Zero, kConstant, false},
    {"BiasOfOneRow", "float[1, 8]", "y = Add(p, w)", nullptr, kBias, true},
    {"EqualNumbersInABiasOfOneRow", "float[1, 8]", "y = Add(p, w)", Quarter, kBias, true},
});

class VerdictTest : public ::testing::TestWithParam<Row> {};

TEST_P(VerdictTest, WeighsPlaceAndValues) {
  const Row& row = GetParam();
  std::string model = ModelOf(row.weight, row.nodes);
  if (row.name == "OneOutputsBias")
    model.replace(model.find(" m, float[8] u"), 3, " m, float[8, 1] one,");
  test::ModelOptions options;
  if (row.element != nullptr) options.fillings.push_back({"w", row.element});
  const Inferred inferred(model, options);
  EXPECT_EQ(inferred["w"].role, row.role);
  EXPECT_EQ(inferred["w"].learned, row.is_learned);
  EXPECT_FALSE(inferred["w"].reason.empty());
}

INSTANTIATE_TEST_SUITE_P(Rows, VerdictTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

// Types that are not trained, wherever they stand; small integers are where they are quantised.
struct TypeRow {
  std::string_view name;
  std::string_view weight;
  std::string_view nodes;
  Role role;
};

void PrintTo(const TypeRow& row, std::ostream* out) { *out << row.name; }

constexpr std::string_view kMaskOfIntegers =
    "int8[6, 6] w = {127, -128, -128, -128, -128, -128, 127, 127, -128, -128, -128, -128, "
    "127, 127, 127, -128, -128, -128, 127, 127, 127, 127, -128, -128, "
    "127, 127, 127, 127, 127, -128, 127, 127, 127, 127, 127, 127}, "
    "float h = {1.3e36}, float i = {0.01}, int8 e = {127}";

constexpr std::string_view kBlurOfIntegers =
    "int8[6, 1, 3] w = {32, 64, 32, 32, 64, 32, 32, 64, 32, 32, 64, 32, 32, 64, 32, 32, 64, 32}";
constexpr std::string_view kNearlyABlur =
    "int8[6, 1, 3] w = {32, 64, 35, 32, 64, 32, 32, 64, 32, 32, 64, 32, 32, 64, 32, 32, 64, 32}";

constexpr auto kTypes = std::to_array<TypeRow>({
    {"Int64", "int64[2] w = {1, 2}", "y = MatMul(x, w)", kStructural},
    {"Bool", "bool[2] w = {1, 0}", "y = Where(w, x, x)", kStructural},
    {"Int32AsIndices", "int32[2] w", "y = Gather(x, w)", kStructural},
    {"Int32InAPlainSum", "int32[8] w", "p = MatMul(x, m) y = Add(p, w)", kStructural},
    {"Int8Dequantised", "int8[8, 8] w", "t = DequantizeLinear(w, s) y = MatMul(x, t)", kLinear},
    {"Int8InAnIntegerProduct", "int8[8, 8] w", "y = MatMulInteger(x, w)", kLinear},
    {"Int8InAPlainProduct", "int8[8, 8] w", "y = MatMul(x, w)", kStructural},
    {"Int8AsATable", "int8[10, 8] w", "t = Gather(w, n) y = DequantizeLinear(t, s)", kEmbedding},
    {"Int8AsATableForQLinearConcat", "int8[10, 8] w",
     "t = Gather(w, n) y = com.microsoft.QLinearConcat<axis = 1>(s, z, t, s, z)", kEmbedding},
    {"Int8AsATableOfNumbers", "int8[10, 8] w", "t = Gather(w, n) y = Relu(t)", kStructural},
    {"Int32BiasOfAQuantisedConvolution", "int32[4] w", "y = QLinearConv(x, s, z, c, s, z, s, z, w)",
     kBias},
    {"Int8OfAHugeStepInAProduct", kMaskOfIntegers,
     "t = DequantizeLinear(w, h, e) y = MatMul(scores, t)", kLinear},
    {"Int8OfAHugeStepAddedToScores", kMaskOfIntegers,
     "t = DequantizeLinear(w, h, e) q = Add(scores, t) y = Softmax(q)", kStructural},
    {"Int8OfASmallStepAddedToScores", kMaskOfIntegers,
     "t = DequantizeLinear(w, s, e) q = Add(scores, t) y = Softmax(q)", kStructural},
    {"Int8OfATinyStepAddedToScores", kMaskOfIntegers,
     "t = DequantizeLinear(w, i) q = Add(scores, t) y = Softmax(q)", kRelPosBias},
    {"Int8OfABlur", kBlurOfIntegers, "t = DequantizeLinear(w, s) y = Conv<group = 6>(x, t)",
     kStructural},
    {"Int8OfNearlyABlur", kNearlyABlur, "t = DequantizeLinear(w, s) y = Conv<group = 6>(x, t)",
     kConv},
    {"Half", "float16[8, 8] w", "y = MatMul(x, w)", kLinear},
    {"Brain", "bfloat16[8, 8] w", "y = MatMul(x, w)", kLinear},
    {"Double", "double[8, 8] w", "y = MatMul(x, w)", kLinear},
});

class TypeTest : public ::testing::TestWithParam<TypeRow> {};

TEST_P(TypeTest, DecidesWhatCanBeTrained) {
  const Inferred inferred(
      Text("g (float[N, 6, 8] x, int64[N] n) => (float[M] y) <", GetParam().weight,
           ", float[8, 8] m, float s = {0.5}, uint8 z = {0}, int8[4, 6, 3] c> {"
           "turned = Transpose<perm = [0, 2, 1]>(x) scores = MatMul(x, turned) ",
           GetParam().nodes, "}"));
  EXPECT_EQ(inferred["w"].role, GetParam().role);
  EXPECT_EQ(inferred["w"].learned, GetParam().role != kStructural);
}

INSTANTIATE_TEST_SUITE_P(Rows, TypeTest, ::testing::ValuesIn(kTypes),
                         [](const auto& test) { return std::string(test.param.name); });

// Of several uses.
struct UsesRow {
  std::string_view name;
  std::string_view nodes;  // with e = Gather(w, n)
  Role role;
};

void PrintTo(const UsesRow& row, std::ostream* out) { *out << row.name; }

constexpr auto kUses = std::to_array<UsesRow>({
    {"TableAndOutputMatrix", "e = Gather(w, n) t = Transpose(w) y = MatMul(e, t)", kLinear},
    {"MatrixAndItsShape", "e = MatMul(x, w) s = Shape(w) y = Reshape(e, s)", kLinear},
    {"MatrixAndALimit", "e = MatMul(x, w) y = Clip(e, w)", kLinear},
    {"MatrixAndSomethingUnknown", "e = MatMul(x, w) y = other.Mystery(e, w)", kLinear},
    {"MatrixTwice", "e = MatMul(x, w) y = MatMul(e, w)", kLinear},
});

class UsesTest : public ::testing::TestWithParam<UsesRow> {};

TEST_P(UsesTest, TheStrongestDecides) {
  const Inferred inferred(Text("g (float[N, 8] x, int64[N] n) => (float[M] y) <float[8, 8] w> {",
                               GetParam().nodes, "}"));
  EXPECT_EQ(inferred["w"].role, GetParam().role);
  EXPECT_EQ(inferred["w"].uses.size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Rows, UsesTest, ::testing::ValuesIn(kUses),
                         [](const auto& test) { return std::string(test.param.name); });

// What the exporter says, and what a training graph says.
constexpr std::string_view kKind = "pkg.torch.export.graph_signature.InputSpec.kind";

// ValueInfoProto { name: "w", metadata_props: { kKind: `kind` } } in the graph; the registry's own
// messages do not know the field yet.
void SetKind(onnx::GraphProto& graph, std::string_view kind) {
  const std::string entry = test::LengthField(1, kKind) + test::LengthField(2, kind);
  const std::string info = test::LengthField(1, "w") + test::LengthField(4, entry);
  std::string bytes = test::Serialize(graph) + test::LengthField(13, info);
  graph.ParseFromString(bytes);
}

onnx::ModelProto ModelWith(const onnx::TensorProto& weight, std::string_view op_type) {
  onnx::ModelProto model = test::EmptyModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  test::AddInput(graph, "x", {-1, 6, 8});
  test::AddNode(graph, op_type, {"x", "w"}, {"y"});
  test::AddOutput(graph, "y", {-1, 6, 8});
  *graph.add_initializer() = weight;
  return model;
}

onnx::TensorProto Filled(const std::vector<int64_t>& dims, double (*element)(size_t)) {
  size_t count = 1;
  for (const int64_t dim : dims) count *= static_cast<size_t>(dim);
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = static_cast<float>(element(i));
  return test::FloatTensor("w", dims, values);
}

double Noisy(size_t i) { return std::sin(static_cast<double>(i * i + 1) * 12.9898) * 0.1; }

TensorFacts FactsOfW(const onnx::ModelProto& model) {
  const test::Analysis analysis(test::Serialize(model), true);
  for (const TensorFacts& facts : Infer(analysis.graph(), analysis.values())) {
    if (facts.name == "w") return facts;
  }
  ADD_FAILURE() << "no w";
  return {};
}

struct WordRow {
  std::string_view name;
  std::string_view kind;  // what the exporter says; empty: nothing
  bool is_trained;        // a training_info binding names it
  double (*element)(size_t);
  std::vector<int64_t> dims;
  std::string_view op_type;
  Role role;
};

void PrintTo(const WordRow& row, std::ostream* out) { *out << row.name; }

const auto kWords = std::to_array<WordRow>({
    {"Nothing", "", false, Noisy, {8, 8}, "MatMul", kLinear},
    {"Parameter", "PARAMETER", false, Noisy, {8, 8}, "MatMul", kLinear},
    {"Buffer", "BUFFER", false, Noisy, {8, 8}, "MatMul", kConstant},
    {"ConstantTensor", "CONSTANT_TENSOR", false, Noisy, {8, 8}, "MatMul", kConstant},
    {"ParameterOfMadeValues", "PARAMETER", false, EyeOfEight, {8, 8}, "MatMul", kLinear},
    {"MadeValuesAlone", "", false, EyeOfEight, {8, 8}, "MatMul", kConstant},
    {"TrainedOfMadeValues", "", true, EyeOfEight, {8, 8}, "MatMul", kLinear},
    {"TrainedBuffer", "BUFFER", true, Noisy, {8, 8}, "MatMul", kLinear},
    {"ParameterOfSinusoids", "PARAMETER", false, Sinusoid, {6, 8}, "Add", kConstant},
    {"ParameterInAPlaceOfConstants", "PARAMETER", false, Noisy, {6, 8}, "Mul", kParameter},
    {"BufferInAPlaceOfConstants", "BUFFER", false, Noisy, {6, 8}, "Mul", kConstant},
    {"APlaceOfConstants", "", false, Noisy, {6, 8}, "Mul", kConstant},
    {"ParameterWhereNothingIsKnown", "PARAMETER", false, Noisy, {6, 8}, "Xor", kConstant},
});

class WordTest : public ::testing::TestWithParam<WordRow> {};

TEST_P(WordTest, IsWeighed) {
  const WordRow& row = GetParam();
  onnx::ModelProto model = ModelWith(Filled(row.dims, row.element), row.op_type);
  if (!row.kind.empty()) SetKind(*model.mutable_graph(), row.kind);
  if (row.is_trained) {
    onnx::StringStringEntryProto& binding = *model.add_training_info()->add_update_binding();
    binding.set_key("w");
    binding.set_value("w_new");
  }
  EXPECT_EQ(FactsOfW(model).role, row.role);
}

INSTANTIATE_TEST_SUITE_P(Rows, WordTest, ::testing::ValuesIn(kWords),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Verdict, StateOfATrainingAlgorithmIsNone) {
  onnx::ModelProto model = ModelWith(Filled({8, 8}, Noisy), "MatMul");
  onnx::GraphProto& algorithm = *model.add_training_info()->mutable_algorithm();
  algorithm.set_name("algorithm");
  onnx::TensorProto momentum = Filled({8, 8}, Noisy);
  momentum.set_name("momentum");
  *algorithm.add_initializer() = momentum;
  const test::Analysis analysis(test::Serialize(model), true);
  const std::vector<TensorFacts> facts = Infer(analysis.graph(), analysis.values());
  ASSERT_EQ(facts.size(), 2U);
  EXPECT_TRUE(facts[0].learned);
  EXPECT_EQ(facts[1].name, "momentum");
  EXPECT_FALSE(facts[1].learned);
  EXPECT_THAT(facts[1].reason, HasSubstr("training algorithm"));
}

// A name is no evidence.
TEST(Verdict, DoesNotReadNames) {
  for (const char* name : {"mask", "running_var", "weight_scale", "onnx__Constant_1", "w"}) {
    const Inferred inferred(Text("g (float[N, 8] x) => (float[N, 8] y) <float[8, 8] ", name,
                                 "> { y = MatMul(x, ", name, ") }"));
    EXPECT_EQ(inferred[name].role, kLinear) << name;
  }
}

TEST(Verdict, WithoutValuesWeightsAreLearnedAndOpenPlacesAreKept) {
  const Inferred inferred(
      "g (float[N, 6, 8] x) => (float[M] y) <float[8, 8] w, float[6, 8] table, float[8] b> {"
      "p = MatMul(x, w) q = Add(p, b) y = Add(q, table) }",
      {.has_values = false});
  EXPECT_TRUE(inferred["w"].learned);
  EXPECT_TRUE(inferred["b"].learned);
  EXPECT_FALSE(inferred["table"].learned);
  EXPECT_THAT(inferred["table"].reason, HasSubstr("values are missing"));
}

struct StoredScaleRow {
  std::string_view name;
  std::string_view nodes;  // make y out of w
  double stored_scale;
  bool rests_at_zero;
};

void PrintTo(const StoredScaleRow& row, std::ostream* out) { *out << row.name; }

class StoredScaleTest : public ::testing::TestWithParam<StoredScaleRow> {};

TEST_P(StoredScaleTest, IsTheFactorOnTheWay) {
  const Inferred inferred(
      Text("g (float[N, 6, 8] x) => (float[N, 6, 8] y) <float[8] w, float half = {0.5}, "
           "float one = {1}> {",
           GetParam().nodes, "}"));
  EXPECT_EQ(inferred["w"].role, kNormScale);
  EXPECT_DOUBLE_EQ(inferred["w"].stored_scale, GetParam().stored_scale);
  EXPECT_EQ(inferred["w"].rests_at_zero, GetParam().rests_at_zero);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, StoredScaleTest,
    ::testing::Values(
        StoredScaleRow{"AsItIs", "y = LayerNormalization(x, w)", 1, false},
        StoredScaleRow{"Halved", "t = Mul(w, half) y = LayerNormalization(x, t)", 0.5, false},
        StoredScaleRow{"HalvedBehindAFunction",
                       "s = Sigmoid(w) t = Mul(s, half) y = LayerNormalization(x, t)", 1, false},
        StoredScaleRow{"PlusOne", "t = Add(w, one) y = LayerNormalization(x, t)", 1, true},
        StoredScaleRow{"PlusOneOnTheLeft", "t = Add(one, w) y = LayerNormalization(x, t)", 1, true},
        StoredScaleRow{"PlusAHalf", "t = Add(w, half) y = LayerNormalization(x, t)", 1, false},
        StoredScaleRow{"PlusOneInTheGraph", "n = LpNormalization(x) t = Add(w, one) y = Mul(n, t)",
                       1, true}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
