// Rows of cells -> aligned text.
#ifndef ONNX_REINIT_REPORT_TABLE_H_
#define ONNX_REINIT_REPORT_TABLE_H_

#include <string>
#include <vector>

#include "onnx_reinit/report.h"

namespace onnx_reinit::report {

enum class Emphasis { kNone, kStrong, kFaint };

// A row with one cell is a heading or a remark: it is printed as it is and widens no column.
struct TableRow {
  std::vector<std::string> cells;  // Printable()
  Emphasis emphasis = Emphasis::kNone;
};

// One line per row, columns two spaces apart. Columns whose every cell below the first row is a
// number stand to the right, others to the left. Where the lines would be wider than style.width,
// the cells of the last column are shortened, but to no less than 32 columns, and then those of the
// first, but to no less than 16.
std::string AlignTable(std::vector<TableRow> rows, const TextStyle& style);

}  // namespace onnx_reinit::report

#endif  // ONNX_REINIT_REPORT_TABLE_H_
