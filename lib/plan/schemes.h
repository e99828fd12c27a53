// THE table of schemes: each formula once, with its source.
#ifndef ONNX_REINIT_PLAN_SCHEMES_H_
#define ONNX_REINIT_PLAN_SCHEMES_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "onnx_reinit/fill.h"
#include "plan/layer.h"
#include "plan/scheme_call.h"

namespace onnx_reinit::plan {

struct Drawn {
  Values values;
  double gain = 1;  // the activation's, or the factor of a structured distribution
};

// What a layer must have for a scheme to be defined.
enum class Needs { kNothing, kFans, kMatrix, kConvolution };

struct SchemeRow {
  std::string_view name;
  Needs needs;
  absl::Span<const ParameterRow> parameters;
  std::string_view formula;
  std::string_view source;
  Drawn (*draw)(const SchemeCall& call, const Layer& layer);  // the layer has what is needed
};

// Sorted by name.
absl::Span<const SchemeRow> SchemeRows();
// nullptr where there is none.
const SchemeRow* FindScheme(std::string_view name);

// FailedPrecondition where the layer lacks what the scheme needs: says what.
absl::StatusOr<Drawn> Draw(const SchemeCall& call, const Layer& layer);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_SCHEMES_H_
