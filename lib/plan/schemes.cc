#include "plan/schemes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "absl/status/status.h"
#include "base/text.h"
#include "plan/gains.h"
#include "plan/moments.h"

namespace onnx_reinit::plan {
namespace {

// --- Parameters -------------------------------------------------------------------------------

constexpr double kLargest = 1e30;
constexpr double kSmallest = 1e-30;

constexpr auto kModes =
    std::to_array<std::string_view>({"fan_in", "fan_out", "fan_avg", "fan_geo_avg", "width"});
constexpr auto kGainSources = std::to_array<std::string_view>({"none", "following", "preceding"});
constexpr auto kDepths =
    std::to_array<std::string_view>({"none", "blocks", "additions", "additions_so_far"});
constexpr auto kShapes = std::to_array<std::string_view>({"normal", "truncated_normal", "uniform"});
constexpr auto kUnits = std::to_array<std::string_view>({"sigma", "absolute"});
constexpr auto kSwitch = std::to_array<std::string_view>({"no", "yes"});

constexpr ParameterRow kMode{"mode", "what n is", 0, 0, 0, kModes};
constexpr ParameterRow kNoGainSource{"gain_source", "whose gain multiplies", 0, 0, 0, kGainSources};
constexpr ParameterRow kFollowing{"gain_source", "whose gain multiplies", 1, 0, 0, kGainSources};
constexpr ParameterRow kSlope{"slope",
                              "of a leaky ReLU, instead of the graph's activation; -1: "
                              "none",
                              -1, -1, kLargest};
constexpr ParameterRow kGain{"gain", "a factor", 1, -kLargest, kLargest};
constexpr ParameterRow kDepth{
    "depth", "for outputs of residual branches: divide by the root of their number", 0, 0, 0,
    kDepths};
constexpr ParameterRow kScale{"scale", "times the variance", 1, kSmallest, kLargest};
constexpr ParameterRow kShape{"distribution", "what is drawn from", 1, 0, 0, kShapes};
constexpr ParameterRow kBounds{"bounds", "where a truncated normal is cut", 2, kSmallest, kLargest};
constexpr ParameterRow kUnit{"unit", "of bounds", 0, 0, 0, kUnits};
constexpr ParameterRow kCorrected{"corrected", "std is that after the cut", 0, 0, 0, kSwitch};
constexpr ParameterRow kMean{"mean", "", 0, -kLargest, kLargest};
constexpr ParameterRow kStd{"std", "standard deviation", 1, 0, kLargest};

constexpr auto kNoParameters = std::array<ParameterRow, 0>{};
constexpr auto kXavierParameters = std::to_array<ParameterRow>({kGain, kNoGainSource, kDepth});
constexpr auto kKaimingParameters =
    std::to_array<ParameterRow>({kMode, kFollowing, kSlope, kGain, kDepth});
constexpr auto kLecunParameters = std::to_array<ParameterRow>({kGain, kDepth});
constexpr auto kVarianceParameters =
    std::to_array<ParameterRow>({kScale, kMode, kShape, kBounds, kDepth});
constexpr auto kNormalParameters = std::to_array<ParameterRow>({kMean, kStd, kDepth});
constexpr auto kTruncatedParameters =
    std::to_array<ParameterRow>({kMean, kStd, kBounds, kUnit, kCorrected, kDepth});
constexpr auto kUniformParameters = std::to_array<ParameterRow>(
    {{"a", "lower end", 0, -kLargest, kLargest}, {"b", "upper end", 1, -kLargest, kLargest}});
constexpr auto kConstantParameters =
    std::to_array<ParameterRow>({{"value", "", 0, -kLargest, kLargest}});
constexpr auto kGainParameters = std::to_array<ParameterRow>({kGain});
constexpr auto kSparseParameters =
    std::to_array<ParameterRow>({{"sparsity", "share of each input's outputs that is 0", 0.9, 0, 1},
                                 {"std", "of the others", 0.01, 0, kLargest}});

// --- Distributions by their standard deviation ------------------------------------------------

Values Constant(double value) { return {.distribution = Distribution::kConstant, .mean = value}; }

Values Normal(double mean, double std) {
  if (std == 0) return Constant(mean);
  return {.distribution = Distribution::kNormal, .mean = mean, .std = std};
}

Values Uniform(double mean, double std) {
  if (std == 0) return Constant(mean);
  return {.distribution = Distribution::kUniform,
          .mean = mean,
          .std = std,
          .bound = std * std::numbers::sqrt3};
}

// A normal of `parent_std`, cut at mean +- bound.
Values Truncated(double mean, double parent_std, double bound) {
  if (parent_std == 0) return Constant(mean);
  const double cut = bound / parent_std;
  return {.distribution = Distribution::kTruncatedNormal,
          .mean = mean,
          .std = parent_std * MomentsOfCut(-cut, cut).std,
          .bound = bound,
          .parent_std = parent_std,
          .low = -bound,
          .high = bound};
}

// The same, with `std` what results of a cut at `cut` standard deviations.
Values CorrectedTruncated(double mean, double std, double cut) {
  const double parent_std = std / MomentsOfCut(-cut, cut).std;
  return Truncated(mean, parent_std, cut * parent_std);
}

// --- What formulas are made of ----------------------------------------------------------------

double Fan(std::string_view mode, const Layer& layer) {
  if (mode == "fan_out") return layer.fan_out;
  if (mode == "fan_avg") return (layer.fan_in + layer.fan_out) / 2;
  if (mode == "fan_geo_avg") return std::sqrt(layer.fan_in * layer.fan_out);
  if (mode == "width") return Width(layer);
  return layer.fan_in;
}

const infer::Activation& ActivationBy(std::string_view gain_source, const Layer& layer) {
  static const infer::Activation& none = *new infer::Activation();
  if (gain_source == "none") return none;
  return gain_source == "preceding" ? layer.facts->preceding : layer.facts->following;
}

// Radford et al. 2019: each block adds twice to the residual stream, so that its variance grows by
// one per addition unless each is divided by the root of their number.
double DepthFactor(std::string_view depth, const Layer& layer) {
  if (!layer.facts->residual_output || depth == "none") return 1;
  const double blocks = std::max(1, layer.facts->block_count);
  if (depth == "blocks") return 1 / std::sqrt(blocks);
  if (depth == "additions") return 1 / std::sqrt(2 * blocks);
  return 1 / std::sqrt(2.0 * (std::max(0, layer.facts->block_index) + 1));
}
double DepthFactor(const SchemeCall& call, const Layer& layer) {
  return DepthFactor(call.Word("depth"), layer);
}

// --- One function for each formula ------------------------------------------------------------

double XavierGain(const SchemeCall& call, const Layer& layer) {
  return call.Number("gain") * TorchGain(ActivationBy(call.Word("gain_source"), layer));
}
double XavierStd(const SchemeCall& call, const Layer& layer) {
  return XavierGain(call, layer) / std::sqrt(Fan("fan_avg", layer)) * DepthFactor(call, layer);
}
Drawn XavierUniform(const SchemeCall& call, const Layer& layer) {
  return {Uniform(0, XavierStd(call, layer)), XavierGain(call, layer)};
}
Drawn XavierNormal(const SchemeCall& call, const Layer& layer) {
  return {Normal(0, XavierStd(call, layer)), XavierGain(call, layer)};
}

double KaimingGain(const SchemeCall& call, const Layer& layer) {
  const double slope = call.Number("slope");
  if (slope >= 0) return call.Number("gain") * ForwardGain({"leaky_relu", slope});
  return call.Number("gain") * ForwardGain(ActivationBy(call.Word("gain_source"), layer));
}
double KaimingStd(const SchemeCall& call, const Layer& layer) {
  return KaimingGain(call, layer) / std::sqrt(Fan(call.Word("mode"), layer)) *
         DepthFactor(call, layer);
}
Drawn KaimingUniform(const SchemeCall& call, const Layer& layer) {
  return {Uniform(0, KaimingStd(call, layer)), KaimingGain(call, layer)};
}
Drawn KaimingNormal(const SchemeCall& call, const Layer& layer) {
  return {Normal(0, KaimingStd(call, layer)), KaimingGain(call, layer)};
}

double LecunStd(const SchemeCall& call, const Layer& layer) {
  return call.Number("gain") / std::sqrt(layer.fan_in) * DepthFactor(call, layer);
}
Drawn LecunUniform(const SchemeCall& call, const Layer& layer) {
  return {Uniform(0, LecunStd(call, layer)), call.Number("gain")};
}
Drawn LecunNormal(const SchemeCall& call, const Layer& layer) {
  return {CorrectedTruncated(0, LecunStd(call, layer), 2), call.Number("gain")};
}

Drawn VarianceScaling(const SchemeCall& call, const Layer& layer) {
  const double gain = std::sqrt(call.Number("scale"));
  const double std = gain / std::sqrt(Fan(call.Word("mode"), layer)) * DepthFactor(call, layer);
  const std::string_view shape = call.Word("distribution");
  if (shape == "normal") return {Normal(0, std), gain};
  if (shape == "uniform") return {Uniform(0, std), gain};
  return {CorrectedTruncated(0, std, call.Number("bounds")), gain};
}

Drawn NormalScheme(const SchemeCall& call, const Layer& layer) {
  return {Normal(call.Number("mean"), call.Number("std") * DepthFactor(call, layer))};
}

Drawn TruncatedNormal(const SchemeCall& call, const Layer& layer) {
  const double factor = DepthFactor(call, layer);
  const double mean = call.Number("mean");
  const double std = call.Number("std");
  const double bounds = call.Number("bounds");
  const double cut = call.Word("unit") == "sigma" || std == 0 ? bounds : bounds / std;
  if (call.Word("corrected") == "yes") return {CorrectedTruncated(mean, std * factor, cut)};
  return {Truncated(mean, std * factor, cut * std * factor)};
}

Drawn UniformScheme(const SchemeCall& call, const Layer&) {
  const double a = call.Number("a");
  const double b = call.Number("b");
  return {Uniform((a + b) / 2, std::fabs(b - a) / 2 / std::numbers::sqrt3)};
}

Drawn ConstantScheme(const SchemeCall& call, const Layer&) {
  return {Constant(call.Number("value"))};
}
Drawn Zeros(const SchemeCall&, const Layer&) { return {Constant(0)}; }
Drawn Ones(const SchemeCall&, const Layer&) { return {Constant(1)}; }

Drawn Structured(Distribution distribution, const SchemeCall& call) {
  const double gain = call.Number("gain");
  return {{.distribution = distribution, .gain = gain}, gain};
}
Drawn Orthogonal(const SchemeCall& call, const Layer&) {
  return Structured(Distribution::kOrthogonal, call);
}
Drawn DeltaOrthogonal(const SchemeCall& call, const Layer&) {
  return Structured(Distribution::kDeltaOrthogonal, call);
}
Drawn Dirac(const SchemeCall& call, const Layer&) { return Structured(Distribution::kDirac, call); }
Drawn Identity(const SchemeCall& call, const Layer&) {
  return Structured(Distribution::kIdentity, call);
}

Drawn Sparse(const SchemeCall& call, const Layer&) {
  return {{.distribution = Distribution::kSparse,
           .std = call.Number("std"),
           .sparsity = call.Number("sparsity")}};
}

constexpr auto kRows = std::to_array<SchemeRow>({
    {"constant", Needs::kNothing, kConstantParameters, "value", "", ConstantScheme},
    {"delta-orthogonal", Needs::kConvolution, kGainParameters,
     "gain * semi-orthogonal matrix at the centre tap, 0 elsewhere", "Xiao et al. 2018, 1806.05393",
     DeltaOrthogonal},
    {"dirac", Needs::kConvolution, kGainParameters, "passes channel i to output i, times gain",
     "torch.nn.init.dirac_", Dirac},
    {"identity", Needs::kMatrix, kGainParameters, "gain on the diagonal, 0 elsewhere",
     "torch.nn.init.eye_", Identity},
    {"kaiming-normal", Needs::kFans, kKaimingParameters, "normal, std = gain / sqrt(n)",
     "He et al. 2015, 1502.01852", KaimingNormal},
    {"kaiming-uniform", Needs::kFans, kKaimingParameters, "uniform, bound = gain * sqrt(3 / n)",
     "He et al. 2015, 1502.01852", KaimingUniform},
    {"lecun-normal", Needs::kFans, kLecunParameters,
     "normal, cut at 2 sigma, corrected std = gain / sqrt(fan_in)",
     "LeCun et al. 1998; keras LecunNormal", LecunNormal},
    {"lecun-uniform", Needs::kFans, kLecunParameters, "uniform, bound = gain * sqrt(3 / fan_in)",
     "LeCun et al. 1998; keras LecunUniform", LecunUniform},
    {"normal", Needs::kNothing, kNormalParameters, "normal(mean, std)", "", NormalScheme},
    {"ones", Needs::kNothing, kNoParameters, "1", "", Ones},
    {"orthogonal", Needs::kMatrix, kGainParameters, "gain * semi-orthogonal matrix",
     "Saxe et al. 2013, 1312.6120", Orthogonal},
    {"sparse", Needs::kMatrix, kSparseParameters,
     "normal(0, std); of each input's outputs a share is 0", "Martens 2010", Sparse},
    {"truncated-normal", Needs::kNothing, kTruncatedParameters,
     "normal(mean, std), cut at mean +- bounds", "", TruncatedNormal},
    {"uniform", Needs::kNothing, kUniformParameters, "uniform on [a, b)", "", UniformScheme},
    {"variance-scaling", Needs::kFans, kVarianceParameters, "std = sqrt(scale / n)",
     "keras VarianceScaling; jax.nn.initializers.variance_scaling", VarianceScaling},
    {"xavier-normal", Needs::kFans, kXavierParameters,
     "normal, std = gain * sqrt(2 / (fan_in + fan_out))", "Glorot, Bengio 2010", XavierNormal},
    {"xavier-uniform", Needs::kFans, kXavierParameters,
     "uniform, bound = gain * sqrt(6 / (fan_in + fan_out))", "Glorot, Bengio 2010", XavierUniform},
    {"zeros", Needs::kNothing, kNoParameters, "0", "", Zeros},
});

// Empty where the layer has what is needed.
std::string_view WhatLacks(Needs needs, const Layer& layer) {
  if (needs == Needs::kNothing) return {};
  if (!(layer.fan_in > 0) || !(layer.fan_out > 0)) return "its fans are not known";
  if (needs == Needs::kFans) return {};
  if (layer.facts->source == Source::kSparseInitializer)
    return "only some of its elements are stored";
  if (!HasMatrix(layer)) return "which of its axes are rows and columns is not known";
  if (needs == Needs::kConvolution && layer.facts->axes.kernel.empty()) {
    return "it has no kernel axes";
  }
  return {};
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
  if (!lack.empty()) {
    return absl::FailedPreconditionError(Text(call.row->name, " does not fit: ", lack));
  }
  return call.row->draw(call, layer);
}

}  // namespace onnx_reinit::plan
