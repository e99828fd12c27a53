#include "infer/constants.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/checked_math.h"
#include "base/element_type.h"
#include "infer/constant_dims.h"
#include "infer/constant_functions.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::StoredTensor;
using graph::ValueId;

constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

bool IsShapeOperator(const Node& node) { return node.Is("Shape") || node.Is("Size"); }

bool IsComplete(const Array& array) {
  return std::none_of(array.values.begin(), array.values.end(),
                      [](double value) { return std::isnan(value); });
}

// The number that all elements equal.
std::optional<double> OnlyValue(const std::vector<double>& values) {
  if (values.empty() || std::isnan(values[0])) return std::nullopt;
  for (const double value : values) {
    if (value != values[0]) return std::nullopt;
  }
  return values[0];
}

// The numbers of value_float, value_int and value_ints.
std::optional<Array> LiteralOf(const StoredTensor& stored) {
  const wire::Attribute& attribute = *stored.literal;
  const auto type = static_cast<ElementType>(stored.tensor->data_type);
  if (type == ElementType::kString) return std::nullopt;
  std::optional<Array> array = MakeArray(stored.tensor->dims, type == ElementType::kInt64);
  if (!array) return std::nullopt;
  if (stored.tensor->dims.empty()) {
    array->values[0] = type == ElementType::kFloat ? attribute.f : static_cast<double>(attribute.i);
    return array;
  }
  if (attribute.ints.size() != array->values.size()) return std::nullopt;
  std::copy(attribute.ints.begin(), attribute.ints.end(), array->values.begin());
  return array;
}

}  // namespace

Constants::Constants(const graph::Graph& graph, const wire::ValueReader* values)
    : graph_(graph), values_(values) {}

const Array* Constants::Find(ValueId value) {
  if (value == graph::kNone) return nullptr;
  const Known& known = Settle(value);
  return known.is_complete ? &*known.array : nullptr;
}

std::optional<double> Constants::Scalar(ValueId value) {
  const StoredTensor* stored = graph_.Stored(value);
  if (stored == nullptr) {
    const Array* array = Find(value);
    return array == nullptr ? std::nullopt : OnlyValue(array->values);
  }
  // Most stored tensors that are asked for are biases, of which nothing need be remembered.
  const auto [entry, is_new] = stored_scalars_.try_emplace(value);
  if (is_new) {
    if (const auto array = ReadStored(*stored)) entry->second = OnlyValue(array->values);
  }
  return entry->second;
}

std::optional<std::vector<int64_t>> Constants::Integers(ValueId value) {
  const Array* array = Find(value);
  if (array == nullptr) return std::nullopt;
  std::vector<int64_t> integers(array->values.size());
  std::transform(array->values.begin(), array->values.end(), integers.begin(), RoundedInteger);
  return integers;
}

std::vector<std::optional<int64_t>> Constants::SomeIntegers(ValueId value) {
  std::vector<std::optional<int64_t>> integers;
  if (value == graph::kNone) return integers;
  const Known& known = Settle(value);
  if (!known.array) return integers;
  for (const double element : known.array->values) {
    integers.push_back(std::isnan(element) ? std::nullopt : std::optional(RoundedInteger(element)));
  }
  return integers;
}

std::optional<std::vector<double>> Constants::Numbers(const Node& node,
                                                      std::string_view attribute) const {
  const wire::Attribute* found = node.FindAttribute(attribute);
  if (found == nullptr) return std::nullopt;
  const wire::Tensor& tensor = found->tensors.empty() ? found->floats : found->tensors[0];
  std::optional<Array> array = ReadArray(tensor, values_);
  if (!array) return std::nullopt;
  return std::move(array->values);
}

std::optional<std::vector<int64_t>> Constants::List(const Node& node, std::string_view name,
                                                    size_t input) {
  if (node.FindAttribute(name) != nullptr) {
    const absl::Span<const int64_t> ints = node.IntsAttribute(name);
    return std::vector<int64_t>(ints.begin(), ints.end());
  }
  if (node.Input(input) == graph::kNone) return std::vector<int64_t>();
  return Integers(node.Input(input));
}

// First the dims of what `value` is made of, without recursion: files decide how deep it is.
std::optional<std::vector<int64_t>> Constants::Dims(ValueId value) {
  if (value == graph::kNone) return std::nullopt;
  std::vector<ValueId> waiting;
  if (!HasDims(value)) waiting.push_back(value);
  while (!waiting.empty()) {
    const ValueId now = waiting.back();
    const size_t before = waiting.size();
    const Node* node = HasDims(now) ? nullptr : graph_.Producer(now);
    if (node != nullptr) {
      for (const size_t operand : DimsOperands(*node)) {
        const ValueId need = node->Input(operand);
        if (need != graph::kNone && !HasDims(need)) waiting.push_back(need);
      }
    }
    if (waiting.size() > before) continue;
    waiting.pop_back();
    if (!HasDims(now)) dims_.emplace(now, FollowedDims(now));
  }
  const auto whole = WholeDims(value);
  return whole ? whole : dims_.find(value)->second;
}

bool Constants::HasDims(ValueId value) const {
  return dims_.contains(value) || WholeDims(value).has_value();
}

std::optional<std::vector<int64_t>> Constants::WholeDims(ValueId value) const {
  const auto declared = DeclaredDims(value);
  if (!declared ||
      std::any_of(declared->begin(), declared->end(), [](double dim) { return std::isnan(dim); })) {
    return std::nullopt;
  }
  return std::vector<int64_t>(declared->begin(), declared->end());
}

// The dims of the operands are settled.
std::optional<std::vector<int64_t>> Constants::FollowedDims(ValueId value) {
  const Node* node = graph_.Producer(value);
  std::vector<std::vector<int64_t>> operands;
  bool are_known = node != nullptr;
  for (const size_t operand : are_known ? DimsOperands(*node) : DimsPositions()) {
    const ValueId need = node->Input(operand);
    if (need == graph::kNone) continue;
    const auto whole = WholeDims(need);
    const auto& dims = whole ? whole : dims_.find(need)->second;
    are_known = are_known && dims;
    if (are_known) operands.push_back(*dims);
  }
  if (are_known && !operands.empty()) {
    auto dims = OutputDims({*node, graph_.value(value).output, operands, *this});
    if (dims && dims->size() <= kMaxArrayRank) return dims;
  }
  const Known& known = Settle(value);
  if (!known.array) return std::nullopt;
  return known.array->dims;
}

std::optional<std::vector<double>> Constants::DeclaredDims(ValueId value) const {
  if (const StoredTensor* stored = graph_.Stored(value)) {
    const wire::Dims& dims = stored->dims();
    return std::vector<double>(dims.begin(), dims.end());
  }
  const wire::ValueInfo* info = graph_.value(value).info;
  if (info == nullptr || !info->has_shape) return std::nullopt;
  std::vector<double> dims;
  for (const wire::Dimension& dim : info->shape) {
    dims.push_back(dim.value < 0 ? kNotKnown : static_cast<double>(dim.value));
  }
  return dims;
}

bool Constants::IsMissing(ValueId value) const {
  return value != graph::kNone && !known_.contains(value);
}

// Evaluates what `value` needs before it, without recursion: files decide how deep it is.
const Constants::Known& Constants::Settle(ValueId value) {
  struct Step {
    ValueId value;
    std::vector<ValueId> needs;
    size_t next = 0;
  };
  std::vector<Step> steps;
  if (IsMissing(value)) steps.push_back({value, Needs(value)});
  while (!steps.empty()) {
    Step& step = steps.back();
    // Once one of its inputs is not known, the others do not matter.
    if (step.next > 0) {
      const auto last = known_.find(step.needs[step.next - 1]);
      if (last != known_.end() && !last->second.array) step.next = step.needs.size();
    }
    if (step.next < step.needs.size()) {
      const ValueId need = step.needs[step.next++];
      if (IsMissing(need)) steps.push_back({need, Needs(need)});
      continue;
    }
    std::optional<Array> array = Evaluate(step.value);
    const bool is_complete = array && IsComplete(*array);
    known_.emplace(step.value, Known{std::move(array), is_complete});
    steps.pop_back();
  }
  return known_.find(value)->second;
}

std::vector<ValueId> Constants::Needs(ValueId value) const {
  const Node* node = graph_.Producer(value);
  if (node == nullptr || graph_.Stored(value) != nullptr) return {};
  if (IsShapeOperator(*node)) {
    const ValueId input = node->Input(0);
    if (input == graph::kNone || DeclaredDims(input)) return {};
    return {input};
  }
  const ConstantRow* row = FindConstantRow(*node);
  if (row == nullptr) return {};
  const size_t count = row->needed < 0 ? node->inputs.size() : static_cast<size_t>(row->needed);
  return {node->inputs.begin(),
          node->inputs.begin() + static_cast<int64_t>(std::min(count, node->inputs.size()))};
}

// All that `value` needs has been evaluated, or something of it is not known.
std::optional<Array> Constants::Evaluate(ValueId value) const {
  if (const StoredTensor* stored = graph_.Stored(value)) return ReadStored(*stored);
  const Node* node = graph_.Producer(value);
  if (node == nullptr) return std::nullopt;
  if (IsShapeOperator(*node)) return EvaluateShape(*node);
  const ConstantRow* row = FindConstantRow(*node);
  if (row == nullptr) return std::nullopt;
  std::vector<const Array*> inputs;
  for (const ValueId need : Needs(value)) {
    if (need == graph::kNone) {
      inputs.push_back(nullptr);
      continue;
    }
    const auto known = known_.find(need);
    if (known == known_.end() || !known->second.array) return std::nullopt;
    inputs.push_back(&*known->second.array);
  }
  return row->apply({*node, graph_.value(value).output, inputs, values_});
}

std::optional<Array> Constants::EvaluateShape(const Node& node) const {
  const ValueId input = node.Input(0);
  if (input == graph::kNone) return std::nullopt;
  std::optional<std::vector<double>> dims = DeclaredDims(input);
  if (!dims) {
    const auto known = known_.find(input);
    if (known == known_.end() || !known->second.array) return std::nullopt;
    const std::vector<int64_t>& own = known->second.array->dims;
    dims.emplace(own.begin(), own.end());
  }
  if (node.Is("Size")) {
    double size = 1;
    for (const double dim : *dims) size *= dim;
    return Array{{}, {size}, true};
  }
  const auto rank = static_cast<int64_t>(dims->size());
  const SliceRange range =
      SliceOf(rank, node.IntAttribute("start", 0), node.IntAttribute("end", rank), 1);
  if (range.count > kMaxArrayElements) return std::nullopt;
  return Array{{range.count},
               {dims->begin() + range.start, dims->begin() + range.start + range.count},
               true};
}

std::optional<Array> Constants::ReadStored(const StoredTensor& stored) const {
  if (stored.literal != nullptr) return LiteralOf(stored);
  if (stored.sparse != nullptr) return std::nullopt;
  return ReadArray(*stored.tensor, values_);
}

}  // namespace onnx_reinit::infer
