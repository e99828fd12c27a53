#include "infer/origin.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/checked_math.h"
#include "infer/einsum.h"
#include "infer/operator_rows.h"
#include "infer/operator_sets.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::ValueId;

constexpr int kMaxSteps = 64;

// A fixed operand of more than one element.
bool HasVector(const SlotContext& context, const Node& node) {
  return std::any_of(node.inputs.begin(), node.inputs.end(), [&](ValueId input) {
    if (context.levels.IsData(input)) return false;
    const auto dims = context.constants.Dims(input);
    return !dims || std::any_of(dims->begin(), dims->end(), [](int64_t dim) { return dim > 1; });
  });
}

// A fixed operand of several wide axes: no bias, but a map or a table of positions.
bool HasTable(const SlotContext& context, const Node& node) {
  return std::any_of(node.inputs.begin(), node.inputs.end(), [&](ValueId input) {
    const auto dims = context.levels.IsData(input) ? std::nullopt : context.constants.Dims(input);
    return dims && std::ranges::count_if(*dims, [](int64_t dim) { return dim > 1; }) > 1;
  });
}

// Multiplication with the scale of dynamically quantised data: Mul(Cast(MatMulInteger), scales).
ValueId ThroughDynamicScale(const SlotContext& context, const Node& node) {
  if (!node.Is("Mul")) return graph::kNone;
  for (const ValueId input : node.inputs) {
    if (IsCastProduct(context.graph, input)) return input;
  }
  return graph::kNone;
}

// The operator has a bias, or a scale, of its own, at one of the inputs that its rows say hold one;
// what it adds may be data too. One that is `resting` everywhere does nothing.
bool HasOwn(const SlotContext& context, const Node& node, Role role,
            std::optional<double> resting) {
  const View unseen;
  for (const SlotRow& row : SlotRowsOf(node)) {
    // A row with fans is one of a weight.
    if (row.input < 0 || !row.fans.empty()) continue;
    const ValueId value = node.Input(static_cast<size_t>(row.input));
    if (value == graph::kNone || context.levels.IsData(value)) continue;
    const auto meaning = row.rule(context, {node, row.input, unseen});
    if (!meaning || meaning->role != role) continue;
    if (!resting || context.constants.Scalar(value) != resting) return true;
  }
  return false;
}

bool HasOwnBias(const SlotContext& context, const Node& node) {
  return HasOwn(context, node, Role::kBias, std::nullopt);
}

// What `value` is moved or re-typed from is a product with a weight that has added no bias.
bool ComesFromBareProduct(const SlotContext& context, ValueId value) {
  for (int step = 0; step < 4; ++step) {
    const Node* node = context.graph.Producer(value);
    if (node == nullptr) return false;
    if (IsWeightProduct(context.levels, *node)) return !HasOwnBias(context, *node);
    if (!IsIn(OperatorSet::kMove, *node) && !IsIn(OperatorSet::kRetype, *node)) return false;
    value = node->Input(0);
  }
  return false;
}

// x W + h U of a recurrent cell in pieces: what is added to the sum is the bias of both.
bool IsSumOfProducts(const SlotContext& context, const Node& node) {
  return node.Is("Add") && node.inputs.size() == 2 &&
         std::ranges::all_of(node.inputs,
                             [&](ValueId input) { return ComesFromBareProduct(context, input); });
}

struct ProductName {
  std::string_view op_type;
  std::string_view domain;
};

constexpr std::array kProducts = {
    ProductName{"Conv"},
    ProductName{"ConvInteger"},
    ProductName{"ConvTranspose"},
    ProductName{"ConvTransposeWithDynamicPads"},
    ProductName{"DeformConv"},
    ProductName{"DynamicQuantizeMatMul"},
    ProductName{"Einsum"},
    ProductName{"FusedConv"},
    ProductName{"FusedGemm"},
    ProductName{"FusedMatMul"},
    ProductName{"FusedMatMulActivation"},
    ProductName{"Gemm"},
    ProductName{"GemmFastGelu"},
    ProductName{"MatMul"},
    ProductName{"MatMulBnb4"},
    ProductName{"MatMulFpQ4"},
    ProductName{"MatMulInteger"},
    ProductName{"MatMulIntegerToFloat"},
    ProductName{"MatMulNBits"},
    ProductName{"NhwcConv"},
    ProductName{"NhwcFusedConv"},
    ProductName{"QGemm"},
    ProductName{"QLinearConv"},
    ProductName{"QLinearConvTranspose"},
    ProductName{"QLinearMatMul"},
    ProductName{"QOrderedMatMul"},
    ProductName{"SparseToDenseMatMul"},
    ProductName{"TransposeMatMul"},
};

bool IsProduct(const Node& node) { return HasName<kProducts>(node.op_type); }

OriginKind KindOf(const SlotContext& context, const Node& node) {
  const OperatorSets sets = SetsOf(node);
  if (sets.Has(OperatorSet::kNormalization)) return OriginKind::kNormalization;
  if (sets.Has(OperatorSet::kSoftmax)) return OriginKind::kSoftmax;
  if (IsWeightProduct(context.levels, node)) return OriginKind::kProduct;
  if (IsProduct(node)) return OriginKind::kDataProduct;
  return OriginKind::kOther;
}

// Group normalisation in pieces has an InstanceNormalization of ones and zeros, on a grid perhaps.
void NoteOwnScale(const SlotContext& context, Origin& origin) {
  if (origin.node->Is("InstanceNormalization")) return;
  origin.is_scaled = origin.is_scaled || HasOwn(context, *origin.node, Role::kNormScale, 1);
  origin.is_shifted = origin.is_shifted || HasOwn(context, *origin.node, Role::kNormBias, 0);
}

// Normalised over channels and places, images have a scale and a bias for each of these.
void NoteBiasOfPlaces(Origin& origin) {
  if (origin.kind != OriginKind::kNormalization || !origin.is_scaled) return;
  origin.is_shifted = origin.is_shifted || origin.has_table;
}

// One step back, or kNone where `node` is what was looked for.
ValueId StepBack(const SlotContext& context, const Node& node, Origin& origin) {
  if (IsInAny({OperatorSet::kMove, OperatorSet::kPool, OperatorSet::kRetype}, node) ||
      node.IsBorder("Merge")) {
    return node.Input(0);
  }
  const ValueId scaled = ThroughDynamicScale(context, node);
  if (scaled != graph::kNone) return scaled;
  const bool is_shift =
      node.Is("Add") || node.Is("Sub") || node.Is("Sum") || node.op_type == "QLinearAdd";
  const bool is_scale = node.Is("Mul") || node.Is("Div") || node.op_type == "QLinearMul";
  if (!is_shift && !is_scale) return graph::kNone;
  const ValueId only = context.levels.OnlyData(node);
  if (only == graph::kNone) return IsSumOfProducts(context, node) ? node.Input(0) : graph::kNone;
  const bool is_map = is_shift && HasTable(context, node);
  origin.has_table = origin.has_table || is_map;
  if (!is_map && HasVector(context, node)) {
    (is_shift ? origin.is_shifted : origin.is_scaled) = true;
  }
  return only;
}

// True where `value` is what the pieces of a normalisation make.
bool EndsInPieces(const SlotContext& context, ValueId value, Origin& origin) {
  const NormalizationSite* site = context.normalizations.At(context.graph.value(value).producer);
  if (site == nullptr || site->output != value) return false;
  origin.kind = OriginKind::kNormalization;
  origin.is_scaled = origin.is_scaled || site->has_scale;
  origin.is_shifted = origin.is_shifted || site->has_bias;
  NoteBiasOfPlaces(origin);
  return true;
}

// Of the operator that the way back ends at.
void NoteEnd(const SlotContext& context, Origin& origin) {
  origin.kind = KindOf(context, *origin.node);
  const bool is_product =
      origin.kind == OriginKind::kProduct || origin.kind == OriginKind::kDataProduct;
  if (is_product && HasOwnBias(context, *origin.node)) origin.is_shifted = true;
  if (origin.kind == OriginKind::kNormalization) NoteOwnScale(context, origin);
  NoteBiasOfPlaces(origin);
}

// Dims of a fixed value, seen through what re-types it.
std::optional<std::vector<int64_t>> FixedDims(const SlotContext& context, ValueId value) {
  for (int step = 0; step < 8; ++step) {
    if (auto dims = context.constants.Dims(value)) return dims;
    const Node* node = context.graph.Producer(value);
    if (node == nullptr || !(node->Is("Cast") || IsIn(OperatorSet::kRetype, *node)))
      return std::nullopt;
    value = node->Input(0);
  }
  return std::nullopt;
}

}  // namespace

std::optional<int64_t> ProductOutputs(const SlotContext& context, const Node& product) {
  if (product.op_type == "MatMulNBits") return product.IntAttribute("N", 0);
  if (product.Is("Einsum")) return EinsumOutputs(context.levels, context.constants, product);
  const auto right = static_cast<size_t>(RightOperand(product));
  const bool is_left = context.levels.IsData(product.Input(right));
  const size_t weight = is_left ? 0 : right;
  const auto dims = FixedDims(context, product.Input(weight));
  if (!dims || dims->size() < 2) return std::nullopt;
  if (product.op_type.find("ConvTranspose") != std::string_view::npos) {
    return ElementCount({(*dims)[1], product.IntAttribute("group", 1)});
  }
  if (product.op_type.find("Conv") != std::string_view::npos) return (*dims)[0];
  const bool is_transposed = product.IntAttribute(is_left ? "transA" : "transB", 0) != 0;
  return (*dims)[dims->size() - (is_left != is_transposed ? 2 : 1)];
}

int64_t StackedMatrices(const SlotContext& context, const Node& product) {
  const bool is_matrix_product =
      product.Is("MatMul") || product.Is("Einsum") || product.op_type == "FusedMatMul";
  if (!is_matrix_product) return 1;
  for (const ValueId input : product.inputs) {
    const auto dims = context.levels.IsData(input) ? std::nullopt : FixedDims(context, input);
    if (dims && dims->size() >= 3) return dims->front();
  }
  return 1;
}

bool IsWeightProduct(const Levels& levels, const Node& node) {
  if (!IsProduct(node)) return false;
  if (node.Is("Einsum")) {
    return !std::ranges::all_of(node.inputs, [&](ValueId input) { return levels.IsData(input); });
  }
  const auto right = static_cast<size_t>(RightOperand(node));
  return !levels.IsData(node.Input(0)) || !levels.IsData(node.Input(right));
}

bool IsCastProduct(const graph::Graph& graph, ValueId value) {
  const Node* cast = graph.Producer(value);
  if (cast == nullptr || !cast->Is("Cast")) return false;
  const Node* product = graph.Producer(cast->Input(0));
  return product != nullptr && product->op_type.ends_with("Integer");
}

Origin OriginOf(const SlotContext& context, ValueId value) {
  Origin origin;
  for (int step = 0; step < kMaxSteps && value != graph::kNone; ++step) {
    if (context.graph.value(value).is_input) {
      origin.kind = OriginKind::kInput;
      origin.node = nullptr;
      return origin;
    }
    origin.node = context.graph.Producer(value);
    if (origin.node == nullptr || EndsInPieces(context, value, origin)) return origin;
    const ValueId next = StepBack(context, *origin.node, origin);
    if (next == graph::kNone) {
      NoteEnd(context, origin);
      return origin;
    }
    value = next;
  }
  return origin;
}

bool ReachesSoftmax(const SlotContext& context, ValueId value) {
  for (int step = 0; step < 16; ++step) {
    ValueId next = graph::kNone;
    for (const graph::Use& use : context.graph.UsesOf(value)) {
      const Node& node = context.graph.node(use.node);
      if (IsIn(OperatorSet::kSoftmax, node)) return true;
      const bool is_passed =
          IsInAny({OperatorSet::kMove, OperatorSet::kElementwise, OperatorSet::kRetype}, node) ||
          node.IsBorder("Merge");
      if (is_passed && next == graph::kNone) next = node.Output(0);
    }
    if (next == graph::kNone) return false;
    value = next;
  }
  return false;
}

}  // namespace onnx_reinit::infer
