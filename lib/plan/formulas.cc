#include "plan/formulas.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>

#include "plan/gains.h"
#include "plan/moments.h"

namespace onnx_reinit::plan {
namespace {

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

Values TruncatedAtSigma(const SchemeCall& call, double mean, double std, double cut) {
  if (call.Word("corrected") == "yes") return CorrectedTruncated(mean, std, cut);
  return Truncated(mean, std, cut * std);
}

// --- What formulas are made of ----------------------------------------------------------------

// T5 leaves the scaling of attention out of the graph and draws queries that much smaller.
double HeadSize(const Layer& layer) {
  return layer.network->heads > 0 ? layer.fan_out / static_cast<double>(layer.network->heads) : 0;
}

double Fan(std::string_view mode, const Layer& layer) {
  if (mode == "fan_out") return layer.fan_out;
  if (mode == "fan_avg") return (layer.fan_in + layer.fan_out) / 2;
  if (mode == "fan_geo_avg") return std::sqrt(layer.fan_in * layer.fan_out);
  if (mode == "width") return Width(layer);
  if (mode == "hidden") return static_cast<double>(layer.facts->hidden_size);
  if (mode == "fan_in_x_head") return layer.fan_in * HeadSize(layer);
  return layer.fan_in;
}

using GainOf = double(const infer::Activation& activation);

double GainBy(std::string_view gain_source, const Layer& layer, GainOf* gain_of) {
  if (gain_source == "following") return gain_of(layer.facts->following);
  if (gain_source == "preceding") return gain_of(layer.facts->preceding);
  return 1;
}

// Each block adds once or twice to the residual stream, whose variance grows with every addition
// unless each is divided by the root of their number: Radford et al. 2019.
double DepthFactor(const SchemeCall& call, const Layer& layer) {
  const std::string_view depth = call.Word("depth");
  const double blocks = std::max(1, Blocks(layer));
  if (depth == "blocks") return 1 / std::sqrt(blocks);
  if (depth == "additions") return 1 / std::sqrt(2 * blocks);
  if (depth == "additions_so_far") {
    return 1 / std::sqrt(2.0 * (std::max(0, layer.facts->block_index) + 1));
  }
  return 1;
}

bool IsValueOrLater(BlockRole role) {
  return role == BlockRole::kValue || role == BlockRole::kAttentionOutput ||
         role == BlockRole::kMlpIn || role == BlockRole::kMlpGate ||
         role == BlockRole::kMlpGateUp || role == BlockRole::kMlpOutput;
}

double XavierStd(double gain, const Layer& layer) {
  return gain / std::sqrt((layer.fan_in + layer.fan_out) / 2);
}

}  // namespace

// --- By the fans ------------------------------------------------------------------------------

namespace {

double XavierGain(const SchemeCall& call, const Layer& layer) {
  return call.Number("gain") * GainBy(call.Word("gain_source"), layer, TorchGain);
}

double KaimingGain(const SchemeCall& call, const Layer& layer) {
  const double slope = call.Number("slope");
  if (slope != kNoSlope) return call.Number("gain") * std::sqrt(2 / (1 + slope * slope));
  return call.Number("gain") * GainBy(call.Word("gain_source"), layer, ForwardGain);
}

double KaimingStd(double gain, const SchemeCall& call, const Layer& layer) {
  return gain / std::sqrt(Fan(call.Word("mode"), layer)) * DepthFactor(call, layer);
}

double LecunStd(const SchemeCall& call, const Layer& layer) {
  return call.Number("gain") / std::sqrt(layer.fan_in) * DepthFactor(call, layer);
}

}  // namespace

Drawn XavierUniform(const SchemeCall& call, const Layer& layer) {
  const double gain = XavierGain(call, layer);
  return {Uniform(0, XavierStd(gain, layer) * DepthFactor(call, layer)), gain};
}

Drawn XavierNormal(const SchemeCall& call, const Layer& layer) {
  const double gain = XavierGain(call, layer);
  return {Normal(0, XavierStd(gain, layer) * DepthFactor(call, layer)), gain};
}

Drawn KaimingUniform(const SchemeCall& call, const Layer& layer) {
  const double gain = KaimingGain(call, layer);
  return {Uniform(0, KaimingStd(gain, call, layer)), gain};
}

Drawn KaimingNormal(const SchemeCall& call, const Layer& layer) {
  const double gain = KaimingGain(call, layer);
  return {Normal(0, KaimingStd(gain, call, layer)), gain};
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
  return {TruncatedAtSigma(call, 0, std, call.Number("bounds")), gain};
}

// --- By their own numbers ---------------------------------------------------------------------

Drawn ConstantValue(const SchemeCall& call, const Layer&) {
  return {Constant(call.Number("value"))};
}
Drawn LayerScale(const SchemeCall& call, const Layer&) { return {Constant(call.Number("eps"))}; }
Drawn Zeros(const SchemeCall&, const Layer&) { return {Constant(0)}; }
Drawn Ones(const SchemeCall&, const Layer&) { return {Constant(1)}; }

Drawn NormalNumbers(const SchemeCall& call, const Layer& layer) {
  return {Normal(call.Number("mean"), call.Number("std") * DepthFactor(call, layer))};
}

Drawn TruncatedNormal(const SchemeCall& call, const Layer& layer) {
  const double std = call.Number("std") * DepthFactor(call, layer);
  const bool is_absolute = call.Word("unit") == "absolute" && std > 0;
  const double cut = is_absolute ? call.Number("bounds") / std : call.Number("bounds");
  return {TruncatedAtSigma(call, call.Number("mean"), std, cut)};
}

Drawn UniformNumbers(const SchemeCall& call, const Layer&) {
  const double a = call.Number("a");
  const double b = call.Number("b");
  return {Uniform((a + b) / 2, std::fabs(b - a) / 2 / std::numbers::sqrt3)};
}

// --- Structured -------------------------------------------------------------------------------

namespace {

Drawn Structured(Distribution distribution, const SchemeCall& call) {
  const double gain = call.Number("gain");
  return {{.distribution = distribution, .gain = gain}, gain};
}

}  // namespace

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

Drawn LogRange(const SchemeCall&, const Layer&) {
  return {{.distribution = Distribution::kLogRange}};
}

Drawn InverseSoftplus(const SchemeCall& call, const Layer&) {
  return {{.distribution = Distribution::kInverseSoftplus,
           .low = call.Number("low"),
           .high = call.Number("high")}};
}

// --- By the layer's place in the network ------------------------------------------------------

Drawn SmallInit(const SchemeCall&, const Layer& layer) {
  return {Normal(0, std::sqrt(2 / (5 * Width(layer))))};
}

Drawn WangInit(const SchemeCall&, const Layer& layer) {
  return {Normal(0, 2 / (Blocks(layer) * std::sqrt(Width(layer))))};
}

// The first layer spans the frequencies, the others keep the distribution of their sines.
Drawn Siren(const SchemeCall& call, const Layer& layer) {
  const bool is_first = layer.facts->preceding.name != "sin";
  const double bound =
      is_first ? 1 / layer.fan_in : std::sqrt(6 / layer.fan_in) / call.Number("omega");
  return {Uniform(0, bound / std::numbers::sqrt3)};
}

// With m layers on each of B branches: the last is 0, the others are divided by B^(1 / (2m - 2)).
Drawn Fixup(const SchemeCall&, const Layer& layer) {
  const bool is_on_branch = layer.facts->residual_branch_layers > 0;
  if (layer.block_role == BlockRole::kHead) return {Constant(0)};
  if (is_on_branch && layer.facts->residual_output) return {Constant(0)};
  const double m = layer.facts->residual_branch_layers;
  const double factor = m > 1 ? std::pow(Blocks(layer), -1 / (2 * m - 2)) : 1;
  return {Normal(0, std::sqrt(2 / layer.fan_out) * factor), std::numbers::sqrt2};
}

Drawn TFixup(const SchemeCall& call, const Layer& layer) {
  const double blocks = std::max(1, Blocks(layer));
  if (layer.role == Role::kEmbedding) {
    return {Normal(0, std::pow(9 * blocks, -0.25) / std::sqrt(Width(layer)))};
  }
  const double gain =
      IsValueOrLater(layer.block_role) ? call.Number("factor") * std::pow(blocks, -0.25) : 1;
  return {Uniform(0, XavierStd(gain, layer)), gain};
}

namespace {

double DeepNormGain(const SchemeCall& call, double blocks) {
  const std::string_view stack = call.Word("stack");
  if (stack == "decoder") return std::pow(12 * blocks, -0.25);
  if (stack == "alone") return std::pow(8 * blocks, -0.25);
  return 0.87 * std::pow(std::pow(blocks, 4) * call.Number("decoder"), -1.0 / 16);
}

}  // namespace

Drawn DeepNorm(const SchemeCall& call, const Layer& layer) {
  const double gain =
      IsValueOrLater(layer.block_role) ? DeepNormGain(call, std::max(1, Blocks(layer))) : 1;
  return {Normal(0, XavierStd(gain, layer)), gain};
}

// Only matrices between two layers of the width that grows have a scale that depends on it.
Drawn Mup(const SchemeCall& call, const Layer& layer) {
  const bool is_matrix = layer.role == Role::kLinear || layer.role == Role::kConv ||
                         layer.role == Role::kConvTranspose;
  const bool is_hidden = is_matrix && layer.block_role != BlockRole::kStem &&
                         layer.block_role != BlockRole::kPatchEmbedding &&
                         layer.block_role != BlockRole::kHead;
  const double factor = is_hidden ? std::sqrt(call.Number("base") / layer.fan_in) : 1;
  return {Normal(0, call.Number("std") * factor)};
}

}  // namespace onnx_reinit::plan
