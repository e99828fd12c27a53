// THE table of schemes: each formula once, with its source.
#ifndef ONNX_REINIT_PLAN_SCHEMES_H_
#define ONNX_REINIT_PLAN_SCHEMES_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "plan/conditions.h"
#include "plan/formulas.h"
#include "plan/layer.h"
#include "plan/scheme_call.h"

namespace onnx_reinit::plan {

// What a layer must have for the formula. A formula by fans aims at the scale that the network
// sees: of a weight that is used times a constant, the product is as it says. All others say what
// is stored.
enum class Needs { kNothing, kFans, kMatrix, kConvolution };

struct SchemeRow {
  std::string_view name;
  std::string_view formula;
  std::string_view source;
  absl::Span<const ParameterRow> parameters;
  // What --scheme gives it to; empty: it is for rules and recipes only.
  Roles roles;
  const Condition* when;
  Needs needs;
  Formula* draw;
};

// Sorted by name.
absl::Span<const SchemeRow> SchemeRows();
// nullptr where there is none.
const SchemeRow* FindScheme(std::string_view name);

// FailedPrecondition where the layer lacks what the scheme needs: says what.
absl::StatusOr<Drawn> Draw(const SchemeCall& call, const Layer& layer);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_SCHEMES_H_
