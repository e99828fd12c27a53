// Tables that are sorted by the operator's domain and name.
#ifndef ONNX_REINIT_INFER_OPERATOR_ROWS_H_
#define ONNX_REINIT_INFER_OPERATOR_ROWS_H_

#include <algorithm>
#include <iterator>
#include <string_view>

#include "absl/types/span.h"
#include "graph/graph.h"

namespace onnx_reinit::infer {

// Less than 0, 0, or more, as `a` stands before `b`, is the same, or stands after it. Most names
// differ in one of the first letters: that takes less time than a call of memcmp.
constexpr int Compare(std::string_view a, std::string_view b) {
  const size_t shorter = std::min(a.size(), b.size());
  for (size_t i = 0; i < shorter; ++i) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return a.size() == b.size() ? 0 : (a.size() < b.size() ? -1 : 1);
}

// How the operator of `row` stands to that of `other`, another row or a node.
template <typename Row, typename Other>
constexpr int CompareOperators(const Row& row, const Other& other) {
  const int domain = Compare(row.domain, other.domain);
  return domain != 0 ? domain : Compare(row.op_type, other.op_type);
}

template <typename Rows>
constexpr bool AreSortedByOperator(const Rows& rows) {
  return std::ranges::is_sorted(
      rows, [](const auto& a, const auto& b) { return CompareOperators(a, b) < 0; });
}

// The rows of a node's operator, in their order.
template <typename Rows>
auto RowsOf(const graph::Node& node, const Rows& rows) {
  const auto first = std::ranges::partition_point(
      rows, [&](const auto& row) { return CompareOperators(row, node) < 0; });
  const auto last = std::find_if(first, std::end(rows),
                                 [&](const auto& row) { return CompareOperators(row, node) != 0; });
  return absl::MakeSpan(first, static_cast<size_t>(last - first));
}

// The one row of a node's operator; nullptr where there is none.
template <typename Rows>
auto RowOf(const graph::Node& node, const Rows& rows) {
  const auto found = RowsOf(node, rows);
  return found.empty() ? nullptr : found.data();
}

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_OPERATOR_ROWS_H_
