// Patterns of convolution kernels, and of lines along one axis.
#include <algorithm>
#include <cmath>
#include <vector>

#include "infer/line_fit.h"
#include "infer/patterns.h"

namespace onnx_reinit::infer::patterns {
namespace {

constexpr int64_t kLargestKernel = 64;

// [M, C, k...]: kernels side by side, each row-major.
struct Kernels {
  const Sample& sample;
  size_t size;  // of one

  size_t count() const { return sample.values.size() / size; }
  double at(size_t kernel, size_t i) const { return sample.values[kernel * size + i]; }
  bool IsZero(size_t kernel) const { return IsUniform(kernel) && at(kernel, 0) == 0; }
  bool IsUniform(size_t kernel) const {
    for (size_t i = 1; i < size; ++i) {
      if (at(kernel, i) != at(kernel, 0)) return false;
    }
    return true;
  }
};

// Of 1 where the sample is none.
Kernels KernelsOf(const Sample& sample) {
  size_t size = 1;
  if (sample.rank() < 3) return {sample, size};
  for (size_t axis = 2; axis < sample.rank(); ++axis) {
    if (sample.dims[axis] > kLargestKernel) return {sample, 1};
    size *= sample.Extent(axis);
  }
  return {sample, size};
}

// A learned vector that is repeated ([N, 1, D] tokens) is no kernel.
bool AreEqualOrZero(const Kernels& kernels, double tolerance) {
  if (kernels.sample.rank() < 4 || kernels.sample.dims[0] < 2) return false;
  size_t first = 0;
  while (first < kernels.count() && kernels.IsZero(first)) ++first;
  if (first == kernels.count() || kernels.IsUniform(first)) return false;
  size_t equal = 0;
  for (size_t kernel = first + 1; kernel < kernels.count(); ++kernel) {
    if (kernels.IsZero(kernel)) continue;
    for (size_t i = 0; i < kernels.size; ++i) {
      if (!(std::fabs(kernels.at(kernel, i) - kernels.at(first, i)) <= tolerance)) return false;
    }
    ++equal;
  }
  return equal > 0;
}

// Where element `i` of a kernel lands when `axis` is turned round.
size_t Mirrored(const Sample& sample, size_t i, size_t axis) {
  const size_t stride = sample.Stride(axis);
  const size_t extent = sample.Extent(axis);
  const size_t index = i / stride % extent;
  return i + (extent - 1 - index) * stride - index * stride;
}

// Relations that make the kernel the same, or the opposite, turned round on every axis; 0 where it
// is neither on one of them.
size_t SymmetricPlaces(const Kernels& kernels, size_t kernel, double tolerance) {
  size_t relations = 0;
  for (size_t axis = 2; axis < kernels.sample.rank(); ++axis) {
    if (kernels.sample.Extent(axis) < 3) return 0;
    size_t even = 0;
    size_t odd = 0;
    size_t places = 0;
    for (size_t i = 0; i < kernels.size; ++i) {
      const size_t j = Mirrored(kernels.sample, i, axis);
      if (j <= i) continue;
      ++places;
      even += std::fabs(kernels.at(kernel, i) - kernels.at(kernel, j)) <= tolerance;
      odd += std::fabs(kernels.at(kernel, i) + kernels.at(kernel, j)) <= tolerance;
    }
    if (even != places && odd != places) return 0;
    relations += places;
  }
  return relations;
}

// A learned bias of distances (|x - x'|, |y - y'|) has it on its diagonal.
bool HasOneNumberOnDiagonal(const Kernels& kernels, size_t kernel) {
  const Sample& sample = kernels.sample;
  const size_t extent = sample.Extent(sample.rank() - 1);
  if (extent * extent != kernels.size) return false;
  for (size_t i = 0; i < kernels.size; i += extent + 1) {
    if (kernels.at(kernel, i) != kernels.at(kernel, 0)) return false;
  }
  return true;
}

// Relations of numbers that are not 0 that make the kernel the same, or the opposite, turned by
// 180 degrees (a Gabor filter, a second derivative across); 0 where it is neither.
size_t ReflectedPlaces(const Kernels& kernels, size_t kernel, double tolerance) {
  size_t even = 0;
  size_t odd = 0;
  size_t zeros = 0;
  for (size_t i = 0, j = kernels.size - 1; i < j; ++i, --j) {
    const double a = kernels.at(kernel, i);
    const double b = kernels.at(kernel, j);
    zeros += a == 0 && b == 0;
    even += std::fabs(a - b) <= tolerance;
    odd += std::fabs(a + b) <= tolerance;
  }
  const size_t places = kernels.size / 2;
  const bool is_even = even == places && !HasOneNumberOnDiagonal(kernels, kernel);
  return is_even || odd == places ? places - zeros : 0;
}

bool AreSymmetric(const Kernels& kernels, double tolerance) {
  size_t relations = 0;
  for (size_t kernel = 0; kernel < kernels.count(); ++kernel) {
    if (kernels.IsUniform(kernel)) continue;
    const size_t places = std::max(SymmetricPlaces(kernels, kernel, tolerance),
                                   ReflectedPlaces(kernels, kernel, tolerance));
    if (places == 0) return false;
    relations += places;
  }
  return IsEvidence(relations, kernels.sample);
}

bool HasFittingAxis(const Sample& sample, LineTest test) {
  for (size_t axis = 0; axis < sample.rank(); ++axis) {
    if (sample.Extent(axis) > 1 && AllLinesFit(sample, axis, test)) return true;
  }
  return false;
}

bool IsOneNumber(const Line& line) {
  for (size_t i = 1; i < line.size; ++i) {
    if (line[i] != line[0]) return false;
  }
  return true;
}

bool ArePolynomialsAlong(const Sample& sample, size_t axis) {
  constexpr size_t kShortest = 5;
  const size_t size = sample.Extent(axis);
  if (size < kShortest || size * size < sample.values.size()) return false;
  const bool has_number = !ForEachLine(sample, axis, [](const Line& line) {
    return line[1] != line[0] || line[0] == 0 || !IsOneNumber(line);
  });
  if (!has_number) return false;
  size_t relations = 0;
  ForEachLine(sample, axis, [&](const Line& line) {
    const LineFit fit = IsOneNumber(line) ? LineFit{} : FitPlainArithmetic(line, sample);
    if (fit.fit == Fit::kYes) relations += fit.relations;
    return true;
  });
  return IsEvidence(relations, sample);
}

// Long runs of whole numbers, each twice or four times ... the one before: the strides of anchors.
bool AreStrides(const Sample& sample) {
  if (sample.WideAxes() != 1 || sample.values.size() < 32) return false;
  std::vector<double> runs = {sample.values[0]};
  for (const double value : sample.values) {
    if (value != runs.back()) runs.push_back(value);
  }
  if (runs.size() < 3 || runs.size() * 8 > sample.values.size()) return false;
  const double ratio = runs[1] / runs[0];
  for (size_t i = 1; i < runs.size(); ++i) {
    if (runs[i] != std::round(runs[i]) || runs[i] != ratio * runs[i - 1]) return false;
  }
  return ratio == 2 || ratio == 0.5 || ratio == 4 || ratio == 0.25;
}

}  // namespace

bool IsFixedKernel(const Sample& sample) {
  const Kernels kernels = KernelsOf(sample);
  if (kernels.size < 3) return false;
  return AreEqualOrZero(kernels, sample.Tolerance()) || AreSymmetric(kernels, sample.Tolerance());
}

bool IsQuadratureMirror(const Sample& sample) {
  if (sample.rank() < 2 || sample.dims.back() > kLargestKernel) return false;
  const size_t size = sample.Extent(sample.rank() - 1);
  if (sample.values.size() != 2 * size || size < 4 || size % 2 != 0) return false;
  const auto is_mirror = [&](double sign) {
    for (size_t i = 0; i < size; ++i) {
      const double low = sample.values[i];
      const double high = sample.values[2 * size - 1 - i] * (i % 2 == 0 ? sign : -sign);
      if (!(std::fabs(low - high) <= sample.Tolerance())) return false;
    }
    return true;
  };
  return IsEvidence(size - 1, sample) && (is_mirror(1) || is_mirror(-1));
}

bool IsSequence(const Sample& sample) {
  return HasFittingAxis(sample, FitProgression) || AreStrides(sample);
}

bool IsSinusoid(const Sample& sample) {
  return HasUnitPairs(sample) || HasFittingAxis(sample, FitSinusoid);
}

bool IsPolynomialBasis(const Sample& sample) {
  if (sample.WideAxes() != 2) return false;
  for (size_t axis = 0; axis < sample.rank(); ++axis) {
    if (ArePolynomialsAlong(sample, axis)) return true;
  }
  return false;
}

bool IsWindow(const Sample& sample) {
  if (sample.values.size() < 8) return false;
  size_t wide = 0;
  for (size_t axis = 0; axis < sample.rank(); ++axis) {
    if (sample.Extent(axis) < 2) continue;
    if (++wide > 2 || !AllLinesFit(sample, axis, FitSymmetric)) return false;
  }
  return wide > 0;
}

}  // namespace onnx_reinit::infer::patterns
