#include "write/layout.h"

#include <iterator>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "write/edit.h"
#include "write/payload_edit.h"

namespace onnx_reinit::write {
namespace {

constexpr uint64_t kMaxModelSize = std::numeric_limits<int32_t>::max();

absl::Status CheckModelSize(uint64_t size) {
  if (size <= kMaxModelSize) return absl::OkStatus();
  return absl::UnimplementedError(absl::StrCat(
      "the new model file would have ", size,
      " bytes, and no protobuf reader takes 2 GiB or more; write the weights to a file of their "
      "own with --external-data one-file"));
}

}  // namespace

absl::StatusOr<Layout> MakeLayout(const wire::Skeleton& skeleton,
                                  absl::Span<const wire::Tensor* const> tensors) {
  std::vector<Edit> edits;
  for (size_t i = 0; i < tensors.size(); ++i) {
    ASSIGN_OR_RETURN(std::vector<Edit> more, ReplacePayload(skeleton, *tensors[i], i));
    std::move(more.begin(), more.end(), std::back_inserter(edits));
  }
  Layout layout;
  layout.files.push_back({.name = "", .content = ApplyEdits(skeleton, std::move(edits))});
  RETURN_IF_ERROR(CheckModelSize(layout.files.back().content.size()));
  return layout;
}

}  // namespace onnx_reinit::write
