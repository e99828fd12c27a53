#include <algorithm>
#include <map>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/element_type.h"
#include "base/printable.h"
#include "onnx_reinit/report.h"
#include "report/format.h"
#include "report/table.h"

namespace onnx_reinit {
namespace {

using report::AlignTable;
using report::Emphasis;
using report::FormatDims;
using report::FormatIdentity;
using report::FormatPlural;
using report::FormatRole;
using report::FormatTotals;
using report::FormatValues;
using report::TableRow;

// Tensors of each block in the order of the file; those outside any block under -1.
using Blocks = std::map<int, std::vector<const TensorPlan*>>;

bool IsCountedOnly(const TensorPlan& tensor, const TextStyle& style) {
  return !style.verbose && tensor.action == Action::kKeep && !IsLearned(tensor.role);
}

Blocks GroupByBlock(const Plan& plan, const TextStyle& style) {
  Blocks blocks;
  for (const TensorPlan& tensor : plan.tensors) {
    if (!IsCountedOnly(tensor, style)) blocks[tensor.block_index].push_back(&tensor);
  }
  return blocks;
}

std::string FormatFan(const TensorPlan& tensor, int64_t fan) {
  return IsWeight(tensor.role) ? absl::StrCat(fan) : "";
}

TableRow RowOf(const TensorPlan& tensor) {
  const bool kept = tensor.action == Action::kKeep;
  return {{FormatIdentity(tensor), FormatDims(tensor.dims),
           absl::AsciiStrToLower(ElementTypeName(tensor.data_type)), FormatRole(tensor),
           FormatFan(tensor, tensor.fan_in), FormatFan(tensor, tensor.fan_out),
           Printable(tensor.following_activation), kept ? "kept" : Printable(tensor.scheme),
           FormatValues(tensor)},
          kept ? Emphasis::kFaint : Emphasis::kNone};
}

std::string BlockHeading(int block_index, const std::vector<const TensorPlan*>& tensors) {
  if (block_index < 0) return "outside the blocks";
  return absl::StrCat("block ", block_index + 1, " of ", tensors.front()->block_count);
}

void AppendBlock(const std::vector<const TensorPlan*>& tensors, const TextStyle& style,
                 std::vector<TableRow>& rows) {
  for (const TensorPlan* tensor : tensors) {
    rows.push_back(RowOf(*tensor));
    if (style.verbose) {
      rows.push_back({{absl::StrCat("    ", Printable(tensor->reason))}, Emphasis::kFaint});
    }
  }
}

std::string CountedOnlyLine(const Plan& plan, const TextStyle& style) {
  const auto count = std::count_if(plan.tensors.begin(), plan.tensors.end(),
                                   [&](const TensorPlan& t) { return IsCountedOnly(t, style); });
  if (count == 0) return "";
  return absl::StrCat("not shown: ", FormatPlural(count, "tensor"),
                      " that no training changes (--verbose lists them)\n");
}

}  // namespace

std::string PlanTable(const Plan& plan, const TextStyle& style) {
  std::vector<TableRow> rows = {
      {{"tensor", "shape", "type", "role", "fan_in", "fan_out", "activation", "scheme", "values"},
       Emphasis::kStrong}};
  const Blocks blocks = GroupByBlock(plan, style);
  const bool has_blocks = !blocks.empty() && blocks.rbegin()->first >= 0;
  for (const auto& [block_index, tensors] : blocks) {
    if (has_blocks) rows.push_back({{BlockHeading(block_index, tensors)}, Emphasis::kStrong});
    AppendBlock(tensors, style, rows);
  }
  return absl::StrCat(AlignTable(std::move(rows), style), CountedOnlyLine(plan, style),
                      FormatTotals(plan), "\n");
}

}  // namespace onnx_reinit
