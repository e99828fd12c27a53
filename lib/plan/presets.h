// THE tables of presets: for each, which scheme a role gets.
#ifndef ONNX_REINIT_PLAN_PRESETS_H_
#define ONNX_REINIT_PLAN_PRESETS_H_

#include <string_view>

#include "absl/types/span.h"
#include "plan/conditions.h"

namespace onnx_reinit::plan {

// The first row that fits decides.
struct PresetRow {
  Roles roles;
  BlockRoles block_roles;  // empty: any
  const Condition* when;
  std::string_view scheme;  // as users write it; "keep" leaves the tensor as it is
};

struct PresetTable {
  std::string_view name;
  std::string_view summary;
  std::string_view source;
  absl::Span<const PresetRow> rows;
};

// Sorted by name.
absl::Span<const PresetTable> PresetTables();
// nullptr where there is none.
const PresetTable* FindPreset(std::string_view name);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_PRESETS_H_
