// File -> Skeleton, in one pass that skips payloads.
#ifndef ONNX_REINIT_WIRE_READ_SKELETON_H_
#define ONNX_REINIT_WIRE_READ_SKELETON_H_

#include "absl/status/statusor.h"
#include "wire/file.h"
#include "wire/skeleton.h"

namespace onnx_reinit::wire {

// DataLoss, with file and byte offset, for anything malformed: a file cut short, an invalid tag, a
// length beyond its message, a wrong packed length, nesting or counts beyond our limits. A git-LFS
// pointer, a zip, an ORT-format file, a text or JSON model and an empty file are each named. A file
// of 2 GiB or more is refused (no protobuf reader takes it). Time is linear in the skeleton, memory
// proportional to it.
absl::StatusOr<Skeleton> ReadSkeleton(const InputFile& file);

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_READ_SKELETON_H_
