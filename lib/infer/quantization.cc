#include "infer/quantization.h"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <utility>

#include "base/checked_math.h"
#include "base/element_type.h"
#include "base/text.h"
#include "infer/operator_rows.h"
#include "infer/operator_sets.h"

namespace onnx_reinit::infer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

constexpr std::string_view kMs = "com.microsoft";

constexpr std::array kRows = {
    QuantizedRow{"", "ConvInteger", 1, -1, 3, 0},
    QuantizedRow{"", "MatMulInteger", 1, -1, 3, -1},
    QuantizedRow{"", "QLinearConv", 3, 4, 5, 0},
    QuantizedRow{"", "QLinearMatMul", 0, 1, 2, -2},
    QuantizedRow{"", "QLinearMatMul", 3, 4, 5, -1},
    QuantizedRow{kMs, "DynamicQuantizeLSTM", 1, 8, 9, -1},
    QuantizedRow{kMs, "DynamicQuantizeLSTM", 2, 10, 11, -1},
    QuantizedRow{kMs, "DynamicQuantizeMatMul", 1, 2, 3, -1},
    QuantizedRow{kMs, "MatMulIntegerToFloat", 1, 3, 5, -1},
    QuantizedRow{kMs, "QAttention", 1, 4, 7, -1},
    QuantizedRow{kMs, "QEmbedLayerNormalization", 2, 8, 13, -1},
    QuantizedRow{kMs, "QEmbedLayerNormalization", 3, 9, 14, -1},
    QuantizedRow{kMs, "QEmbedLayerNormalization", 4, 10, 15, -1},
    QuantizedRow{kMs, "QEmbedLayerNormalization", 5, 11, 16, -1},
    QuantizedRow{kMs, "QEmbedLayerNormalization", 6, 12, 17, -1},
    QuantizedRow{kMs, "QGemm", 3, 4, 5, -1},
    QuantizedRow{kMs, "QLinearAdd", 0, 1, 2, -1},
    QuantizedRow{kMs, "QLinearAdd", 3, 4, 5, -1},
    QuantizedRow{kMs, "QLinearConv", 3, 4, 5, 0},
    QuantizedRow{kMs, "QLinearMul", 0, 1, 2, -1},
    QuantizedRow{kMs, "QLinearMul", 3, 4, 5, -1},
    QuantizedRow{kMs, "QOrderedAttention", 5, 8, -1, -1},
    QuantizedRow{kMs, "QOrderedAttention", 6, 9, -1, -1},
    QuantizedRow{kMs, "QOrderedAttention", 7, 10, -1, -1},
    QuantizedRow{kMs, "QOrderedLongformerAttention", 2, 3, -1, -1},
    QuantizedRow{kMs, "QOrderedLongformerAttention", 8, 9, -1, -1},
    QuantizedRow{kMs, "QOrderedMatMul", 2, 3, -1, -1},
    QuantizedRow{"com.ms.internal.nhwc", "QLinearConv", 3, 4, 5, 0},
};

constexpr auto KeyOf(const QuantizedRow& row) {
  return std::tuple(row.domain, row.op_type, row.weight);
}

static_assert(std::is_sorted(kRows.begin(), kRows.end(),
                             [](const auto& a, const auto& b) { return KeyOf(a) < KeyOf(b); }));

const QuantizedRow* FindRow(const Node& node, int weight) {
  for (const QuantizedRow& row : RowsOf<kRows>(node)) {
    if (row.weight == weight) return &row;
  }
  return nullptr;
}

// Of 16 bits or more, and on no grid: the graph quantises it itself.
bool IsRealNumber(const wire::Tensor& tensor) {
  const ElementTypeInfo* type = FindElementType(tensor.data_type);
  return type != nullptr && type->bits >= 16 && IsFloatingType(tensor.data_type);
}

// The stored tensor that `value` is, perhaps under another name; nullptr where it is none.
const wire::Tensor* StoredAt(const Graph& graph, ValueId value) {
  for (int step = 0; step < 4 && graph.Stored(value) == nullptr; ++step) {
    const Node* node = graph.Producer(value);
    if (node == nullptr || !(node->Is("Identity") || node->IsBorder("Alias"))) return nullptr;
    value = node->Input(0);
  }
  const graph::StoredTensor* stored = graph.Stored(value);
  return stored != nullptr && stored->sparse == nullptr ? stored->tensor : nullptr;
}

int PositiveAxis(int64_t axis, size_t rank) {
  if (axis < 0) axis += static_cast<int64_t>(rank);
  return axis >= 0 && axis < static_cast<int64_t>(rank) ? static_cast<int>(axis) : -1;
}

// `axis` of the stored tensor holds the groups where the scale has more than one element.
QuantizationFacts Grid(const SlotContext& context, const graph::StoredTensor& tensor, ValueId scale,
                       ValueId zero_point, int64_t axis) {
  const Graph& graph = context.graph;
  QuantizationFacts facts;
  facts.scale = StoredAt(graph, scale);
  facts.zero_point = StoredAt(graph, zero_point);
  if (facts.scale == nullptr) {
    facts.unsupported = "its scales are not stored in the file";
  } else if (zero_point != graph::kNone && facts.zero_point == nullptr &&
             context.constants.Scalar(zero_point) != 0.0) {
    facts.unsupported = "its zero points are not stored in the file";
  } else if (ElementCount(facts.scale->dims) != 1) {
    facts.axis = PositiveAxis(axis, tensor.tensor->dims.size());
  }
  return facts;
}

// The stored one of both factors, which belongs to W. Where both are stored, x is a table's rows,
// and they stand in the order of the operands (onnxruntime, quantization/operators/matmul.py).
ValueId ScaleOf(int input, const Graph& graph, const Node& scales) {
  const ValueId left = scales.Input(0);
  const ValueId right = scales.Input(1);
  const bool is_left = StoredAt(graph, left) != nullptr;
  if (is_left && StoredAt(graph, right) != nullptr) return input == 0 ? left : right;
  if (input == 0) return graph::kNone;
  return is_left ? left : right;
}

// The stored scale of operand `input` of the product in y = Cast(MatMulInteger(x, W)) * (x_scale *
// W_scale).
ValueId LaterScale(const Graph& graph, const Node& product, int input) {
  ValueId now = product.Output(0);
  for (int step = 0; step < 4 && now != graph::kNone; ++step) {
    const auto& uses = graph.UsesOf(now);
    if (uses.empty()) return graph::kNone;
    const Node& next = graph.node(uses[0].node);
    if (!next.Is("Mul")) {
      if (!IsIn(OperatorSet::kMove, next)) return graph::kNone;
      now = next.Output(0);
      continue;
    }
    const ValueId scales = next.Input(uses[0].input == 0 ? 1 : 0);
    if (StoredAt(graph, scales) != nullptr) return input == 0 ? graph::kNone : scales;
    const Node* both = graph.Producer(scales);
    return both != nullptr && both->Is("Mul") ? ScaleOf(input, graph, *both) : graph::kNone;
  }
  return graph::kNone;
}

// Blocks of `block_size` along the input axis, several numbers to a byte.
QuantizationFacts Blocks(const Graph& graph, const Node& node, int scale, int zero_point) {
  QuantizationFacts facts;
  facts.scale = StoredAt(graph, node.Input(static_cast<size_t>(scale)));
  facts.zero_point = StoredAt(graph, node.Input(static_cast<size_t>(zero_point)));
  facts.block_size = node.IntAttribute("block_size", 0);
  facts.packed_bits = static_cast<int>(node.IntAttribute("bits", 4));
  facts.packed_columns = node.IntAttribute("K", 0);
  if (facts.scale == nullptr) facts.unsupported = "its scales are not stored in the file";
  if (node.Input(4) != graph::kNone && node.op_type == "MatMulNBits") {
    facts.unsupported = "its columns are in the order of a group index";
  }
  return facts;
}

// The table of GatherBlockQuantized: bytes are packed, row by row, with no last block filled up.
QuantizationFacts LookedUpBlocks(const Graph& graph, const wire::Tensor& table, const Node& node) {
  constexpr int64_t kDefaultBlock = 128;
  QuantizationFacts facts = Blocks(graph, node, 2, 3);
  facts.block_size = node.IntAttribute("block_size", kDefaultBlock);
  const int axis = PositiveAxis(node.IntAttribute("quantize_axis", 1), table.dims.size());
  if (static_cast<ElementType>(table.data_type) != ElementType::kUint8) {
    facts.packed_bits = 0;
    facts.axis = axis;
    return facts;
  }
  const bool is_packed_in_rows =
      table.dims.size() == 2 && axis == 1 && facts.packed_bits >= 1 && facts.packed_bits <= 8;
  if (!is_packed_in_rows) {
    facts.unsupported = "its blocks do not lie in the rows that are packed";
    return facts;
  }
  facts.packed_columns = ElementCount({table.dims[1], 8 / facts.packed_bits}).value_or(0);
  if (facts.block_size <= 0 || facts.packed_columns % facts.block_size != 0) {
    facts.unsupported = "the last block of its rows is not full";
  }
  return facts;
}

std::optional<QuantizationFacts> Dequantized(const SlotContext& context,
                                             const graph::StoredTensor& tensor, const Node& node,
                                             bool is_first) {
  QuantizationFacts facts =
      Grid(context, tensor, node.Input(1), node.Input(2), node.IntAttribute("axis", 1));
  facts.block_size = node.IntAttribute("block_size", 0);
  if (!is_first && facts.axis >= 0) {
    facts.unsupported = "it is moved before it is dequantised along an axis";
  }
  return facts;
}

// DequantizeLinear in pieces.
struct Pieces {
  ValueId scale = graph::kNone;
  ValueId zero_point = graph::kNone;
};

Pieces PiecesOf(const Graph& graph, const Reached& use) {
  Pieces pieces;
  ValueId seen = graph::kNone;
  for (const graph::NodeId id : use.path) {
    const Node& node = graph.node(id);
    const bool is_first = seen == graph::kNone;
    if (is_first ? !node.Is("Cast") : !(node.Is("Sub") || node.Is("Mul"))) return {};
    if (node.Is("Mul")) {
      pieces.scale = node.Input(node.Input(0) == seen ? 1 : 0);
      return pieces;
    }
    if (node.Is("Sub")) {
      if (pieces.zero_point != graph::kNone || node.Input(0) != seen) return {};
      pieces.zero_point = node.Input(1);
    }
    seen = node.Output(0);
  }
  return {};
}

// The axis, from the end, along which `dims` has more than one element; nothing where there is
// none, or are several.
std::optional<int64_t> OnlyWideAxis(absl::Span<const int64_t> dims) {
  std::optional<int64_t> axis;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] == 1) continue;
    if (axis) return std::nullopt;
    axis = static_cast<int64_t>(i) - static_cast<int64_t>(dims.size());
  }
  return axis;
}

QuantizationFacts DequantizedInPieces(const SlotContext& context, const graph::StoredTensor& tensor,
                                      const Pieces& pieces) {
  const auto scales = context.constants.Dims(pieces.scale).value_or(std::vector<int64_t>());
  const auto axis = OnlyWideAxis(scales);
  QuantizationFacts facts =
      Grid(context, tensor, pieces.scale, pieces.zero_point, axis.value_or(-1));
  const bool has_one = ElementCount(scales) == 1;
  const bool fits =
      facts.zero_point == nullptr || ElementCount(facts.zero_point->dims) == ElementCount(scales);
  if (!facts.unsupported.empty()) return facts;
  if (!has_one && !axis) facts.unsupported = "its scales lie along several axes";
  if (!fits) facts.unsupported = "it has not as many zero points as scales";
  return facts;
}

// The rows of a table that `lookup` picks, on the grid of what reads them.
std::optional<QuantizationFacts> LookedUp(const SlotContext& context,
                                          const graph::StoredTensor& tensor, const Node& lookup) {
  const auto later = QuantizedUseAfter(context.graph, lookup);
  if (!later) return std::nullopt;
  const Node& reader = context.graph.node(later->node);
  if (reader.op_type == "DequantizeLinear") return Dequantized(context, tensor, reader, false);
  if (reader.op_type.ends_with("Integer")) {
    return Grid(context, tensor, LaterScale(context.graph, reader, 0), reader.Input(2), -1);
  }
  const auto scale = static_cast<size_t>(later->input) + 1;
  return Grid(context, tensor, reader.Input(scale), reader.Input(scale + 1), -1);
}

QuantizationFacts OfRow(const SlotContext& context, const graph::StoredTensor& tensor,
                        const Node& node, const QuantizedRow& row) {
  const ValueId scale = row.scale < 0 ? LaterScale(context.graph, node, 1)
                                      : node.Input(static_cast<size_t>(row.scale));
  const ValueId zero =
      row.zero_point < 0 ? graph::kNone : node.Input(static_cast<size_t>(row.zero_point));
  const bool is_transposed = node.op_type == "QGemm" && node.IntAttribute("transB", 0) != 0;
  return Grid(context, tensor, scale, zero, is_transposed ? 0 : row.axis);
}

}  // namespace

graph::ValueId ScaleInPieces(const Graph& graph, const Reached& use) {
  return PiecesOf(graph, use).scale;
}

bool IsCastInteger(const Graph& graph, ValueId value) {
  const Node* node = graph.Producer(value);
  if (node != nullptr && node->Is("Sub")) node = graph.Producer(node->Input(0));
  if (node == nullptr || !node->Is("Cast")) return false;
  const wire::Tensor* stored = StoredAt(graph, node->Input(0));
  const ElementTypeInfo* type = stored == nullptr ? nullptr : FindElementType(stored->data_type);
  return type != nullptr && type->bits > 1 && type->bits <= 8 &&
         !IsFloatingType(stored->data_type) &&
         stored->data_type != static_cast<int32_t>(ElementType::kBool);
}

absl::Span<const QuantizedRow> QuantizedRows() { return kRows; }

std::optional<graph::Use> QuantizedUseAfter(const Graph& graph, const Node& lookup) {
  const Node* now = &lookup;
  for (int step = 0; step < 8 && !now->outputs.empty(); ++step) {
    const auto& uses = graph.UsesOf(now->Output(0));
    if (uses.empty()) return std::nullopt;
    now = &graph.node(uses[0].node);
    if (now->op_type == "DequantizeLinear" || now->op_type.starts_with("QLinear")) return uses[0];
    if (now->op_type.ends_with("Integer") && uses[0].input == 0) return uses[0];
    if (!IsIn(OperatorSet::kMove, *now)) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<QuantizationFacts> QuantizationOf(const SlotContext& context,
                                                const graph::StoredTensor& tensor,
                                                const Reached& use) {
  const Graph& graph = context.graph;
  for (size_t i = 0; i < use.path.size(); ++i) {
    const Node& node = graph.node(use.path[i]);
    if (node.op_type == "QuantizeLinear") return std::nullopt;
    if (node.op_type == "DequantizeLinear") return Dequantized(context, tensor, node, i == 0);
  }
  if (const Pieces pieces = PiecesOf(graph, use); pieces.scale != graph::kNone) {
    if (IsFloatingType(tensor.tensor->data_type)) return std::nullopt;
    return DequantizedInPieces(context, tensor, pieces);
  }
  const Node& node = graph.node(use.node);
  if (node.op_type == "MatMulNBits") return Blocks(graph, node, 2, 3);
  if (node.op_type == "GatherBlockQuantized") return LookedUpBlocks(graph, *tensor.tensor, node);
  if (node.op_type == "MatMulBnb4") {
    QuantizationFacts facts;
    facts.unsupported = "the grid of MatMulBnb4 is not one of equal steps";
    return facts;
  }
  if (node.op_type.starts_with("Gather")) return LookedUp(context, tensor, node);
  const QuantizedRow* row = FindRow(node, use.input);
  if (row == nullptr || IsRealNumber(*tensor.tensor)) return std::nullopt;
  return OfRow(context, tensor, node, *row);
}

}  // namespace onnx_reinit::infer
