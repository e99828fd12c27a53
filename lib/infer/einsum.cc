#include "infer/einsum.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/checked_math.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;

struct Equation {
  std::vector<std::string> operands;
  std::string output;
};

// Splits "ab,bc->ac" (or the implicit form) into terms without spaces; the last is the output.
std::vector<std::string> EinsumTerms(std::string_view equation) {
  std::vector<std::string> terms(1);
  for (size_t i = 0; i < equation.size(); ++i) {
    if (equation[i] == ' ') continue;
    if (equation[i] == ',' || equation.substr(i, 2) == "->") {
      terms.emplace_back();
      if (equation[i] == '-') ++i;
    } else {
      terms.back().push_back(equation[i]);
    }
  }
  return terms;
}

// The output of the implicit form: the letters that occur once, in alphabetical order.
std::string ImplicitOutput(const std::vector<std::string>& operands) {
  std::string output;
  for (char letter = 'A'; letter <= 'z'; ++letter) {
    int64_t count = 0;
    for (const std::string& term : operands) count += std::count(term.begin(), term.end(), letter);
    if (count == 1) output.push_back(letter);
  }
  return output;
}

bool Has(std::string_view term, char letter) { return term.find(letter) != std::string_view::npos; }

// Sums of more operands than letters are an attack.
constexpr size_t kMaxOperands = 52;

// nullopt for an equation that is none, or does not fit the inputs.
std::optional<Equation> EquationOf(const Node& node) {
  Equation equation;
  const std::string_view text = node.StringAttribute("equation", "");
  equation.operands = EinsumTerms(text);
  if (text.find("->") == std::string_view::npos) {
    equation.output = ImplicitOutput(equation.operands);
  } else {
    equation.output = std::move(equation.operands.back());
    equation.operands.pop_back();
  }
  const size_t count = node.inputs.size();
  if (equation.operands.size() != count || count < 2 || count > kMaxOperands) return std::nullopt;
  return equation;
}

bool IsSummed(const Equation& equation, char letter) {
  return letter != '.' && !Has(equation.output, letter);
}

bool AreJoined(const Equation& equation, size_t a, size_t b) {
  return std::ranges::any_of(equation.operands[a], [&](char letter) {
    return IsSummed(equation, letter) && Has(equation.operands[b], letter);
  });
}

// Steps from the data to each operand, over letters that are summed: those of x, a and b are 0, 1
// and 2 in "ni,ir,ro->no". As many as there are operands where no letter leads there. Operand `own`
// is no data.
std::vector<size_t> StepsFromData(const Levels& levels, const Node& node, const Equation& equation,
                                  size_t own) {
  const size_t count = equation.operands.size();
  std::vector<size_t> steps(count, count);
  std::vector<size_t> queue;
  for (size_t i = 0; i < count; ++i) {
    if (i == own || !levels.IsData(node.inputs[i])) continue;
    steps[i] = 0;
    queue.push_back(i);
  }
  for (size_t next = 0; next < queue.size(); ++next) {
    for (size_t i = 0; i < count; ++i) {
      if (steps[i] < count || !AreJoined(equation, queue[next], i)) continue;
      steps[i] = steps[queue[next]] + 1;
      queue.push_back(i);
    }
  }
  return steps;
}

// A letter that is summed over leads in from operands nearer to the data, or out to those as far or
// farther. Where no data is met, and where it is of one operand only, it leads in.
AxisLabel LabelOf(char letter, size_t own, const Equation& equation,
                  const std::vector<size_t>& steps) {
  bool is_shared = false;
  bool leads_in = false;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (i == own || !Has(equation.operands[i], letter)) continue;
    is_shared = true;
    leads_in = leads_in || steps[i] < steps[own] || steps[own] == steps.size();
  }
  if (Has(equation.output, letter)) return is_shared ? AxisLabel::kBatch : AxisLabel::kOutput;
  return leads_in || !is_shared ? AxisLabel::kInput : AxisLabel::kOutput;
}

// Extents of the letters of the output that stand in the stored operand `input` and in no other.
std::optional<int64_t> OwnOutputs(const Equation& equation, size_t input,
                                  absl::Span<const int64_t> dims) {
  const std::string& own = equation.operands[input];
  if (own.size() != dims.size() || Has(own, '.')) return std::nullopt;
  std::vector<int64_t> outputs;
  for (size_t axis = 0; axis < own.size(); ++axis) {
    const auto holders = std::ranges::count_if(
        equation.operands, [&](const std::string& term) { return Has(term, own[axis]); });
    if (Has(equation.output, own[axis]) && holders == 1) outputs.push_back(dims[axis]);
  }
  return ElementCount(outputs);
}

}  // namespace

std::optional<std::vector<AxisLabel>> EinsumLabels(const Levels& levels, const Node& node,
                                                   int input, int rank) {
  const std::optional<Equation> equation = EquationOf(node);
  if (!equation) return std::nullopt;
  const auto own = static_cast<size_t>(input);
  const std::vector<size_t> steps = StepsFromData(levels, node, *equation, own);
  std::vector<AxisLabel> labels;
  for (const char letter : equation->operands[own]) {
    if (letter != '.') labels.push_back(LabelOf(letter, own, *equation, steps));
  }
  // An ellipsis stands for leading axes that both operands have.
  while (static_cast<int>(labels.size()) < rank) {
    labels.insert(labels.begin(), AxisLabel::kBatch);
  }
  return labels;
}

std::optional<int64_t> EinsumOutputs(const Levels& levels, Constants& constants, const Node& node) {
  const std::optional<Equation> equation = EquationOf(node);
  if (!equation) return std::nullopt;
  std::optional<int64_t> outputs = 1;
  for (size_t i = 0; i < node.inputs.size() && outputs; ++i) {
    if (levels.IsData(node.inputs[i])) continue;
    const auto dims = constants.Dims(node.inputs[i]);
    const auto own = dims ? OwnOutputs(*equation, i, *dims) : std::nullopt;
    outputs = own ? ElementCount({*outputs, *own}) : std::nullopt;
  }
  return outputs;
}

}  // namespace onnx_reinit::infer
