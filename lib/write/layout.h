// What every output file will consist of: decided in full before anything is written.
#ifndef ONNX_REINIT_WRITE_LAYOUT_H_
#define ONNX_REINIT_WRITE_LAYOUT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "wire/skeleton.h"
#include "write/segment.h"

namespace onnx_reinit::write {

struct OutputFile {
  std::string name;  // in the model's directory; empty for the model itself
  SegmentList content;
};

struct Layout {
  std::vector<OutputFile> files;  // data files first, the model last
  // Locations of the external files that verbatim segments copy from.
  std::vector<std::string> external_sources;
};

// A pure function. `tensors` are those of the skeleton that get new bytes; segments name them by
// index. DataLoss where a payload does not fit its shape; Unimplemented where the model would reach
// 2 GiB, which no protobuf reader takes, with advice.
absl::StatusOr<Layout> MakeLayout(const wire::Skeleton& skeleton,
                                  absl::Span<const wire::Tensor* const> tensors);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_LAYOUT_H_
