// What a tensor's numbers look like: evidence that a program computed them and no training did.
#ifndef ONNX_REINIT_INFER_FINGERPRINT_H_
#define ONNX_REINIT_INFER_FINGERPRINT_H_

#include <string_view>
#include <vector>

#include "wire/payload.h"
#include "wire/skeleton.h"

namespace onnx_reinit::infer {

enum class Pattern {
  kUnknown,          // the values are missing or cannot be read
  kNoise,            // none of the patterns: it may well be learned
  kUniform,          // all elements equal
  kIdentity,         // identity, permutation, one-hot rows, selection (space-to-depth)
  kScaling,          // a diagonal of factors, or a permutation with factors
  kMask,             // an infinity, or few numbers with a huge negative one, or zeros and ones
  kImageStatistics,  // published means or deviations of images' channels
  kColorMatrix,      // from one colour space to another
  kFilter,           // small kernels, all the same, or each symmetric (blur, Sobel)
  kWavelet,          // a low-pass kernel and its mirror
  kHadamard,         // orthogonal rows of +a and -a
  kToeplitz,         // the same along every diagonal, and a progression across (ALiBi, decay)
  kSequence,         // arithmetic or geometric progression along an axis
  kGrid,             // coordinates: each depends on one axis only
  kWindow,           // symmetric
  kSinusoid,         // sines and cosines: positions, rotary caches, Fourier and cosine transforms
  kPolynomials,      // a line of one number and a progression beside it (Legendre, Chebyshev)
  kFilterBank,       // rows of triangles: mel, interpolation
  kEdges,            // the normalised adjacency of a graph
  kFewValues,        // zeros and one other number
};

// Stored integers q stand for (q - zero) * step: one step and one zero for all of a tensor, or, in
// the same order, one of each for every index of `axis`.
struct QuantizationGrid {
  size_t axis = 0;
  std::vector<double> steps = {1};
  std::vector<double> zeros = {0};
  bool is_of_weight = false;  // one that was trained to few values is no mask
};

// The first pattern, in that order, that all of the tensor follows within the rounding of its
// precision. Where it has more than kMaxSampled elements (sample.h), two blocks stand for it. Never
// fails: what cannot be read is kUnknown.
//
// Training leaves none of these behind, but some are what training starts from: ones, zeros,
// log-spaced decays. Where the operator's input says that a tensor is learned, that says more.
//
// Integers follow the pattern of the numbers that they stand for on `grid`, within their rounding
// to it. They are kUniform or kNoise where there is no grid (nullptr), and where they use so few of
// its steps that noise would follow patterns, too.
Pattern Fingerprint(const wire::Tensor& tensor, const wire::ValueReader* values,
                    const QuantizationGrid* grid = nullptr);

// "sines and cosines", for reasons.
std::string_view Describe(Pattern pattern);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_FINGERPRINT_H_
