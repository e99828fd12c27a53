#include "infer/fans.h"

#include <algorithm>
#include <optional>

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

// The label of each stored axis; an axis that is seen under two labels, or not at all, has none.
std::vector<std::optional<AxisLabel>> StoredLabels(const SlotMeaning& meaning, const View& view,
                                                   size_t rank, bool& is_clear) {
  std::vector<std::optional<AxisLabel>> labels(rank);
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
  const auto labels = StoredLabels(meaning, view, dims.size(), is_clear);
  MatrixAxes axes;
  for (size_t i = 0; i < dims.size(); ++i) {
    is_clear = is_clear && (labels[i] || dims[i] == 1);
    ListOf(axes, labels[i].value_or(AxisLabel::kBatch)).push_back(static_cast<int>(i));
  }
  return is_clear ? axes : MatrixAxes();
}

}  // namespace

Fans FansOf(const SlotMeaning& meaning, const View& view, absl::Span<const int64_t> dims) {
  if (meaning.fans) return {meaning.fans->first, meaning.fans->second, {}};
  Fans fans;
  if (meaning.labels.empty()) return fans;
  int64_t inputs = 1;
  int64_t outputs = 1;
  int64_t kernel = 1;
  for (size_t i = 0; i < view.axes.size() && i < meaning.labels.size(); ++i) {
    for (const Factor& factor : view.axes[i]) {
      const int64_t extent = view.is_opaque ? factor.extent : factor.stored;
      if (meaning.labels[i] == AxisLabel::kInput) inputs *= extent;
      if (meaning.labels[i] == AxisLabel::kOutput) outputs *= extent;
      if (meaning.labels[i] == AxisLabel::kKernel) kernel *= extent;
    }
  }
  const bool is_input_grouped = meaning.labels.front() == AxisLabel::kInput;
  (is_input_grouped ? inputs : outputs) /= std::max<int64_t>(meaning.groups, 1);
  fans.fan_in = inputs * kernel;
  fans.fan_out = outputs * kernel / std::max<int64_t>(meaning.gates, 1);
  fans.axes = AxesOf(meaning, view, dims);
  return fans;
}

}  // namespace onnx_reinit::infer
