// Laws that the numbers of one line may follow.
#ifndef ONNX_REINIT_INFER_LINE_FIT_H_
#define ONNX_REINIT_INFER_LINE_FIT_H_

#include <cstddef>

#include "infer/sample.h"

namespace onnx_reinit::infer {

enum class Fit {
  kNo,
  kIdle,  // it holds, but so it would for anything that hardly changes
  kYes,
};

struct LineFit {
  Fit fit = Fit::kNo;
  size_t relations = 0;  // how many numbers the law foretold
};

using LineTest = LineFit (*)(const Line& line, const Sample& sample);

// An arithmetic or geometric progression, either perhaps with each number repeated, with a few
// breaks (coordinates of a flattened grid, frequencies with an interpolated middle), with several
// progressions taking turns (boxes at every place of a grid), or shifted (1 - 2^-i), or a quadratic
// one.
LineFit FitProgression(const Line& line, const Sample& sample);

// One arithmetic progression without repeats or breaks.
LineFit FitPlainArithmetic(const Line& line, const Sample& sample);

// a + b sin(w i + c): every x[i-1] + x[i+1] - 2a is the same multiple, at most 2, of x[i] - a. At
// most a tenth of the places may break the law (two stacked tables). Rounding of w i, taken in
// float32, grows with i.
LineFit FitSinusoid(const Line& line, const Sample& sample);

// The same from both ends: x[i] = x[n-1-i], or x[i] = x[n-i] as periodic windows have it.
LineFit FitSymmetric(const Line& line, const Sample& sample);

// Every line along `axis` follows the law or is idle, and together they are evidence.
bool AllLinesFit(const Sample& sample, size_t axis, LineTest test);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_LINE_FIT_H_
