// One fill for each distribution, type and kind of quantization: what the golden file pins, and
// what must come out the same in any window, kernel and thread.
#ifndef ONNX_REINIT_TESTS_GEN_NAMED_FILLS_H_
#define ONNX_REINIT_TESTS_GEN_NAMED_FILLS_H_

#include <optional>
#include <string>
#include <vector>

#include "base/quantization.h"
#include "onnx_reinit/fill.h"

namespace onnx_reinit::gen {

struct NamedFill {
  std::string name;
  Fill fill;
  std::optional<Quantization> quantization;  // where it is on a grid
};

// Never empty; the first is a plain float32 normal of two axes. A few hundred elements each.
std::vector<NamedFill> NamedFills();

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_TESTS_GEN_NAMED_FILLS_H_
