#include "report/format.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/checked_math.h"
#include "base/printable.h"

namespace onnx_reinit::report {

std::string FormatCount(int64_t count) {
  const std::string digits = absl::StrCat(count);
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    const bool after_digit = i > 0 && digits[i - 1] != '-';
    if (after_digit && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

std::string FormatBytes(uint64_t bytes) {
  constexpr std::array<const char*, 6> kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes < 1024) return absl::StrCat(bytes, " B");
  double amount = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  for (; amount >= 1024 && unit + 1 < kUnits.size(); ++unit) amount /= 1024;
  return absl::StrFormat("%.1f %s", amount, kUnits[unit]);
}

std::string FormatReal(double value) { return absl::StrFormat("%.3g", value); }

std::string FormatDims(absl::Span<const int64_t> dims) {
  return dims.empty() ? "scalar" : absl::StrJoin(dims, "x");
}

std::string FormatPlural(int64_t count, const std::string& noun) {
  return absl::StrCat(FormatCount(count), " ", noun, count == 1 ? "" : "s");
}

std::string FormatIdentity(const TensorPlan& tensor) {
  const std::string name = Printable(tensor.name);
  return tensor.scope.empty() ? name : absl::StrCat(Printable(tensor.scope), "/", name);
}

std::string FormatRole(const TensorPlan& tensor) {
  const std::string block_role(ToString(tensor.block_role));
  return absl::StrCat(std::string(ToString(tensor.role)), block_role.empty() ? "" : " ",
                      block_role);
}

std::string FormatValues(const TensorPlan& tensor) {
  if (tensor.action == Action::kKeep) return "";
  if (tensor.std == 0) return FormatReal(tensor.mean);
  std::string values = absl::StrCat("std ", FormatReal(tensor.std));
  if (tensor.mean != 0) absl::StrAppend(&values, " around ", FormatReal(tensor.mean));
  if (tensor.bound > 0) absl::StrAppend(&values, " within ", FormatReal(tensor.bound));
  return values;
}

std::string FormatTotals(const Plan& plan) {
  int64_t changed = 0;
  int64_t elements = 0;
  for (const TensorPlan& tensor : plan.tensors) {
    if (tensor.action == Action::kKeep) continue;
    ++changed;
    elements += ElementsOf(tensor);
  }
  const int64_t kept = static_cast<int64_t>(plan.tensors.size()) - changed;
  return absl::StrCat(
      FormatPlural(changed, "tensor"), " (", FormatPlural(elements, "element"),
      ") with new values, ", FormatCount(kept), " kept; seed ", plan.seed, ", preset ",
      Printable(plan.preset),
      plan.preset_reason.empty() ? "" : absl::StrCat(" (", Printable(plan.preset_reason), ")"));
}

int64_t ElementsOf(const TensorPlan& tensor) { return ElementCount(tensor.dims).value_or(0); }

}  // namespace onnx_reinit::report
