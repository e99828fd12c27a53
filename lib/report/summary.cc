#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/printable.h"
#include "onnx_reinit/report.h"
#include "report/format.h"
#include "report/table.h"

namespace onnx_reinit {
namespace {

using report::AlignTable;
using report::ElementsOf;
using report::Emphasis;
using report::FormatCount;
using report::FormatReal;
using report::FormatTotals;
using report::FormatValues;
using report::TableRow;

struct Group {
  int64_t tensors = 0;
  int64_t elements = 0;
  double least_std = 0;
  double greatest_std = 0;
  const TensorPlan* first = nullptr;
};

// In the order of the Role enumeration: weights, other learned tensors, the rest.
using Groups = std::map<std::tuple<Action, Role, std::string>, Group>;

void Add(const TensorPlan& tensor, Group& group) {
  if (group.first == nullptr) {
    group = {.least_std = tensor.std, .greatest_std = tensor.std, .first = &tensor};
  }
  ++group.tensors;
  group.elements += ElementsOf(tensor);
  group.least_std = std::min(group.least_std, tensor.std);
  group.greatest_std = std::max(group.greatest_std, tensor.std);
}

Groups GroupByRole(const Plan& plan) {
  Groups groups;
  for (const TensorPlan& tensor : plan.tensors) {
    Add(tensor, groups[{tensor.action, tensor.role, tensor.scheme}]);
  }
  return groups;
}

std::string ValuesOf(const Group& group) {
  const std::string least = FormatReal(group.least_std);
  const std::string greatest = FormatReal(group.greatest_std);
  if (greatest == "0") return FormatValues(*group.first);
  return absl::StrCat("std ", least, least == greatest ? "" : absl::StrCat(" to ", greatest));
}

TableRow RowOf(const Group& group) {
  const bool kept = group.first->action == Action::kKeep;
  return {{std::string(ToString(group.first->role)), FormatCount(group.tensors),
           FormatCount(group.elements), kept ? "kept" : Printable(group.first->scheme),
           kept ? Printable(group.first->reason) : ValuesOf(group)},
          kept ? Emphasis::kFaint : Emphasis::kNone};
}

}  // namespace

std::string PlanSummary(const Plan& plan, const TextStyle& style) {
  std::vector<TableRow> rows = {
      {{"role", "tensors", "elements", "scheme", "values, or why kept"}, Emphasis::kStrong}};
  for (const auto& [key, group] : GroupByRole(plan)) rows.push_back(RowOf(group));
  return absl::StrCat(FormatTotals(plan), "\n", AlignTable(std::move(rows), style));
}

}  // namespace onnx_reinit
