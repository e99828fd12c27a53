// How an operator sees a stored tensor: which of its axes came from which stored axis.
#ifndef ONNX_REINIT_INFER_VIEW_H_
#define ONNX_REINIT_INFER_VIEW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"

namespace onnx_reinit::infer {

// A piece of an axis. An axis is an ordered list of factors, the slowest first; its extent is their
// product.
struct Factor {
  int axis = -1;       // of the stored tensor; -1: repeated, no stored axis
  int64_t extent = 1;  // as seen
  int64_t stored =
      1;  // of the stored axis: differs where a slice, a pad or a concatenation is seen
};

using Factors = absl::InlinedVector<Factor, 1>;  // nearly always one

struct View {
  std::vector<Factors> axes;
  // The axes cannot be followed (a reshape that does not divide, a scatter): `axes` is then one
  // factor -1 for each axis whose extent is known, or empty where even the rank is not.
  bool is_opaque = false;
  double scale = 1;  // seen = stored * scale + shift
  double shift = 0;
  bool is_computed = false;     // seen = some function of stored, elementwise
  bool is_exponential = false;  // seen = exp(stored)
  bool is_angle = false;        // seen = a sine or cosine of stored
  bool is_part = false;         // only a part of the tensor is seen (slice, split, selection)
  bool is_picked = false;       // rows of a table are seen, chosen by indices that no data decides
  bool is_joined = false;       // other tensors stand beside it (concatenation)

  static View Of(absl::Span<const int64_t> dims);

  int rank() const { return static_cast<int>(axes.size()); }
  int64_t Extent(int axis) const;
  std::vector<int64_t> Dims() const;
  // 0 where an extent is negative, or where they are too many to count.
  int64_t Elements() const;
  // One element and no more is seen; false where that is not known.
  bool IsSingle() const;
  // Not even the rank is known.
  bool IsUnknown() const { return is_opaque && axes.empty(); }
};

// Each gives the view after an operator. Axes may be negative, as ONNX has them; what does not fit
// gives an opaque view.
View Opaque(View view, absl::Span<const int64_t> dims);
View Transposed(View view, absl::Span<const int64_t> perm);
// `dims` as Reshape has them: 0 keeps, -1 is what remains.
View Reshaped(View view, absl::Span<const int64_t> dims, bool keep_zeros);
View Unsqueezed(View view, absl::Span<const int64_t> axes);
// Empty `axes`: every axis of extent 1.
View Squeezed(View view, absl::Span<const int64_t> axes);
// The axis has `extent` elements from now on, out of those it had.
View Restricted(View view, int64_t axis, int64_t extent);
// The axis is gone: one of its indices was chosen.
View Selected(View view, int64_t axis);
View Joined(View view, int64_t axis, int64_t extent);
// Numpy broadcasting to `dims`; -1 and 1 there keep what is.
View Broadcast(View view, absl::Span<const int64_t> dims);

// "[64, 3, 7, 7]"
std::string DimsText(absl::Span<const int64_t> dims);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_VIEW_H_
