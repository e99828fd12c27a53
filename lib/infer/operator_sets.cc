#include "infer/operator_sets.h"

#include <algorithm>
#include <array>

#include "infer/operator_rows.h"

namespace onnx_reinit::infer {
namespace {

using std::string_view_literals::operator""sv;  // NOLINT(misc-unused-using-decls): it is used

constexpr std::array kLayers = {"Attention"sv,
                                "BatchNormalization"sv,
                                "CausalConvWithState"sv,
                                "Conv"sv,
                                "ConvInteger"sv,
                                "ConvTranspose"sv,
                                "DeformConv"sv,
                                "GRU"sv,
                                "Gemm"sv,
                                "GroupNormalization"sv,
                                "InstanceNormalization"sv,
                                "LRN"sv,
                                "LSTM"sv,
                                "LayerNormalization"sv,
                                "LinearAttention"sv,
                                "LogSoftmax"sv,
                                "MatMul"sv,
                                "MatMulInteger"sv,
                                "MeanVarianceNormalization"sv,
                                "QLinearConv"sv,
                                "QLinearMatMul"sv,
                                "RMSNormalization"sv,
                                "RNN"sv,
                                "SimplifiedLayerNormalization"sv,
                                "Softmax"sv,
                                "ai.onnx.preview.FlexAttention"sv,
                                "com.microsoft.Attention"sv,
                                "com.microsoft.BiasAdd"sv,
                                "com.microsoft.BiasGelu"sv,
                                "com.microsoft.FastGelu"sv,
                                "com.microsoft.FusedConv"sv,
                                "com.microsoft.FusedGemm"sv,
                                "com.microsoft.FusedMatMul"sv,
                                "com.microsoft.GroupNorm"sv,
                                "com.microsoft.GroupQueryAttention"sv,
                                "com.microsoft.MatMulNBits"sv,
                                "com.microsoft.MultiHeadAttention"sv,
                                "com.microsoft.NhwcConv"sv,
                                "com.microsoft.NhwcFusedConv"sv,
                                "com.microsoft.SkipGroupNorm"sv,
                                "com.microsoft.SkipLayerNormalization"sv,
                                "com.microsoft.SkipSimplifiedLayerNormalization"sv,
                                "com.microsoft.TransposeMatMul"sv,
                                "com.microsoft.nchwc.Conv"sv};

// Their other inputs say which elements; an element is never changed.
constexpr std::array kMoves = {"Cast"sv,
                               "CastLike"sv,
                               "CenterCropPad"sv,
                               "Compress"sv,
                               "DepthToSpace"sv,
                               "Dropout"sv,
                               "Expand"sv,
                               "Flatten"sv,
                               "Identity"sv,
                               "Pad"sv,
                               "Reshape"sv,
                               "ReverseSequence"sv,
                               "Slice"sv,
                               "SpaceToDepth"sv,
                               "Split"sv,
                               "SplitToSequence"sv,
                               "Squeeze"sv,
                               "Tile"sv,
                               "Transpose"sv,
                               "Trilu"sv,
                               "Unsqueeze"sv,
                               "border.Alias"sv,
                               "border.ScanInput"sv,
                               "border.ScanOutput"sv,
                               "com.microsoft.Trilu"sv,
                               "com.microsoft.nchwc.ReorderInput"sv,
                               "com.microsoft.nchwc.ReorderOutput"sv};

// onnx.brevitas and qonnx: quantisers of quantisation-aware training.
constexpr std::array kRetypes = {"DequantizeLinear"sv,
                                 "DynamicQuantizeLinear"sv,
                                 "QuantizeLinear"sv,
                                 "com.microsoft.DequantizeLinear"sv,
                                 "com.microsoft.QuantizeLinear"sv,
                                 "onnx.brevitas.BipolarQuant"sv,
                                 "onnx.brevitas.Quant"sv,
                                 "onnx.brevitas.Trunc"sv,
                                 "qonnx.custom_op.general.BipolarQuant"sv,
                                 "qonnx.custom_op.general.FloatQuant"sv,
                                 "qonnx.custom_op.general.IntQuant"sv,
                                 "qonnx.custom_op.general.Quant"sv,
                                 "qonnx.custom_op.general.Trunc"sv};

constexpr std::array kPools = {"AveragePool"sv,
                               "GlobalAveragePool"sv,
                               "GlobalLpPool"sv,
                               "GlobalMaxPool"sv,
                               "LpPool"sv,
                               "MaxPool"sv,
                               "MaxRoiPool"sv,
                               "ReduceMax"sv,
                               "ReduceMean"sv,
                               "ReduceMin"sv,
                               "ReduceSum"sv,
                               "Resize"sv,
                               "RoiAlign"sv,
                               "TopK"sv,
                               "Upsample"sv,
                               "com.microsoft.MaxpoolWithMask"sv,
                               "com.microsoft.NhwcMaxPool"sv,
                               "com.microsoft.QLinearAveragePool"sv,
                               "com.microsoft.QLinearGlobalAveragePool"sv,
                               "com.microsoft.QLinearReduceMean"sv,
                               "com.microsoft.nchwc.AveragePool"sv,
                               "com.microsoft.nchwc.GlobalAveragePool"sv,
                               "com.microsoft.nchwc.GlobalMaxPool"sv,
                               "com.microsoft.nchwc.MaxPool"sv,
                               "com.microsoft.nchwc.Upsample"sv};

constexpr std::array kNormalizations = {"BatchNormalization"sv,
                                        "GroupNormalization"sv,
                                        "InstanceNormalization"sv,
                                        "LRN"sv,
                                        "LayerNormalization"sv,
                                        "LpNormalization"sv,
                                        "MeanVarianceNormalization"sv,
                                        "RMSNormalization"sv,
                                        "SimplifiedLayerNormalization"sv,
                                        "com.microsoft.GatedRMSNorm"sv,
                                        "com.microsoft.GroupNorm"sv,
                                        "com.microsoft.QOrderedLayerNormalization"sv,
                                        "com.microsoft.SimplifiedLayerNormalization"sv,
                                        "com.microsoft.SkipGroupNorm"sv,
                                        "com.microsoft.SkipLayerNormalization"sv,
                                        "com.microsoft.SkipSimplifiedLayerNormalization"sv};

constexpr std::array kSoftmaxes = {"Hardmax"sv, "LogSoftmax"sv, "Softmax"sv,
                                   "com.microsoft.BiasSoftmax"sv, "com.microsoft.QLinearSoftmax"sv};

constexpr std::array kRandoms = {"Bernoulli"sv,        "Multinomial"sv,   "RandomNormal"sv,
                                 "RandomNormalLike"sv, "RandomUniform"sv, "RandomUniformLike"sv};

constexpr std::array kShapes = {"Shape"sv, "Size"sv};

constexpr std::array kElementwises = {"Add"sv,
                                      "Div"sv,
                                      "Max"sv,
                                      "Mean"sv,
                                      "Min"sv,
                                      "Mod"sv,
                                      "Mul"sv,
                                      "Pow"sv,
                                      "Sub"sv,
                                      "Sum"sv,
                                      "Where"sv,
                                      "com.microsoft.QLinearAdd"sv,
                                      "com.microsoft.QLinearMul"sv};

constexpr std::array kWeightless = {"AffineGrid"sv,
                                    "And"sv,
                                    "ArgMax"sv,
                                    "ArgMin"sv,
                                    "BitCast"sv,
                                    "BitShift"sv,
                                    "BitwiseAnd"sv,
                                    "BitwiseNot"sv,
                                    "BitwiseOr"sv,
                                    "BitwiseXor"sv,
                                    "BlackmanWindow"sv,
                                    "Col2Im"sv,
                                    "ConcatFromSequence"sv,
                                    "Constant"sv,
                                    "ConstantOfShape"sv,
                                    "CumProd"sv,
                                    "CumSum"sv,
                                    "DFT"sv,
                                    "Det"sv,
                                    "Equal"sv,
                                    "EyeLike"sv,
                                    "Greater"sv,
                                    "GreaterOrEqual"sv,
                                    "GridSample"sv,
                                    "HammingWindow"sv,
                                    "HannWindow"sv,
                                    "If"sv,
                                    "ImageDecoder"sv,
                                    "IsInf"sv,
                                    "IsNaN"sv,
                                    "Less"sv,
                                    "LessOrEqual"sv,
                                    "Loop"sv,
                                    "MaxUnpool"sv,
                                    "MelWeightMatrix"sv,
                                    "NegativeLogLikelihoodLoss"sv,
                                    "NonMaxSuppression"sv,
                                    "NonZero"sv,
                                    "Not"sv,
                                    "OneHot"sv,
                                    "Optional"sv,
                                    "OptionalGetElement"sv,
                                    "OptionalHasElement"sv,
                                    "Or"sv,
                                    "Range"sv,
                                    "ReduceL1"sv,
                                    "ReduceL2"sv,
                                    "ReduceLogSum"sv,
                                    "ReduceLogSumExp"sv,
                                    "ReduceProd"sv,
                                    "ReduceSumSquare"sv,
                                    "RegexFullMatch"sv,
                                    "STFT"sv,
                                    "Scan"sv,
                                    "SequenceAt"sv,
                                    "SequenceConstruct"sv,
                                    "SequenceEmpty"sv,
                                    "SequenceErase"sv,
                                    "SequenceInsert"sv,
                                    "SequenceLength"sv,
                                    "SequenceMap"sv,
                                    "SoftmaxCrossEntropyLoss"sv,
                                    "StringConcat"sv,
                                    "StringNormalizer"sv,
                                    "StringSplit"sv,
                                    "TensorScatter"sv,
                                    "TfIdfVectorizer"sv,
                                    "Unique"sv,
                                    "Xor"sv,
                                    "ai.onnx.ml.ArrayFeatureExtractor"sv,
                                    "ai.onnx.ml.Binarizer"sv,
                                    "ai.onnx.ml.CastMap"sv,
                                    "ai.onnx.ml.CategoryMapper"sv,
                                    "ai.onnx.ml.DictVectorizer"sv,
                                    "ai.onnx.ml.FeatureVectorizer"sv,
                                    "ai.onnx.ml.LabelEncoder"sv,
                                    "ai.onnx.ml.Normalizer"sv,
                                    "ai.onnx.ml.OneHotEncoder"sv,
                                    "ai.onnx.ml.ZipMap"sv,
                                    "ai.onnx.preview.training.Adagrad"sv,
                                    "ai.onnx.preview.training.Adam"sv,
                                    "ai.onnx.preview.training.Gradient"sv,
                                    "ai.onnx.preview.training.Momentum"sv,
                                    "com.microsoft.BeamSearch"sv,
                                    "com.microsoft.GreedySearch"sv,
                                    "com.microsoft.NGramHashMapping"sv,
                                    "com.microsoft.Sampling"sv,
                                    "com.microsoft.SparseAttention"sv,
                                    "com.microsoft.VarlenNGramHashMapping"sv,
                                    "com.microsoft.WhisperBeamSearch"sv};

static_assert(std::ranges::is_sorted(kWeightless));
static_assert(std::ranges::is_sorted(kLayers) && std::ranges::is_sorted(kMoves));
static_assert(std::ranges::is_sorted(kPools) && std::ranges::is_sorted(kNormalizations));
static_assert(std::ranges::is_sorted(kSoftmaxes) && std::ranges::is_sorted(kRandoms));
static_assert(std::ranges::is_sorted(kElementwises) && std::ranges::is_sorted(kRetypes));
static_assert(std::ranges::is_sorted(kShapes));

constexpr absl::Span<const std::string_view> RowsOf(OperatorSet set) {
  switch (set) {
    case OperatorSet::kLayer:
      return kLayers;
    case OperatorSet::kMove:
      return kMoves;
    case OperatorSet::kRetype:
      return kRetypes;
    case OperatorSet::kPool:
      return kPools;
    case OperatorSet::kNormalization:
      return kNormalizations;
    case OperatorSet::kSoftmax:
      return kSoftmaxes;
    case OperatorSet::kRandom:
      return kRandoms;
    case OperatorSet::kShape:
      return kShapes;
    case OperatorSet::kElementwise:
      return kElementwises;
    case OperatorSet::kWeightless:
      return kWeightless;
  }
  return {};
}

static_assert(static_cast<int>(OperatorSet::kWeightless) < 32,
              "the last has a bit in OperatorSets");

// That an operator is in a set.
struct Membership {
  std::string_view domain;
  std::string_view op_type;
  OperatorSet set = {};
};

constexpr Membership MembershipOf(std::string_view name, OperatorSet set) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return {"", name, set};
  return {name.substr(0, dot), name.substr(dot + 1), set};
}

constexpr auto kSets = [] {
  std::array<OperatorSet, static_cast<size_t>(OperatorSet::kWeightless) + 1> sets = {};
  for (size_t i = 0; i < sets.size(); ++i) sets[i] = static_cast<OperatorSet>(i);
  return sets;
}();

constexpr size_t kMembershipCount = [] {
  size_t count = 0;
  for (const OperatorSet set : kSets) count += RowsOf(set).size();
  return count;
}();

constexpr auto kMemberships = [] {
  std::array<Membership, kMembershipCount> memberships = {};
  size_t count = 0;
  for (const OperatorSet set : kSets) {
    for (const std::string_view name : RowsOf(set)) memberships[count++] = MembershipOf(name, set);
  }
  std::ranges::sort(memberships,
                    [](const auto& a, const auto& b) { return CompareOperators(a, b) < 0; });
  return memberships;
}();

// Of each run of memberships: a walk asks every node that it meets, often several times.
constexpr auto kSetsOfRuns = [] {
  std::array<OperatorSets, kOperatorPlaces> sets = {};
  for (size_t place = 0; place < kOperatorPlaces; ++place) {
    const auto [first, count] = kOperatorRuns<kMemberships>[place];
    for (size_t i = 0; i < count; ++i) sets[place].Add(kMemberships[first + i].set);
  }
  return sets;
}();

}  // namespace

absl::Span<const std::string_view> Rows(OperatorSet set) { return RowsOf(set); }

OperatorSets SetsOf(const graph::Node& node) { return kSetsOfRuns[RunOf<kMemberships>(node)]; }

int RightOperand(const graph::Node& product) {
  if (product.op_type.starts_with("QOrdered")) return 2;
  return product.op_type.starts_with("Q") ? 3 : 1;
}

}  // namespace onnx_reinit::infer
