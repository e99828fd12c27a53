// What every output file will consist of: decided in full before anything is written.
#ifndef ONNX_REINIT_WRITE_LAYOUT_H_
#define ONNX_REINIT_WRITE_LAYOUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "onnx_reinit/options.h"
#include "wire/skeleton.h"
#include "write/segment.h"

namespace onnx_reinit::write {

struct OutputFile {
  std::string name;  // in the model's directory; empty for the model itself
  SegmentList content;
};

struct Layout {
  std::vector<OutputFile> files;  // data files first, the model last
  // Locations of the external files that verbatim segments copy from: source 1, 2, ...
  std::vector<std::string> external_sources;
};

struct LayoutOptions {
  ExternalData external_data = ExternalData::kAuto;
  uint64_t shard_size = 0;
  // Data files are named "STEM.data" or "STEM-00001-of-00003.data".
  std::string data_stem;
  bool is_stream = false;  // no file can be beside the model; for errors
};

// Initializers of fewer bytes are never moved out of the model (onnx.save's own threshold).
inline constexpr uint64_t kMinExternalBytes = 1024;

// A pure function. `tensors` are those of the skeleton that get new bytes; segments name them by
// index. All external tensors, changed or not, go to new data files or into the model. Overlapping
// ranges that are kept stay shared; a changed tensor always gets a range of its own. DataLoss where
// a payload or an external entry does not fit its shape; Unimplemented where the model would reach
// 2 GiB, which no protobuf reader takes, with advice.
absl::StatusOr<Layout> MakeLayout(const wire::Skeleton& skeleton,
                                  absl::Span<const wire::Tensor* const> tensors,
                                  const LayoutOptions& options);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_LAYOUT_H_
