#include <algorithm>
#include <map>
#include <string>
#include <string_view>
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

// By action, role, and scheme or why kept. In the order of the Role enumeration: weights, other
// learned tensors, the rest.
using Groups = std::map<std::tuple<Action, Role, std::string>, Group>;

// Rows of kept tensors of a role; what is beyond them is counted in one more.
constexpr int kMostReasons = 3;
constexpr std::string_view kOtherReasons = "other reasons; see plan --verbose";
constexpr std::string_view kKept = "kept: ";

void Add(const TensorPlan& tensor, Group& group) {
  if (group.first == nullptr) {
    group = {.least_std = tensor.std, .greatest_std = tensor.std, .first = &tensor};
  }
  ++group.tensors;
  group.elements += ElementsOf(tensor);
  group.least_std = std::min(group.least_std, tensor.std);
  group.greatest_std = std::max(group.greatest_std, tensor.std);
}

// Of what no training changes.
std::string_view WhyNeverTrained(Role role) {
  switch (role) {
    case Role::kQuantScale:
    case Role::kQuantZeroPoint:
      return "the grid of quantised tensors";
    case Role::kStructural:
      return "integers, truth values and text are not trained";
    case Role::kConstant:
      return "a constant of the program";
    default:
      return "nothing shows that it is trained";
  }
}

std::string WhyKept(const TensorPlan& tensor) {
  const size_t at = tensor.reason.rfind(kKept);
  if (at == std::string::npos) return std::string(WhyNeverTrained(tensor.role));
  return Printable(tensor.reason.substr(at + kKept.size()));
}

Groups GroupByRole(const Plan& plan) {
  Groups groups;
  std::map<Role, int> reasons;
  for (const TensorPlan& tensor : plan.tensors) {
    const bool is_kept = tensor.action == Action::kKeep;
    std::tuple key(tensor.action, tensor.role, is_kept ? WhyKept(tensor) : tensor.scheme);
    if (is_kept && !groups.contains(key) && ++reasons[tensor.role] > kMostReasons) {
      std::get<std::string>(key) = kOtherReasons;
    }
    Add(tensor, groups[key]);
  }
  return groups;
}

std::string ValuesOf(const Group& group) {
  const std::string least = FormatReal(group.least_std);
  const std::string greatest = FormatReal(group.greatest_std);
  if (greatest == "0") return FormatValues(*group.first);
  return absl::StrCat("std ", least, least == greatest ? "" : absl::StrCat(" to ", greatest));
}

TableRow RowOf(const Group& group, const std::string& scheme_or_reason) {
  const bool kept = group.first->action == Action::kKeep;
  return {{std::string(ToString(group.first->role)), FormatCount(group.tensors),
           FormatCount(group.elements), kept ? "kept" : Printable(scheme_or_reason),
           kept ? scheme_or_reason : ValuesOf(group)},
          kept ? Emphasis::kFaint : Emphasis::kNone};
}

}  // namespace

std::string PlanSummary(const Plan& plan, const TextStyle& style) {
  std::vector<TableRow> rows = {
      {{"role", "tensors", "elements", "scheme", "values, or why kept"}, Emphasis::kStrong}};
  for (const auto& [key, group] : GroupByRole(plan)) {
    rows.push_back(RowOf(group, std::get<std::string>(key)));
  }
  return absl::StrCat(FormatTotals(plan), "\n", AlignTable(std::move(rows), style));
}

}  // namespace onnx_reinit
