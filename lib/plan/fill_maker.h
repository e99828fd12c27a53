// Rules + facts -> the fill of one tensor.
#ifndef ONNX_REINIT_PLAN_FILL_MAKER_H_
#define ONNX_REINIT_PLAN_FILL_MAKER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "infer/facts.h"
#include "onnx_reinit/fill.h"
#include "onnx_reinit/options.h"
#include "plan/rules.h"
#include "wire/payload.h"

namespace onnx_reinit::plan {

struct FillChoice {
  std::optional<Fill> fill;  // nullopt: keep
  std::string scheme;        // name of the scheme, of the first part where they differ
  double gain = 0;           // likewise
  std::string reason;        // why these values, or why none
};

// What the first rule that fits gives each part of the tensor. `values` reads the scales of a
// quantised tensor; may be nullptr.
FillChoice ChooseFill(const infer::TensorFacts& facts, absl::Span<const Rule> rules,
                      FanConvention convention, const wire::ValueReader* values);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_FILL_MAKER_H_
