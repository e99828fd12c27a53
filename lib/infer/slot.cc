// The table of operator inputs that hold weights, parameters and numbers of quantised data.
// Layouts: ONNX's operator documentation, and ContribOperators.md of onnxruntime for com.microsoft.
#include "infer/slot.h"

#include <algorithm>
#include <iterator>

#include "base/checked_math.h"
#include "base/element_type.h"
#include "infer/form_slots.h"
#include "infer/operator_rows.h"
#include "infer/product_slots.h"
#include "infer/reach.h"
#include "infer/vector_slots.h"

namespace onnx_reinit::infer {
namespace {

constexpr std::string_view kMs = "com.microsoft";
constexpr std::string_view kNchwc = "com.microsoft.nchwc";
constexpr std::string_view kNhwc = "com.ms.internal.nhwc";
constexpr std::string_view kBrevitas = "onnx.brevitas";
constexpr std::string_view kQonnx = "qonnx.custom_op.general";
constexpr std::string_view kConvFans = "C/group * prod(k), M/group * prod(k)";

template <Role role>
MaybeMeaning Holds(const SlotContext&, const Slot&) {
  return SlotMeaning{.role = role, .evidence = Evidence::kOperator};
}

template <Role role>
MaybeMeaning IsNever(const SlotContext&, const Slot&) {
  return SlotMeaning{.role = role, .evidence = Evidence::kNot};
}

constexpr auto* Scale = IsNever<Role::kQuantScale>;
constexpr auto* Zero = IsNever<Role::kQuantZeroPoint>;
constexpr auto* Structure = IsNever<Role::kStructural>;
constexpr auto* Not = IsNever<Role::kConstant>;

MaybeMeaning AddedToScores(const SlotContext&, const Slot&) {
  return SlotMeaning{
      .role = Role::kRelPosBias, .evidence = Evidence::kOpen, .text = "added to attention scores"};
}

MaybeMeaning State(const SlotContext&, const Slot&) {
  return SlotMeaning{
      .role = Role::kParameter, .evidence = Evidence::kOpen, .text = "initial state"};
}

MaybeMeaning TokenStart(const SlotContext&, const Slot&) {
  return SlotMeaning{.role = Role::kToken,
                     .evidence = Evidence::kOpen,
                     .text = "a value that the network starts from"};
}

// Inputs 0 and 1 belong to the output; then come three for each operand.
MaybeMeaning QuantizedTokenOperand(const SlotContext& context, const Slot& slot) {
  if (slot.input == 0) return Scale(context, slot);
  if (slot.input == 1) return Zero(context, slot);
  switch ((slot.input - 2) % 3) {
    case 0:
      return TokenOperand(context, slot);
    case 1:
      return Scale(context, slot);
    default:
      return Zero(context, slot);
  }
}

// Of Bahdanau attention: the scores are a product with it.
MaybeMeaning ScoreVector(const SlotContext&, const Slot& slot) {
  if (slot.view.rank() != 2) return std::nullopt;
  return SlotMeaning{.role = Role::kLinear,
                     .evidence = Evidence::kOperator,
                     .labels = {AxisLabel::kBatch, AxisLabel::kInput}};
}

// Bytes hold several numbers each; types of 4 bits and fewer say how many elements there are.
MaybeMeaning PackedTable(const SlotContext& context, const Slot& slot) {
  MaybeMeaning meaning = Table(context, slot);
  const graph::StoredTensor* stored =
      StoredBehind(context.graph, slot.node.Input(static_cast<size_t>(slot.input)));
  const int64_t bits = slot.node.IntAttribute("bits", 4);
  const bool is_packed = stored != nullptr && slot.view.rank() == 2 && bits >= 1 && bits < 8 &&
                         static_cast<ElementType>(stored->tensor->data_type) == ElementType::kUint8;
  if (!meaning || meaning->role != Role::kEmbedding || !is_packed) return meaning;
  meaning->fans = {slot.view.Extent(0), ElementCount({slot.view.Extent(1), 8 / bits}).value_or(0)};
  return meaning;
}

MaybeMeaning WordTable(const SlotContext&, const Slot& slot) {
  SlotMeaning meaning{.role = Role::kEmbedding, .evidence = Evidence::kOperator};
  if (slot.view.rank() == 2) meaning.labels = {AxisLabel::kInput, AxisLabel::kOutput};
  return meaning;
}

// No std::array: clang deduces none of more than 256 elements.
constexpr SlotRow kRows[] = {
    SlotRow{"", "Add", -1, AddOperand, "bias, position table, mask ...", ""},
    SlotRow{"", "Attention", 3, AddedToScores, "mask or bias of the scores", ""},
    SlotRow{"", "BatchNormalization", 0, TokenStart, "what is normalised", ""},
    SlotRow{"", "BatchNormalization", 1, Holds<Role::kNormScale>, "scale [C]", ""},
    SlotRow{"", "BatchNormalization", 2, Holds<Role::kNormBias>, "bias [C]", ""},
    SlotRow{"", "BatchNormalization", 3, Holds<Role::kNormMean>, "running mean [C]", ""},
    SlotRow{"", "BatchNormalization", 4, Holds<Role::kNormVar>, "running variance [C]", ""},
    SlotRow{"", "CausalConvWithState", 1, DepthwiseConvWeight, "weight [C, 1, k]",
            "prod(k), prod(k)"},
    SlotRow{"", "CausalConvWithState", 2, Holds<Role::kBias>, "bias [C]", ""},
    SlotRow{"", "Concat", -1, TokenOperand, "token", ""},
    SlotRow{"", "Conv", 0, TokenStart, "what is convolved", ""},
    SlotRow{"", "Conv", 1, ConvWeight, "weight [M, C/group, k...]", kConvFans},
    SlotRow{"", "Conv", 2, Holds<Role::kBias>, "bias [M]", ""},
    SlotRow{"", "ConvInteger", 1, ConvWeight, "weight [M, C/group, k...]", kConvFans},
    SlotRow{"", "ConvInteger", 2, Zero, "zero point of x", ""},
    SlotRow{"", "ConvInteger", 3, Zero, "zero point of w", ""},
    SlotRow{"", "ConvTranspose", 0, TokenStart, "what is convolved", ""},
    SlotRow{"", "ConvTranspose", 1, ConvTransposeWeight, "weight [C, M/group, k...]", kConvFans},
    SlotRow{"", "ConvTranspose", 2, Holds<Role::kBias>, "bias [M]", ""},
    SlotRow{"", "DeformConv", 1, ConvWeight, "weight [M, C/group, k...]", kConvFans},
    SlotRow{"", "DeformConv", 3, Holds<Role::kBias>, "bias [M]", ""},
    SlotRow{"", "DequantizeLinear", 1, Scale, "scale", ""},
    SlotRow{"", "DequantizeLinear", 2, Zero, "zero point", ""},
    SlotRow{"", "Div", -1, OtherOperand, "limit, preprocessing ...", ""},
    SlotRow{"", "Einsum", -1, EinsumOperand, "operand", "letters summed over, letters of its own"},
    SlotRow{"", "GRU", 1, RecurrentInput, "input weights [directions, gates * H, I]", "I, H"},
    SlotRow{"", "GRU", 2, RecurrentState, "recurrent weights [directions, gates * H, H]", "H, H"},
    SlotRow{"", "GRU", 3, Holds<Role::kRnnBias>, "bias [directions, 2 * gates * H]", ""},
    SlotRow{"", "GRU", 4, Structure, "sequence lengths", ""},
    SlotRow{"", "GRU", 5, State, "initial state", ""},
    SlotRow{"", "Gather", 0, Table, "table [V, D]", "V, D"},
    SlotRow{"", "GatherElements", 0, Table, "table", ""},
    SlotRow{"", "GatherND", 0, Table, "table", ""},
    SlotRow{"", "Gemm", 0, GemmOperand, "left matrix", "by transA"},
    SlotRow{"", "Gemm", 1, GemmOperand, "right matrix", "by transB"},
    SlotRow{"", "Gemm", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{"", "GroupNormalization", 0, TokenStart, "what is normalised", ""},
    SlotRow{"", "GroupNormalization", 1, Holds<Role::kNormScale>, "scale", ""},
    SlotRow{"", "GroupNormalization", 2, Holds<Role::kNormBias>, "bias", ""},
    SlotRow{"", "InstanceNormalization", 0, TokenStart, "what is normalised", ""},
    SlotRow{"", "InstanceNormalization", 1, InstanceScale, "scale [C]", ""},
    SlotRow{"", "InstanceNormalization", 2, InstanceBias, "bias [C]", ""},
    SlotRow{"", "LSTM", 1, RecurrentInput, "input weights [directions, gates * H, I]", "I, H"},
    SlotRow{"", "LSTM", 2, RecurrentState, "recurrent weights [directions, gates * H, H]", "H, H"},
    SlotRow{"", "LSTM", 3, Holds<Role::kRnnBias>, "bias [directions, 2 * gates * H]", ""},
    SlotRow{"", "LSTM", 4, Structure, "sequence lengths", ""},
    SlotRow{"", "LSTM", 5, State, "initial state", ""},
    SlotRow{"", "LSTM", 6, State, "initial cell", ""},
    SlotRow{"", "LSTM", 7, Holds<Role::kRnnPeephole>, "peepholes [directions, 3 * H]", ""},
    SlotRow{"", "LayerNormalization", 0, TokenStart, "what is normalised", ""},
    SlotRow{"", "LayerNormalization", 1, Holds<Role::kNormScale>, "scale", ""},
    SlotRow{"", "LayerNormalization", 2, Holds<Role::kNormBias>, "bias", ""},
    SlotRow{"", "MatMul", 0, MatMulOperand, "left matrix [..., out, in]",
            "last axis, last but one"},
    SlotRow{"", "MatMul", 1, MatMulOperand, "right matrix [..., in, out]",
            "last axis but one, last"},
    SlotRow{"", "MatMulInteger", 0, MatMulOperand, "left matrix [..., out, in]",
            "last axis, last but one"},
    SlotRow{"", "MatMulInteger", 1, MatMulOperand, "right matrix [..., in, out]",
            "last axis but one, last"},
    SlotRow{"", "MatMulInteger", 2, Zero, "zero point", ""},
    SlotRow{"", "MatMulInteger", 3, Zero, "zero point", ""},
    SlotRow{"", "Max", -1, OtherOperand, "limit, preprocessing ...", ""},
    SlotRow{"", "Min", -1, OtherOperand, "limit, preprocessing ...", ""},
    SlotRow{"", "Mul", -1, MulOperand, "scale, gain, mask ...", ""},
    SlotRow{"", "PRelu", 1, Holds<Role::kPreluSlope>, "slope", ""},
    SlotRow{"", "Pow", -1, OtherOperand, "limit, preprocessing ...", ""},
    SlotRow{"", "QLinearConv", 1, Scale, "scale", ""},
    SlotRow{"", "QLinearConv", 2, Zero, "zero point", ""},
    SlotRow{"", "QLinearConv", 3, ConvWeight, "weight [M, C/group, k...]", kConvFans},
    SlotRow{"", "QLinearConv", 4, Scale, "scale", ""},
    SlotRow{"", "QLinearConv", 5, Zero, "zero point", ""},
    SlotRow{"", "QLinearConv", 6, Scale, "scale", ""},
    SlotRow{"", "QLinearConv", 7, Zero, "zero point", ""},
    SlotRow{"", "QLinearConv", 8, Holds<Role::kBias>, "bias [M]", ""},
    SlotRow{"", "QLinearMatMul", 0, MatMulOperand, "left matrix [..., out, in]",
            "last axis, last but one"},
    SlotRow{"", "QLinearMatMul", 1, Scale, "scale", ""},
    SlotRow{"", "QLinearMatMul", 2, Zero, "zero point", ""},
    SlotRow{"", "QLinearMatMul", 3, InputsByOutputs, "right matrix [..., in, out]",
            "last axis but one, last"},
    SlotRow{"", "QLinearMatMul", 4, Scale, "scale", ""},
    SlotRow{"", "QLinearMatMul", 5, Zero, "zero point", ""},
    SlotRow{"", "QLinearMatMul", 6, Scale, "scale", ""},
    SlotRow{"", "QLinearMatMul", 7, Zero, "zero point", ""},
    SlotRow{"", "QuantizeLinear", 1, Scale, "scale", ""},
    SlotRow{"", "QuantizeLinear", 2, Zero, "zero point", ""},
    SlotRow{"", "RMSNormalization", 1, Holds<Role::kNormScale>, "scale", ""},
    SlotRow{"", "RNN", 1, RecurrentInput, "input weights [directions, gates * H, I]", "I, H"},
    SlotRow{"", "RNN", 2, RecurrentState, "recurrent weights [directions, gates * H, H]", "H, H"},
    SlotRow{"", "RNN", 3, Holds<Role::kRnnBias>, "bias [directions, 2 * gates * H]", ""},
    SlotRow{"", "RNN", 4, Structure, "sequence lengths", ""},
    SlotRow{"", "RNN", 5, State, "initial state", ""},
    SlotRow{"", "RotaryEmbedding", 1, Not, "cosine or sine table", ""},
    SlotRow{"", "RotaryEmbedding", 2, Not, "cosine or sine table", ""},
    SlotRow{"", "SimplifiedLayerNormalization", 1, Holds<Role::kNormScale>, "scale", ""},
    SlotRow{"", "Sub", -1, OtherOperand, "limit, preprocessing ...", ""},
    SlotRow{"", "Sum", -1, AddOperand, "bias, position table, mask ...", ""},
    SlotRow{"", "Where", 1, TokenOperand, "token or filler", ""},
    SlotRow{"", "Where", 2, TokenOperand, "token or filler", ""},
    SlotRow{kMs, "Attention", 1, QkvMatrix, "weight [in, q + k + v]", "axis 0, axis 1"},
    SlotRow{kMs, "Attention", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "Attention", 5, AddedToScores, "attention bias", ""},
    SlotRow{kMs, "AttnLSTM", 1, RecurrentInput, "input weights [directions, 4 * H, I]", "I, H"},
    SlotRow{kMs, "AttnLSTM", 2, RecurrentState, "recurrent weights [directions, 4 * H, H]", "H, H"},
    SlotRow{kMs, "AttnLSTM", 3, Holds<Role::kRnnBias>, "bias [directions, 8 * H]", ""},
    SlotRow{kMs, "AttnLSTM", 5, State, "initial state", ""},
    SlotRow{kMs, "AttnLSTM", 6, State, "initial cell", ""},
    SlotRow{kMs, "AttnLSTM", 7, Holds<Role::kRnnPeephole>, "peepholes [directions, 3 * H]", ""},
    SlotRow{kMs, "AttnLSTM", 8, InputsByOutputs, "query weights [directions, H, units]",
            "H, units"},
    SlotRow{kMs, "AttnLSTM", 9, InputsByOutputs, "memory weights [directions, D, units]",
            "D, units"},
    SlotRow{kMs, "AttnLSTM", 10, ScoreVector, "score weights [directions, units]", "units, 1"},
    SlotRow{kMs, "AttnLSTM", 12, Structure, "lengths of the memory", ""},
    SlotRow{kMs, "AttnLSTM", 13, InputsByOutputs,
            "weights of the attention layer [directions, D + H, out]", "D + H, out"},
    SlotRow{kMs, "BiasAdd", 1, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "BiasDropout", 1, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "BiasGelu", 1, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "BiasSplitGelu", 1, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "BitmaskBiasDropout", 1, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "CausalConvWithState", 1, DepthwiseConvWeight, "weight [C, 1, k...]",
            "prod(k), prod(k)"},
    SlotRow{kMs, "CausalConvWithState", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "ConvTransposeWithDynamicPads", 1, ConvTransposeWeight,
            "weight [C, M/group, k...]", kConvFans},
    SlotRow{kMs, "ConvTransposeWithDynamicPads", 3, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "DecoderAttention", 2, InputsByOutputs, "query weight [H, H]", "axis 0, axis 1"},
    SlotRow{kMs, "DecoderAttention", 3, InputsByOutputs, "key and value weight [H, 2 H]",
            "axis 0, axis 1"},
    SlotRow{kMs, "DecoderAttention", 4, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "DecoderMaskedMultiHeadAttention", 10, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "DecoderMaskedSelfAttention", 1, QkvMatrix, "weight [in, q + k + v]",
            "axis 0, axis 1"},
    SlotRow{kMs, "DecoderMaskedSelfAttention", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "DequantizeLinear", 1, Scale, "scale", ""},
    SlotRow{kMs, "DequantizeLinear", 2, Zero, "zero point", ""},
    SlotRow{kMs, "DynamicQuantizeLSTM", 1, RecurrentInputTransposed,
            "input weights [directions, I, 4 * H]", "I, H"},
    SlotRow{kMs, "DynamicQuantizeLSTM", 2, RecurrentStateTransposed,
            "recurrent weights [directions, H, 4 * H]", "H, H"},
    SlotRow{kMs, "DynamicQuantizeLSTM", 3, Holds<Role::kRnnBias>, "bias", ""},
    SlotRow{kMs, "DynamicQuantizeLSTM", 5, State, "initial state", ""},
    SlotRow{kMs, "DynamicQuantizeLSTM", 6, State, "initial cell", ""},
    SlotRow{kMs, "DynamicQuantizeLSTM", 7, Holds<Role::kRnnPeephole>, "peepholes", ""},
    SlotRow{kMs, "DynamicQuantizeLSTM", 8, Scale, "scale", ""},
    SlotRow{kMs, "DynamicQuantizeLSTM", 9, Zero, "zero point", ""},
    SlotRow{kMs, "DynamicQuantizeLSTM", 10, Scale, "scale", ""},
    SlotRow{kMs, "DynamicQuantizeLSTM", 11, Zero, "zero point", ""},
    SlotRow{kMs, "DynamicQuantizeMatMul", 1, InputsByOutputs, "weight [in, out]", "axis 0, axis 1"},
    SlotRow{kMs, "DynamicQuantizeMatMul", 2, Scale, "scale", ""},
    SlotRow{kMs, "DynamicQuantizeMatMul", 3, Zero, "zero point", ""},
    SlotRow{kMs, "DynamicQuantizeMatMul", 4, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "EmbedLayerNormalization", 2, WordTable, "word embeddings [V, D]", "V, D"},
    SlotRow{kMs, "EmbedLayerNormalization", 3, Holds<Role::kPositionEmbedding>,
            "position embeddings [N, D]", ""},
    SlotRow{kMs, "EmbedLayerNormalization", 4, WordTable, "segment embeddings [S, D]", "S, D"},
    SlotRow{kMs, "EmbedLayerNormalization", 5, Holds<Role::kNormScale>, "gamma", ""},
    SlotRow{kMs, "EmbedLayerNormalization", 6, Holds<Role::kNormBias>, "beta", ""},
    SlotRow{kMs, "EngramGate", 3, Holds<Role::kParameter>, "gate parameters [hc, H]", ""},
    SlotRow{kMs, "EngramGate", 4, Holds<Role::kParameter>, "gate parameters [hc, H]", ""},
    SlotRow{kMs, "EngramGate", 5, Holds<Role::kParameter>, "gate parameters [hc, H]", ""},
    SlotRow{kMs, "FastGelu", 1, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "FusedConv", 1, ConvWeight, "weight [M, C/group, k...]", kConvFans},
    SlotRow{kMs, "FusedConv", 2, Holds<Role::kBias>, "bias [M]", ""},
    SlotRow{kMs, "FusedGemm", 0, GemmOperand, "left matrix", "by transA"},
    SlotRow{kMs, "FusedGemm", 1, GemmOperand, "right matrix", "by transB"},
    SlotRow{kMs, "FusedGemm", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "FusedMatMul", 0, GemmOperand, "left matrix", "by transA"},
    SlotRow{kMs, "FusedMatMul", 1, GemmOperand, "right matrix", "by transB"},
    SlotRow{kMs, "FusedMatMulActivation", 0, GemmOperand, "left matrix", "by transA"},
    SlotRow{kMs, "FusedMatMulActivation", 1, GemmOperand, "right matrix", "by transB"},
    SlotRow{kMs, "GatedDeltaNet", 7, Holds<Role::kParameter>, "a_log", ""},
    SlotRow{kMs, "GatedDeltaNet", 8, Holds<Role::kParameter>, "dt_bias", ""},
    SlotRow{kMs, "GatedRMSNorm", 1, Holds<Role::kNormScale>, "scale", ""},
    SlotRow{kMs, "GatedRelativePositionBias", 1, Holds<Role::kBias>, "query bias", ""},
    SlotRow{kMs, "GatedRelativePositionBias", 3, InputsByOutputs, "weight [head, D]",
            "axis 0, axis 1"},
    SlotRow{kMs, "GatedRelativePositionBias", 4, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "GatedRelativePositionBias", 5, Holds<Role::kParameter>, "eco_a", ""},
    SlotRow{kMs, "GatherBlockQuantized", 0, PackedTable, "packed table [V, D * bits / 8]", "V, D"},
    SlotRow{kMs, "GatherBlockQuantized", 2, Scale, "scales", ""},
    SlotRow{kMs, "GatherBlockQuantized", 3, Zero, "zero points", ""},
    SlotRow{kMs, "GemmFastGelu", 1, InputsByOutputs, "weight [in, out]", "axis 0, axis 1"},
    SlotRow{kMs, "GemmFastGelu", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "GemmFloat8", 0, GemmOperand, "left matrix", "by transA"},
    SlotRow{kMs, "GemmFloat8", 1, GemmOperand, "right matrix", "by transB"},
    SlotRow{kMs, "GemmFloat8", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "GemmFloat8", 3, Scale, "scale", ""},
    SlotRow{kMs, "GemmFloat8", 4, Scale, "scale", ""},
    SlotRow{kMs, "GemmFloat8", 5, Scale, "scale", ""},
    SlotRow{kMs, "GroupNorm", 1, Holds<Role::kNormScale>, "gamma [C]", ""},
    SlotRow{kMs, "GroupNorm", 2, Holds<Role::kNormBias>, "beta [C]", ""},
    SlotRow{kMs, "GroupQueryAttention", 7, Not, "cosine or sine table", ""},
    SlotRow{kMs, "GroupQueryAttention", 8, Not, "cosine or sine table", ""},
    SlotRow{kMs, "GroupQueryAttention", 10, AddedToScores, "attention bias", ""},
    SlotRow{kMs, "GroupQueryAttention", 11, Holds<Role::kParameter>, "head sinks", ""},
    SlotRow{kMs, "GroupQueryAttention", 12, Scale, "scale of the cache", ""},
    SlotRow{kMs, "GroupQueryAttention", 13, Scale, "scale of the cache", ""},
    SlotRow{kMs, "GroupQueryAttention", 14, Holds<Role::kNormScale>, "query or key norm", ""},
    SlotRow{kMs, "GroupQueryAttention", 15, Holds<Role::kNormScale>, "query or key norm", ""},
    SlotRow{kMs, "LayerNormalization", 1, Holds<Role::kNormScale>, "scale", ""},
    SlotRow{kMs, "LayerNormalization", 2, Holds<Role::kNormBias>, "bias", ""},
    SlotRow{kMs, "LinearAttentionGate", 1, Holds<Role::kParameter>, "dt_bias", ""},
    SlotRow{kMs, "LinearAttentionGate", 2, Holds<Role::kParameter>,
            "decay_scale, which stays negative", ""},
    SlotRow{kMs, "LongformerAttention", 1, QkvMatrix, "weight [in, q + k + v]", "axis 0, axis 1"},
    SlotRow{kMs, "LongformerAttention", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "LongformerAttention", 4, QkvMatrix, "global weight [in, q + k + v]",
            "axis 0, axis 1"},
    SlotRow{kMs, "LongformerAttention", 5, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "MRotaryEmbedding", 2, Not, "cosine or sine table", ""},
    SlotRow{kMs, "MRotaryEmbedding", 3, Not, "cosine or sine table", ""},
    SlotRow{kMs, "MatMulBlockQuantizedFp4Weight", 1, Packed, "packed weight", ""},
    SlotRow{kMs, "MatMulBlockQuantizedFp4Weight", 2, Scale, "scales", ""},
    SlotRow{kMs, "MatMulBlockQuantizedFp4Weight", 3, Scale, "scales", ""},
    SlotRow{kMs, "MatMulBlockQuantizedFp4Weight", 5, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "MatMulBlockQuantizedFp8Weight", 1, Packed, "packed weight", ""},
    SlotRow{kMs, "MatMulBlockQuantizedFp8Weight", 2, Scale, "scales", ""},
    SlotRow{kMs, "MatMulBlockQuantizedFp8Weight", 4, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "MatMulBnb4", 1, PackedMatrix, "packed weight", "K, N"},
    SlotRow{kMs, "MatMulBnb4", 2, Scale, "scales", ""},
    SlotRow{kMs, "MatMulFpQ4", 1, Packed, "packed weight", ""},
    SlotRow{kMs, "MatMulInteger16", 1, InputsByOutputs, "weight [in, out]", "axis 0, axis 1"},
    SlotRow{kMs, "MatMulIntegerToFloat", 1, InputsByOutputs, "weight [in, out]", "axis 0, axis 1"},
    SlotRow{kMs, "MatMulIntegerToFloat", 2, Scale, "scale", ""},
    SlotRow{kMs, "MatMulIntegerToFloat", 3, Scale, "scale", ""},
    SlotRow{kMs, "MatMulIntegerToFloat", 4, Zero, "zero point", ""},
    SlotRow{kMs, "MatMulIntegerToFloat", 5, Zero, "zero point", ""},
    SlotRow{kMs, "MatMulIntegerToFloat", 6, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "MatMulNBits", 1, PackedMatrix, "packed weight", "K, N"},
    SlotRow{kMs, "MatMulNBits", 2, Scale, "scales", ""},
    SlotRow{kMs, "MatMulNBits", 3, Zero, "zero points", ""},
    SlotRow{kMs, "MatMulNBits", 4, Structure, "group indices", ""},
    SlotRow{kMs, "MatMulNBits", 5, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "MatMulNBitsMlp", 2, Holds<Role::kNormScale>, "scale of the normalisation before",
            ""},
    SlotRow{kMs, "MatMulNBitsMlp", 3, Packed, "packed weight", ""},
    SlotRow{kMs, "MatMulNBitsMlp", 4, Scale, "scales", ""},
    SlotRow{kMs, "MatMulNBitsMlp", 6, Packed, "packed weight", ""},
    SlotRow{kMs, "MatMulNBitsMlp", 7, Scale, "scales", ""},
    SlotRow{kMs, "MatMulNBitsQkv", 2, Holds<Role::kNormScale>, "scale of the normalisation before",
            ""},
    SlotRow{kMs, "MatMulNBitsQkv", 3, Packed, "packed weight", ""},
    SlotRow{kMs, "MatMulNBitsQkv", 4, Scale, "scales", ""},
    SlotRow{kMs, "MatMulNBitsQkv", 6, Packed, "packed weight", ""},
    SlotRow{kMs, "MatMulNBitsQkv", 7, Scale, "scales", ""},
    SlotRow{kMs, "MatMulNBitsQkv", 9, Packed, "packed weight", ""},
    SlotRow{kMs, "MatMulNBitsQkv", 10, Scale, "scales", ""},
    SlotRow{kMs, "MoE", 2, ExpertMatrix, "experts [E, out, in]", "last axis, last but one"},
    SlotRow{kMs, "MoE", 3, Holds<Role::kBias>, "bias [E, out]", ""},
    SlotRow{kMs, "MoE", 4, ExpertMatrix, "experts [E, out, in]", "last axis, last but one"},
    SlotRow{kMs, "MoE", 5, Holds<Role::kBias>, "bias [E, out]", ""},
    SlotRow{kMs, "MoE", 6, ExpertMatrix, "experts [E, out, in]", "last axis, last but one"},
    SlotRow{kMs, "MoE", 7, Holds<Role::kBias>, "bias [E, out]", ""},
    SlotRow{kMs, "MultiHeadAttention", 3, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "MultiHeadAttention", 5, AddedToScores, "attention bias", ""},
    SlotRow{kMs, "NhwcConv", 1, NhwcConvWeight, "weight [M, k..., C/group]", kConvFans},
    SlotRow{kMs, "NhwcConv", 2, Holds<Role::kBias>, "bias [M]", ""},
    SlotRow{kMs, "NhwcFusedConv", 1, NhwcConvWeight, "weight [M, k..., C/group]", kConvFans},
    SlotRow{kMs, "NhwcFusedConv", 2, Holds<Role::kBias>, "bias [M]", ""},
    SlotRow{kMs, "PackedAttention", 1, QkvMatrix, "weight [in, q + k + v]", "axis 0, axis 1"},
    SlotRow{kMs, "PackedAttention", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "PackedMultiHeadAttention", 3, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "PagedAttention", 8, Not, "cosine or sine table", ""},
    SlotRow{kMs, "PagedAttention", 9, Not, "cosine or sine table", ""},
    SlotRow{kMs, "PagedAttention", 11, Holds<Role::kParameter>, "head sinks", ""},
    SlotRow{kMs, "PagedAttention", 12, Holds<Role::kNormScale>, "query or key norm", ""},
    SlotRow{kMs, "PagedAttention", 13, Holds<Role::kNormScale>, "query or key norm", ""},
    SlotRow{kMs, "PagedAttention", 14, Scale, "scale of the cache", ""},
    SlotRow{kMs, "PagedAttention", 15, Scale, "scale of the cache", ""},
    SlotRow{kMs, "QAttention", 1, QkvMatrix, "weight [in, q + k + v]", "axis 0, axis 1"},
    SlotRow{kMs, "QAttention", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "QAttention", 3, Scale, "scale", ""},
    SlotRow{kMs, "QAttention", 4, Scale, "scale", ""},
    SlotRow{kMs, "QAttention", 6, Zero, "zero point", ""},
    SlotRow{kMs, "QAttention", 7, Zero, "zero point", ""},
    SlotRow{kMs, "QEmbedLayerNormalization", 2, WordTable, "word embeddings [V, D]", "V, D"},
    SlotRow{kMs, "QEmbedLayerNormalization", 3, Holds<Role::kPositionEmbedding>,
            "position embeddings [N, D]", ""},
    SlotRow{kMs, "QEmbedLayerNormalization", 4, WordTable, "segment embeddings [S, D]", "S, D"},
    SlotRow{kMs, "QEmbedLayerNormalization", 5, Holds<Role::kNormScale>, "gamma", ""},
    SlotRow{kMs, "QEmbedLayerNormalization", 6, Holds<Role::kNormBias>, "beta", ""},
    SlotRow{kMs, "QEmbedLayerNormalization", 8, Scale, "scale", ""},
    SlotRow{kMs, "QEmbedLayerNormalization", 9, Scale, "scale", ""},
    SlotRow{kMs, "QEmbedLayerNormalization", 10, Scale, "scale", ""},
    SlotRow{kMs, "QEmbedLayerNormalization", 11, Scale, "scale", ""},
    SlotRow{kMs, "QEmbedLayerNormalization", 12, Scale, "scale", ""},
    SlotRow{kMs, "QEmbedLayerNormalization", 13, Zero, "zero point", ""},
    SlotRow{kMs, "QEmbedLayerNormalization", 14, Zero, "zero point", ""},
    SlotRow{kMs, "QEmbedLayerNormalization", 15, Zero, "zero point", ""},
    SlotRow{kMs, "QEmbedLayerNormalization", 16, Zero, "zero point", ""},
    SlotRow{kMs, "QEmbedLayerNormalization", 17, Zero, "zero point", ""},
    SlotRow{kMs, "QGemm", 1, Scale, "scale", ""},
    SlotRow{kMs, "QGemm", 2, Zero, "zero point", ""},
    SlotRow{kMs, "QGemm", 3, GemmOperand, "weight", "by transB"},
    SlotRow{kMs, "QGemm", 4, Scale, "scale", ""},
    SlotRow{kMs, "QGemm", 5, Zero, "zero point", ""},
    SlotRow{kMs, "QGemm", 6, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "QGemm", 7, Scale, "scale", ""},
    SlotRow{kMs, "QGemm", 8, Zero, "zero point", ""},
    SlotRow{kMs, "QLinearAdd", 0, AddOperand, "operand", ""},
    SlotRow{kMs, "QLinearAdd", 1, Scale, "scale", ""},
    SlotRow{kMs, "QLinearAdd", 2, Zero, "zero point", ""},
    SlotRow{kMs, "QLinearAdd", 3, AddOperand, "operand", ""},
    SlotRow{kMs, "QLinearAdd", 4, Scale, "scale", ""},
    SlotRow{kMs, "QLinearAdd", 5, Zero, "zero point", ""},
    SlotRow{kMs, "QLinearAdd", 6, Scale, "scale", ""},
    SlotRow{kMs, "QLinearAdd", 7, Zero, "zero point", ""},
    SlotRow{kMs, "QLinearConcat", -1, QuantizedTokenOperand,
            "scale, zero point, then (token, scale, zero point) for each operand", ""},
    SlotRow{kMs, "QLinearConv", 1, Scale, "scale", ""},
    SlotRow{kMs, "QLinearConv", 2, Zero, "zero point", ""},
    SlotRow{kMs, "QLinearConv", 3, ConvWeight, "weight [M, C/group, k...]", kConvFans},
    SlotRow{kMs, "QLinearConv", 4, Scale, "scale", ""},
    SlotRow{kMs, "QLinearConv", 5, Zero, "zero point", ""},
    SlotRow{kMs, "QLinearConv", 6, Scale, "scale", ""},
    SlotRow{kMs, "QLinearConv", 7, Zero, "zero point", ""},
    SlotRow{kMs, "QLinearConv", 8, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "QLinearMul", 0, MulOperand, "operand", ""},
    SlotRow{kMs, "QLinearMul", 1, Scale, "scale", ""},
    SlotRow{kMs, "QLinearMul", 2, Zero, "zero point", ""},
    SlotRow{kMs, "QLinearMul", 3, MulOperand, "operand", ""},
    SlotRow{kMs, "QLinearMul", 4, Scale, "scale", ""},
    SlotRow{kMs, "QLinearMul", 5, Zero, "zero point", ""},
    SlotRow{kMs, "QLinearMul", 6, Scale, "scale", ""},
    SlotRow{kMs, "QLinearMul", 7, Zero, "zero point", ""},
    SlotRow{kMs, "QMoE", 2, Packed, "packed experts, in a layout of the execution provider's own",
            ""},
    SlotRow{kMs, "QMoE", 3, Scale, "scales", ""},
    SlotRow{kMs, "QMoE", 4, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "QMoE", 5, Packed, "packed experts, in a layout of the execution provider's own",
            ""},
    SlotRow{kMs, "QMoE", 6, Scale, "scales", ""},
    SlotRow{kMs, "QMoE", 7, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "QMoE", 8, Packed, "packed experts, in a layout of the execution provider's own",
            ""},
    SlotRow{kMs, "QMoE", 9, Scale, "scales", ""},
    SlotRow{kMs, "QMoE", 10, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "QMoE", 11, Zero, "zero points", ""},
    SlotRow{kMs, "QMoE", 12, Zero, "zero points", ""},
    SlotRow{kMs, "QMoE", 13, Zero, "zero points", ""},
    SlotRow{kMs, "QMoE", 15, Scale, "scales", ""},
    SlotRow{kMs, "QMoE", 16, Scale, "scales", ""},
    SlotRow{kMs, "QMoE", 17, Scale, "scales", ""},
    SlotRow{kMs, "QMoE", 18, Scale, "scales", ""},
    SlotRow{kMs, "QMoE", 19, Scale, "scales", ""},
    SlotRow{kMs, "QMoE", 20, Scale, "scales", ""},
    SlotRow{kMs, "QOrderedAttention", 5, InputsByOutputs, "weight [in, H]", "axis 0, axis 1"},
    SlotRow{kMs, "QOrderedAttention", 6, InputsByOutputs, "weight [in, H]", "axis 0, axis 1"},
    SlotRow{kMs, "QOrderedAttention", 7, InputsByOutputs, "weight [in, H]", "axis 0, axis 1"},
    SlotRow{kMs, "QOrderedAttention", 8, Scale, "scale", ""},
    SlotRow{kMs, "QOrderedAttention", 9, Scale, "scale", ""},
    SlotRow{kMs, "QOrderedAttention", 10, Scale, "scale", ""},
    SlotRow{kMs, "QOrderedAttention", 11, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "QOrderedAttention", 12, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "QOrderedAttention", 13, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "QOrderedLayerNormalization", 2, Holds<Role::kNormScale>, "gamma", ""},
    SlotRow{kMs, "QOrderedLayerNormalization", 3, Holds<Role::kNormBias>, "beta", ""},
    SlotRow{kMs, "QOrderedLongformerAttention", 1, Scale, "scale", ""},
    SlotRow{kMs, "QOrderedLongformerAttention", 2, QkvMatrix, "weight [in, q + k + v]",
            "axis 0, axis 1"},
    SlotRow{kMs, "QOrderedLongformerAttention", 3, Scale, "scale", ""},
    SlotRow{kMs, "QOrderedLongformerAttention", 4, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "QOrderedLongformerAttention", 5, Scale, "scale", ""},
    SlotRow{kMs, "QOrderedLongformerAttention", 6, Scale, "scale", ""},
    SlotRow{kMs, "QOrderedLongformerAttention", 8, QkvMatrix, "global weight [in, q + k + v]",
            "axis 0, axis 1"},
    SlotRow{kMs, "QOrderedLongformerAttention", 9, Scale, "scale", ""},
    SlotRow{kMs, "QOrderedLongformerAttention", 10, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "QOrderedLongformerAttention", 11, Scale, "scale", ""},
    SlotRow{kMs, "QOrderedLongformerAttention", 13, Scale, "scale", ""},
    SlotRow{kMs, "QOrderedMatMul", 1, Scale, "scale", ""},
    SlotRow{kMs, "QOrderedMatMul", 2, InputsByOutputs, "weight [in, out]", "axis 0, axis 1"},
    SlotRow{kMs, "QOrderedMatMul", 3, Scale, "scale", ""},
    SlotRow{kMs, "QOrderedMatMul", 5, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "QuantizeLinear", 1, Scale, "scale", ""},
    SlotRow{kMs, "QuantizeLinear", 2, Zero, "zero point", ""},
    SlotRow{kMs, "QuickGelu", 1, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "RelativePositionBias", 0, Holds<Role::kRelPosBias>, "bias table [buckets, heads]",
            ""},
    SlotRow{kMs, "RotaryEmbedding", 2, Not, "cosine or sine table", ""},
    SlotRow{kMs, "RotaryEmbedding", 3, Not, "cosine or sine table", ""},
    SlotRow{kMs, "SimplifiedLayerNormalization", 1, Holds<Role::kNormScale>, "scale", ""},
    SlotRow{kMs, "SkipGroupNorm", 1, Holds<Role::kNormScale>, "gamma [C]", ""},
    SlotRow{kMs, "SkipGroupNorm", 2, Holds<Role::kNormBias>, "beta [C]", ""},
    SlotRow{kMs, "SkipGroupNorm", 4, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "SkipLayerNormalization", 0, AddOperand, "one of the summands", ""},
    SlotRow{kMs, "SkipLayerNormalization", 1, AddOperand, "one of the summands", ""},
    SlotRow{kMs, "SkipLayerNormalization", 2, Holds<Role::kNormScale>, "gamma", ""},
    SlotRow{kMs, "SkipLayerNormalization", 3, Holds<Role::kNormBias>, "beta", ""},
    SlotRow{kMs, "SkipLayerNormalization", 4, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "SkipSimplifiedLayerNormalization", 0, AddOperand, "one of the summands", ""},
    SlotRow{kMs, "SkipSimplifiedLayerNormalization", 1, AddOperand, "one of the summands", ""},
    SlotRow{kMs, "SkipSimplifiedLayerNormalization", 2, Holds<Role::kNormScale>, "gamma", ""},
    SlotRow{kMs, "SkipSimplifiedLayerNormalization", 3, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "SparseAttention", 9, Not, "cosine or sine table", ""},
    SlotRow{kMs, "SparseAttention", 10, Not, "cosine or sine table", ""},
    SlotRow{kMs, "SparseToDenseMatMul", 0, GemmOperand, "left matrix", "by transA"},
    SlotRow{kMs, "SparseToDenseMatMul", 1, GemmOperand, "right matrix", "by transB"},
    SlotRow{kMs, "TorchEmbedding", 0, WordTable, "table [V, D]", "V, D"},
    SlotRow{kMs, "TransposeMatMul", 0, GemmOperand, "left matrix", "by transA"},
    SlotRow{kMs, "TransposeMatMul", 1, GemmOperand, "right matrix", "by transB"},
    SlotRow{kMs, "VarlenCausalConvWithState", 1, DepthwiseConvWeight, "weight [C, 1, k...]",
            "prod(k), prod(k)"},
    SlotRow{kMs, "VarlenCausalConvWithState", 3, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "WordConvEmbedding", 1, ConvWeight, "convolution", "as Conv"},
    SlotRow{kMs, "WordConvEmbedding", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{kMs, "WordConvEmbedding", 3, WordTable, "characters [V, D]", "V, D"},
    SlotRow{kNchwc, "Conv", 1, ConvWeight, "weight [M, C/group, k...] in blocks", kConvFans},
    SlotRow{kNchwc, "Conv", 2, Holds<Role::kBias>, "bias [M]", ""},
    SlotRow{kNhwc, "Conv", 1, ConvWeight, "weight [M, C/group, k...]", kConvFans},
    SlotRow{kNhwc, "Conv", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{kNhwc, "ConvTranspose", 1, ConvTransposeWeight, "weight [C, M/group, k...]", kConvFans},
    SlotRow{kNhwc, "ConvTranspose", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{kNhwc, "FusedConv", 1, ConvWeight, "weight [M, C/group, k...]", kConvFans},
    SlotRow{kNhwc, "FusedConv", 2, Holds<Role::kBias>, "bias", ""},
    SlotRow{kNhwc, "QLinearConv", 1, Scale, "scale", ""},
    SlotRow{kNhwc, "QLinearConv", 2, Zero, "zero point", ""},
    SlotRow{kNhwc, "QLinearConv", 3, ConvWeight, "weight [M, C/group, k...]", kConvFans},
    SlotRow{kNhwc, "QLinearConv", 4, Scale, "scale", ""},
    SlotRow{kNhwc, "QLinearConv", 5, Zero, "zero point", ""},
    SlotRow{kNhwc, "QLinearConv", 6, Scale, "scale", ""},
    SlotRow{kNhwc, "QLinearConv", 7, Zero, "zero point", ""},
    SlotRow{kNhwc, "QLinearConv", 8, Holds<Role::kBias>, "bias [M]", ""},
    SlotRow{kBrevitas, "BipolarQuant", 1, Scale, "scale", ""},
    SlotRow{kBrevitas, "Quant", 1, Scale, "scale", ""},
    SlotRow{kBrevitas, "Quant", 2, Zero, "zero point", ""},
    SlotRow{kBrevitas, "Quant", 3, Structure, "bits", ""},
    SlotRow{kBrevitas, "Trunc", 1, Scale, "scale", ""},
    SlotRow{kBrevitas, "Trunc", 2, Zero, "zero point", ""},
    SlotRow{kBrevitas, "Trunc", 3, Structure, "bits", ""},
    SlotRow{kQonnx, "BipolarQuant", 1, Scale, "scale", ""},
    SlotRow{kQonnx, "IntQuant", 1, Scale, "scale", ""},
    SlotRow{kQonnx, "IntQuant", 2, Zero, "zero point", ""},
    SlotRow{kQonnx, "IntQuant", 3, Structure, "bits", ""},
    SlotRow{kQonnx, "Quant", 1, Scale, "scale", ""},
    SlotRow{kQonnx, "Quant", 2, Zero, "zero point", ""},
    SlotRow{kQonnx, "Quant", 3, Structure, "bits", ""},
    SlotRow{kQonnx, "Trunc", 1, Scale, "scale", ""},
    SlotRow{kQonnx, "Trunc", 2, Zero, "zero point", ""},
    SlotRow{kQonnx, "Trunc", 3, Structure, "bits", ""},
};

constexpr bool ComesBefore(const SlotRow& a, const SlotRow& b) {
  if (a.domain != b.domain) return a.domain < b.domain;
  return a.op_type != b.op_type ? a.op_type < b.op_type : a.input < b.input;
}

static_assert(std::is_sorted(std::begin(kRows), std::end(kRows), ComesBefore));

// A row for every input, -1, stands before those of single ones.
const SlotRow* FindRow(const graph::Node& node, int input) {
  const SlotRow* found = nullptr;
  for (const SlotRow& row : SlotRowsOf(node)) {
    if (row.input == -1 || row.input == input) found = &row;
  }
  return found;
}

}  // namespace

absl::Span<const SlotRow> SlotRows() { return kRows; }

absl::Span<const SlotRow> SlotRowsOf(const graph::Node& node) { return RowsOf<kRows>(node); }

std::optional<SlotMeaning> Meaning(const SlotContext& context, const Slot& slot) {
  if (auto meaning = MeaningInForm(context, slot)) return meaning;
  const SlotRow* row = FindRow(slot.node, slot.input);
  if (row == nullptr) return std::nullopt;
  return row->rule(context, slot);
}

}  // namespace onnx_reinit::infer
