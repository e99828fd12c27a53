// A tensor seen as matrices: where element (row, column) of matrix `batch` at tap `kernel` lies.
#ifndef ONNX_REINIT_GEN_MATRIX_VIEW_H_
#define ONNX_REINIT_GEN_MATRIX_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "onnx_reinit/fill.h"

namespace onnx_reinit::gen {

// The four lists of offsets (in elements); an element's place is the sum of its four.
struct MatrixView {
  std::vector<uint64_t> batch;
  std::vector<uint64_t> row;
  std::vector<uint64_t> column;
  std::vector<uint64_t> kernel;
  size_t centre_low = 0;   // index into kernel of the tap (size - 1) / 2 of each axis
  size_t centre_high = 0;  // and of the tap size / 2

  // InvalidArgument where an axis of `dims` is in none or two of the lists.
  static absl::StatusOr<MatrixView> Create(const MatrixAxes& axes, absl::Span<const int64_t> dims);
};

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_MATRIX_VIEW_H_
