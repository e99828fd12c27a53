// What a tensor's numbers look like: evidence that a program computed them and no training did.
#ifndef ONNX_REINIT_INFER_FINGERPRINT_H_
#define ONNX_REINIT_INFER_FINGERPRINT_H_

#include <string_view>

#include "wire/payload.h"
#include "wire/skeleton.h"

namespace onnx_reinit::infer {

// The first pattern that holds, in this order of evidence.
enum class Pattern {
  kUnknown,     // the values are missing or cannot be read
  kNoise,       // none of the patterns: it may well be learned
  kUniform,     // all elements equal
  kMask,        // few distinct values, with an infinity or a huge negative number, or triangular
  kIdentity,    // identity, permutation, one-hot rows, selection (space-to-depth)
  kSequence,    // arithmetic or geometric progression along an axis
  kSinusoid,    // sines or cosines of a geometric range of frequencies, or a Fourier basis
  kWindow,      // symmetric smooth window
  kFilter,      // the same small symmetric or difference kernel in every channel (blur, Sobel)
  kFilterBank,  // sparse non-negative triangles (mel)
  kGrid,        // coordinates: every row or column repeats
  kFewValues,   // two or three distinct values
};

// Looks at up to a bounded number of elements, in one pass. Never fails: what cannot be read is
// kUnknown.
Pattern Fingerprint(const wire::Tensor& tensor, const wire::ValueReader* values);

// "sines and cosines of geometric frequencies", for reasons.
std::string_view Describe(Pattern pattern);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_FINGERPRINT_H_
