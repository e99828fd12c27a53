#include "infer/product_slots.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "infer/experts.h"
#include "infer/origin.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::ValueId;

constexpr AxisLabel kInput = AxisLabel::kInput;
constexpr AxisLabel kOutput = AxisLabel::kOutput;

SlotMeaning Weight(Role role, std::vector<AxisLabel> labels, std::string text) {
  return {.role = role,
          .evidence = Evidence::kOperator,
          .labels = std::move(labels),
          .text = std::move(text)};
}

// Two labels at the end, batch before them.
std::vector<AxisLabel> Matrix(int rank, AxisLabel second_last, AxisLabel last) {
  std::vector<AxisLabel> labels(static_cast<size_t>(std::max(rank, 1)), AxisLabel::kBatch);
  labels.back() = last;
  if (rank >= 2) labels[labels.size() - 2] = second_last;
  return labels;
}

MaybeMeaning Convolution(const Slot& slot, Role role, AxisLabel first, AxisLabel second,
                         int64_t groups) {
  if (slot.view.rank() < 2) return std::nullopt;
  std::vector<AxisLabel> labels(static_cast<size_t>(slot.view.rank()), AxisLabel::kKernel);
  labels[0] = first;
  labels[1] = second;
  SlotMeaning meaning = Weight(role, std::move(labels), "");
  meaning.groups = std::max<int64_t>(groups, 1);
  meaning.text = meaning.groups == 1
                     ? "fans by axes 0 and 1 and the kernel"
                     : Text("fans by axes 0 and 1 and the kernel, in ", meaning.groups, " groups");
  return meaning;
}

int64_t GroupsOf(const Node& node) { return node.IntAttribute("group", 1); }

// A fixed operand that stands where the data of a product stands: what the network starts from.
// Where each row has a few numbers only, they are coordinates.
SlotMeaning StartingValue(const Slot& slot, int features) {
  constexpr int64_t kMaxCoordinates = 4;
  if (features >= 0 && features < slot.view.rank() && !slot.view.is_opaque &&
      slot.view.Extent(features) <= kMaxCoordinates) {
    return {.text = "the left operand of a product, a few numbers to a row: coordinates"};
  }
  return {.role = Role::kToken,
          .evidence = Evidence::kOpen,
          .text = "the left operand of a product: a value that the network starts from"};
}

bool IsVector(const SlotContext& context, ValueId value) {
  const auto dims = context.constants.Dims(value);
  return dims && dims->size() == 1;
}

MaybeMeaning ProductOperand(const SlotContext& context, const Slot& slot, bool is_transposed) {
  const int other = slot.input == 0 ? 1 : 0;
  const bool is_left = slot.input == 0;
  const ValueId operand = slot.node.Input(static_cast<size_t>(other));
  const bool is_among_stored = !context.levels.IsData(operand);
  if (slot.view.rank() == 1 && !context.levels.IsFed(operand)) {
    return SlotMeaning{
        .text = "a vector multiplied with a stored matrix, or a product of one: power iteration"};
  }
  if (is_left && is_among_stored && !IsVector(context, slot.node.Input(1))) {
    return StartingValue(slot, is_transposed ? 0 : slot.view.rank() - 1);
  }
  if (is_left && ReachesSoftmax(context, slot.node.Output(0))) {
    return StartingValue(slot, is_transposed ? 0 : slot.view.rank() - 1);
  }
  if (slot.view.is_picked && slot.view.rank() >= 3) {
    return SlotMeaning{.role = Role::kPositionEmbedding,
                       .evidence = Evidence::kOpen,
                       .text = "a row of a table for each pair of positions is multiplied"};
  }
  // Summed over: the left operand's last axis, the right operand's second last.
  const bool input_is_last = is_left != is_transposed;
  const AxisLabel second_last = input_is_last ? kOutput : kInput;
  const AxisLabel last = slot.view.rank() == 1 || input_is_last ? kInput : kOutput;
  const int rank = slot.view.rank();
  SlotMeaning meaning =
      Weight(Role::kLinear, Matrix(rank, second_last, last),
             Text("operand ", slot.input, " of a product with operand ", other, ": fan_in = axis ",
                  input_is_last || rank == 1 ? rank - 1 : rank - 2));
  // A product with data says more: a spectral norm multiplies the weight with stored vectors.
  if (is_among_stored) meaning.evidence = Evidence::kStructure;
  return meaning;
}

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

AxisLabel LetterLabel(char letter, const std::vector<std::string>& others,
                      std::string_view output) {
  if (!Has(output, letter)) return kInput;
  const bool is_shared = std::any_of(others.begin(), others.end(),
                                     [&](const std::string& term) { return Has(term, letter); });
  return is_shared ? AxisLabel::kBatch : kOutput;
}

int64_t GatesOf(const Node& node) {
  if (node.op_type == "GRU") return 3;
  return node.op_type == "RNN" ? 1 : 4;
}

std::vector<OutputPart> GateParts(const Node& node, int64_t rows) {
  const int64_t gates = GatesOf(node);
  if (gates == 1) return {};
  std::vector<std::string_view> names = {"input gate", "output gate", "forget gate", "cell gate"};
  if (gates == 3) names = {"update gate", "reset gate", "hidden gate"};
  std::vector<OutputPart> parts;
  parts.reserve(names.size());
  for (const std::string_view name : names) parts.push_back({name, BlockRole::kNone, rows / gates});
  return parts;
}

MaybeMeaning Recurrent(const Slot& slot, Role role, std::vector<AxisLabel> labels) {
  if (slot.view.rank() != 3) return std::nullopt;
  const auto output = std::find(labels.begin(), labels.end(), kOutput) - labels.begin();
  SlotMeaning meaning = Weight(role, std::move(labels), "fans of one gate");
  meaning.gates = GatesOf(slot.node);
  meaning.parts = GateParts(slot.node, slot.view.Extent(static_cast<int>(output)));
  return meaning;
}

}  // namespace

MaybeMeaning ConvWeight(const SlotContext&, const Slot& slot) {
  return Convolution(slot, Role::kConv, kOutput, kInput, GroupsOf(slot.node));
}

MaybeMeaning ConvTransposeWeight(const SlotContext&, const Slot& slot) {
  return Convolution(slot, Role::kConvTranspose, kInput, kOutput, GroupsOf(slot.node));
}

MaybeMeaning DepthwiseConvWeight(const SlotContext&, const Slot& slot) {
  const int64_t channels = slot.view.rank() == 0 ? 1 : slot.view.Extent(0);
  return Convolution(slot, Role::kConv, kOutput, kInput, channels);
}

MaybeMeaning NhwcConvWeight(const SlotContext& context, const Slot& slot) {
  const absl::Span<const int64_t> kernel = slot.node.IntsAttribute("kernel_shape");
  const std::vector<int64_t> dims = slot.view.Dims();
  const bool is_channels_first = dims.size() == kernel.size() + 2 &&
                                 std::equal(kernel.begin(), kernel.end(), dims.begin() + 2) &&
                                 !std::equal(kernel.begin(), kernel.end(), dims.begin() + 1);
  if (kernel.empty() || is_channels_first) return ConvWeight(context, slot);
  MaybeMeaning meaning =
      Convolution(slot, Role::kConv, kOutput, AxisLabel::kKernel, GroupsOf(slot.node));
  if (!meaning) return meaning;
  meaning->labels.back() = kInput;
  meaning->text = "fans by the first and the last axis and the kernel between them";
  return meaning;
}

MaybeMeaning GemmOperand(const SlotContext& context, const Slot& slot) {
  const std::string_view attribute = slot.input == 0 ? "transA" : "transB";
  return ProductOperand(context, slot, slot.node.IntAttribute(attribute, 0) != 0);
}

MaybeMeaning MatMulOperand(const SlotContext& context, const Slot& slot) {
  return ProductOperand(context, slot, false);
}

std::optional<std::vector<AxisLabel>> EinsumLabels(const Node& node, int input, int rank) {
  std::vector<std::string> terms = EinsumTerms(node.StringAttribute("equation", ""));
  if (terms.size() == node.inputs.size()) terms.push_back(ImplicitOutput(terms));
  if (terms.size() != node.inputs.size() + 1 || terms.size() < 3) return std::nullopt;
  const std::string output = terms.back();
  terms.pop_back();
  const std::string own = terms[static_cast<size_t>(input)];
  terms.erase(terms.begin() + input);
  std::vector<AxisLabel> labels;
  for (const char letter : own) {
    if (letter != '.') labels.push_back(LetterLabel(letter, terms, output));
  }
  // An ellipsis stands for leading axes that both operands have.
  while (static_cast<int>(labels.size()) < rank) {
    labels.insert(labels.begin(), AxisLabel::kBatch);
  }
  return labels;
}

MaybeMeaning EinsumOperand(const SlotContext& context, const Slot& slot) {
  auto labels = EinsumLabels(slot.node, slot.input, slot.view.rank());
  if (!labels) return std::nullopt;
  if (!context.levels.HasDataInput(slot.node) && slot.input == 0) return StartingValue(slot, -1);
  return Weight(Role::kLinear, *std::move(labels),
                Text("by the letters ", slot.node.StringAttribute("equation", "")));
}

MaybeMeaning InputsByOutputs(const SlotContext&, const Slot& slot) {
  return Weight(Role::kLinear, Matrix(slot.view.rank(), kInput, kOutput), "[inputs, outputs]");
}

MaybeMeaning OutputsByInputs(const SlotContext&, const Slot& slot) {
  return Weight(Role::kLinear, Matrix(slot.view.rank(), kOutput, kInput), "[outputs, inputs]");
}

MaybeMeaning QkvMatrix(const SlotContext&, const Slot& slot) {
  if (slot.view.rank() != 2) return std::nullopt;
  SlotMeaning meaning = Weight(Role::kLinear, {kInput, kOutput}, "[inputs, query + key + value]");
  const int64_t third = slot.view.Extent(1) / 3;
  const absl::Span<const int64_t> sizes = slot.node.IntsAttribute("qkv_hidden_sizes");
  const bool is_given = sizes.size() == 3;
  meaning.parts = {{"query", BlockRole::kQuery, is_given ? sizes[0] : third},
                   {"key", BlockRole::kKey, is_given ? sizes[1] : third},
                   {"value", BlockRole::kValue, is_given ? sizes[2] : third}};
  return meaning;
}

// Channels of the data that an operator with experts takes: its scores are a product with it.
std::optional<int64_t> ExpertInputs(const SlotContext& context, const Node& node) {
  const Origin scores = OriginOf(context, node.Input(1));
  if (scores.kind != OriginKind::kProduct) return std::nullopt;
  const std::optional<int64_t> outputs = ProductOutputs(context, *scores.node);
  for (const ValueId input : scores.node->inputs) {
    const auto dims = context.levels.IsData(input) ? std::nullopt : context.constants.Dims(input);
    if (!dims || dims->size() != 2 || outputs.value_or(0) <= 0) continue;
    return (*dims)[0] == *outputs ? (*dims)[1] : (*dims)[0];
  }
  return std::nullopt;
}

// ORT up to 1.20 has [E, in, out]. The biases tell, and without them the scores.
bool IsExpertInputsByOutputs(const SlotContext& context, const Slot& slot) {
  const int64_t first = slot.view.Extent(1);
  const int64_t last = slot.view.Extent(2);
  const auto bias = context.constants.Dims(slot.node.Input(static_cast<size_t>(slot.input) + 1));
  if (bias) return bias->size() == 2 && (*bias)[1] == last && (*bias)[1] != first;
  const bool is_output = ExpertRole(slot.node, slot.input) == BlockRole::kMlpOutput;
  return first != last && ExpertInputs(context, slot.node) == (is_output ? last : first);
}

MaybeMeaning ExpertMatrix(const SlotContext& context, const Slot& slot) {
  if (slot.view.rank() != 3) return std::nullopt;
  return IsExpertInputsByOutputs(context, slot) ? InputsByOutputs(context, slot)
                                                : OutputsByInputs(context, slot);
}

MaybeMeaning Packed(const SlotContext&, const Slot&) {
  SlotMeaning meaning = Weight(Role::kLinear, {}, "");
  meaning.unfillable = "it is packed in a layout that only its kernel knows";
  return meaning;
}

MaybeMeaning PackedMatrix(const SlotContext& context, const Slot& slot) {
  const bool is_prepacked = slot.node.IntAttribute("weight_prepacked", 0) != 0;
  SlotMeaning meaning =
      is_prepacked ? *Packed(context, slot) : Weight(Role::kLinear, {}, "attributes K and N");
  meaning.fans = {std::max<int64_t>(slot.node.IntAttribute("K", 0), 0),
                  std::max<int64_t>(slot.node.IntAttribute("N", 0), 0)};
  return meaning;
}

MaybeMeaning Table(const SlotContext& context, const Slot& slot) {
  const Level indices = context.levels.of(slot.node.Input(1));
  const bool is_by_data = indices == Level::kData;
  if (slot.node.IntAttribute("axis", 0) != 0) {
    return SlotMeaning{.role = Role::kRelPosBias,
                       .evidence = Evidence::kOpen,
                       .text = "looked up on another axis than the first"};
  }
  if (is_by_data && IsExpertBias(context, slot)) {
    return SlotMeaning{.role = Role::kBias,
                       .evidence = Evidence::kStructure,
                       .text = "a bias for each expert, added to its product"};
  }
  SlotMeaning meaning =
      Weight(is_by_data ? Role::kEmbedding : Role::kPositionEmbedding, {},
             is_by_data ? "rows looked up by data" : "rows looked up by their position");
  meaning.evidence = Evidence::kOpen;
  if (!is_by_data || slot.view.rank() == 0) return meaning;
  meaning.labels.assign(static_cast<size_t>(slot.view.rank()), kOutput);
  meaning.labels[0] = kInput;
  return meaning;
}

MaybeMeaning RecurrentInput(const SlotContext&, const Slot& slot) {
  return Recurrent(slot, Role::kRnnInput, {AxisLabel::kBatch, kOutput, kInput});
}

MaybeMeaning RecurrentState(const SlotContext&, const Slot& slot) {
  return Recurrent(slot, Role::kRnnRecurrent, {AxisLabel::kBatch, kOutput, kInput});
}

MaybeMeaning RecurrentInputTransposed(const SlotContext&, const Slot& slot) {
  return Recurrent(slot, Role::kRnnInput, {AxisLabel::kBatch, kInput, kOutput});
}

MaybeMeaning RecurrentStateTransposed(const SlotContext&, const Slot& slot) {
  return Recurrent(slot, Role::kRnnRecurrent, {AxisLabel::kBatch, kInput, kOutput});
}

}  // namespace onnx_reinit::infer
