// Writes and copies: complete, or an error.
#ifndef ONNX_REINIT_WRITE_POSITIONED_H_
#define ONNX_REINIT_WRITE_POSITIONED_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "wire/file.h"

namespace onnx_reinit::write {

// Writes all of `bytes` at `offset`. `path` is for errors.
absl::Status WriteAt(int descriptor, uint64_t offset, absl::Span<const uint8_t> bytes,
                     const std::string& path);

// Copies [from, from + length) of `source` to `offset`: in the kernel, sharing the blocks where the
// file system can; through a small buffer where the kernel cannot.
absl::Status CopyRange(const wire::InputFile& source, uint64_t from, int descriptor,
                       uint64_t offset, uint64_t length, const std::string& path);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_POSITIONED_H_
