#include "infer/product_slots.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/checked_math.h"
#include "base/text.h"
#include "infer/einsum.h"
#include "infer/experts.h"
#include "infer/operator_sets.h"
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

bool IsVector(const SlotContext& context, ValueId value) {
  const auto dims = context.constants.Dims(value);
  return dims && dims->size() == 1;
}

// Indices that are data, against several stored ones.
bool IsComparedWithEach(const SlotContext& context, const Node& node) {
  const bool is_first = context.levels.IsData(node.Input(0));
  const ValueId stored = node.Input(is_first ? 1 : 0);
  const auto dims = context.constants.Dims(stored);
  return !context.levels.IsData(stored) && context.levels.IsData(node.Input(is_first ? 0 : 1)) &&
         dims && ElementCount(*dims).value_or(0) > 1;
}

// Each row of `value` has a single one: OneHot, or indices compared with a stored range, moved and
// re-typed.
bool IsOneHot(const SlotContext& context, ValueId value) {
  for (int step = 0; step < 8; ++step) {
    const Node* node = context.graph.Producer(value);
    if (node == nullptr) return false;
    if (node->Is("OneHot")) return context.levels.IsData(node->Input(0));
    if (node->Is("Equal")) return IsComparedWithEach(context, *node);
    if (!IsIn(OperatorSet::kMove, *node)) return false;
    value = node->Input(0);
  }
  return false;
}

// A vector is added to what `node` makes, perhaps inside of it: a layer's bias.
bool HasBias(const SlotContext& context, const Node& node) {
  if (node.Input(2) != graph::kNone) return true;
  const auto uses = context.graph.UsesOf(node.Output(0));
  if (uses.size() != 1 || !context.graph.node(uses[0].node).Is("Add")) return false;
  const ValueId added = context.graph.node(uses[0].node).Input(uses[0].input == 0 ? 1 : 0);
  return !context.levels.IsData(added) && IsVector(context, added);
}

// A product that picks the rows of the table, as it is stored, by their numbers: a look-up, written
// out. With a bias it is a layer on indices.
MaybeMeaning TableOfOneHot(const SlotContext& context, const Slot& slot, ValueId rows) {
  const bool is_as_stored =
      slot.view.rank() == 2 && !slot.view.axes[0].empty() && slot.view.axes[0].front().axis == 0;
  if (!is_as_stored || !IsOneHot(context, rows) || HasBias(context, slot.node)) {
    return std::nullopt;
  }
  return Weight(Role::kEmbedding, {kInput, kOutput}, "rows looked up by one-hot indices");
}

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

// A factor of a weight that the graph makes of stored tensors: which of its axes is the output
// follows from that weight's.
MaybeMeaning FactorOfWeight(const SlotContext& context, const Slot& slot, bool is_transposed) {
  const Composition made = context.levels.composition(slot.node.Output(0));
  if (made == Composition::kNone || slot.view.rank() < 2 || slot.input > 1) return std::nullopt;
  const bool is_output_first = (made == Composition::kOutputsFirst) != is_transposed;
  SlotMeaning meaning = Weight(Role::kLinear,
                               Matrix(slot.view.rank(), is_output_first ? kOutput : kInput,
                                      is_output_first ? kInput : kOutput),
                               "a factor of a weight that is made of stored tensors");
  meaning.evidence = Evidence::kStructure;
  return meaning;
}

// Relative positions: indices that no data decides choose a row for each pair.
MaybeMeaning RowsOfPairs(const Slot& slot) {
  if (!slot.view.is_picked || slot.view.rank() < 3) return std::nullopt;
  return SlotMeaning{.role = Role::kPositionEmbedding,
                     .evidence = Evidence::kOpen,
                     .text = "a row of a table for each pair of positions is multiplied"};
}

MaybeMeaning ProductOperand(const SlotContext& context, const Slot& slot, bool is_transposed) {
  const int other = slot.input == 0 ? RightOperand(slot.node) : 0;
  const bool is_left = slot.input == 0;
  const ValueId operand = slot.node.Input(static_cast<size_t>(other));
  const bool is_among_stored = !context.levels.IsData(operand);
  if (auto factor = FactorOfWeight(context, slot, is_transposed)) return factor;
  if (slot.view.rank() == 1 && !context.levels.IsFed(operand)) {
    return SlotMeaning{
        .text = "a vector multiplied with a stored matrix, or a product of one: power iteration"};
  }
  if (is_left && is_among_stored && !IsVector(context, operand)) {
    return StartingValue(slot, is_transposed ? 0 : slot.view.rank() - 1);
  }
  if (is_left && ReachesSoftmax(context, slot.node.Output(0))) {
    return StartingValue(slot, is_transposed ? 0 : slot.view.rank() - 1);
  }
  if (!is_left && !is_transposed) {
    if (auto table = TableOfOneHot(context, slot, operand)) return table;
  }
  if (auto rows = RowsOfPairs(slot)) return rows;
  // Summed over: the left operand's last axis, the right operand's second last.
  const bool input_is_last = is_left != is_transposed;
  const AxisLabel second_last = input_is_last ? kOutput : kInput;
  const AxisLabel last = slot.view.rank() == 1 || input_is_last ? kInput : kOutput;
  const int rank = slot.view.rank();
  SlotMeaning meaning = Weight(Role::kLinear, Matrix(rank, second_last, last), "");
  if (context.explains) {
    meaning.text = Text("operand ", slot.input, " of a product with operand ", other,
                        ": fan_in = axis ", input_is_last || rank == 1 ? rank - 1 : rank - 2);
  }
  // A product with data says more: a spectral norm multiplies the weight with stored vectors.
  if (is_among_stored) meaning.evidence = Evidence::kStructure;
  return meaning;
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

MaybeMeaning EinsumOperand(const SlotContext& context, const Slot& slot) {
  auto labels = EinsumLabels(context.levels, slot.node, slot.input, slot.view.rank());
  if (!labels) return std::nullopt;
  if (!context.levels.HasDataInput(slot.node) && slot.input == 0) return StartingValue(slot, -1);
  if (auto rows = RowsOfPairs(slot)) return rows;
  const bool is_matrix = *labels == std::vector<AxisLabel>{kInput, kOutput};
  if (is_matrix && slot.node.inputs.size() == 2) {
    const ValueId other = slot.node.Input(slot.input == 0 ? 1 : 0);
    if (auto table = TableOfOneHot(context, slot, other)) return table;
  }
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
