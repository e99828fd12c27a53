#include "gen/named_fills.h"

#include <utility>

#include "base/element_type.h"

namespace onnx_reinit::gen {
namespace {

using enum Distribution;
using enum ElementType;

const Values kUnitNormal = {.distribution = kNormal, .std = 1};
const MatrixAxes kLinear = {.batch = {}, .output = {0}, .input = {1}, .kernel = {}};
const MatrixAxes kConv = {.batch = {}, .output = {0}, .input = {1}, .kernel = {2, 3}};

Fill One(ElementType type, const Values& values, std::vector<int64_t> dims = {7, 45},
         const MatrixAxes& matrix = {}) {
  Fill fill;
  fill.dims = std::move(dims);
  fill.data_type = static_cast<int32_t>(type);
  fill.pieces = {{.label = "", .values = values, .matrix = matrix}};
  return fill;
}

NamedFill Quantized(std::string name, ElementType type, int axis, int64_t block_size, size_t groups,
                    float zero_point) {
  Quantization quantization;
  for (size_t i = 0; i < groups; ++i) {
    quantization.scale.push_back(0.25f / static_cast<float>(i % 5 + 1));
    quantization.zero_point.push_back(zero_point);
  }
  quantization.axis = axis;
  quantization.block_size = block_size;
  return {std::move(name), One(type, kUnitNormal), std::move(quantization)};
}

Fill Gates() {
  Fill fill = One(kFloat, kUnitNormal, {2, 80, 3});
  const MatrixAxes per_direction = {.batch = {0}, .output = {1}, .input = {2}, .kernel = {}};
  fill.pieces.clear();
  for (int64_t gate = 0; gate < 4; ++gate) {
    const bool orthogonal = gate % 2 == 1;
    fill.pieces.push_back({.label = "gate",
                           .axis = 1,
                           .begin = gate * 20,
                           .end = gate * 20 + 20,
                           .values = orthogonal ? Values{.distribution = kOrthogonal} : kUnitNormal,
                           .matrix = per_direction});
  }
  return fill;
}

}  // namespace

std::vector<NamedFill> NamedFills() {
  const Values two_sigma = {
      .distribution = kTruncatedNormal, .parent_std = 0.5, .low = -1, .high = 1};
  const Values six_sigma = {
      .distribution = kTruncatedNormal, .mean = 1, .parent_std = 0.02, .low = -2, .high = 2};
  return {
      {"Normal", One(kFloat, {.distribution = kNormal, .std = 0.02})},
      {"NormalAboutOne", One(kFloat, {.distribution = kNormal, .mean = 1, .std = 2})},
      {"Uniform", One(kFloat, {.distribution = kUniform, .bound = 0.1})},
      {"UniformAboutOne", One(kFloat, {.distribution = kUniform, .mean = 1, .bound = 0.1})},
      {"CutAtTwoSigma", One(kFloat, two_sigma)},
      {"CutAtSixSigma", One(kFloat, six_sigma)},
      {"Constant", One(kFloat, {.mean = 0.25})},
      {"Float16Normal", One(kFloat16, kUnitNormal)},
      {"Float16Saturating", One(kFloat16, {.distribution = kNormal, .std = 50000})},
      {"Bfloat16Normal", One(kBfloat16, kUnitNormal)},
      {"Bfloat16Uniform", One(kBfloat16, {.distribution = kUniform, .bound = 0.1})},
      {"Float16CutAtTwoSigma", One(kFloat16, two_sigma)},
      {"DoubleNormal", One(kDouble, kUnitNormal)},
      {"Float8E4M3FN", One(kFloat8E4M3FN, kUnitNormal)},
      {"Float8E4M3FNUZ", One(kFloat8E4M3FNUZ, kUnitNormal)},
      {"Float8E5M2", One(kFloat8E5M2, kUnitNormal)},
      {"Float8E5M2FNUZ", One(kFloat8E5M2FNUZ, kUnitNormal)},
      {"Float4E2M1", One(kFloat4E2M1, kUnitNormal)},
      Quantized("Int8PerTensor", kInt8, -1, 0, 1, 0),
      Quantized("Uint8PerColumn", kUint8, 1, 0, 45, 128),
      Quantized("Int16PerRow", kInt16, 0, 0, 7, 0),
      Quantized("Uint16PerTensor", kUint16, -1, 0, 1, 32768),
      Quantized("Int32PerRow", kInt32, 0, 0, 7, 0),
      Quantized("Uint4PerBlock", kUint4, 1, 16, 21, 8),
      Quantized("Int4PerRow", kInt4, 0, 0, 7, 0),
      Quantized("Uint2PerTensor", kUint2, -1, 0, 1, 2),
      Quantized("Int2PerTensor", kInt2, -1, 0, 1, 0),
      Quantized("Float8PerTensor", kFloat8E4M3FN, -1, 0, 1, 0),
      {"Orthogonal", One(kFloat, {.distribution = kOrthogonal, .gain = 2}, {9, 14}, kLinear)},
      {"OrthogonalFloat16", One(kFloat16, {.distribution = kOrthogonal}, {70, 5}, kLinear)},
      {"DeltaOrthogonal", One(kFloat, {.distribution = kDeltaOrthogonal}, {4, 3, 3, 3}, kConv)},
      {"Dirac", One(kFloat, {.distribution = kDirac}, {4, 3, 3, 3}, kConv)},
      {"Identity", One(kFloat, {.distribution = kIdentity}, {5, 5}, kLinear)},
      {"Sparse",
       One(kFloat, {.distribution = kSparse, .std = 0.01, .sparsity = 0.3}, {20, 9}, kLinear)},
      {"LogRange", One(kFloat, {.distribution = kLogRange}, {3, 16})},
      {"InverseSoftplus",
       One(kFloat, {.distribution = kInverseSoftplus, .low = 0.001, .high = 0.1}, {96})},
      {"Gates", Gates()},
  };
}

}  // namespace onnx_reinit::gen
