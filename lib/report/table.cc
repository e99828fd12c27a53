#include "report/table.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "report/printable.h"

namespace onnx_reinit::report {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kMinFirstColumn = 16;
constexpr size_t kMinLastColumn = 32;

struct Column {
  size_t width = 0;
  bool is_number = true;
};

bool IsNumber(std::string_view cell) {
  return std::all_of(cell.begin(), cell.end(),
                     [](char c) { return absl::ascii_isdigit(c) || c == ',' || c == '-'; });
}

std::vector<Column> Measure(const std::vector<TableRow>& rows) {
  std::vector<Column> columns;
  for (size_t r = 0; r < rows.size(); ++r) {
    const std::vector<std::string>& cells = rows[r].cells;
    if (cells.size() < 2) continue;
    columns.resize(std::max(columns.size(), cells.size()));
    for (size_t c = 0; c < cells.size(); ++c) {
      columns[c].width = std::max(columns[c].width, Columns(cells[c]));
      if (r > 0 && !IsNumber(cells[c])) columns[c].is_number = false;
    }
  }
  return columns;
}

// Takes from a column what the lines are too wide by, but leaves it `least` columns.
void FitColumn(size_t place, size_t least, std::string (*shorten)(std::string_view, size_t),
               const TextStyle& style, std::vector<Column>& columns, std::vector<TableRow>& rows) {
  size_t total = kGap * (columns.size() - 1);
  for (const Column& column : columns) total += column.width;
  const auto limit = static_cast<size_t>(style.width);
  if (total <= limit) return;
  size_t& width = columns[place].width;
  const size_t others = total - width;
  const size_t room = limit > others ? limit - others : 0;
  width = std::min(width, std::max(least, room));
  for (TableRow& row : rows) {
    if (row.cells.size() > std::max<size_t>(place, 1)) {
      row.cells[place] = shorten(row.cells[place], width);
    }
  }
}

void FitColumns(const TextStyle& style, std::vector<Column>& columns, std::vector<TableRow>& rows) {
  if (style.width <= 0 || columns.empty()) return;
  FitColumn(columns.size() - 1, kMinLastColumn, ShortenEnd, style, columns, rows);
  FitColumn(0, kMinFirstColumn, Shorten, style, columns, rows);
}

std::string FormatLine(const std::vector<std::string>& cells, const std::vector<Column>& columns) {
  if (cells.size() == 1) return cells[0];
  std::string line;
  for (size_t c = 0; c < cells.size(); ++c) {
    const std::string padding(columns[c].width - Columns(cells[c]), ' ');
    if (c > 0) line.append(kGap, ' ');
    absl::StrAppend(&line, columns[c].is_number ? padding : "", cells[c],
                    columns[c].is_number ? "" : padding);
  }
  absl::StripTrailingAsciiWhitespace(&line);
  return line;
}

const char* EscapeSequence(Emphasis emphasis) {
  switch (emphasis) {
    case Emphasis::kStrong:
      return "\x1b[1m";
    case Emphasis::kFaint:
      return "\x1b[2m";
    case Emphasis::kNone:
      break;
  }
  return "";
}

}  // namespace

std::string AlignTable(std::vector<TableRow> rows, const TextStyle& style) {
  std::vector<Column> columns = Measure(rows);
  FitColumns(style, columns, rows);
  std::string text;
  for (const TableRow& row : rows) {
    const bool emphasize = style.color && row.emphasis != Emphasis::kNone;
    absl::StrAppend(&text, emphasize ? EscapeSequence(row.emphasis) : "",
                    FormatLine(row.cells, columns), emphasize ? "\x1b[0m" : "", "\n");
  }
  return text;
}

}  // namespace onnx_reinit::report
