// THE tables of presets: for each, which scheme a role gets.
#ifndef ONNX_REINIT_PLAN_PRESETS_H_
#define ONNX_REINIT_PLAN_PRESETS_H_

#include <string_view>

#include "absl/types/span.h"
#include "onnx_reinit/options.h"
#include "plan/conditions.h"

namespace onnx_reinit::plan {

// The first row that fits decides.
struct PresetRow {
  Roles roles;
  BlockRoles block_roles;  // empty: any
  const Condition* when;
  std::string_view scheme;  // as users write it; "keep" leaves the tensor as it is
};

// A family's own code, row by row. What no row fits is for the rows of `auto`.
struct PresetTable {
  std::string_view name;
  std::string_view summary;
  std::string_view source;
  FanConvention convention;  // whose fans that code counts by
  absl::Span<const PresetRow> rows;
};

// Sorted by name.
absl::Span<const PresetTable> PresetTables();
// nullptr where there is none.
const PresetTable* FindPreset(std::string_view name);

// What a tensor is reset to, where its role has a value at which it has no effect.
absl::Span<const PresetRow> ResetRows();

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_PRESETS_H_
