// Edits of a model file, and the lengths that they put wrong.
#ifndef ONNX_REINIT_WRITE_EDIT_H_
#define ONNX_REINIT_WRITE_EDIT_H_

#include <vector>

#include "wire/skeleton.h"
#include "write/segment.h"

namespace onnx_reinit::write {

// Bytes `old` of the model give way to `with`. An insertion has an empty `old`.
struct Edit {
  wire::Span old;
  Segments with;
  uint32_t frame = wire::Frame::kNone;  // innermost frame around `old`
};

// The model with all edits made, and the length of every enclosing frame mended where its body
// changes size. A length that does not change keeps its bytes, however it is encoded. Edits come in
// any order and do not overlap.
SegmentList ApplyEdits(const wire::Skeleton& skeleton, std::vector<Edit> edits);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_EDIT_H_
