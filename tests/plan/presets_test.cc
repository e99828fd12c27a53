#include "plan/presets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "plan/facts.h"
#include "plan/native.h"
#include "plan/planner.h"
#include "plan/scheme_call.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;
using testing::HasSubstr;

// --- The tables -------------------------------------------------------------------------------

TEST(PresetTableTest, NamesAreSortedAndHaveSources) {
  const auto tables = PresetTables();
  for (size_t i = 1; i < tables.size(); ++i) EXPECT_LT(tables[i - 1].name, tables[i].name);
  for (const PresetTable& table : tables) {
    EXPECT_FALSE(table.source.empty()) << table.name;
    EXPECT_FALSE(table.summary.empty()) << table.name;
  }
}

TEST(PresetTableTest, EveryRowIsAScheme) {
  std::vector<PresetRow> rows(ResetRows().begin(), ResetRows().end());
  for (const PresetTable& table : PresetTables()) {
    rows.insert(rows.end(), table.rows.begin(), table.rows.end());
  }
  for (const PresetRow& row : rows) {
    EXPECT_FALSE(row.roles.IsEmpty()) << row.scheme;
    if (row.scheme == "keep") continue;
    const auto call = ParseSchemeCall(row.scheme);
    EXPECT_TRUE(call.ok()) << call.status();
  }
}

// Those that the zoo's answers and the issue name.
TEST(PresetTableTest, TheFamiliesOfTheFieldAreThere) {
  for (const char* name :
       {"auto",     "torch",    "keras",       "flax",     "lstm-keras", "gpt2",
        "llama",    "neox",     "megatron",    "mitchell", "bert",       "bert-hf",
        "hf-flat",  "t5",       "vit",         "vit-timm", "clip",       "clip-hf",
        "cnn",      "resnet",   "resnet-timm", "vgg",      "mobilenet",  "efficientnet",
        "densenet", "convnext", "swin",        "dcgan",    "diffusion",  "mamba",
        "whisper",  "wav2vec2", "modernbert"}) {
    EXPECT_NE(FindPreset(name), nullptr) << name;
  }
}

// No trained value survives any preset, but for the roles that `auto` names as kept.
TEST(PresetTableTest, EveryPresetDrawsEveryLearnedRole) {
  FactsMaker maker;
  std::vector<TensorFacts> facts;
  for (int i = 0; i <= static_cast<int>(Role::kNormVar); ++i) {
    const Role role{i};
    facts.push_back(IsWeight(role) ? maker.Linear(8, 8) : maker.Make(role, {8}));
    facts.back().role = role;
    facts.back().hidden_size = 8;
  }
  for (const PresetTable& table : PresetTables()) {
    const auto plan = MakePlan(facts, {.preset = std::string(table.name)}, {});
    ASSERT_TRUE(plan.ok()) << plan.status();
    for (const TensorPlan& tensor : plan->tensors) {
      const bool may_stay = tensor.role == Role::kLayerScale || tensor.role == Role::kLogitScale ||
                            tensor.role == Role::kParameter;
      EXPECT_TRUE(tensor.fill.has_value() || may_stay)
          << table.name << " " << ToString(tensor.role) << ": " << tensor.reason;
      EXPECT_TRUE(tensor.fill.has_value() || tensor.reason.find("kept: ") != std::string::npos);
    }
  }
}

TEST(PresetTableTest, AnUnknownPresetIsRefused) {
  const auto plan = MakePlan({}, {.preset = "resnt"}, {});
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("there is no preset 'resnt'"));
}

// --- What they give ---------------------------------------------------------------------------

using Make = std::function<TensorFacts(FactsMaker&)>;

// d = 64, d_ff = 256, the second of four blocks.
Make Layer64(BlockRole block_role) {
  return [=](FactsMaker& maker) {
    const bool is_wide_in = block_role == BlockRole::kMlpOutput;
    const bool is_wide_out = block_role == BlockRole::kMlpIn || block_role == BlockRole::kMlpGate;
    TensorFacts facts = maker.Linear(is_wide_in ? 256 : 64, is_wide_out ? 256 : 64);
    facts.block_role = block_role;
    facts.residual_output =
        block_role == BlockRole::kMlpOutput || block_role == BlockRole::kAttentionOutput;
    facts.block_index = 1;
    facts.block_count = 4;
    return facts;
  };
}

Make Head(int64_t outputs) {
  return [=](FactsMaker& maker) {
    TensorFacts facts = maker.Linear(64, outputs);
    facts.block_role = BlockRole::kHead;
    return facts;
  };
}

TensorFacts GroupedConv(FactsMaker& maker) {
  TensorFacts facts = maker.Conv(8, 64, 3);
  facts.groups = 4;
  facts.fan_out = int64_t{16} * 9;
  return facts;
}

TensorFacts TransposedConv(FactsMaker& maker) {
  TensorFacts facts = maker.Make(Role::kConvTranspose, {32, 16, 4, 4});
  facts.fan_in = int64_t{32} * 16;
  facts.fan_out = int64_t{16} * 16;
  facts.axes = {.output = {1}, .input = {0}, .kernel = {2, 3}};
  return facts;
}

TensorFacts Lstm(FactsMaker& maker, Role role) {
  TensorFacts facts = maker.Make(role, {1, 64, 32});
  facts.fan_in = 32;
  facts.fan_out = 16;
  facts.hidden_size = 16;
  facts.recurrent_operator = "LSTM";
  facts.axes = {.batch = {0}, .output = {1}, .input = {2}};
  return facts;
}

TensorFacts BiasOfConv(FactsMaker& maker) {
  TensorFacts facts = maker.Make(Role::kBias, {64});
  facts.weight_fan_in = 48;
  facts.uses = {{"/conv", "Conv", "", 2}};
  return facts;
}

TensorFacts BiasOfLinear(FactsMaker& maker) {
  TensorFacts facts = maker.Make(Role::kBias, {64});
  facts.weight_fan_in = 48;
  facts.uses = {{"/fc", "Gemm", "", 2}};
  return facts;
}

TensorFacts BiasOfMlp(FactsMaker& maker) {
  TensorFacts facts = BiasOfLinear(maker);
  facts.weight_block_role = BlockRole::kMlpIn;
  return facts;
}

Make Table(Role role, wire::Dims shape) {
  return [role, dims = std::move(shape)](FactsMaker& maker) {
    TensorFacts facts = maker.Make(role, dims);
    if (role == Role::kEmbedding) {
      facts.fan_in = dims[0];
      facts.fan_out = dims[1];
    }
    return facts;
  };
}

TensorFacts LastNorm(FactsMaker& maker) {
  TensorFacts facts = maker.Make(Role::kNormScale, {64});
  facts.residual_output = true;
  return facts;
}

TensorFacts TiedTable(FactsMaker& maker) {
  TensorFacts facts = Head(500)(maker);
  facts.uses = {{"/embed", "Gather", "", 0}, {"/head", "MatMul", "", 1}};
  return facts;
}

TensorFacts Decay(FactsMaker& maker) {
  TensorFacts facts = maker.Make(Role::kParameter, {128, 16});
  facts.is_exponentiated = true;
  return facts;
}

struct PresetCase {
  const char* name;
  const char* preset;
  Make facts;
  double mean;
  double std;
};

std::ostream& operator<<(std::ostream& out, const PresetCase& c) { return out << c.name; }

class PresetTest : public testing::TestWithParam<PresetCase> {};

// Beside the tensor stands a vocabulary of 500 entries of 64, and a table of relative positions for
// 4 heads.
TEST_P(PresetTest, DoesWhatTheFamilysCodeDoes) {
  FactsMaker maker;
  const std::vector<TensorFacts> facts = {GetParam().facts(maker),
                                          Table(Role::kEmbedding, {500, 64})(maker),
                                          Table(Role::kRelPosBias, {32, 4})(maker)};
  const auto plan = MakePlan(facts, {.preset = GetParam().preset}, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  const TensorPlan& tensor = plan->tensors[0];
  ASSERT_TRUE(tensor.fill.has_value()) << tensor.reason;
  EXPECT_NEAR(tensor.mean, GetParam().mean, 1e-9) << tensor.reason;
  EXPECT_NEAR(tensor.std, GetParam().std, 1e-6 * GetParam().std) << tensor.reason;
}

constexpr double kCut2 = 0.87962566103423978;
constexpr double kCut3 = 0.98657839255810860;
const double kNarrow = 0.02 / std::sqrt(8);

INSTANTIATE_TEST_SUITE_P(
    Rows, PresetTest,
    testing::Values(
        PresetCase{"TorchLinear", "torch", Head(10), 0, 1 / std::sqrt(192)},
        PresetCase{"TorchTransposedBySwappedFan", "torch", TransposedConv, 0,
                   1 / std::sqrt(3 * 256)},
        PresetCase{"TorchBias", "torch", BiasOfConv, 0, 1 / 12.0},
        PresetCase{"TorchEmbedding", "torch", Table(Role::kEmbedding, {50, 8}), 0, 1},
        PresetCase{"TorchLstm", "torch",
                   [](FactsMaker& maker) { return Lstm(maker, Role::kRnnInput); }, 0,
                   1 / std::sqrt(48)},
        PresetCase{"KerasConvOfGroups", "keras", GroupedConv, 0, std::sqrt(2.0 / (72 + 576))},
        PresetCase{"KerasLstmInput", "keras",
                   [](FactsMaker& maker) { return Lstm(maker, Role::kRnnInput); }, 0,
                   std::sqrt(2.0 / 96)},
        PresetCase{"KerasLstmRecurrentAsOneMatrix", "lstm-keras",
                   [](FactsMaker& maker) { return Lstm(maker, Role::kRnnRecurrent); }, 0, 0.125},
        PresetCase{"KerasEmbedding", "keras", Table(Role::kEmbedding, {50, 8}), 0,
                   0.05 / std::sqrt(3)},
        PresetCase{"KerasPrelu", "keras", Table(Role::kPreluSlope, {8}), 0, 0},
        PresetCase{"FlaxLinear", "flax", Head(10), 0, 0.125},
        PresetCase{"FlaxEmbedding", "flax", Table(Role::kEmbedding, {50, 16}), 0, 0.25},
        PresetCase{"CnnConvByItsGroup", "cnn", GroupedConv, 0, std::sqrt(2.0 / 144)},
        PresetCase{"ResnetConvAsTorchCounts", "resnet", GroupedConv, 0, std::sqrt(2.0 / 576)},
        PresetCase{"ResnetLastNorm", "resnet", LastNorm, 1, 0},
        PresetCase{"ResnetTimmLastNorm", "resnet-timm", LastNorm, 0, 0},
        PresetCase{"ResnetHead", "resnet-timm", Head(10), 0, 1 / std::sqrt(192)},
        PresetCase{"VggHead", "vgg", Head(10), 0, 0.01},
        PresetCase{"VggConv", "vgg", GroupedConv, 0, std::sqrt(2.0 / 576)},
        PresetCase{"MobilenetBias", "mobilenet", BiasOfConv, 0, 0},
        PresetCase{"EfficientnetConv", "efficientnet", GroupedConv, 0, std::sqrt(2.0 / 144)},
        PresetCase{"EfficientnetHead", "efficientnet", Head(10), 0, 1 / std::sqrt(30)},
        PresetCase{"DensenetConv", "densenet", GroupedConv, 0, std::sqrt(2.0 / 72)},
        PresetCase{"NfnetConv", "nfnet", GroupedConv, 0, std::sqrt(1.0 / 72)},
        PresetCase{"ConvnextConv", "convnext", GroupedConv, 0, 0.02},
        PresetCase{"ConvnextLayerScale", "convnext", Table(Role::kLayerScale, {64}), 1e-6, 0},
        PresetCase{"SwinConv", "swin", GroupedConv, 0, 1 / std::sqrt(3 * 72)},
        PresetCase{"SwinConvBias", "swin", BiasOfConv, 0, 1 / 12.0},
        PresetCase{"SwinLinearBias", "swin", BiasOfLinear, 0, 0},
        PresetCase{"SwinRelativeBias", "swin", Table(Role::kRelPosBias, {49, 3}), 0, 0.02},
        PresetCase{"VitHead", "vit", Head(10), 0, 0},
        PresetCase{"VitQuery", "vit", Layer64(BlockRole::kQuery), 0, 0.125},
        PresetCase{"VitBiasOfAnMlp", "vit", BiasOfMlp, 0, 1e-6},
        PresetCase{"VitOtherBias", "vit", BiasOfLinear, 0, 0},
        PresetCase{"VitTimmHead", "vit-timm", Head(10), 0, 0.02},
        PresetCase{"VitTimmToken", "vit-timm", Table(Role::kToken, {1, 1, 64}), 0, 1e-6},
        PresetCase{"DcganNorm", "dcgan", Table(Role::kNormScale, {64}), 1, 0.02},
        PresetCase{"DiffusionHead", "diffusion", Head(10), 0, 0},
        PresetCase{"DiffusionOutput", "diffusion", Layer64(BlockRole::kAttentionOutput), 0, 0},
        PresetCase{"Gpt2Query", "gpt2", Layer64(BlockRole::kQuery), 0, 0.02},
        PresetCase{"Gpt2Output", "gpt2", Layer64(BlockRole::kMlpOutput), 0, kNarrow},
        PresetCase{"Gpt2Positions", "gpt2", Table(Role::kPositionEmbedding, {100, 64}), 0, 0.02},
        PresetCase{"Gpt2TiedTable", "gpt2", TiedTable, 0, 0.02},
        PresetCase{"MegatronOutput", "megatron", Layer64(BlockRole::kAttentionOutput), 0, kNarrow},
        PresetCase{"BertQuery", "bert", Layer64(BlockRole::kQuery), 0, 0.02 * kCut2},
        PresetCase{"BertHfOutput", "bert-hf", Layer64(BlockRole::kMlpOutput), 0, 0.02},
        PresetCase{"HfFlatHead", "hf-flat", Head(500), 0, 0.02},
        PresetCase{"WhisperConv", "whisper", GroupedConv, 0, 0.02},
        PresetCase{"LlamaEmbedding", "llama", Table(Role::kEmbedding, {50, 8}), 0, 1},
        PresetCase{"LlamaOutput", "llama", Layer64(BlockRole::kMlpOutput), 0, 0.01},
        PresetCase{"LlamaHead", "llama", Head(500), 0, kCut3 / 8},
        PresetCase{"NeoxQuery", "neox", Layer64(BlockRole::kQuery), 0, std::sqrt(2.0 / 320)},
        PresetCase{"NeoxOutput", "neox", Layer64(BlockRole::kMlpOutput), 0, 2 / (4.0 * 8)},
        PresetCase{"MitchellQuery", "mitchell", Layer64(BlockRole::kQuery), 0, kCut3 / 8},
        PresetCase{"MitchellOutput", "mitchell", Layer64(BlockRole::kMlpOutput), 0,
                   kCut3 / std::sqrt(2 * 256 * 2)},
        PresetCase{"OlmoOutput", "olmo", Layer64(BlockRole::kMlpOutput), 0, 0.02 * kCut3},
        PresetCase{"T5QueryByTheSizeOfAHead", "t5", Layer64(BlockRole::kQuery), 0,
                   1 / std::sqrt(64 * 16)},
        PresetCase{"T5Key", "t5", Layer64(BlockRole::kKey), 0, 0.125},
        PresetCase{"T5MlpOutput", "t5", Layer64(BlockRole::kMlpOutput), 0, 1.0 / 16},
        PresetCase{"T5VocabularyHead", "t5", Head(500), 0, 1},
        PresetCase{"T5OtherHead", "t5", Head(3), 0, 0.125},
        PresetCase{"T5RelativeBias", "t5", Table(Role::kRelPosBias, {32, 4}), 0, 0.125},
        PresetCase{"ModernbertOutput", "modernbert", Layer64(BlockRole::kMlpOutput), 0,
                   kNarrow* kCut2},
        PresetCase{"ModernbertTiedTable", "modernbert", TiedTable, 0, 0.02 * kCut2},
        PresetCase{"ClipKey", "clip", Layer64(BlockRole::kKey), 0, 0.125},
        PresetCase{"ClipOutput", "clip", Layer64(BlockRole::kAttentionOutput), 0,
                   0.125 / std::sqrt(8)},
        PresetCase{"ClipPositionsOfWords", "clip", Table(Role::kPositionEmbedding, {77, 64}), 0,
                   0.01},
        PresetCase{"ClipPositionsOfPatches", "clip", Table(Role::kPositionEmbedding, {50, 16}), 0,
                   0.25},
        PresetCase{"ClipLogitScale", "clip", Table(Role::kLogitScale, {1}), std::log(1 / 0.07), 0},
        PresetCase{"ClipHfKey", "clip-hf", Layer64(BlockRole::kKey), 0, 0.125 / std::sqrt(8)},
        PresetCase{"ClipHfAttentionOutput", "clip-hf", Layer64(BlockRole::kAttentionOutput), 0,
                   0.125},
        PresetCase{"ClipHfMlpIn", "clip-hf", Layer64(BlockRole::kMlpIn), 0, 1 / std::sqrt(128)},
        PresetCase{"ClipHfMlpOutput", "clip-hf", Layer64(BlockRole::kMlpOutput), 0,
                   0.125 / std::sqrt(8)},
        PresetCase{"ClipHfToken", "clip-hf", Table(Role::kToken, {1, 1, 16}), 0, 0.25},
        PresetCase{"Wav2vec2PositionsByConvolution", "wav2vec2", GroupedConv, 0,
                   std::sqrt(4.0 / 576)},
        PresetCase{"Wav2vec2Query", "wav2vec2", Layer64(BlockRole::kQuery), 0, 0.02},
        PresetCase{"MambaDecay", "mamba", Decay, 1.9169912566300422, 0.7641004460472417},
        PresetCase{"MambaSkip", "mamba", Table(Role::kParameter, {128}), 1, 0},
        PresetCase{"InceptionConv", "inception", GroupedConv, 0, 0.1}),
    [](const auto& test) { return test.param.name; });

// --- native -----------------------------------------------------------------------------------

TEST(NativeTest, EveryRowIsAPresetAndTheLastFitsEverything) {
  for (const NativeRow& row : NativeRows())
    EXPECT_NE(FindPreset(row.preset), nullptr) << row.preset;
  EXPECT_TRUE(NativeRows().back().fits({}));
}

struct NativeCase {
  const char* preset;
  Architecture architecture;
};

std::ostream& operator<<(std::ostream& out, const NativeCase& c) { return out << c.preset; }

class NativeRowTest : public testing::TestWithParam<NativeCase> {};

TEST_P(NativeRowTest, TheFirstRowThatFitsIsTheFamily) {
  for (const NativeRow& row : NativeRows()) {
    if (!row.fits(GetParam().architecture)) continue;
    EXPECT_EQ(row.preset, GetParam().preset);
    return;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Families, NativeRowTest,
    testing::Values(
        NativeCase{"torch", {.convolutions = 3}}, NativeCase{"siren", {.sines = 4}},
        NativeCase{"mamba",
                   {.residuals = 4, .embeddings = 1, .state_matrices = 4, .softplus_biases = 4}},
        NativeCase{"whisper",
                   {.convolutions = 2,
                    .attentions = 6,
                    .mlps = 4,
                    .embeddings = 1,
                    .positions = 1,
                    .has_one_axis_stem = true}},
        NativeCase{"wav2vec2", {.convolutions = 8, .attentions = 4, .has_one_axis_stem = true}},
        NativeCase{
            "clip-hf",
            {.convolutions = 1, .attentions = 4, .patches = 1, .embeddings = 1, .positions = 2}},
        NativeCase{"swin",
                   {.convolutions = 1, .attentions = 8, .patches = 1, .relative_biases = 8}},
        NativeCase{"vit-timm", {.convolutions = 1, .attentions = 8, .patches = 1, .positions = 1}},
        NativeCase{"t5", {.attentions = 6, .mlps = 4, .embeddings = 1, .relative_biases = 2}},
        NativeCase{"modernbert",
                   {.attentions = 4, .fused = 4, .gates = 4, .embeddings = 1, .gelu_gates = 4}},
        NativeCase{"densenet", {.convolutions = 120, .growing = 54}},
        NativeCase{"vgg", {.convolutions = 13, .linears = 3, .squares = 13}},
        NativeCase{"hf-flat", {.attentions = 4, .gates = 4, .embeddings = 1}},
        NativeCase{"gpt2",
                   {.attentions = 4, .fused = 4, .mlps = 4, .embeddings = 1, .positions = 1}},
        NativeCase{"bert-hf",
                   {.attentions = 4, .mlps = 4, .embeddings = 2, .positions = 1, .biases = 30}},
        NativeCase{"convnext", {.convolutions = 9, .depthwise = 9, .mlps = 9, .layer_scales = 9}},
        NativeCase{"mobilenet",
                   {.convolutions = 50, .depthwise = 15, .residuals = 9, .has_relu6 = true}},
        NativeCase{"efficientnet",
                   {.convolutions = 50, .depthwise = 15, .residuals = 9, .has_silu = true}},
        NativeCase{"dcgan", {.transposed = 4, .has_tanh_output = true}},
        NativeCase{"resnet", {.convolutions = 20, .residuals = 8, .batch_statistics = 20}}),
    [](const auto& test) {
      std::string name = test.param.preset;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST(NativeTest, SaysWhichAndWhy) {
  FactsMaker maker;
  TensorFacts output = Layer64(BlockRole::kAttentionOutput)(maker);
  const auto plan =
      MakePlan({output, Table(Role::kEmbedding, {50, 64})(maker)}, {.preset = "native"}, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->preset, "bert-hf");
  EXPECT_THAT(plan->preset_reason, HasSubstr("attention over the entries of a table"));
}

// Bottlenecks of growing inputs, each before a convolution that adds `growth` channels.
std::vector<TensorFacts> Dense(FactsMaker& maker, int64_t growth) {
  std::vector<TensorFacts> facts;
  for (int64_t i = 0; i < 6; ++i) {
    facts.push_back(maker.Conv(32 + 8 * i, 16, 1));
    facts.push_back(maker.Conv(16, growth, 3));
  }
  return facts;
}

TEST(NativeTest, DenseLayersGrowByWhatOneGives) {
  FactsMaker maker;
  EXPECT_EQ(ArchitectureOf(Dense(maker, 8)).growing, 5);
  EXPECT_EQ(ArchitectureOf(Dense(maker, 12)).growing, 0);
}

TEST(NativeTest, KerasIsKnownByItsExporter) {
  std::string reason;
  EXPECT_EQ(NativePreset({}, "tf2onnx", reason), "keras");
  EXPECT_THAT(reason, HasSubstr("the exporter is 'tf2onnx'"));
  EXPECT_EQ(NativePreset({}, "pytorch", reason), "torch");
}

}  // namespace
}  // namespace onnx_reinit::plan
