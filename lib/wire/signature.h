// Names files that are not a serialized ModelProto, by their first bytes.
#ifndef ONNX_REINIT_WIRE_SIGNATURE_H_
#define ONNX_REINIT_WIRE_SIGNATURE_H_

#include "absl/status/status.h"
#include "wire/file.h"

namespace onnx_reinit::wire {

// DataLoss, with what the file is and what to do, for an empty file, a git-LFS pointer, an archive,
// an ORT-format file, a model as text or JSON and the like, and one of 2 GiB or more. OK otherwise.
absl::Status CheckSignature(const InputFile& file);

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_SIGNATURE_H_
