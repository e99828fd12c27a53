#include "plan/schemes.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/status/status.h"
#include "base/text.h"

namespace onnx_reinit::plan {
namespace {

// --- Parameters -------------------------------------------------------------------------------

constexpr double kLargest = 1e30;
constexpr double kSmallest = 1e-30;

using Words = std::string_view;
constexpr auto kModes = std::to_array<Words>(
    {"fan_in", "fan_out", "fan_avg", "fan_geo_avg", "width", "hidden", "fan_in_x_head"});
constexpr auto kGainSources = std::to_array<Words>({"none", "following", "preceding"});
constexpr auto kDepths = std::to_array<Words>({"none", "blocks", "additions", "additions_so_far"});
constexpr auto kShapes = std::to_array<Words>({"normal", "truncated_normal", "uniform"});
constexpr auto kUnits = std::to_array<Words>({"sigma", "absolute"});
constexpr auto kSwitch = std::to_array<Words>({"no", "yes"});

constexpr ParameterRow kMode{"mode", "what n is", 0, 0, 0, kModes};
constexpr ParameterRow kNoGainSource{"gain_source", "activation whose gain multiplies", 0, 0, 0,
                                     kGainSources};
constexpr ParameterRow kFollowing{"gain_source", "activation whose gain multiplies", 1, 0, 0,
                                  kGainSources};
constexpr ParameterRow kSlope{"slope", "gain of a leaky ReLU; not given: the activation's own",
                              kNoSlope, 0, kLargest};
constexpr ParameterRow kGain{"gain", "a factor", 1, -kLargest, kLargest};
constexpr ParameterRow kDepth{"depth",
                              "divide by the root of the number of blocks, of the additions that "
                              "they make, or of those up to this one",
                              0,
                              0,
                              0,
                              kDepths};
constexpr ParameterRow kScale{"scale", "a factor of the variance", 1, kSmallest, kLargest};
constexpr ParameterRow kShape{"distribution", "what is drawn from", 1, 0, 0, kShapes};
constexpr ParameterRow kBounds{"bounds", "where a truncated normal is cut", 2, kSmallest, kLargest};
constexpr ParameterRow kUnit{"unit", "of bounds: standard deviations, or values", 0, 0, 0, kUnits};
constexpr ParameterRow kCorrected{"corrected", "std is that after the cut", 1, 0, 0, kSwitch};
constexpr ParameterRow kUncorrected{"corrected", "std is that after the cut", 0, 0, 0, kSwitch};
constexpr ParameterRow kMean{"mean", "", 0, -kLargest, kLargest};
constexpr ParameterRow kStd{"std", "", 1, 0, kLargest};

using Parameter = ParameterRow;
constexpr std::array<Parameter, 0> kNone{};
constexpr auto kOfXavier = std::to_array<Parameter>({kGain, kNoGainSource, kDepth});
constexpr auto kOfKaiming = std::to_array<Parameter>({kMode, kFollowing, kSlope, kGain, kDepth});
constexpr auto kOfLecun = std::to_array<Parameter>({kGain, kDepth});
constexpr auto kOfVarianceScaling =
    std::to_array<Parameter>({kScale, kMode, kShape, kBounds, kCorrected, kDepth});
constexpr auto kOfNormal = std::to_array<Parameter>({kMean, kStd, kDepth});
constexpr auto kOfTruncated =
    std::to_array<Parameter>({kMean, kStd, kBounds, kUnit, kUncorrected, kDepth});
constexpr auto kOfUniform =
    std::to_array<Parameter>({{"a", "lower end", 0, -kLargest, kLargest},
                              {"b", "upper end", 1, -kLargest, kLargest, {}, "a"}});
constexpr auto kOfConstant = std::to_array<Parameter>({{"value", "", 0, -kLargest, kLargest}});
constexpr auto kOfStructured = std::to_array<Parameter>({kGain});
constexpr auto kOfSparse = std::to_array<Parameter>(
    {{"sparsity", "share of each input's outputs that is 0", 0.9, 0, 0.999999},
     {"std", "", 0.01, 0, kLargest}});
constexpr auto kOfInverseSoftplus = std::to_array<Parameter>(
    {{"low", "softplus of the least value", 0.001, kSmallest, 30},
     {"high", "softplus of the largest value", 0.1, kSmallest, 30, {}, "low"}});
constexpr auto kOfLayerScale = std::to_array<Parameter>({{"eps", "", 1e-5, -kLargest, kLargest}});
constexpr auto kOfSiren =
    std::to_array<Parameter>({{"omega", "frequency of the sines", 30, kSmallest, kLargest}});
constexpr auto kOfTFixup = std::to_array<Parameter>(
    {{"factor", "0.67 for encoders, 0.577 for decoders", 0.67, kSmallest, kLargest}});
constexpr auto kStacks = std::to_array<Words>({"alone", "encoder", "decoder"});
constexpr auto kOfDeepNorm = std::to_array<Parameter>(
    {{"stack", "what the layer's stack of blocks is", 0, 0, 0, kStacks},
     {"decoder", "blocks of the decoder; for an encoder", 1, 1, kLargest}});
constexpr auto kOfMup = std::to_array<Parameter>(
    {{"base", "width at which std was tuned", 256, 1, kLargest}, {"std", "", 0.02, 0, kLargest}});

// --- Rows -------------------------------------------------------------------------------------

constexpr Roles kMatrices{Role::kLinear, Role::kConv, Role::kConvTranspose, Role::kRnnInput,
                          Role::kRnnRecurrent};
constexpr Roles kConvolutions{Role::kConv, Role::kConvTranspose};
constexpr Roles kTables{Role::kEmbedding, Role::kPositionEmbedding, Role::kToken,
                        Role::kRelPosBias};
constexpr Roles kAll = kMatrices | kTables;
constexpr Roles kLinears{Role::kLinear, Role::kConv, Role::kConvTranspose};
constexpr Roles kNobody{};
constexpr Needs kNothing = Needs::kNothing;

constexpr auto kRows = std::to_array<SchemeRow>({
    {"constant", "value", "", kOfConstant, kAll, &kAlways, kNothing, ConstantValue},
    {"deepnorm",
     "xavier normal; values, attention outputs and MLPs times (8 L)^(-1/4), L = number of blocks; "
     "of an encoder of L before a decoder of M 0.87 (L^4 M)^(-1/16), of that decoder (12 M)^(-1/4)",
     "Wang et al. 2022, 2203.00555", kOfDeepNorm, kLinears, &kAlways, Needs::kFans, DeepNorm},
    {"delta-orthogonal", "gain * semi-orthogonal matrix at the centre tap, 0 elsewhere",
     "Xiao et al. 2018, 1806.05393", kOfStructured, kConvolutions, &kAlways, Needs::kConvolution,
     DeltaOrthogonal},
    {"dirac", "passes channel i to output i, times gain", "torch.nn.init.dirac_", kOfStructured,
     kConvolutions, &kAlways, Needs::kConvolution, Dirac},
    {"fixup",
     "normal, std = sqrt(2 / fan_out); on residual branches of m layers times L^(-1/(2m - 2)), the "
     "last layer of a branch and the head 0",
     "Zhang et al. 2019, 1901.09321", kNone, kLinears, &kAlways, Needs::kFans, Fixup},
    {"identity", "gain on the diagonal, 0 elsewhere", "torch.nn.init.eye_", kOfStructured,
     kMatrices, &kAlways, Needs::kMatrix, Identity},
    {"inverse-softplus", "x with softplus(x) log-uniform on [low, high)",
     "Gu, Dao 2023, 2312.00752 (bias of dt)", kOfInverseSoftplus, kNobody, &kAlways, kNothing,
     InverseSoftplus},
    {"kaiming-normal", "normal, std = gain / sqrt(n)", "He et al. 2015, 1502.01852", kOfKaiming,
     kMatrices, &kAlways, Needs::kFans, KaimingNormal},
    {"kaiming-uniform", "uniform, bound = gain * sqrt(3 / n)", "He et al. 2015, 1502.01852",
     kOfKaiming, kMatrices, &kAlways, Needs::kFans, KaimingUniform},
    {"layerscale",
     "eps",
     "Touvron et al. 2021, 2103.17239",
     kOfLayerScale,
     {Role::kLayerScale},
     &kAlways,
     kNothing,
     LayerScale},
    {"lecun-normal", "normal, std = gain / sqrt(fan_in) after a cut at 2 sigma",
     "LeCun et al. 1998; keras LecunNormal", kOfLecun, kMatrices, &kAlways, Needs::kFans,
     LecunNormal},
    {"lecun-uniform", "uniform, bound = gain * sqrt(3 / fan_in)",
     "LeCun et al. 1998; keras LecunUniform", kOfLecun, kMatrices, &kAlways, Needs::kFans,
     LecunUniform},
    {"log-range", "ln 1, ln 2, ... along the last axis", "Gu, Dao 2023, 2312.00752 (A_log)", kNone,
     kNobody, &kAlways, kNothing, LogRange},
    {"mup", "normal, std; matrices within the network times sqrt(base / fan_in)",
     "Yang et al. 2022, 2203.03466", kOfMup, kLinears | kTables, &kAlways, kNothing, Mup},
    {"normal", "normal(mean, std)", "", kOfNormal, kAll, &kAlways, kNothing, NormalNumbers},
    {"ones", "1", "", kNone, kAll, &kAlways, kNothing, Ones},
    {"orthogonal", "gain * semi-orthogonal matrix", "Saxe et al. 2013, 1312.6120", kOfStructured,
     kMatrices, &kAlways, Needs::kMatrix, Orthogonal},
    {"siren", "uniform, bound = sqrt(6 / fan_in) / omega; of the first layer 1 / fan_in",
     "Sitzmann et al. 2020, 2006.09661", kOfSiren, kLinears, &kAlways, kNothing, Siren},
    {"small-init", "normal, std = sqrt(2 / (5 d)), d = width of the stream",
     "Nguyen, Salazar 2019, 1910.05895", kNone, kLinears | kTables, &kAlways, kNothing, SmallInit},
    {"sparse", "normal(0, std); of each input's outputs a share is 0", "Martens 2010", kOfSparse,
     kMatrices, &kAlways, Needs::kMatrix, Sparse},
    {"t-fixup",
     "xavier uniform; values, attention outputs and MLPs times factor * L^(-1/4); embeddings "
     "normal, std = (9 L)^(-1/4) / sqrt(d)",
     "Huang et al. 2020 (ICML)", kOfTFixup, kLinears | Roles{Role::kEmbedding}, &kAlways,
     Needs::kFans, TFixup},
    {"truncated-normal", "normal(mean, std), cut at mean +- bounds", "", kOfTruncated, kAll,
     &kAlways, kNothing, TruncatedNormal},
    {"uniform", "uniform on [a, b)", "", kOfUniform, kAll, &kAlways, kNothing, UniformNumbers},
    {"variance-scaling", "std = sqrt(scale / n)",
     "keras VarianceScaling; jax.nn.initializers.variance_scaling", kOfVarianceScaling, kMatrices,
     &kAlways, Needs::kFans, VarianceScaling},
    {"wang-init", "normal, std = 2 / (L sqrt(d)), L = number of blocks, d = width of the stream",
     "EleutherAI gpt-neox, wang_init_method", kNone, kLinears, &kResidualOutput, kNothing,
     WangInit},
    {"xavier-normal", "normal, std = gain * sqrt(2 / (fan_in + fan_out))", "Glorot, Bengio 2010",
     kOfXavier, kMatrices, &kAlways, Needs::kFans, XavierNormal},
    {"xavier-uniform", "uniform, bound = gain * sqrt(6 / (fan_in + fan_out))",
     "Glorot, Bengio 2010", kOfXavier, kMatrices, &kAlways, Needs::kFans, XavierUniform},
    {"zero-gamma",
     "0 for the last normalisation of a residual branch",
     "Goyal et al. 2017, 1706.02677",
     kNone,
     {Role::kNormScale},
     &kResidualOutput,
     kNothing,
     Zeros},
    {"zeros", "0", "", kNone, kAll, &kAlways, kNothing, Zeros},
});

// Empty where the layer has what is needed.
std::string_view WhatLacks(Needs needs, const Layer& layer) {
  if (needs == Needs::kNothing || needs == Needs::kFans) return {};
  if (layer.facts->source == Source::kSparseInitializer) return "only some elements are stored";
  if (!HasMatrix(layer)) return "which of its axes are rows and columns is not known";
  if (needs == Needs::kConvolution && layer.facts->axes.kernel.empty()) return "it has no kernel";
  return {};
}

// Zeros of a sparse column are rounded up.
bool IsAllZero(const Values& values, const Layer& layer) {
  if (values.distribution != Distribution::kSparse) return false;
  double outputs = 1;
  for (const int axis : layer.facts->axes.output) {
    outputs *= static_cast<double>(layer.facts->tensor->dims[static_cast<size_t>(axis)]);
  }
  return std::ceil(values.sparsity * outputs) >= outputs;
}

bool IsFinite(const Values& values) {
  return std::isfinite(values.mean) && std::isfinite(values.std) && std::isfinite(values.bound);
}

absl::Status DoesNotFit(const SchemeCall& call, std::string_view why) {
  return absl::FailedPreconditionError(Text(call.row->name, " does not fit: ", why));
}

}  // namespace

absl::Span<const SchemeRow> SchemeRows() { return kRows; }

const SchemeRow* FindScheme(std::string_view name) {
  const auto* row =
      std::lower_bound(kRows.begin(), kRows.end(), name,
                       [](const SchemeRow& r, std::string_view n) { return r.name < n; });
  return row != kRows.end() && row->name == name ? row : nullptr;
}

absl::StatusOr<Drawn> Draw(const SchemeCall& call, const Layer& layer) {
  const std::string_view lack = WhatLacks(call.row->needs, layer);
  if (!lack.empty()) return DoesNotFit(call, lack);
  const Drawn drawn = call.row->draw(call, layer);
  if (IsAllZero(drawn.values, layer)) {
    return DoesNotFit(call, "of so few outputs its share of zeros leaves none");
  }
  if (!IsFinite(drawn.values)) {
    return DoesNotFit(call, "a fan or a depth that its formula divides by is not known");
  }
  return drawn;
}

}  // namespace onnx_reinit::plan
