// Tables of numbers that programs make, and the pattern that each of them follows.
#ifndef ONNX_REINIT_TESTS_INFER_MADE_TABLES_H_
#define ONNX_REINIT_TESTS_INFER_MADE_TABLES_H_

#include <ostream>
#include <string_view>
#include <vector>

#include "infer/fingerprint.h"
#include "infer/number_tables.h"

namespace onnx_reinit::test {

// The narrowest type whose rounding leaves enough of a table.
enum class Narrowest { kBfloat16, kFloat16, kFloat };

struct Made {
  std::string_view name;
  infer::Pattern pattern;
  Dims dims;
  At at;
  Narrowest narrowest = Narrowest::kBfloat16;
};

inline void PrintTo(const Made& made, std::ostream* out) { *out << made.name; }

std::vector<Made> MadeTables();

}  // namespace onnx_reinit::test

#endif  // ONNX_REINIT_TESTS_INFER_MADE_TABLES_H_
