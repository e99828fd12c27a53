#include "infer/modulated.h"

#include <deque>
#include <vector>

#include "infer/operator_sets.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

constexpr int kMaxVisited = 32;

// Filters on their way to a convolution; turned where inputs and outputs have changed places.
struct Stop {
  ValueId value = graph::kNone;
  bool is_turned = false;
};

struct Filters {
  NodeId convolution = graph::kNone;
  bool is_turned = false;
};

bool IsPassed(const Node& node, int input) {
  if (input == 0 && IsInAny({OperatorSet::kMove, OperatorSet::kRetype}, node)) {
    return true;
  }
  return node.Is("Gather") || node.Is("Mul") || node.Is("Div");
}

// The convolution whose filters `value` becomes.
std::optional<Filters> FiltersOf(const SlotContext& context, ValueId value) {
  std::deque<Stop> queue = {{value, false}};
  for (int visited = 0; visited < kMaxVisited && !queue.empty(); ++visited) {
    const Stop stop = queue.front();
    queue.pop_front();
    for (const graph::Use& use : context.graph.UsesOf(stop.value)) {
      const Node& node = context.graph.node(use.node);
      const bool is_convolution =
          node.Is("Conv") || node.Is("ConvInteger") || node.Is("ConvTranspose");
      if (is_convolution && use.input == 1) return Filters{use.node, stop.is_turned};
      if (!IsPassed(node, use.input) || node.outputs.empty()) continue;
      queue.push_back({node.Output(0), stop.is_turned != node.Is("Transpose")});
    }
  }
  return std::nullopt;
}

// [..., out, in, k...]; of a transposed convolution [..., in, out, k...], unless it is turned.
std::vector<AxisLabel> Labels(int rank, int kernel_axes, bool is_output_first) {
  std::vector<AxisLabel> labels(static_cast<size_t>(rank - kernel_axes - 2), AxisLabel::kBatch);
  labels.push_back(is_output_first ? AxisLabel::kOutput : AxisLabel::kInput);
  labels.push_back(is_output_first ? AxisLabel::kInput : AxisLabel::kOutput);
  labels.insert(labels.end(), static_cast<size_t>(kernel_axes), AxisLabel::kKernel);
  return labels;
}

}  // namespace

std::optional<ModulatedUse> ModulatedWeight(const SlotContext& context, const Slot& slot) {
  if (!slot.node.Is("Mul") || slot.view.is_opaque || slot.view.rank() < 3) return std::nullopt;
  if (!context.levels.IsFed(slot.node.Input(slot.input == 0 ? 1 : 0))) return std::nullopt;
  const std::optional<Filters> filters = FiltersOf(context, slot.node.Output(0));
  if (!filters) return std::nullopt;
  const Node& convolution = context.graph.node(filters->convolution);
  const auto kernel_axes = static_cast<int>(convolution.IntsAttribute("kernel_shape").size());
  if (kernel_axes == 0 || slot.view.rank() < kernel_axes + 2) return std::nullopt;
  const bool is_transposed = convolution.Is("ConvTranspose");
  ModulatedUse use{filters->convolution, {}};
  use.meaning.role = is_transposed ? Role::kConvTranspose : Role::kConv;
  use.meaning.evidence = Evidence::kStructure;
  use.meaning.labels = Labels(slot.view.rank(), kernel_axes, is_transposed == filters->is_turned);
  use.meaning.text = "scaled by the data before the convolution: fans by its own axes";
  return use;
}

}  // namespace onnx_reinit::infer
