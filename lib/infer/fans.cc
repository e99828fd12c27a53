#include "infer/fans.h"

#include <algorithm>
#include <optional>

#include "absl/container/inlined_vector.h"
#include "base/checked_math.h"

namespace onnx_reinit::infer {
namespace {

std::vector<int>& ListOf(MatrixAxes& axes, AxisLabel label) {
  switch (label) {
    case AxisLabel::kInput:
      return axes.input;
    case AxisLabel::kOutput:
      return axes.output;
    case AxisLabel::kKernel:
      return axes.kernel;
    case AxisLabel::kBatch:
      break;
  }
  return axes.batch;
}

using Labels = absl::InlinedVector<std::optional<AxisLabel>, 6>;

// The label of each stored axis; an axis that is seen under two labels, or not at all, has none.
Labels StoredLabels(const SlotMeaning& meaning, const View& view, size_t rank, bool& is_clear) {
  Labels labels(rank);
  for (size_t i = 0; i < view.axes.size() && i < meaning.labels.size(); ++i) {
    for (const Factor& factor : view.axes[i]) {
      if (factor.axis < 0) continue;
      std::optional<AxisLabel>& label = labels[static_cast<size_t>(factor.axis)];
      is_clear = is_clear && (!label || *label == meaning.labels[i]);
      label = meaning.labels[i];
    }
  }
  return labels;
}

MatrixAxes AxesOf(const SlotMeaning& meaning, const View& view, absl::Span<const int64_t> dims) {
  bool is_clear = !view.is_opaque;
  const Labels labels = StoredLabels(meaning, view, dims.size(), is_clear);
  MatrixAxes axes;
  for (size_t i = 0; i < dims.size(); ++i) {
    is_clear = is_clear && (labels[i] || dims[i] == 1);
    ListOf(axes, labels[i].value_or(AxisLabel::kBatch)).push_back(static_cast<int>(i));
  }
  if (!is_clear) return {};
  return axes;
}

// Indices along the axes of that label and of the kernel; 0 where they are too many to count.
int64_t Elements(const SlotMeaning& meaning, const View& view, AxisLabel label) {
  absl::InlinedVector<int64_t, 6> extents;
  for (size_t i = 0; i < view.axes.size() && i < meaning.labels.size(); ++i) {
    if (meaning.labels[i] != label && meaning.labels[i] != AxisLabel::kKernel) continue;
    for (const Factor& factor : view.axes[i]) {
      extents.push_back(view.is_opaque ? factor.extent : factor.stored);
    }
  }
  return ElementCount(extents).value_or(0);
}

}  // namespace

Fans FansOf(const SlotMeaning& meaning, const View& view, absl::Span<const int64_t> dims) {
  if (meaning.fans) return {meaning.fans->first, meaning.fans->second, {}};
  Fans fans;
  if (meaning.labels.empty()) return fans;
  const int64_t groups = std::max<int64_t>(meaning.groups, 1);
  const bool is_input_grouped = meaning.labels.front() == AxisLabel::kInput;
  fans.fan_in = Elements(meaning, view, AxisLabel::kInput) / (is_input_grouped ? groups : 1);
  fans.fan_out = Elements(meaning, view, AxisLabel::kOutput) / (is_input_grouped ? 1 : groups) /
                 std::max<int64_t>(meaning.gates, 1);
  fans.axes = AxesOf(meaning, view, dims);
  return fans;
}

}  // namespace onnx_reinit::infer
