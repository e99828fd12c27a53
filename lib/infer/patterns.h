// What programs make and training does not: one test for each pattern.
#ifndef ONNX_REINIT_INFER_PATTERNS_H_
#define ONNX_REINIT_INFER_PATTERNS_H_

#include "infer/sample.h"

namespace onnx_reinit::infer::patterns {

// Each is true where all numbers of the sample follow the pattern, within the rounding of their
// precision, and by chance hardly any would. Noise is told apart at its first few numbers.

bool IsUniform(const Sample& sample);

// An infinity; a number that no weight reaches (1e8); or two or three distinct numbers with one of
// -50 or less; or zeros and ones over several axes.
bool IsMask(const Sample& sample);
// Zeros and one other number over several axes.
bool IsZeroOrOneNumber(const Sample& sample);
// Means or standard deviations of images' channels, of pixels from 0 to 1 or to 255, or the
// reciprocals: published numbers of ImageNet, CLIP, CIFAR, DIV2K.
bool IsImageStatistics(const Sample& sample);
// 3 x 3 with the luma weights of ITU-R BT.601 or BT.709 in a row or a column of it or its inverse.
bool IsColorMatrix(const Sample& sample);

// Rows (or columns) with one number that is not 0, the same in all.
bool IsIdentity(const Sample& sample);
// A matrix of one number that is not 0 in each line of the shorter axis, none below another: a
// diagonal of factors, or a permutation with factors. 3 lines or more where it is square, which is
// evidence by its zeros: noise has none, and those of a pruned or ternary weight hardly ever stand
// so. Of others 8 or more.
bool IsScaling(const Sample& sample);
// The same along every diagonal, and a progression or few numbers across them.
bool IsToeplitz(const Sample& sample);
// +a and -a with orthogonal rows.
bool IsHadamard(const Sample& sample);
// Rows (or columns) of non-negative numbers that rise and fall once, side by side, and zeros.
bool IsFilterBank(const Sample& sample);
// A quarter or more are zeros, and rows are averages (non-negative with the sum 1) or the matrix is
// symmetric: the normalised adjacency, or the Laplacian, of a graph.
bool IsGraphOfEdges(const Sample& sample);
// Two lines whose squares have the same sum as those of every other pair at the same place: sines
// and cosines of one angle, perhaps under a window, perhaps shifted by one number.
bool HasUnitPairs(const Sample& sample);
// At most 4 coordinates: the last or the first axis counts them and each depends on one other axis
// only, or they are those of a grid's points, one point after the other.
bool IsCoordinates(const Sample& sample);

// Kernels of a convolution [M, C, k...], all the same or 0, or each the same (or opposite) from
// both ends of its axes, or turned by 180 degrees.
bool IsFixedKernel(const Sample& sample);
// Two kernels of which one is the other backwards with alternating signs (wavelets).
bool IsQuadratureMirror(const Sample& sample);

// Some axis along which all lines fit (line_fit.h).
bool IsSequence(const Sample& sample);
bool IsSinusoid(const Sample& sample);
// Lines of 5 numbers or more along the longer axis of a matrix: one is a number that is not 0,
// another an arithmetic progression. The polynomials of degree 0 and 1 at equal distances.
bool IsPolynomialBasis(const Sample& sample);
// One line, or both axes of a matrix.
bool IsWindow(const Sample& sample);

}  // namespace onnx_reinit::infer::patterns

#endif  // ONNX_REINIT_INFER_PATTERNS_H_
