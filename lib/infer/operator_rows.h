// Tables that are sorted by the operator's domain and name.
#ifndef ONNX_REINIT_INFER_OPERATOR_ROWS_H_
#define ONNX_REINIT_INFER_OPERATOR_ROWS_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "absl/types/span.h"
#include "graph/graph.h"

namespace onnx_reinit::infer {

// How the operator of `row` stands to that of `other`, another row or a node: less than 0, 0 or
// more, as it stands before it, is the same, or stands after it.
template <typename Row, typename Other>
constexpr int CompareOperators(const Row& row, const Other& other) {
  const int domain = row.domain.compare(other.domain);
  return domain != 0 ? domain : row.op_type.compare(other.op_type);
}

template <typename Rows>
constexpr bool AreSortedByOperator(const Rows& rows) {
  return std::ranges::is_sorted(
      rows, [](const auto& a, const auto& b) { return CompareOperators(a, b) < 0; });
}

// Several times as many as there are operators in any table, so that hardly two share a place.
inline constexpr size_t kOperatorPlaces = 2048;

// Where the search for an operator begins: most names differ in length, first or last letter.
constexpr size_t OperatorPlace(std::string_view op_type) {
  if (op_type.empty()) return 0;
  const auto first = static_cast<unsigned char>(op_type.front());
  const auto last = static_cast<unsigned char>(op_type.back());
  return (first * 7U + last * 31U + op_type.size() * 151U) % kOperatorPlaces;
}

constexpr size_t NextOperatorPlace(size_t place) { return (place + 1) % kOperatorPlaces; }

// Consecutive rows of one operator.
struct OperatorRun {
  uint16_t first = 0;
  uint16_t count = 0;  // 0: the place is free, and a search that comes here ends
};

template <typename Rows>
constexpr std::array<OperatorRun, kOperatorPlaces> IndexOperators(const Rows& rows) {
  std::array<OperatorRun, kOperatorPlaces> runs = {};
  const size_t size = std::size(rows);
  for (size_t first = 0, end = 0; first < size; first = end) {
    while (end < size && CompareOperators(rows[end], rows[first]) == 0) ++end;
    size_t place = OperatorPlace(rows[first].op_type);
    while (runs[place].count > 0) place = NextOperatorPlace(place);
    runs[place] = {static_cast<uint16_t>(first), static_cast<uint16_t>(end - first)};
  }
  return runs;
}

template <const auto& kRows>
inline constexpr auto kOperatorRuns = IndexOperators(kRows);

// Where in kOperatorRuns<kRows> the run of that name is for whose rows `is_wanted` holds; else a
// free place.
template <const auto& kRows, typename IsWanted>
size_t FindRun(std::string_view op_type, IsWanted is_wanted) {
  static_assert(AreSortedByOperator(kRows));
  size_t place = OperatorPlace(op_type);
  for (; kOperatorRuns<kRows>[place].count > 0; place = NextOperatorPlace(place)) {
    const auto& row = kRows[kOperatorRuns<kRows>[place].first];
    if (row.op_type == op_type && is_wanted(row)) break;
  }
  return place;
}

// The run of a node's operator.
template <const auto& kRows>
size_t RunOf(const graph::Node& node) {
  return FindRun<kRows>(node.op_type, [&](const auto& row) { return row.domain == node.domain; });
}

// True where kRows, a table of the domain "", has the operator's name, whatever its domain is.
template <const auto& kRows>
bool HasName(std::string_view op_type) {
  const size_t place = FindRun<kRows>(op_type, [](const auto&) { return true; });
  return kOperatorRuns<kRows>[place].count > 0;
}

// The rows of a node's operator in the table kRows, in their order.
template <const auto& kRows>
auto RowsOf(const graph::Node& node) {
  const OperatorRun run = kOperatorRuns<kRows>[RunOf<kRows>(node)];
  return absl::MakeConstSpan(kRows).subspan(run.first, run.count);
}

// The one row of a node's operator; nullptr where there is none.
template <const auto& kRows>
auto RowOf(const graph::Node& node) {
  const auto found = RowsOf<kRows>(node);
  return found.empty() ? nullptr : found.data();
}

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_OPERATOR_ROWS_H_
