// No operator is forgotten: each of ONNX's own stands in a table of lib/infer, or in the list of
// those that hold no weights.
#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer/activation_operators.h"
#include "infer/attribute_slots.h"
#include "infer/operator_sets.h"
#include "infer/operator_versions.h"
#include "infer/see_through.h"
#include "infer/slot.h"
#include "onnx/defs/schema.h"

namespace onnx_reinit::infer {
namespace {

using ::testing::IsEmpty;

using Names = std::set<std::string>;

std::string Name(std::string_view domain, std::string_view op_type) {
  return Text(domain, domain.empty() ? "" : ".", op_type);
}

// What the registry of the libonnx at hand (opset 17) does not know yet.
// tests/python/coverage_test.py compares it with the newest one.
constexpr auto kNewer = std::to_array<std::string_view>({"AffineGrid",
                                                         "Attention",
                                                         "BitCast",
                                                         "BitwiseAnd",
                                                         "BitwiseNot",
                                                         "BitwiseOr",
                                                         "BitwiseXor",
                                                         "CausalConvWithState",
                                                         "CenterCropPad",
                                                         "Col2Im",
                                                         "CumProd",
                                                         "DeformConv",
                                                         "Gelu",
                                                         "GroupNormalization",
                                                         "ImageDecoder",
                                                         "LinearAttention",
                                                         "Mish",
                                                         "RMSNormalization",
                                                         "RegexFullMatch",
                                                         "RotaryEmbedding",
                                                         "StringConcat",
                                                         "StringSplit",
                                                         "SwiGLU",
                                                         "Swish",
                                                         "TensorScatter",
                                                         "ai.onnx.ml.TreeEnsemble",
                                                         "ai.onnx.preview.FlexAttention"});

Names AllOperators() {
  Names names(kNewer.begin(), kNewer.end());
  for (const onnx::OpSchema& schema : onnx::OpSchemaRegistry::get_all_schemas()) {
    names.insert(Name(schema.domain(), schema.Name()));
  }
  return names;
}

template <typename Row>
void AddRows(absl::Span<const Row> rows, Names& names) {
  for (const Row& row : rows) names.insert(Name(row.domain, row.op_type));
}

// Everything that a table of lib/infer names.
Names OperatorsWithARow() {
  Names names;
  AddRows(SlotRows(), names);
  AddRows(SeeThroughRows(), names);
  AddRows(ActivationOperators(), names);
  AddRows(AttributeRows(), names);
  for (const OperatorSet set :
       {OperatorSet::kLayer, OperatorSet::kMove, OperatorSet::kRetype, OperatorSet::kPool,
        OperatorSet::kNormalization, OperatorSet::kSoftmax, OperatorSet::kRandom,
        OperatorSet::kShape, OperatorSet::kElementwise}) {
    names.insert(Rows(set).begin(), Rows(set).end());
  }
  return names;
}

Names Without(const Names& names, const Names& others) {
  Names rest;
  std::set_difference(names.begin(), names.end(), others.begin(), others.end(),
                      std::inserter(rest, rest.end()));
  return rest;
}

Names Both(const Names& names, const Names& others) {
  return Without(names, Without(names, others));
}

// Of ONNX's own; onnxruntime's are not in the registry.
Names HoldNoWeights() {
  Names names;
  for (const std::string_view name : Rows(OperatorSet::kWeightless)) {
    if (!name.starts_with("com.microsoft.")) names.emplace(name);
  }
  return names;
}

TEST(Coverage, EveryOperatorIsDecided) {
  const Names undecided = Without(Without(AllOperators(), OperatorsWithARow()), HoldNoWeights());
  EXPECT_THAT(undecided, IsEmpty())
      << absl::StrJoin(undecided, ", ")
      << "\ngive each a row in a table of lib/infer, or add it to kWeightless";
}

// onnxruntime's operators that hold weights, by its ContribOperators.md; it publishes no registry.
constexpr auto kWithWeights = std::to_array<std::string_view>({"AttnLSTM",
                                                               "Attention",
                                                               "BiasAdd",
                                                               "BiasDropout",
                                                               "BiasGelu",
                                                               "BiasSplitGelu",
                                                               "BitmaskBiasDropout",
                                                               "CausalConvWithState",
                                                               "ConvTransposeWithDynamicPads",
                                                               "DecoderAttention",
                                                               "DecoderMaskedMultiHeadAttention",
                                                               "DecoderMaskedSelfAttention",
                                                               "DynamicQuantizeLSTM",
                                                               "DynamicQuantizeMatMul",
                                                               "EmbedLayerNormalization",
                                                               "EngramGate",
                                                               "FastGelu",
                                                               "FusedConv",
                                                               "FusedGemm",
                                                               "FusedMatMul",
                                                               "FusedMatMulActivation",
                                                               "GatedDeltaNet",
                                                               "GatedRMSNorm",
                                                               "GatedRelativePositionBias",
                                                               "GatherBlockQuantized",
                                                               "GemmFastGelu",
                                                               "GemmFloat8",
                                                               "GroupNorm",
                                                               "GroupQueryAttention",
                                                               "LinearAttentionGate",
                                                               "LongformerAttention",
                                                               "MatMulBlockQuantizedFp4Weight",
                                                               "MatMulBlockQuantizedFp8Weight",
                                                               "MatMulBnb4",
                                                               "MatMulFpQ4",
                                                               "MatMulInteger16",
                                                               "MatMulIntegerToFloat",
                                                               "MatMulNBits",
                                                               "MatMulNBitsMlp",
                                                               "MatMulNBitsQkv",
                                                               "MoE",
                                                               "MultiHeadAttention",
                                                               "NhwcConv",
                                                               "NhwcFusedConv",
                                                               "PackedAttention",
                                                               "PackedMultiHeadAttention",
                                                               "PagedAttention",
                                                               "QAttention",
                                                               "QEmbedLayerNormalization",
                                                               "QGemm",
                                                               "QLinearAdd",
                                                               "QLinearConcat",
                                                               "QLinearConv",
                                                               "QLinearMul",
                                                               "QMoE",
                                                               "QOrderedAttention",
                                                               "QOrderedLayerNormalization",
                                                               "QOrderedLongformerAttention",
                                                               "QOrderedMatMul",
                                                               "RelativePositionBias",
                                                               "SkipGroupNorm",
                                                               "SkipLayerNormalization",
                                                               "SkipSimplifiedLayerNormalization",
                                                               "SparseToDenseMatMul",
                                                               "TorchEmbedding",
                                                               "TransposeMatMul",
                                                               "VarlenCausalConvWithState",
                                                               "WordConvEmbedding"});

TEST(Coverage, EveryOperatorOfOnnxruntimeThatHoldsWeightsHasASlot) {
  Names slots;
  AddRows(SlotRows(), slots);
  Names wanted;
  for (const std::string_view op_type : kWithWeights) wanted.insert(Name("com.microsoft", op_type));
  EXPECT_THAT(Without(wanted, slots), IsEmpty());
}

TEST(Coverage, WhatHoldsNoWeightsHasNoRow) {
  EXPECT_THAT(Both(HoldNoWeights(), OperatorsWithARow()), IsEmpty());
}

TEST(Coverage, TheListsNameOperatorsThatExist) {
  EXPECT_THAT(Without(HoldNoWeights(), AllOperators()), IsEmpty());
}

TEST(Coverage, TheListsAreSorted) { EXPECT_TRUE(std::is_sorted(kNewer.begin(), kNewer.end())); }

// A name in a table that ONNX does not know is a slip of the pen. com.microsoft and others publish
// no registry, and onnxruntime adds SimplifiedLayerNormalization to ONNX's own domain.
TEST(Coverage, RowsOfOnnxNameOperatorsThatExist) {
  Names rows;
  for (const std::string& name : OperatorsWithARow()) {
    if (name.find('.') == std::string::npos || name.starts_with("ai.onnx.")) rows.insert(name);
  }
  rows.erase("SimplifiedLayerNormalization");
  EXPECT_THAT(Without(rows, AllOperators()), IsEmpty());
}

// Of one operator, as far as the registry knows them.
std::set<int> RegisteredVersions(const std::string& op_type, const std::string& domain) {
  std::set<int> versions;
  for (const onnx::OpSchema& schema : onnx::OpSchemaRegistry::get_all_schemas_with_history()) {
    if (schema.Name() == op_type && schema.domain() == domain) {
      versions.insert(schema.since_version());
    }
  }
  return versions;
}

TEST(OperatorVersionsTest, AgreeWithTheRegistry) {
  for (const VersionsRow& row : OperatorVersions()) {
    const std::string domain{row.domain};
    std::set<int> listed;
    for (const absl::string_view word : absl::StrSplit(TextPiece(row.versions), ' ')) {
      int version = 0;
      EXPECT_TRUE(absl::SimpleAtoi(word, &version)) << row.op_type;
      listed.insert(version);
    }
    const std::set<int> registered = RegisteredVersions(std::string(row.op_type), domain);
    EXPECT_TRUE(std::ranges::includes(listed, registered)) << row.op_type;
    // Later ones are not known to an older registry.
    const int newest = std::max(17, registered.empty() ? 0 : *registered.rbegin());
    std::erase_if(listed, [&](int version) { return version > newest; });
    EXPECT_TRUE(!domain.empty() || listed == registered) << row.op_type;
  }
}

TEST(OperatorVersionsTest, AreKnownOfEveryOperatorOfOnnx) {
  Names names;
  AddRows(SlotRows(), names);
  AddRows(SeeThroughRows(), names);
  AddRows(ActivationOperators(), names);
  AddRows(AttributeRows(), names);
  for (const VersionsRow& row : OperatorVersions()) {
    EXPECT_EQ(names.erase(Name(row.domain, row.op_type)), 1U) << row.op_type << " has no rule";
  }
  // What is left has no history: another domain, or an operator that onnxruntime adds.
  for (const std::string& name : names) {
    const bool is_onnx = name.find('.') == std::string::npos || name.starts_with("ai.onnx");
    EXPECT_TRUE(!is_onnx || name == "SimplifiedLayerNormalization") << name;
  }
}

}  // namespace
}  // namespace onnx_reinit::infer
