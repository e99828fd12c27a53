// Skeleton + generators -> the new file(s).
#ifndef ONNX_REINIT_WRITE_REWRITE_H_
#define ONNX_REINIT_WRITE_REWRITE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "onnx_reinit/options.h"
#include "wire/file.h"
#include "wire/payload.h"
#include "wire/skeleton.h"
#include "write/replacement.h"

namespace onnx_reinit::write {

// Writes `output_path`: verbatim spans of the input, generated payloads, mended lengths. Same-size
// payloads leave every other byte as it is; int32_data of narrow types becomes raw_data. Tensors
// with external data go to a new file beside the output, under a name not in use; the model that
// points to it appears last. The output replaces what was there at once (temporary, fsync, rename),
// or not at all. FailedPrecondition where the output is the input or one of its external files, by
// any name or link, unless options.in_place. Unavailable / ResourceExhausted where writing fails.
absl::Status Rewrite(const wire::InputFile& input, const wire::Skeleton& skeleton,
                     wire::ExternalFiles& external, const std::vector<Replacement>& replacements,
                     const std::string& output_path, const WriteOptions& options);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_REWRITE_H_
