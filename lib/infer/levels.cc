#include "infer/levels.h"

#include <algorithm>

#include "infer/operator_sets.h"

namespace onnx_reinit::infer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

Level LevelOfOutputs(const Node& node, const std::vector<Level>& level) {
  const auto of = [&](ValueId value) {
    return value == graph::kNone ? Level::kFixed : level[static_cast<size_t>(value)];
  };
  if (IsIn(OperatorSet::kShape, node)) {
    return of(node.Input(0)) == Level::kFixed ? Level::kFixed : Level::kShape;
  }
  if (IsIn(OperatorSet::kLayer, node) || IsIn(OperatorSet::kRandom, node)) return Level::kData;
  if (node.IsBorder("State") || node.IsBorder("Border")) return Level::kData;
  if (IsIn(OperatorSet::kMove, node) && !node.inputs.empty()) return of(node.inputs[0]);
  Level highest = Level::kFixed;
  for (const ValueId input : node.inputs) highest = std::max(highest, of(input));
  return highest;
}

}  // namespace

Levels::Levels(const Graph& graph) : level_(graph.values.size(), Level::kFixed) {
  for (size_t i = 0; i < graph.values.size(); ++i) {
    if (graph.values[i].is_input) level_[i] = Level::kData;
  }
  for (const Node& node : graph.nodes) {
    const Level level = LevelOfOutputs(node, level_);
    for (const ValueId output : node.outputs) {
      if (output != graph::kNone) level_[static_cast<size_t>(output)] = level;
    }
  }
}

bool Levels::HasDataInput(const Node& node) const {
  return std::any_of(node.inputs.begin(), node.inputs.end(),
                     [&](ValueId value) { return IsData(value); });
}

}  // namespace onnx_reinit::infer
