#include "infer/fixed_kernels.h"

#include <array>
#include <ostream>
#include <string>
#include <string_view>

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

// Of 3 x 3: identity, 1 / deviations, noise on the diagonal and a little beside it; all equal.
double Eye(size_t i) { return i % 4 == 0 ? 1 : 0; }
double Deviations(size_t i) {
  constexpr std::array<double, 3> kFactors = {1 / 0.229, 1 / 0.224, 1 / 0.225};
  return i % 4 == 0 ? kFactors[i / 4] : 0;
}
double Trained(size_t i) { return Deviations(i) + 0.01 * static_cast<double>(i * i % 7 + 1); }
double DepthwiseDeviations(size_t i) { return Deviations(4 * i); }
double Zero(size_t) { return 0; }
double One(size_t) { return 1; }
double Two(size_t) { return 2; }
double Third(size_t) { return 1.0 / 3; }
// Of [3, 1, 3, 3], and of 4 x 4.
double Blur(size_t i) { return (i % 3 == 1 ? 0.5 : 0.25) * (i / 3 % 3 == 1 ? 0.5 : 0.25); }
double EdgesOfFour(size_t i) {
  if (i / 8 != i % 4 / 2) return 0;
  return i % 5 == 0 ? 0.75 : 0.25;
}

// What b is beside the weight w. Inputs are x [N, 3, 8, 8], v [N, 4, 3] and f [N, 3]; learned are
// the kernel c, the matrix m and the vector u.
struct Row {
  std::string_view name;
  std::string_view stored;
  std::string_view nodes;
  double (*element)(size_t);  // nullptr: noise
  Role role;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

constexpr auto kRows = std::to_array<Row>({
    // MeanShift of EDSR, before and after the network, and normalisation with deviations.
    {"IdentityBeforeALayer", "float[3, 3, 1, 1] w, float[3] b", "t = Conv(x, w, b) y = Conv(t, c)",
     Eye, kConstant},
    {"IdentityAfterALayer", "float[3, 3, 1, 1] w, float[3] b",
     "t = Conv(x, c, u) y = Conv(t, w, b)", Eye, kConstant},
    {"IdentityAfterALayerWithoutBias", "float[3, 3, 1, 1] w, float[3] b",
     "t = Conv(x, c) y = Conv(t, w, b)", Eye, kConstant},
    {"DeviationsBeforeALayer", "float[3, 3, 1, 1] w, float[3] b",
     "t = Conv(x, w, b) y = Conv(t, c)", Deviations, kConstant},
    {"DeviationsOfFeatures", "float[3, 3] w, float[3] b", "t = Gemm(f, w, b) y = MatMul(t, m)",
     Deviations, kConstant},
    {"DeviationsAndAnAddition", "float[3, 3] w, float[3] b",
     "t = MatMul(v, w) a = Add(t, b) y = MatMul(a, m)", Deviations, kConstant},
    {"AdditionBehindABiasOfALayer", "float[3, 3] w, float[3] b",
     "t = MatMul(v, m) s = Add(t, u) k = MatMul(s, w) y = Add(k, b)", Deviations, kConstant},
    {"AfterALayerAndItsActivation", "float[3, 3] w, float[3] b",
     "t = MatMul(v, m) s = Relu(t) k = MatMul(s, w) y = Add(k, b)", Deviations, kConstant},
    {"FromMinusOneToOne", "float[3, 1, 1, 1] w, float[3] b",
     "t = Conv<group = 3>(x, w, b) y = Conv(t, c)", Two, kConstant},
    {"DeviationsOfDepthwiseChannels", "float[3, 1, 1, 1] w, float[3] b",
     "t = Conv<group = 3>(x, w, b) y = Conv(t, c)", DepthwiseDeviations, kConstant},
    {"BlurWithItsOwn", "float[3, 1, 3, 3] w, float[3] b",
     "t = Relu(x) y = Conv<group = 3>(t, w, b)", Blur, kConstant},
    {"OneNumberAlone", "float[1, 1, 1, 1] w, float[1] b", "y = Conv(x, w, b)", One, kBias},
    {"Average", "float[3, 3, 1, 1] w, float[3] b", "y = Conv(x, w, b)", Third, kConstant},
    {"AverageOfColours", "float[1, 3, 1, 1] w, float[1] b", "y = Conv(x, w, b)", Third, kConstant},
    {"TwoKernelsShareIt", "float[3, 3, 1, 1] w, float[3] b", "t = Conv(x, w, b) y = Conv(t, w, b)",
     Eye, kConstant},

    // The same places beside a learned weight.
    {"NoiseInAConvolution", "float[3, 3, 1, 1] w, float[3] b", "t = Conv(x, w, b) y = Conv(t, c)",
     nullptr, kBias},
    {"TrainedFromTheIdentity", "float[3, 3, 1, 1] w, float[3] b",
     "t = Conv(x, w, b) y = Conv(t, c)", Trained, kBias},
    {"NoiseOfDepthwiseChannels", "float[3, 1, 1, 1] w, float[3] b",
     "t = Conv<group = 3>(x, w, b) y = Conv(t, c)", nullptr, kBias},
    {"NoiseAndAnAddition", "float[3, 3] w, float[3] b", "t = MatMul(v, w) y = Add(t, b)", nullptr,
     kBias},
    // What a learned layer may start from.
    {"ZerosInAConvolution", "float[3, 3, 1, 1] w, float[3] b", "y = Conv(x, w, b)", Zero, kBias},
    {"ZerosInOneOutput", "float[1, 3, 1, 1] w, float[1] b", "y = Conv(x, w, b)", Zero, kBias},
    {"ZerosInDepthwise", "float[3, 1, 1, 1] w, float[3] b", "y = Conv<group = 3>(x, w, b)", Zero,
     kBias},
    {"OnesInAConvolution", "float[3, 3, 1, 1] w, float[3] b", "y = Conv(x, w, b)", One, kBias},

    {"SumOfFeatures", "float[3, 1] w, float[1] b", "y = Gemm(f, w, b)", One, kBias},
    {"OneNumber", "float[1, 1] w, float[1] b",
     "k = ReduceMean<axes = [1]>(f) t = MatMul(k, w) y = Add(t, b)", nullptr, kBias},

    // The bias may be that of a learned weight.
    {"LayerBehindABlur", "float[3, 1, 3, 3] w, float[3] b",
     "r = Relu(x) t = Conv<group = 3>(r, w) y = Conv(t, c, b)", Blur, kBias},
    {"SharedWithALearnedLayer", "float[3, 3, 1, 1] w, float[3] b",
     "t = Conv(x, w, b) y = Conv(t, c, b)", Eye, kBias},
    {"SharedWithALearnedLayerBefore", "float[3, 3, 1, 1] w, float[3] b",
     "t = Conv(x, c, b) y = Conv(t, w, b)", Eye, kBias},
    {"LearnedFactorBesideTheKernel", "float[3, 3] w, float[3] b",
     "k = MatMul(w, m) y = Gemm(f, k, b)", Eye, kBias},
    {"BlurBeforeTheBiasOfALayer", "float[3, 1, 3, 3] w, float[3, 1, 1] b",
     "t = Conv(x, c) k = Conv<group = 3>(t, w) y = Add(k, b)", Blur, kBias},
    {"TwoKernelsBeforeTheBiasOfALayer", "float[3, 3] w, float[3] b",
     "t = MatMul(v, m) s = MatMul(t, w) k = MatMul(s, w) y = Add(k, b)", Deviations, kBias},
    {"EdgesBeforeTheBiasOfALayer", "float[4, 4] w, float[3] b",
     "t = MatMul(v, m) k = MatMul(w, t) y = Add(k, b)", EdgesOfFour, kBias},
    {"EdgesAfterAnActivation", "float[4, 4] w, float[3] b",
     "t = Relu(v) k = MatMul(w, t) y = Add(k, b)", EdgesOfFour, kBias},
});

class FixedKernelsTest : public ::testing::TestWithParam<Row> {};

std::string ModelOf(const Row& row) {
  return Text("g (float[N, 3, 8, 8] x, float[N, 4, 3] v, float[N, 3] f) => (float[M] y) <",
              row.stored, ", float[3, 3, 3, 3] c, float[3, 3] m, float[3] u> {", row.nodes, "}");
}

TEST_P(FixedKernelsTest, TellsWhatTheBiasIs) {
  const Row& row = GetParam();
  test::ModelOptions options;
  if (row.element != nullptr) options.fillings.push_back({"w", row.element});
  const Inferred inferred(ModelOf(row), options);
  EXPECT_EQ(inferred["b"].role, row.role);
  EXPECT_EQ(inferred["b"].learned, row.role == kBias);
  if (row.role != kConstant) return;
  EXPECT_EQ(inferred["w"].role, kConstant);
  EXPECT_THAT(inferred["b"].reason, HasSubstr("the weight beside it, w, is fixed"));
}

INSTANTIATE_TEST_SUITE_P(Rows, FixedKernelsTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

constexpr std::string_view kShift =
    "g (float[N, 3, 8, 8] x) => (float[N, 3, 8, 8] y) <float[3, 3, 1, 1] w, float[3] b> {"
    " y = Conv(x, w, b) }";

TEST(FixedKernels, WithoutValuesTheBiasIsLearned) {
  EXPECT_TRUE(Inferred(kShift, {.has_values = false})["b"].learned);
}

// The facts of b in the model of kShift, changed by `change`.
template <typename Change>
TensorFacts FactsOfBias(Change change) {
  onnx::ModelProto model;
  model.ParseFromString(test::BytesOfNoisyText(kShift, {.fillings = {{"w", Eye}}}));
  change(model);
  const test::Analysis analysis(test::Serialize(model), true);
  for (const TensorFacts& facts : Infer(analysis.graph(), analysis.values())) {
    if (facts.name == "b") return facts;
  }
  ADD_FAILURE() << "no b";
  return {};
}

TEST(FixedKernels, TheExportersWordSaysMore) {
  // ValueInfoProto of b with metadata_props; the registry's own messages do not know the field yet.
  const std::string entry =
      test::LengthField(1, "pkg.torch.export.graph_signature.InputSpec.kind") +
      test::LengthField(2, "PARAMETER");
  const std::string info = test::LengthField(1, "b") + test::LengthField(4, entry);
  const TensorFacts told = FactsOfBias([&](onnx::ModelProto& model) {
    model.mutable_graph()->clear_value_info();
    model.mutable_graph()->ParseFromString(test::Serialize(model.graph()) +
                                           test::LengthField(13, info));
  });
  EXPECT_EQ(told.role, kBias);
  EXPECT_EQ(FactsOfBias([](onnx::ModelProto&) {}).role, kConstant);
}

TEST(FixedKernels, TrainingInformationSaysMore) {
  const TensorFacts told = FactsOfBias([](onnx::ModelProto& model) {
    onnx::StringStringEntryProto& binding = *model.add_training_info()->add_update_binding();
    binding.set_key("b");
    binding.set_value("b_new");
  });
  EXPECT_EQ(told.role, kBias);
}

TEST(FixedKernels, NoNameIsEvidence) {
  const Inferred inferred(
      "g (float[N, 3, 8, 8] x) => (float[N, 3, 8, 8] y)"
      " <float[3, 3, 1, 1] identity, float[3] mean> { y = Conv(x, identity, mean) }");
  EXPECT_EQ(inferred["mean"].role, kBias);
}

}  // namespace
}  // namespace onnx_reinit::infer
