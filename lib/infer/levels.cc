#include "infer/levels.h"

#include <algorithm>

#include "infer/operator_sets.h"

namespace onnx_reinit::infer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

// A stored weight divided by a number that is computed from stored tensors alone, by products (its
// spectral norm), is still that weight.
bool IsNormalizedWeight(const Node& node, const std::vector<Level>& level,
                        const std::vector<bool>& is_fed) {
  if (!node.Is("Div") || node.inputs.size() != 2) return false;
  const ValueId weight = node.inputs[0];
  const ValueId norm = node.inputs[1];
  return weight != graph::kNone && norm != graph::kNone &&
         level[static_cast<size_t>(weight)] == Level::kFixed && !is_fed[static_cast<size_t>(norm)];
}

Level LevelOfOutputs(const Node& node, OperatorSets sets, const std::vector<Level>& level) {
  const auto of = [&](ValueId value) {
    return value == graph::kNone ? Level::kFixed : level[static_cast<size_t>(value)];
  };
  if (sets.Has(OperatorSet::kShape)) {
    return of(node.Input(0)) == Level::kFixed ? Level::kFixed : Level::kShape;
  }
  // Shares that a stored tensor is turned into are a weight as it is.
  const bool is_share = node.Is("Softmax") || node.Is("LogSoftmax");
  if (is_share && of(node.Input(0)) == Level::kFixed) return Level::kFixed;
  if (sets.HasAny({OperatorSet::kLayer, OperatorSet::kRandom})) return Level::kData;
  if (node.IsBorder("State") || node.IsBorder("Border")) return Level::kData;
  if (sets.Has(OperatorSet::kMove) && !node.inputs.empty()) return of(node.inputs[0]);
  Level highest = Level::kFixed;
  for (const ValueId input : node.inputs) highest = std::max(highest, of(input));
  return highest;
}

bool AnyFed(const Node& node, OperatorSets sets, const std::vector<bool>& is_fed) {
  if (sets.Has(OperatorSet::kRandom) || node.domain == graph::kBorderDomain) return true;
  return std::any_of(node.inputs.begin(), node.inputs.end(), [&](ValueId input) {
    return input != graph::kNone && is_fed[static_cast<size_t>(input)];
  });
}

}  // namespace

Levels::Levels(const Graph& graph)
    : level_(graph.values.size(), Level::kFixed), is_fed_(graph.values.size(), false) {
  for (size_t i = 0; i < graph.values.size(); ++i) {
    if (graph.values[i].is_input) level_[i] = Level::kData;
    is_fed_[i] = graph.values[i].is_input;
  }
  for (const Node& node : graph.nodes) {
    const OperatorSets sets = SetsOf(node);
    const bool is_weight = IsNormalizedWeight(node, level_, is_fed_);
    const Level level = is_weight ? Level::kFixed : LevelOfOutputs(node, sets, level_);
    const bool fed = AnyFed(node, sets, is_fed_);
    for (const ValueId output : node.outputs) {
      if (output == graph::kNone) continue;
      level_[static_cast<size_t>(output)] = level;
      is_fed_[static_cast<size_t>(output)] = fed;
    }
  }
  composition_ = FindCompositions(graph, is_fed_);
  for (size_t i = 0; i < level_.size(); ++i) {
    if (composition_[i] != Composition::kNone) level_[i] = Level::kFixed;
  }
}

int Levels::CountData(const Node& node) const {
  return static_cast<int>(
      std::ranges::count_if(node.inputs, [&](ValueId value) { return IsData(value); }));
}

bool Levels::HasDataInput(const Node& node) const {
  return std::ranges::any_of(node.inputs, [&](ValueId value) { return IsData(value); });
}

ValueId Levels::OnlyData(const Node& node) const {
  ValueId only = graph::kNone;
  for (const ValueId input : node.inputs) {
    if (!IsData(input)) continue;
    if (only != graph::kNone) return graph::kNone;
    only = input;
  }
  return only;
}

}  // namespace onnx_reinit::infer
