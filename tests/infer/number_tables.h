// Tables of numbers for tests: what programs make, and what training leaves.
#ifndef ONNX_REINIT_TESTS_INFER_NUMBER_TABLES_H_
#define ONNX_REINIT_TESTS_INFER_NUMBER_TABLES_H_

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "wire/skeleton.h"

namespace onnx_reinit::test {

using wire::Dims;
// An index, one number for each dim, as double.
using Index = absl::Span<const double>;
using At = std::function<double(Index index)>;

// Row-major.
std::vector<double> Tabulate(const Dims& dims, const At& at);

// Each gives the same numbers every time.
std::vector<double> NormalNoise(const Dims& dims);
std::vector<double> UniformNoise(const Dims& dims);
// Normal, rounded to 11 bits, the same 1021 numbers over and over: the learned values of the zoo.
std::vector<double> CoarseNoise(const Dims& dims);
// Normal, but the first row of the last axis but one is 0: an embedding's padding.
std::vector<double> PaddedNoise(const Dims& dims);
// Rows that follow each other smoothly, as trained positions do, up to a thousandth.
std::vector<double> SmoothRows(const Dims& dims);
// Nine in ten are 0.
std::vector<double> PrunedNoise(const Dims& dims);
// -1, 0 and 1.
std::vector<double> TernaryNoise(const Dims& dims);
// -1 and 1.
std::vector<double> BinaryNoise(const Dims& dims);
// Non-negative, half of it 0.
std::vector<double> RectifiedNoise(const Dims& dims);

}  // namespace onnx_reinit::test

#endif  // ONNX_REINIT_TESTS_INFER_NUMBER_TABLES_H_
