// Which piece of a fill an element belongs to, and its place within that piece.
#ifndef ONNX_REINIT_GEN_TILING_H_
#define ONNX_REINIT_GEN_TILING_H_

#include <cstdint>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "onnx_reinit/fill.h"

namespace onnx_reinit::gen {

// Consecutive elements of a tensor that are consecutive in one piece too.
struct Run {
  size_t piece;           // index into Fill::pieces
  uint64_t count;         // elements, at least 1
  uint64_t first_within;  // index of the first one in the piece alone, row-major
};

// Immutable after creation.
class Tiling {
 public:
  // InvalidArgument where the dims are no shape, or the pieces do not cover each element once.
  static absl::StatusOr<Tiling> Create(const Fill& fill);

  uint64_t size() const { return outer_ * extent_ * inner_; }  // elements of the tensor
  // The shape of a piece of the fill that the tiling is of: the tensor's, with the split axis cut
  // to the piece.
  std::vector<int64_t> PieceDims(const Fill& fill, size_t piece) const;
  // The longest run from `element` (below size()) on.
  Run RunAt(uint64_t element) const;

 private:
  void SplitAt(absl::Span<const int64_t> dims, size_t axis);
  // Orders the pieces along the axis, which they must cover.
  absl::Status LayOut(const std::vector<Piece>& pieces);

  // Where a piece begins along the axis.
  struct Slot {
    uint64_t begin;
    size_t piece;  // of the fill
  };

  size_t axis_ = 0;
  uint64_t outer_ = 1;   // indices before the axis
  uint64_t extent_ = 1;  // of the axis
  uint64_t inner_ = 1;   // elements per index of the axis
  // Of each piece along the axis, and at the end the extent, with no piece. Nearly all tensors have
  // one piece.
  absl::InlinedVector<Slot, 2> slots_ = {{0, 0}, {1, 1}};
};

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_TILING_H_
