// The values that a tensor gets, as plain data: written by `plan`, carried out by `gen`.
#ifndef ONNX_REINIT_FILL_H_
#define ONNX_REINIT_FILL_H_

#include <cstdint>
#include <string>
#include <vector>

namespace onnx_reinit {

enum class Distribution {
  kConstant,         // every element = mean
  kUniform,          // [mean - bound, mean + bound)
  kNormal,           // mean, std
  kTruncatedNormal,  // normal of `parent_std` around mean, cut at mean + [low, high]; std is what
                     // results
  kOrthogonal,       // semi-orthogonal matrix x gain (see Matrix)
  kDeltaOrthogonal,  // convolution: zero but for the centre tap, which is semi-orthogonal x gain
  kDirac,            // convolution: passes channel i of its group to output i, times gain
  kIdentity,         // matrix: ones on the diagonal, times gain
  kSparse,    // normal(mean, std), with a fraction `sparsity` of each input's outputs set to 0
  kLogRange,  // log(1), log(2), ... along the last axis, repeated over the others (state-space
              // A_log)
  kInverseSoftplus,  // x such that softplus(x) is log-uniform on [low, high) (state-space dt bias)
};

// One distribution with its numbers. Fields that the distribution does not use are 0.
struct Values {
  Distribution distribution = Distribution::kConstant;
  double mean = 0;
  double std = 0;  // of the elements, after any cut
  double bound =
      0;  // kUniform: half width. kTruncatedNormal: half width of a symmetric cut, else 0
  double parent_std = 0;  // kTruncatedNormal: before the cut
  double low = 0;         // kTruncatedNormal: lower cut relative to mean, in units of values
  double high = 0;        // kTruncatedNormal: upper cut likewise
  double gain = 1;        // factor of the structured distributions
  double sparsity = 0;    // kSparse: in [0, 1)
};

// Axes that make a matrix (or several) out of a tensor, for the structured distributions: element
// (row, column) of matrix `batch`, tap `kernel`. Each stored axis belongs to exactly one list;
// within a list the first axis is the slowest. Rows are the outputs, columns the inputs.
struct MatrixAxes {
  std::vector<int> batch;   // experts, groups, directions: one matrix each
  std::vector<int> output;  // rows
  std::vector<int> input;   // columns
  std::vector<int> kernel;  // spatial taps of a convolution
};

// A box of a tensor that is filled as one: indices [begin, end) along `axis`, everything along the
// other axes. The pieces of a Fill tile its tensor: no element is in none or in two.
struct Piece {
  std::string label;  // "query", "forget gate"; empty when the tensor is one piece
  int axis = 0;       // ignored when the tensor is one piece
  int64_t begin = 0;  // along axis
  int64_t end = -1;   // -1: to the end
  Values values;
  MatrixAxes matrix;  // used by the structured distributions only
};

// All that is needed to make a tensor's numbers.
struct Fill {
  std::vector<int64_t> dims;  // as stored (row-major)
  int32_t data_type = 0;      // ONNX TensorProto.DataType as stored
  std::vector<Piece> pieces;  // never empty
};

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_FILL_H_
