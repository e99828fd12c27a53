// One line of text that says what a nonlinearity or a normalisation computes, and its value on a
// grid:
//
//   0.5 * x * (1 + erf(x / 1.41421356))
//   (x - mean(x)) / sqrt(mean((x - mean(x)) ^ 2))
//
// Numbers, `x`, the parameter `a`, + - * / ^, a > b (1 or 0), parentheses, and the functions abs,
// erf, exp, log, sqrt, tanh, min, max, where; mean, sum and norm over a row, across(y) for the mean
// over a column; f(p), in a fit only, what the arithmetic in question makes of the number p.
#ifndef ONNX_REINIT_INFER_FORMULA_H_
#define ONNX_REINIT_INFER_FORMULA_H_

#include <functional>
#include <string_view>
#include <vector>

#include "infer/grid.h"

namespace onnx_reinit::infer {

class Formula {
 public:
  // Asserts that `text` is right: the texts are the program's own.
  explicit Formula(std::string_view text);

  Grid Evaluate(const Grid& x, double a) const;
  // Of a text without x: the parameter that `f` says.
  double Fit(const std::function<double(double)>& f) const;
  // How far each element may be off when the numbers of the text have been rounded, as exporters
  // to narrow types do: to one part in a thousand, whole ones (which narrow types hold exactly, but
  // scaled integers do not) to one in a million.
  Grid Slack(const Grid& x, double a) const;

 private:
  enum class Code { kNumber, kX, kParameter, kPoint, kUnary, kBinary, kWhere, kReduce };
  struct Step {
    Code code;
    double number = 0;
    double (*unary)(double) = nullptr;
    double (*binary)(double, double) = nullptr;
    Reduction reduction = Reduction::kSum;
    GridAxis axis = GridAxis::kAlong;
  };
  class Parser;
  class Machine;

  std::vector<Step> steps_;  // in the order in which a stack machine takes them
};

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_FORMULA_H_
