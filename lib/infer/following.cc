#include "infer/following.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/container/inlined_vector.h"
#include "base/text.h"
#include "infer/operator_sets.h"
#include "infer/origin.h"
#include "infer/value_queue.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

constexpr size_t kMaxVisited = 400;

// Mul(Cast(MatMulInteger(...)), scales): the scales are data, but they only undo a quantisation.
bool IsDynamicScale(const graph::Graph& graph, const Node& node, ValueId value) {
  return node.Is("Mul") && IsCastProduct(graph, value);
}

bool IsSum(const Node& node) {
  return node.op_type == "Add" || node.op_type == "Sub" || node.op_type == "Sum" ||
         node.op_type == "Mean" || node.op_type == "QLinearAdd" || node.op_type == "BiasAdd" ||
         node.op_type.starts_with("Skip");
}

// Operators that put elements elsewhere, and the input that says where, by which none goes on.
struct GatheringRow {
  std::string_view op_type;
  int indices;  // -1: none
};

constexpr auto kGathering = std::to_array<GatheringRow>({
    {"Col2Im", 1},
    {"Concat", -1},
    {"ConcatFromSequence", -1},
    {"CumSum", 1},
    {"Gather", 1},
    {"GatherElements", 1},
    {"GatherND", 1},
    {"GridSample", 1},
    {"QLinearConcat", -1},
    {"ScatterElements", 1},
    {"ScatterND", 1},
    {"SequenceAt", 1},
    {"SequenceConstruct", -1},
    {"SplitToSequence", 1},
    {"Where", 0},
});

bool IsGathering(const Node& node, int input) {
  if (node.domain == graph::kBorderDomain) return true;
  const auto* row = std::ranges::find(kGathering, node.op_type, &GatheringRow::op_type);
  return row != kGathering.end() && row->indices != input;
}

Step Classify(const Surroundings& all, const Node& node, ValueId value, int input) {
  const OperatorSets sets = SetsOf(node);
  if (sets.Has(OperatorSet::kSoftmax)) return Step::kEnd;
  if (sets.HasAny({OperatorSet::kMove, OperatorSet::kPool, OperatorSet::kNormalization,
                   OperatorSet::kRetype})) {
    const bool is_skip = node.op_type.starts_with("Skip");
    if (is_skip && input <= 1) return Step::kResidual;
    return input == 0 ? Step::kPass : Step::kEnd;
  }
  if (IsWeightProduct(all.levels, node)) {
    return node.Is("Gemm") && input == 2 ? Step::kResidual : Step::kEnd;  // what it adds
  }
  if (IsSum(node)) return all.levels.CountData(node) > 1 ? Step::kResidual : Step::kPass;
  if (node.Is("Mul") || node.Is("Div") || node.op_type == "QLinearMul") {
    if (IsDynamicScale(all.graph, node, value)) return Step::kPass;
    return all.levels.CountData(node) > 1 ? Step::kEnd : Step::kPass;
  }
  if (node.Is("Neg")) return Step::kPass;
  // Where their limits matter they are activations; these only guard against overflow.
  if (node.Is("Clip") || node.Is("Max") || node.Is("Min")) {
    return all.levels.CountData(node) > 1 ? Step::kEnd : Step::kPass;
  }
  return IsGathering(node, input) ? Step::kPass : Step::kEnd;
}

graph::ValueIds Outputs(const Node& node) {
  graph::ValueIds values;
  for (const ValueId output : node.outputs) {
    if (output != graph::kNone) values.push_back(output);
  }
  return values;
}

// Operators with a weight and an activation in one (FusedConv).
const ActivationSite* Fused(const Surroundings& all, const Reached& reached) {
  const ActivationSite* site = all.activations.At(reached.node);
  if (site == nullptr || site->last != reached.node || site->input != graph::kNone) return nullptr;
  return site->weight_input < 0 || site->weight_input == reached.input ? site : nullptr;
}

bool IsSummand(const ActivationSite& site, ValueId value) {
  return std::find(site.summands.begin(), site.summands.end(), value) != site.summands.end();
}

const ActivationSite* Search(const Surroundings& all, const graph::ValueIds& from) {
  ValueQueue queue;
  queue.AddAll(from);
  absl::InlinedVector<bool, 16> is_past_residual(queue.added(), false);  // of each that was added
  const ActivationSite* after_residual = nullptr;
  while (!queue.IsEmpty() && queue.taken() < kMaxVisited) {
    const bool is_past = is_past_residual[queue.taken()];
    const ValueId value = queue.Take();
    for (const graph::Use& use : all.graph.UsesOf(value)) {
      const NextStep next = After(all, value, use);
      if (next.step == Step::kActivation) {
        if (!is_past) return next.activation;
        if (after_residual == nullptr) after_residual = next.activation;
        continue;
      }
      queue.AddAll(next.values);
      is_past_residual.resize(queue.added(), is_past || next.step == Step::kResidual);
    }
  }
  return after_residual;
}

ValueId DataOperand(const Surroundings& all, const Node& node, int weight_input) {
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (static_cast<int>(i) != weight_input && all.levels.IsData(node.inputs[i])) {
      return node.inputs[i];
    }
  }
  return graph::kNone;
}

const ActivationSite* SearchBack(const Surroundings& all, ValueId value) {
  for (size_t step = 0; step < kMaxVisited && value != graph::kNone; ++step) {
    const NodeId id = all.graph.value(value).producer;
    if (id == graph::kNone) return nullptr;
    const ActivationSite* site = all.activations.At(id);
    if (site != nullptr) return site->output == value ? site : nullptr;
    const Node& node = all.graph.node(id);
    if (IsIn(OperatorSet::kNormalization, node) || IsWeightProduct(all.levels, node))
      return nullptr;
    const Step step_here = Classify(all, node, DataOperand(all, node, -1), 0);
    if (step_here != Step::kPass) return nullptr;
    value = DataOperand(all, node, -1);
  }
  return nullptr;
}

}  // namespace

NextStep After(const Surroundings& all, ValueId value, const graph::Use& use) {
  const Node& node = all.graph.node(use.node);
  if (const ActivationSite* site = all.activations.At(use.node)) {
    if (site->input == value) {
      if (IsIn(OperatorSet::kSoftmax, node) || site->activation.name.ends_with("softmax"))
        return {};
      return {Step::kActivation, {}, site};
    }
    if (IsSummand(*site, value)) return {Step::kActivation, {}, site};
    if (site->input != graph::kNone) return {};
  }
  if (const NormalizationSite* site = all.normalizations.At(use.node)) {
    if (site->input == value) return {Step::kPass, {site->output}, nullptr};
    return {};
  }
  const Step step = Classify(all, node, value, use.input);
  if (step == Step::kEnd) return {};
  // Further outputs are scales and zero points.
  if (IsIn(OperatorSet::kRetype, node)) return {step, {node.Output(0)}, nullptr};
  return {step, Outputs(node), nullptr};
}

const ActivationSite* FollowingOf(const Surroundings& all, const Reached& reached) {
  const ActivationSite* fused = Fused(all, reached);
  return fused != nullptr ? fused : Search(all, Outputs(all.graph.node(reached.node)));
}

void NoteActivations(const Surroundings& all, const Reached& reached, TensorFacts& facts) {
  const Node& node = all.graph.node(reached.node);
  const ActivationSite* following = FollowingOf(all, reached);
  if (following != nullptr) {
    facts.following = following->activation;
    AddStep(facts, "followed by ", following->activation.name, " (", following->form, ")");
  } else {
    AddStep(facts, "followed by no nonlinearity");
  }
  const ActivationSite* preceding = SearchBack(all, DataOperand(all, node, reached.input));
  if (preceding != nullptr) facts.preceding = preceding->activation;
}

}  // namespace onnx_reinit::infer
