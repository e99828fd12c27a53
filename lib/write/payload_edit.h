// One tensor's old payload -> the edits that put the new one in its place.
#ifndef ONNX_REINIT_WRITE_PAYLOAD_EDIT_H_
#define ONNX_REINIT_WRITE_PAYLOAD_EDIT_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "wire/skeleton.h"
#include "write/edit.h"

namespace onnx_reinit::write {

// Bytes of the tensor's elements side by side, as raw_data has them. DataLoss where dims are
// negative or too large; Unimplemented for strings and unknown types.
absl::StatusOr<uint64_t> RawBytes(const wire::Tensor& tensor);

// The innermost of the tensor's frames around byte `at`; kNone where it has none.
uint32_t FrameAround(const wire::Skeleton& skeleton, const wire::Tensor& tensor, uint64_t at);

// Adds the edits that drop the payload in the file, field by field. None for external data.
void DropPayload(const wire::Skeleton& skeleton, const wire::Tensor& tensor,
                 std::vector<Edit>& edits);

// Adds the edits that give an inline tensor the payload of `replacement`.
//   raw_data, float_data, double_data, floats: every byte but the values stays, so do the tags of
//     unpacked fields.
//   int32_data, int64_data, uint64_data: raw_data takes the place of the first field, the others
//     go; a varint's length depends on its value.
// DataLoss where the payload does not fit the shape.
absl::Status ReplacePayload(const wire::Skeleton& skeleton, const wire::Tensor& tensor,
                            size_t replacement, std::vector<Edit>& edits);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_PAYLOAD_EDIT_H_
