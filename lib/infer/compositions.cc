#include "infer/compositions.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "absl/types/span.h"
#include "infer/operator_sets.h"

namespace onnx_reinit::infer {
namespace {

using graph::Graph;
using graph::Node;
using graph::StoredTensor;
using graph::Use;
using graph::ValueId;

constexpr int kMaxSteps = 8;

Composition Turned(Composition composition) {
  if (composition == Composition::kNone) return composition;
  return composition == Composition::kOutputsFirst ? Composition::kOutputsLast
                                                   : Composition::kOutputsFirst;
}

bool IsMatrixProduct(const Node& node) {
  return node.Is("MatMul") || node.Is("Gemm") || node.op_type == "FusedMatMul";
}

bool IsSum(const Node& node) { return node.Is("Add") || node.Is("Sub") || node.Is("Sum"); }

// Moves that keep the order of the axes, and rescaling. Transpose is one of its own.
bool IsRescaled(const Node& node) {
  constexpr auto kOperators =
      std::to_array<std::string_view>({"Cast", "Div", "Dropout", "Flatten", "Identity", "Mul",
                                       "Neg", "Reshape", "Squeeze", "Unsqueeze"});
  return node.domain.empty() && std::ranges::find(kOperators, node.op_type) != kOperators.end();
}

bool IsTurn(const Node& node) {
  const absl::Span<const int64_t> perm = node.IntsAttribute("perm");
  return node.Is("Transpose") && (perm.empty() || (perm.size() == 2 && perm[0] == 1));
}

// A weight that is standardised: its mean and deviation may be computed, or be the operator's own.
bool IsStandardized(const Node& node) { return node.Is("BatchNormalization"); }

bool IsPassed(const Node& node) {
  return IsMatrixProduct(node) || IsSum(node) || IsRescaled(node) || IsTurn(node);
}

// What `value` is moved or scaled from is a softmax.
bool ComesFromSoftmax(const Graph& graph, ValueId value) {
  for (int step = 0; step < kMaxSteps; ++step) {
    const Node* node = graph.Producer(value);
    if (node == nullptr) return false;
    if (IsIn(OperatorSet::kSoftmax, *node)) return true;
    if (!IsIn(OperatorSet::kMove, *node) && !IsIn(OperatorSet::kElementwise, *node)) return false;
    value = node->Input(0);
  }
  return false;
}

// `value` goes to a softmax moved, scaled or masked.
bool GoesToSoftmax(const Graph& graph, ValueId value) {
  for (int step = 0; step < kMaxSteps && value != graph::kNone; ++step) {
    const absl::Span<const Use> uses = graph.UsesOf(value);
    if (uses.empty()) return false;
    const Node& node = graph.node(uses.front().node);
    if (IsIn(OperatorSet::kSoftmax, node)) return true;
    if (!IsIn(OperatorSet::kMove, node) && !IsIn(OperatorSet::kElementwise, node)) return false;
    value = node.Output(0);
  }
  return false;
}

class Finder {
 public:
  Finder(const Graph& graph, const std::vector<bool>& is_fed)
      : graph_(graph),
        is_fed_(is_fed),
        is_plain_(graph.values.size(), false),
        made_(graph.values.size(), Composition::kNone) {}

  std::vector<Composition> Find() {
    for (const Node& node : graph_.nodes) NotePlain(node);
    for (size_t i = graph_.nodes.size(); i-- > 0;) NoteOperands(graph_.nodes[i]);
    return std::move(made_);
  }

 private:
  bool IsFed(ValueId value) const {
    return value != graph::kNone && is_fed_[static_cast<size_t>(value)];
  }

  // A product of stored tensors is in it, and nothing but those, sums and moves.
  bool IsPlain(ValueId value) const {
    return value != graph::kNone && is_plain_[static_cast<size_t>(value)];
  }

  // A vector that is added is a bias: the other summand is the output of a layer.
  bool IsVector(ValueId value) const {
    const StoredTensor* stored = value == graph::kNone ? nullptr : graph_.Stored(value);
    return stored != nullptr && stored->tensor->dims.size() == 1 && stored->tensor->dims[0] != 1;
  }

  bool AddsBias(const Node& node) const {
    if (node.Is("Gemm")) return node.Input(2) != graph::kNone;
    return IsSum(node) &&
           std::ranges::any_of(node.inputs, [&](ValueId input) { return IsVector(input); });
  }

  void NotePlain(const Node& node) {
    if (IsStandardized(node)) return NoteStandardized(node);
    if (!IsPassed(node) || node.outputs.empty() || AddsBias(node)) return;
    bool is_product = IsMatrixProduct(node);
    // The sizes of a move may be computed; what is moved may not.
    const size_t operands = IsIn(OperatorSet::kMove, node) ? 1 : node.inputs.size();
    for (size_t i = 0; i < std::min(operands, node.inputs.size()); ++i) {
      const ValueId input = node.inputs[i];
      if (IsFed(input)) return;
      // What a weight is divided by is its norm, or one of a part of it.
      const bool is_norm = node.Is("Div") && i == 1;
      if (input != graph::kNone && !is_norm && !IsPlain(input) && !IsMovedStored(input)) return;
      is_product = is_product || IsPlain(input);
    }
    if (is_product && node.Output(0) != graph::kNone) {
      is_plain_[static_cast<size_t>(node.Output(0))] = true;
    }
  }

  void NoteStandardized(const Node& node) {
    const bool is_any_fed =
        std::ranges::any_of(node.inputs, [&](ValueId input) { return IsFed(input); });
    if (is_any_fed || node.Output(0) == graph::kNone) return;
    is_plain_[static_cast<size_t>(node.Output(0))] = IsMovedStored(node.Input(0));
  }

  // Stored, and then only moved and rescaled.
  bool IsMovedStored(ValueId value) const {
    for (int step = 0; step < kMaxSteps && value != graph::kNone; ++step) {
      if (graph_.Stored(value) != nullptr) return true;
      const Node* node = graph_.Producer(value);
      if (node == nullptr || !(IsRescaled(*node) || node->Is("Transpose"))) return false;
      value = node->Input(0);
    }
    return false;
  }

  // As which a product with data reads its input; kNone where that is no layer's weight.
  Composition AsWeight(const Node& node, size_t input) const {
    const ValueId other = node.Input(1 - input);
    if (!IsFed(other)) return Composition::kNone;
    if (node.Is("Conv") && input == 1) return Composition::kOutputsFirst;
    if (node.Is("ConvTranspose") && input == 1) return Composition::kOutputsLast;
    if (!IsMatrixProduct(node)) return Composition::kNone;
    if (ComesFromSoftmax(graph_, other) || GoesToSoftmax(graph_, node.Output(0))) {
      return Composition::kNone;
    }
    const Composition made = input == 0 ? Composition::kOutputsFirst : Composition::kOutputsLast;
    const std::string_view turn = input == 0 ? "transA" : "transB";
    return node.IntAttribute(turn, 0) == 0 ? made : Turned(made);
  }

  void NoteOperands(const Node& node) {
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (!IsPlain(node.inputs[i])) continue;
      const ValueId output = node.Output(0);
      const bool is_inside = IsPlain(output);
      const Composition made = is_inside ? OfOperand(node, i, made_[static_cast<size_t>(output)])
                               : i < 2   ? AsWeight(node, i)
                                         : Composition::kNone;
      Composition& noted = made_[static_cast<size_t>(node.inputs[i])];
      if (noted == Composition::kNone) noted = made;
    }
  }

  const Graph& graph_;
  const std::vector<bool>& is_fed_;
  std::vector<bool> is_plain_;
  std::vector<Composition> made_;
};

}  // namespace

std::vector<Composition> FindCompositions(const Graph& graph, const std::vector<bool>& is_fed) {
  return Finder(graph, is_fed).Find();
}

Composition OfOperand(const Node& node, size_t input, Composition made) {
  if (IsTurn(node)) return input == 0 ? Turned(made) : Composition::kNone;
  if (IsMatrixProduct(node) && input < 2) {
    return node.IntAttribute(input == 0 ? "transA" : "transB", 0) == 0 ? made : Turned(made);
  }
  return IsSum(node) || input == 0 || node.Is("Mul") ? made : Composition::kNone;
}

}  // namespace onnx_reinit::infer
