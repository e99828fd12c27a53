// The part of a tensor's numbers that is looked at to tell what made them.
#ifndef ONNX_REINIT_INFER_SAMPLE_H_
#define ONNX_REINIT_INFER_SAMPLE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "wire/payload.h"
#include "wire/skeleton.h"

namespace onnx_reinit::infer {

// Numbers of one line of a sample along one of its axes.
struct Line {
  const double* first = nullptr;
  size_t size = 0;
  size_t stride = 1;
  size_t position = 0;  // of its first number, along the axis in the whole tensor

  double operator[](size_t i) const { return first[i * stride]; }
};

// A block of a tensor: whole lines along every axis but one, which may be cut, and those before it,
// which then have the extent 1.
struct Sample {
  std::vector<int64_t> dims;   // as many as the tensor has
  std::vector<double> values;  // row-major, as many as dims say; at least one
  size_t cut_axis = 0;
  size_t cut_begin = 0;  // where the block begins on that axis

  double unit = 0;     // half the distance between 1 and the next number of its precision
  double largest = 0;  // the largest finite magnitude

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
bool ForEachLine(const Sample& sample, size_t axis, absl::FunctionRef<bool(const Line&)> visit);

// Many relations that each hold by chance are evidence together. A number of the narrowest learned
// tensors (11 bits of precision) is right by chance once in about 2^10.
bool IsEvidence(size_t relations, const Sample& sample);

// At most kMaxSampled elements of `tensor`: all of them, or one block from its beginning and one
// from its middle. Empty where there are none, or they are missing or cannot be read.
inline constexpr int64_t kMaxSampled = 65'536;
std::vector<Sample> TakeSamples(const wire::Tensor& tensor, const wire::ValueReader& values);

// The same numbers taken as float16 or bfloat16 values where that is all they are: a program of
// that precision made them. Nothing where they are finer.
std::optional<Sample> Coarser(const Sample& sample);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_SAMPLE_H_
