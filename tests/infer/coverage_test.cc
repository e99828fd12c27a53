// No operator is forgotten: each of ONNX's own stands in a table of lib/infer, or in the list of
// those that hold no weights.
#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_join.h"
#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer/activation_operators.h"
#include "infer/attribute_slots.h"
#include "infer/operator_sets.h"
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

// They compute from data alone, or have bodies, which stand beside them in the flat graph; what is
// stored at their inputs or in their attributes is a setting of the program.
constexpr auto kHoldNoWeights =
    std::to_array<std::string_view>({"AffineGrid",
                                     "And",
                                     "ArgMax",
                                     "ArgMin",
                                     "BitCast",
                                     "BitShift",
                                     "BitwiseAnd",
                                     "BitwiseNot",
                                     "BitwiseOr",
                                     "BitwiseXor",
                                     "BlackmanWindow",
                                     "Col2Im",
                                     "ConcatFromSequence",
                                     "Constant",
                                     "ConstantOfShape",
                                     "CumProd",
                                     "CumSum",
                                     "DFT",
                                     "Det",
                                     "Equal",
                                     "EyeLike",
                                     "Greater",
                                     "GreaterOrEqual",
                                     "GridSample",
                                     "HammingWindow",
                                     "HannWindow",
                                     "If",
                                     "ImageDecoder",
                                     "IsInf",
                                     "IsNaN",
                                     "Less",
                                     "LessOrEqual",
                                     "Loop",
                                     "MaxUnpool",
                                     "MelWeightMatrix",
                                     "NegativeLogLikelihoodLoss",
                                     "NonMaxSuppression",
                                     "NonZero",
                                     "Not",
                                     "OneHot",
                                     "Optional",
                                     "OptionalGetElement",
                                     "OptionalHasElement",
                                     "Or",
                                     "Range",
                                     "ReduceL1",
                                     "ReduceL2",
                                     "ReduceLogSum",
                                     "ReduceLogSumExp",
                                     "ReduceProd",
                                     "ReduceSumSquare",
                                     "RegexFullMatch",
                                     "STFT",
                                     "Scan",
                                     "SequenceAt",
                                     "SequenceConstruct",
                                     "SequenceEmpty",
                                     "SequenceErase",
                                     "SequenceInsert",
                                     "SequenceLength",
                                     "SequenceMap",
                                     "SoftmaxCrossEntropyLoss",
                                     "StringConcat",
                                     "StringNormalizer",
                                     "StringSplit",
                                     "TensorScatter",
                                     "TfIdfVectorizer",
                                     "Unique",
                                     "Xor",
                                     "ai.onnx.ml.ArrayFeatureExtractor",
                                     "ai.onnx.ml.Binarizer",
                                     "ai.onnx.ml.CastMap",
                                     "ai.onnx.ml.CategoryMapper",
                                     "ai.onnx.ml.DictVectorizer",
                                     "ai.onnx.ml.FeatureVectorizer",
                                     "ai.onnx.ml.LabelEncoder",
                                     "ai.onnx.ml.Normalizer",
                                     "ai.onnx.ml.OneHotEncoder",
                                     "ai.onnx.ml.ZipMap",
                                     "ai.onnx.preview.training.Adagrad",
                                     "ai.onnx.preview.training.Adam",
                                     "ai.onnx.preview.training.Gradient",
                                     "ai.onnx.preview.training.Momentum"});

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

Names HoldNoWeights() { return {kHoldNoWeights.begin(), kHoldNoWeights.end()}; }

TEST(Coverage, EveryOperatorIsDecided) {
  const Names undecided = Without(Without(AllOperators(), OperatorsWithARow()), HoldNoWeights());
  EXPECT_THAT(undecided, IsEmpty())
      << absl::StrJoin(undecided, ", ")
      << "\ngive each a row in a table of lib/infer, or add it to kHoldNoWeights";
}

TEST(Coverage, WhatHoldsNoWeightsHasNoRow) {
  EXPECT_THAT(Both(HoldNoWeights(), OperatorsWithARow()), IsEmpty());
}

TEST(Coverage, TheListsNameOperatorsThatExist) {
  EXPECT_THAT(Without(HoldNoWeights(), AllOperators()), IsEmpty());
}

TEST(Coverage, TheListsAreSorted) {
  EXPECT_TRUE(std::is_sorted(kNewer.begin(), kNewer.end()));
  EXPECT_TRUE(std::is_sorted(kHoldNoWeights.begin(), kHoldNoWeights.end()));
}

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

}  // namespace
}  // namespace onnx_reinit::infer
