// The part of a tensor's numbers that is looked at to tell what made them.
#ifndef ONNX_REINIT_INFER_SAMPLE_H_
#define ONNX_REINIT_INFER_SAMPLE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "wire/payload.h"
#include "wire/skeleton.h"

namespace onnx_reinit::infer {

// Half the distance between 1 and the next number.
inline constexpr double kFloatUnit = 0x1p-24;
inline constexpr double kFloat16Unit = 0x1p-11;
inline constexpr double kBfloat16Unit = 0x1p-8;

// Numbers of one line of a sample along one of its axes.
struct Line {
  const double* first = nullptr;
  size_t size = 0;
  size_t stride = 1;
  size_t position = 0;  // of its first number, along the axis in the whole tensor

  double operator[](size_t i) const { return first[i * stride]; }
};

using wire::Dims;

// A block of a tensor: whole lines along every axis but one, which may be cut, and those before it,
// which then have the extent 1.
struct Sample {
  Dims dims;                   // as many as the tensor has
  std::vector<double> values;  // row-major, as many as dims say; at least one
  size_t cut_axis = 0;
  size_t cut_begin = 0;  // where the block begins on that axis

  double unit = kFloatUnit;  // of its precision
  double largest = 0;        // the largest finite magnitude
  bool has_infinity = false;

  size_t rank() const { return dims.size(); }
  size_t Extent(size_t axis) const { return static_cast<size_t>(dims[axis]); }
  // Elements from one index of `axis` to the next.
  size_t Stride(size_t axis) const;
  // What numbers that should be equal may differ by.
  double Tolerance() const { return 4 * unit * largest; }
  // Axes with more than one element.
  size_t WideAxes() const;
};

// Calls `visit` with the lines along `axis` until one gives false; then that is the result.
template <typename Visit>
bool ForEachLine(const Sample& sample, size_t axis, Visit visit) {
  const size_t stride = sample.Stride(axis);
  const size_t size = sample.Extent(axis);
  const size_t position = axis == sample.cut_axis ? sample.cut_begin : 0;
  for (size_t begin = 0; begin < sample.values.size(); begin += stride * size) {
    for (size_t i = 0; i < stride; ++i) {
      if (!visit(Line{sample.values.data() + begin + i, size, stride, position})) return false;
    }
  }
  return true;
}

// Many relations that each hold by chance are evidence together. A number of the narrowest learned
// tensors (11 bits of precision) is right by chance once in about 2^10.
bool IsEvidence(size_t relations, const Sample& sample);

// At most kMaxSampled elements of `tensor`: all of them, or one block from its beginning and one
// from further on. Empty where there are none, or they are missing or cannot be read.
inline constexpr int64_t kMaxSampled = 65'536;
using Samples = absl::InlinedVector<Sample, 2>;
Samples TakeSamples(const wire::Tensor& tensor, const wire::ValueReader& values);

// A thousand numbers from all over a tensor that is too large to be read, in their order, as one
// line. Nothing where TakeSamples reads all, or they cannot be read.
std::optional<Sample> TakeProbes(const wire::Tensor& tensor, const wire::ValueReader& values);

// All numbers have so few significant bits as if that were their unit: a program of that precision
// may have made them.
bool HasUnit(const Sample& sample, double unit);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_SAMPLE_H_
