#include "infer/slot.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer/fans.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using enum Role;
using enum Evidence;
using test::Analysis;

constexpr std::string_view kMs = "com.microsoft";
constexpr std::string_view kNchwc = "com.microsoft.nchwc";
constexpr std::string_view kNhwc = "com.ms.internal.nhwc";
constexpr std::string_view kBrevitas = "onnx.brevitas";
constexpr std::string_view kQonnx = "qonnx.custom_op.general";

// An operator that reads the stored tensor w at one input; x, t and n are data, t a product.
struct Row {
  std::string_view domain;
  std::string_view op_type;
  int input;
  std::string_view weight;   // w's type and dims
  std::optional<Role> role;  // none: the rule declines
  Evidence evidence = kNot;
  std::string_view fans;  // "fan_in -> fan_out"; empty: it has none
  std::string_view attributes;
  std::string_view nodes;  // make y with w; empty: y = Op(x, ..., w), or Op(w, x)
  std::string_view parts;
};

std::string NameOf(const Row& row) {
  std::string name = Text(row.domain, row.domain.empty() ? "" : "_", row.op_type, "_", row.input);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

void PrintTo(const Row& row, std::ostream* out) { *out << NameOf(row); }

std::string NodesOf(const Row& row) {
  if (!row.nodes.empty()) return std::string(row.nodes);
  std::string inputs = row.input == 0 ? "w, x" : "x";
  for (int i = 1; i < row.input; ++i) inputs += ", x";
  if (row.input > 0) inputs += ", w";
  const std::string attributes = row.attributes.empty() ? "" : Text("<", row.attributes, ">");
  return Text("y = ", row.domain, row.domain.empty() ? "" : ".", row.op_type, attributes, "(",
              inputs, ")");
}

std::string ModelOf(const Row& row) {
  return Text("g (float[N, 4] x, int64[N] n) => (float[M] y) <", row.weight,
              " w, float[4, 8] m, float s = {0.5}, uint8 z = {3}, int64[8] i = {0, 1, 2, 3, 4, 5, "
              "6, 7}> { t = MatMul(x, m) ",
              NodesOf(row), "}");
}

// What the operator of `row` says of w, with w's view before it.
struct Found {
  explicit Found(const Row& row) : analysis(ModelOf(row)) {
    view = View::Of(analysis.Stored("w").tensor->dims);
    for (const graph::Use& use : analysis.UsesOf("w")) {
      const graph::Node& node = analysis.graph().node(use.node);
      if (node.op_type != row.op_type || use.input != row.input) continue;
      is_used = true;
      meaning = Meaning(analysis.slots(), {node, use.input, view});
    }
  }

  std::string FansText() const {
    const Fans fans = FansOf(*meaning, view, view.Dims());
    return fans.fan_in == 0 && fans.fan_out == 0 ? "" : Text(fans.fan_in, " -> ", fans.fan_out);
  }
  std::string PartsText() const {
    std::string text;
    for (const OutputPart& part : meaning->parts) {
      text += Text(text.empty() ? "" : " | ", part.label, " ", part.extent);
    }
    return text;
  }

  Analysis analysis;
  View view;
  bool is_used = false;
  std::optional<SlotMeaning> meaning;
};

constexpr std::string_view kGru = "update gate 5 | reset gate 5 | hidden gate 5";
constexpr std::string_view kLstm = "input gate 5 | output gate 5 | forget gate 5 | cell gate 5";
constexpr std::string_view kQkv = "query 8 | key 8 | value 8";
constexpr std::string_view kKernel = "kernel_shape = [5, 5]";
constexpr std::string_view kPacked = "K = 32, N = 8, bits = 4, block_size = 32";
// Fans that no contract states.
constexpr std::string_view kAnyFans = "any";

constexpr auto kRows = std::to_array<Row>({
    {"", "Add", 0, "float[8]", kBias, kStructure, "", "", "y = Add(w, t)"},
    {"", "Attention", 3, "float[1, 2, 6, 6]", kRelPosBias, kOpen},
    {"", "BatchNormalization", 0, "float[1, 4]", kToken, kOpen},
    {"", "BatchNormalization", 1, "float[4]", kNormScale, kOperator},
    {"", "BatchNormalization", 2, "float[4]", kNormBias, kOperator},
    {"", "BatchNormalization", 3, "float[4]", kNormMean, kOperator},
    {"", "BatchNormalization", 4, "float[4]", kNormVar, kOperator},
    {"", "CausalConvWithState", 1, "float[8, 1, 3]", kConv, kOperator, "3 -> 3"},
    {"", "CausalConvWithState", 2, "float[8]", kBias, kOperator},
    {"", "Concat", 0, "float[1, 8]", kToken, kOpen, "", "", "y = Concat <axis = 0>(w, t)"},
    {"", "Conv", 0, "float[1, 4, 8]", kToken, kOpen},
    {"", "Conv", 1, "float[8, 3, 5, 5]", kConv, kOperator, "75 -> 100", "group = 2"},
    {"", "Conv", 2, "float[8]", kBias, kOperator},
    {"", "ConvInteger", 1, "int8[8, 3, 5, 5]", kConv, kOperator, "75 -> 200"},
    {"", "ConvInteger", 2, "int8", kQuantZeroPoint},
    {"", "ConvInteger", 3, "int8", kQuantZeroPoint},
    {"", "ConvTranspose", 0, "float[1, 4, 8]", kToken, kOpen},
    {"", "ConvTranspose", 1, "float[6, 4, 3, 3]", kConvTranspose, kOperator, "27 -> 36",
     "group = 2"},
    {"", "ConvTranspose", 2, "float[8]", kBias, kOperator},
    {"", "DeformConv", 1, "float[8, 3, 5, 5]", kConv, kOperator, "75 -> 200"},
    {"", "DeformConv", 3, "float[8]", kBias, kOperator},
    {"", "DequantizeLinear", 1, "float", kQuantScale},
    {"", "DequantizeLinear", 2, "int8", kQuantZeroPoint},
    {"", "Div", 1, "float[8]", kParameter, kOpen, "", "", "y = Div(t, w)"},
    {"", "Einsum", 1, "float[4, 8]", kLinear, kOperator, "4 -> 8", "equation = \"bi,io->bo\""},
    {"", "GRU", 1, "float[1, 15, 4]", kRnnInput, kOperator, "4 -> 5", "", "", kGru},
    {"", "GRU", 2, "float[1, 15, 5]", kRnnRecurrent, kOperator, "5 -> 5", "", "", kGru},
    {"", "GRU", 3, "float[1, 30]", kRnnBias, kOperator},
    {"", "GRU", 4, "int32[2]", kStructural},
    {"", "GRU", 5, "float[1, 2, 5]", kParameter, kOpen},
    {"", "Gather", 0, "float[10, 8]", kEmbedding, kOpen, "10 -> 8", "", "y = Gather(w, n)"},
    {"", "GatherElements", 0, "float[10, 8]", kEmbedding, kOpen, kAnyFans, "",
     "y = GatherElements(w, n)"},
    {"", "GatherND", 0, "float[10, 8]", kEmbedding, kOpen, kAnyFans, "", "y = GatherND(w, n)"},
    {"", "Gemm", 0, "float[8, 4]", kLinear, kOperator, "4 -> 8"},
    {"", "Gemm", 1, "float[4, 8]", kLinear, kOperator, "4 -> 8"},
    {"", "Gemm", 2, "float[8]", kBias, kOperator},
    {"", "GroupNormalization", 0, "float[1, 4]", kToken, kOpen},
    {"", "GroupNormalization", 1, "float[4]", kNormScale, kOperator},
    {"", "GroupNormalization", 2, "float[4]", kNormBias, kOperator},
    {"", "InstanceNormalization", 0, "float[1, 4, 8]", kToken, kOpen},
    {"", "InstanceNormalization", 1, "float[4]", kNormScale, kOperator},
    {"", "InstanceNormalization", 2, "float[4]", kNormBias, kOperator},
    {"", "LSTM", 1, "float[2, 20, 4]", kRnnInput, kOperator, "4 -> 5", "", "", kLstm},
    {"", "LSTM", 2, "float[2, 20, 5]", kRnnRecurrent, kOperator, "5 -> 5", "", "", kLstm},
    {"", "LSTM", 3, "float[2, 40]", kRnnBias, kOperator},
    {"", "LSTM", 4, "int32[2]", kStructural},
    {"", "LSTM", 5, "float[2, 2, 5]", kParameter, kOpen},
    {"", "LSTM", 6, "float[2, 2, 5]", kParameter, kOpen},
    {"", "LSTM", 7, "float[2, 15]", kRnnPeephole, kOperator},
    {"", "LayerNormalization", 0, "float[1, 4]", kToken, kOpen},
    {"", "LayerNormalization", 1, "float[4]", kNormScale, kOperator},
    {"", "LayerNormalization", 2, "float[4]", kNormBias, kOperator},
    {"", "MatMul", 0, "float[8, 4]", kLinear, kOperator, "4 -> 8"},
    {"", "MatMul", 1, "float[4, 8]", kLinear, kOperator, "4 -> 8"},
    {"", "MatMulInteger", 0, "int8[8, 4]", kLinear, kOperator, "4 -> 8"},
    {"", "MatMulInteger", 1, "int8[4, 8]", kLinear, kOperator, "4 -> 8"},
    {"", "MatMulInteger", 2, "int8", kQuantZeroPoint},
    {"", "MatMulInteger", 3, "int8", kQuantZeroPoint},
    {"", "Max", 1, "float[8]", kParameter, kOpen, "", "", "y = Max(t, w)"},
    {"", "Min", 1, "float[8]", kParameter, kOpen, "", "", "y = Min(t, w)"},
    {"", "Mul", 1, "float[8]", kLayerScale, kOpen, "", "", "y = Mul(t, w)"},
    {"", "PRelu", 1, "float[8]", kPreluSlope, kOperator},
    {"", "Pow", 1, "float[8]", kParameter, kOpen, "", "", "y = Pow(t, w)"},
    {"", "QLinearConv", 1, "float", kQuantScale},
    {"", "QLinearConv", 2, "uint8", kQuantZeroPoint},
    {"", "QLinearConv", 3, "int8[8, 3, 5, 5]", kConv, kOperator, "75 -> 200"},
    {"", "QLinearConv", 4, "float[8]", kQuantScale},
    {"", "QLinearConv", 5, "int8[8]", kQuantZeroPoint},
    {"", "QLinearConv", 6, "float", kQuantScale},
    {"", "QLinearConv", 7, "uint8", kQuantZeroPoint},
    {"", "QLinearConv", 8, "int32[8]", kBias, kOperator},
    {"", "QLinearMatMul", 0, "int8[8, 4]", kLinear, kOperator, "4 -> 8", "",
     "y = QLinearMatMul(w, s, z, x, s, z, s, z)"},
    {"", "QLinearMatMul", 1, "float", kQuantScale},
    {"", "QLinearMatMul", 2, "uint8", kQuantZeroPoint},
    {"", "QLinearMatMul", 3, "int8[4, 8]", kLinear, kOperator, "4 -> 8"},
    {"", "QLinearMatMul", 4, "float", kQuantScale},
    {"", "QLinearMatMul", 5, "int8", kQuantZeroPoint},
    {"", "QLinearMatMul", 6, "float", kQuantScale},
    {"", "QLinearMatMul", 7, "uint8", kQuantZeroPoint},
    {"", "QuantizeLinear", 1, "float", kQuantScale},
    {"", "QuantizeLinear", 2, "int8", kQuantZeroPoint},
    {"", "RMSNormalization", 1, "float[4]", kNormScale, kOperator},
    {"", "RNN", 1, "float[1, 5, 4]", kRnnInput, kOperator, "4 -> 5"},
    {"", "RNN", 2, "float[1, 5, 5]", kRnnRecurrent, kOperator, "5 -> 5"},
    {"", "RNN", 3, "float[1, 10]", kRnnBias, kOperator},
    {"", "RNN", 4, "int32[2]", kStructural},
    {"", "RNN", 5, "float[1, 2, 5]", kParameter, kOpen},
    {"", "RotaryEmbedding", 1, "float[9, 4]", kConstant},
    {"", "RotaryEmbedding", 2, "float[9, 4]", kConstant},
    {"", "SimplifiedLayerNormalization", 1, "float[4]", kNormScale, kOperator},
    {"", "Sub", 1, "float[8]", kParameter, kOpen, "", "", "y = Sub(t, w)"},
    {"", "Sum", 1, "float[8]", kBias, kStructure, "", "", "y = Sum(t, w)"},
    {"", "Where", 1, "float[1, 8]", kToken, kOpen},
    {"", "Where", 2, "float[1, 8]", kToken, kOpen},
    {kMs, "Attention", 1, "float[4, 24]", kLinear, kOperator, "4 -> 24", "", "", kQkv},
    {kMs, "Attention", 2, "float[24]", kBias, kOperator},
    {kMs, "Attention", 5, "float[1, 2, 6, 6]", kRelPosBias, kOpen},
    {kMs, "BiasAdd", 1, "float[8]", kBias, kOperator},
    {kMs, "BiasDropout", 1, "float[8]", kBias, kOperator},
    {kMs, "BiasGelu", 1, "float[8]", kBias, kOperator},
    {kMs, "BiasSplitGelu", 1, "float[8]", kBias, kOperator},
    {kMs, "BitmaskBiasDropout", 1, "float[8]", kBias, kOperator},
    {kMs, "CausalConvWithState", 1, "float[8, 1, 3]", kConv, kOperator, "3 -> 3"},
    {kMs, "CausalConvWithState", 2, "float[8]", kBias, kOperator},
    {kMs, "ConvTransposeWithDynamicPads", 1, "float[6, 4, 3, 3]", kConvTranspose, kOperator,
     "54 -> 36"},
    {kMs, "ConvTransposeWithDynamicPads", 3, "float[4]", kBias, kOperator},
    {kMs, "DecoderAttention", 2, "float[8, 8]", kLinear, kOperator, "8 -> 8"},
    {kMs, "DecoderAttention", 3, "float[8, 16]", kLinear, kOperator, "8 -> 16"},
    {kMs, "DecoderAttention", 4, "float[24]", kBias, kOperator},
    {kMs, "DecoderMaskedMultiHeadAttention", 10, "float[24]", kBias, kOperator},
    {kMs, "DecoderMaskedSelfAttention", 1, "float[4, 24]", kLinear, kOperator, "4 -> 24", "", "",
     kQkv},
    {kMs, "DecoderMaskedSelfAttention", 2, "float[24]", kBias, kOperator},
    {kMs, "DequantizeLinear", 1, "float", kQuantScale},
    {kMs, "DequantizeLinear", 2, "int8", kQuantZeroPoint},
    {kMs, "DynamicQuantizeLSTM", 1, "int8[1, 4, 20]", kRnnInput, kOperator, "4 -> 5", "", "",
     kLstm},
    {kMs, "DynamicQuantizeLSTM", 2, "int8[1, 5, 20]", kRnnRecurrent, kOperator, "5 -> 5", "", "",
     kLstm},
    {kMs, "DynamicQuantizeLSTM", 3, "float[1, 40]", kRnnBias, kOperator},
    {kMs, "DynamicQuantizeLSTM", 5, "float[1, 2, 5]", kParameter, kOpen},
    {kMs, "DynamicQuantizeLSTM", 6, "float[1, 2, 5]", kParameter, kOpen},
    {kMs, "DynamicQuantizeLSTM", 7, "float[1, 15]", kRnnPeephole, kOperator},
    {kMs, "DynamicQuantizeLSTM", 8, "float[1]", kQuantScale},
    {kMs, "DynamicQuantizeLSTM", 9, "int8[1]", kQuantZeroPoint},
    {kMs, "DynamicQuantizeLSTM", 10, "float[1]", kQuantScale},
    {kMs, "DynamicQuantizeLSTM", 11, "int8[1]", kQuantZeroPoint},
    {kMs, "DynamicQuantizeMatMul", 1, "int8[4, 8]", kLinear, kOperator, "4 -> 8"},
    {kMs, "DynamicQuantizeMatMul", 2, "float", kQuantScale},
    {kMs, "DynamicQuantizeMatMul", 3, "int8", kQuantZeroPoint},
    {kMs, "DynamicQuantizeMatMul", 4, "float[8]", kBias, kOperator},
    {kMs, "EmbedLayerNormalization", 2, "float[10, 8]", kEmbedding, kOperator, "10 -> 8"},
    {kMs, "EmbedLayerNormalization", 3, "float[6, 8]", kPositionEmbedding, kOperator},
    {kMs, "EmbedLayerNormalization", 4, "float[2, 8]", kEmbedding, kOperator, "2 -> 8"},
    {kMs, "EmbedLayerNormalization", 5, "float[8]", kNormScale, kOperator},
    {kMs, "EmbedLayerNormalization", 6, "float[8]", kNormBias, kOperator},
    {kMs, "FastGelu", 1, "float[8]", kBias, kOperator},
    {kMs, "FusedConv", 1, "float[8, 3, 5, 5]", kConv, kOperator, "75 -> 200"},
    {kMs, "FusedConv", 2, "float[8]", kBias, kOperator},
    {kMs, "FusedGemm", 0, "float[4, 8]", kLinear, kOperator, "4 -> 8", "transA = 1"},
    {kMs, "FusedGemm", 1, "float[8, 4]", kLinear, kOperator, "4 -> 8", "transB = 1"},
    {kMs, "FusedGemm", 2, "float[8]", kBias, kOperator},
    {kMs, "FusedMatMul", 0, "float[4, 8]", kLinear, kOperator, "4 -> 8", "transA = 1"},
    {kMs, "FusedMatMul", 1, "float[8, 4]", kLinear, kOperator, "4 -> 8", "transB = 1"},
    {kMs, "FusedMatMulActivation", 0, "float[4, 8]", kLinear, kOperator, "4 -> 8", "transA = 1"},
    {kMs, "FusedMatMulActivation", 1, "float[8, 4]", kLinear, kOperator, "4 -> 8", "transB = 1"},
    {kMs, "GatedRMSNorm", 1, "float[4]", kNormScale, kOperator},
    {kMs, "GatedRelativePositionBias", 1, "float[8]", kBias, kOperator},
    {kMs, "GatedRelativePositionBias", 3, "float[4, 8]", kLinear, kOperator, "4 -> 8"},
    {kMs, "GatedRelativePositionBias", 4, "float[8]", kBias, kOperator},
    {kMs, "GatedRelativePositionBias", 5, "float[1, 2, 1, 1]", kParameter, kOperator},
    {kMs, "GatherBlockQuantized", 0, "uint8[10, 16]", kEmbedding, kOpen, "10 -> 32", "bits = 4",
     "y = com.microsoft.GatherBlockQuantized<bits = 4>(w, n, s)"},
    {kMs, "GatherBlockQuantized", 2, "float[10, 1]", kQuantScale},
    {kMs, "GatherBlockQuantized", 3, "uint8[10, 1]", kQuantZeroPoint},
    {kMs, "GemmFastGelu", 1, "float[4, 8]", kLinear, kOperator, "4 -> 8"},
    {kMs, "GemmFastGelu", 2, "float[8]", kBias, kOperator},
    {kMs, "GemmFloat8", 0, "float[8, 4]", kLinear, kOperator, "4 -> 8"},
    {kMs, "GemmFloat8", 1, "float[8, 4]", kLinear, kOperator, "4 -> 8", "transB = 1"},
    {kMs, "GemmFloat8", 2, "float[8]", kBias, kOperator},
    {kMs, "GemmFloat8", 3, "float[1]", kQuantScale},
    {kMs, "GemmFloat8", 4, "float[1]", kQuantScale},
    {kMs, "GemmFloat8", 5, "float[1]", kQuantScale},
    {kMs, "GroupNorm", 1, "float[4]", kNormScale, kOperator},
    {kMs, "GroupNorm", 2, "float[4]", kNormBias, kOperator},
    {kMs, "GroupQueryAttention", 7, "float[9, 4]", kConstant},
    {kMs, "GroupQueryAttention", 8, "float[9, 4]", kConstant},
    {kMs, "GroupQueryAttention", 10, "float[1, 2, 6, 6]", kRelPosBias, kOpen},
    {kMs, "GroupQueryAttention", 11, "float[2]", kParameter, kOperator},
    {kMs, "GroupQueryAttention", 12, "float[1]", kQuantScale},
    {kMs, "GroupQueryAttention", 13, "float[1]", kQuantScale},
    {kMs, "GroupQueryAttention", 14, "float[4]", kNormScale, kOperator},
    {kMs, "GroupQueryAttention", 15, "float[4]", kNormScale, kOperator},
    {kMs, "LayerNormalization", 1, "float[4]", kNormScale, kOperator},
    {kMs, "LayerNormalization", 2, "float[4]", kNormBias, kOperator},
    {kMs, "LongformerAttention", 1, "float[4, 24]", kLinear, kOperator, "4 -> 24", "", "", kQkv},
    {kMs, "LongformerAttention", 2, "float[24]", kBias, kOperator},
    {kMs, "LongformerAttention", 4, "float[4, 24]", kLinear, kOperator, "4 -> 24", "", "", kQkv},
    {kMs, "LongformerAttention", 5, "float[24]", kBias, kOperator},
    {kMs, "MRotaryEmbedding", 2, "float[9, 4]", kConstant},
    {kMs, "MRotaryEmbedding", 3, "float[9, 4]", kConstant},
    {kMs, "MatMulBnb4", 1, "uint8[128]", kLinear, kOperator, "32 -> 8", kPacked},
    {kMs, "MatMulBnb4", 2, "float[8]", kQuantScale},
    {kMs, "MatMulFpQ4", 1, "uint8[128]", kLinear, kOperator, kAnyFans},
    {kMs, "MatMulInteger16", 1, "int16[4, 8]", kLinear, kOperator, "4 -> 8"},
    {kMs, "MatMulIntegerToFloat", 1, "int8[4, 8]", kLinear, kOperator, "4 -> 8"},
    {kMs, "MatMulIntegerToFloat", 2, "float", kQuantScale},
    {kMs, "MatMulIntegerToFloat", 3, "float", kQuantScale},
    {kMs, "MatMulIntegerToFloat", 4, "int8", kQuantZeroPoint},
    {kMs, "MatMulIntegerToFloat", 5, "int8", kQuantZeroPoint},
    {kMs, "MatMulIntegerToFloat", 6, "float[8]", kBias, kOperator},
    {kMs, "MatMulNBits", 1, "uint8[8, 1, 16]", kLinear, kOperator, "32 -> 8", kPacked},
    {kMs, "MatMulNBits", 2, "float[8]", kQuantScale},
    {kMs, "MatMulNBits", 3, "uint8[8]", kQuantZeroPoint},
    {kMs, "MatMulNBits", 4, "int32[32]", kStructural},
    {kMs, "MatMulNBits", 5, "float[8]", kBias, kOperator},
    {kMs, "MoE", 2, "float[3, 10, 4]", kLinear, kOperator, "4 -> 10"},
    {kMs, "MoE", 3, "float[3, 10]", kBias, kOperator},
    {kMs, "MoE", 4, "float[3, 4, 10]", kLinear, kOperator, "10 -> 4"},
    {kMs, "MoE", 5, "float[3, 4]", kBias, kOperator},
    {kMs, "MoE", 6, "float[3, 10, 4]", kLinear, kOperator, "4 -> 10"},
    {kMs, "MoE", 7, "float[3, 10]", kBias, kOperator},
    {kMs, "MultiHeadAttention", 3, "float[24]", kBias, kOperator},
    {kMs, "MultiHeadAttention", 5, "float[1, 2, 6, 6]", kRelPosBias, kOpen},
    {kMs, "NhwcConv", 1, "float[8, 5, 5, 3]", kConv, kOperator, "75 -> 200", kKernel},
    {kMs, "NhwcConv", 2, "float[8]", kBias, kOperator},
    {kMs, "NhwcFusedConv", 1, "float[8, 5, 5, 3]", kConv, kOperator, "75 -> 200", kKernel},
    {kMs, "NhwcFusedConv", 2, "float[8]", kBias, kOperator},
    {kMs, "PackedAttention", 1, "float[4, 24]", kLinear, kOperator, "4 -> 24", "", "", kQkv},
    {kMs, "PackedAttention", 2, "float[24]", kBias, kOperator},
    {kMs, "PackedMultiHeadAttention", 3, "float[24]", kBias, kOperator},
    {kMs, "QAttention", 1, "int8[4, 24]", kLinear, kOperator, "4 -> 24", "", "", kQkv},
    {kMs, "QAttention", 2, "float[24]", kBias, kOperator},
    {kMs, "QAttention", 3, "float", kQuantScale},
    {kMs, "QAttention", 4, "float", kQuantScale},
    {kMs, "QAttention", 6, "uint8", kQuantZeroPoint},
    {kMs, "QAttention", 7, "int8", kQuantZeroPoint},
    {kMs, "QGemm", 1, "float", kQuantScale},
    {kMs, "QGemm", 2, "uint8", kQuantZeroPoint},
    {kMs, "QGemm", 3, "int8[8, 4]", kLinear, kOperator, "4 -> 8", "transB = 1"},
    {kMs, "QGemm", 4, "float", kQuantScale},
    {kMs, "QGemm", 5, "int8", kQuantZeroPoint},
    {kMs, "QGemm", 6, "int32[8]", kBias, kOperator},
    {kMs, "QGemm", 7, "float", kQuantScale},
    {kMs, "QGemm", 8, "uint8", kQuantZeroPoint},
    {kMs, "QLinearAdd", 0, "uint8[8]", kBias, kStructure, "", "",
     "y = com.microsoft.QLinearAdd(w, s, z, t, s, z, s, z)"},
    {kMs, "QLinearAdd", 1, "float", kQuantScale},
    {kMs, "QLinearAdd", 2, "uint8", kQuantZeroPoint},
    {kMs, "QLinearAdd", 3, "uint8[8]", kBias, kStructure, "", "",
     "y = com.microsoft.QLinearAdd(t, s, z, w, s, z, s, z)"},
    {kMs, "QLinearAdd", 4, "float", kQuantScale},
    {kMs, "QLinearAdd", 5, "uint8", kQuantZeroPoint},
    {kMs, "QLinearAdd", 6, "float", kQuantScale},
    {kMs, "QLinearAdd", 7, "uint8", kQuantZeroPoint},
    {kMs, "QLinearConcat", 0, "float", kQuantScale},
    {kMs, "QLinearConcat", 1, "uint8", kQuantZeroPoint},
    {kMs, "QLinearConcat", 2, "uint8[1, 8]", kToken, kOpen, "", "",
     "y = com.microsoft.QLinearConcat(s, z, w, s, z, t, s, z)"},
    {kMs, "QLinearConcat", 3, "float", kQuantScale},
    {kMs, "QLinearConcat", 7, "uint8", kQuantZeroPoint},
    {kMs, "QLinearConv", 1, "float", kQuantScale},
    {kMs, "QLinearConv", 2, "uint8", kQuantZeroPoint},
    {kMs, "QLinearConv", 3, "int8[8, 3, 5, 5]", kConv, kOperator, "75 -> 200"},
    {kMs, "QLinearConv", 4, "float", kQuantScale},
    {kMs, "QLinearConv", 5, "int8", kQuantZeroPoint},
    {kMs, "QLinearConv", 6, "float", kQuantScale},
    {kMs, "QLinearConv", 7, "uint8", kQuantZeroPoint},
    {kMs, "QLinearConv", 8, "int32[8]", kBias, kOperator},
    {kMs, "QLinearMul", 0, "uint8[8]", kLayerScale, kOpen, "", "",
     "y = com.microsoft.QLinearMul(w, s, z, t, s, z, s, z)"},
    {kMs, "QLinearMul", 1, "float", kQuantScale},
    {kMs, "QLinearMul", 2, "uint8", kQuantZeroPoint},
    {kMs, "QLinearMul", 3, "uint8[8]", kLayerScale, kOpen, "", "",
     "y = com.microsoft.QLinearMul(t, s, z, w, s, z, s, z)"},
    {kMs, "QLinearMul", 4, "float", kQuantScale},
    {kMs, "QLinearMul", 5, "uint8", kQuantZeroPoint},
    {kMs, "QLinearMul", 6, "float", kQuantScale},
    {kMs, "QLinearMul", 7, "uint8", kQuantZeroPoint},
    {kMs, "QMoE", 2, "uint8[3, 10, 16]", kLinear, kOperator, kAnyFans},
    {kMs, "QMoE", 3, "float[3, 10]", kQuantScale},
    {kMs, "QMoE", 4, "float[3, 10]", kBias, kOperator},
    {kMs, "QMoE", 5, "uint8[3, 32, 5]", kLinear, kOperator, kAnyFans},
    {kMs, "QMoE", 6, "float[3, 32]", kQuantScale},
    {kMs, "QMoE", 7, "float[3, 32]", kBias, kOperator},
    {kMs, "QMoE", 8, "uint8[3, 10, 16]", kLinear, kOperator, kAnyFans},
    {kMs, "QMoE", 9, "float[3, 10]", kQuantScale},
    {kMs, "QMoE", 10, "float[3, 10]", kBias, kOperator},
    {kMs, "QMoE", 11, "uint8[3, 10]", kQuantZeroPoint},
    {kMs, "QMoE", 12, "uint8[3, 32]", kQuantZeroPoint},
    {kMs, "QMoE", 13, "uint8[3, 10]", kQuantZeroPoint},
    {kMs, "QMoE", 15, "float[3]", kQuantScale},
    {kMs, "QMoE", 16, "float[3]", kQuantScale},
    {kMs, "QMoE", 17, "float[3]", kQuantScale},
    {kMs, "QMoE", 18, "float[3]", kQuantScale},
    {kMs, "QMoE", 19, "float[3]", kQuantScale},
    {kMs, "QMoE", 20, "float[3]", kQuantScale},
    {kMs, "QOrderedAttention", 5, "int8[4, 8]", kLinear, kOperator, "4 -> 8"},
    {kMs, "QOrderedAttention", 6, "int8[4, 8]", kLinear, kOperator, "4 -> 8"},
    {kMs, "QOrderedAttention", 7, "int8[4, 8]", kLinear, kOperator, "4 -> 8"},
    {kMs, "QOrderedAttention", 8, "float", kQuantScale},
    {kMs, "QOrderedAttention", 9, "float", kQuantScale},
    {kMs, "QOrderedAttention", 10, "float", kQuantScale},
    {kMs, "QOrderedAttention", 11, "float[8]", kBias, kOperator},
    {kMs, "QOrderedAttention", 12, "float[8]", kBias, kOperator},
    {kMs, "QOrderedAttention", 13, "float[8]", kBias, kOperator},
    {kMs, "QOrderedLayerNormalization", 2, "float[4]", kNormScale, kOperator},
    {kMs, "QOrderedLayerNormalization", 3, "float[4]", kNormBias, kOperator},
    {kMs, "QOrderedMatMul", 1, "float", kQuantScale},
    {kMs, "QOrderedMatMul", 2, "int8[4, 8]", kLinear, kOperator, "4 -> 8"},
    {kMs, "QOrderedMatMul", 3, "float", kQuantScale},
    {kMs, "QOrderedMatMul", 5, "float[8]", kBias, kOperator},
    {kMs, "QuantizeLinear", 1, "float", kQuantScale},
    {kMs, "QuantizeLinear", 2, "int8", kQuantZeroPoint},
    {kMs, "QuickGelu", 1, "float[8]", kBias, kOperator},
    {kMs, "RelativePositionBias", 0, "float[32, 2]", kRelPosBias, kOperator},
    {kMs, "RotaryEmbedding", 2, "float[9, 4]", kConstant},
    {kMs, "RotaryEmbedding", 3, "float[9, 4]", kConstant},
    {kMs, "SimplifiedLayerNormalization", 1, "float[4]", kNormScale, kOperator},
    {kMs, "SkipGroupNorm", 1, "float[4]", kNormScale, kOperator},
    {kMs, "SkipGroupNorm", 2, "float[4]", kNormBias, kOperator},
    {kMs, "SkipGroupNorm", 4, "float[4]", kBias, kOperator},
    {kMs, "SkipLayerNormalization", 0, "float[8]", kBias, kStructure, "", "",
     "y = com.microsoft.SkipLayerNormalization(w, t)"},
    {kMs, "SkipLayerNormalization", 1, "float[8]", kBias, kStructure, "", "",
     "y = com.microsoft.SkipLayerNormalization(t, w)"},
    {kMs, "SkipLayerNormalization", 2, "float[4]", kNormScale, kOperator},
    {kMs, "SkipLayerNormalization", 3, "float[4]", kNormBias, kOperator},
    {kMs, "SkipLayerNormalization", 4, "float[4]", kBias, kOperator},
    {kMs, "SkipSimplifiedLayerNormalization", 0, "float[8]", kBias, kStructure, "", "",
     "y = com.microsoft.SkipSimplifiedLayerNormalization(w, t)"},
    {kMs, "SkipSimplifiedLayerNormalization", 1, "float[8]", kBias, kStructure, "", "",
     "y = com.microsoft.SkipSimplifiedLayerNormalization(t, w)"},
    {kMs, "SkipSimplifiedLayerNormalization", 2, "float[4]", kNormScale, kOperator},
    {kMs, "SkipSimplifiedLayerNormalization", 3, "float[4]", kBias, kOperator},
    {kMs, "TorchEmbedding", 0, "float[10, 8]", kEmbedding, kOperator, "10 -> 8"},
    {kMs, "TransposeMatMul", 0, "float[4, 8]", kLinear, kOperator, "4 -> 8", "transA = 1"},
    {kMs, "TransposeMatMul", 1, "float[8, 4]", kLinear, kOperator, "4 -> 8", "transB = 1"},
    {kMs, "VarlenCausalConvWithState", 1, "float[8, 1, 3]", kConv, kOperator, "3 -> 3"},
    {kMs, "VarlenCausalConvWithState", 3, "float[8]", kBias, kOperator},
    {kMs, "WordConvEmbedding", 1, "float[8, 1, 3, 4]", kConv, kOperator, "12 -> 96"},
    {kMs, "WordConvEmbedding", 2, "float[8]", kBias, kOperator},
    {kMs, "WordConvEmbedding", 3, "float[10, 4]", kEmbedding, kOperator, "10 -> 4"},
    {kNchwc, "Conv", 1, "float[8, 3, 5, 5]", kConv, kOperator, "75 -> 200"},
    {kNchwc, "Conv", 2, "float[8]", kBias, kOperator},
    {kNhwc, "Conv", 1, "float[8, 3, 5, 5]", kConv, kOperator, "75 -> 200"},
    {kNhwc, "Conv", 2, "float[8]", kBias, kOperator},
    {kNhwc, "ConvTranspose", 1, "float[6, 4, 3, 3]", kConvTranspose, kOperator, "54 -> 36"},
    {kNhwc, "ConvTranspose", 2, "float[4]", kBias, kOperator},
    {kNhwc, "FusedConv", 1, "float[8, 3, 5, 5]", kConv, kOperator, "75 -> 200"},
    {kNhwc, "FusedConv", 2, "float[8]", kBias, kOperator},
    {kMs, "QOrderedLongformerAttention", 2, "int8[4, 24]", kLinear, kOperator, "4 -> 24", "", "",
     kQkv},
    {kMs, "QOrderedLongformerAttention", 8, "int8[4, 24]", kLinear, kOperator, "4 -> 24", "", "",
     kQkv},
    {kMs, "QOrderedLongformerAttention", 1, "float", kQuantScale},
    {kMs, "QOrderedLongformerAttention", 3, "float", kQuantScale},
    {kMs, "QOrderedLongformerAttention", 5, "float", kQuantScale},
    {kMs, "QOrderedLongformerAttention", 6, "float", kQuantScale},
    {kMs, "QOrderedLongformerAttention", 9, "float", kQuantScale},
    {kMs, "QOrderedLongformerAttention", 11, "float", kQuantScale},
    {kMs, "QOrderedLongformerAttention", 13, "float", kQuantScale},
    {kMs, "QOrderedLongformerAttention", 4, "float[8]", kBias, kOperator},
    {kMs, "QOrderedLongformerAttention", 10, "float[8]", kBias, kOperator},
    {kMs, "QEmbedLayerNormalization", 2, "int8[10, 8]", kEmbedding, kOperator, "10 -> 8"},
    {kMs, "QEmbedLayerNormalization", 3, "float[8]", kPositionEmbedding, kOperator},
    {kMs, "QEmbedLayerNormalization", 4, "int8[10, 8]", kEmbedding, kOperator, "10 -> 8"},
    {kMs, "QEmbedLayerNormalization", 5, "float[8]", kNormScale, kOperator},
    {kMs, "QEmbedLayerNormalization", 6, "float[8]", kNormBias, kOperator},
    {kMs, "QEmbedLayerNormalization", 8, "float", kQuantScale},
    {kMs, "QEmbedLayerNormalization", 9, "float", kQuantScale},
    {kMs, "QEmbedLayerNormalization", 10, "float", kQuantScale},
    {kMs, "QEmbedLayerNormalization", 11, "float", kQuantScale},
    {kMs, "QEmbedLayerNormalization", 12, "float", kQuantScale},
    {kMs, "QEmbedLayerNormalization", 13, "int8", kQuantZeroPoint},
    {kMs, "QEmbedLayerNormalization", 14, "int8", kQuantZeroPoint},
    {kMs, "QEmbedLayerNormalization", 15, "int8", kQuantZeroPoint},
    {kMs, "QEmbedLayerNormalization", 16, "int8", kQuantZeroPoint},
    {kMs, "QEmbedLayerNormalization", 17, "int8", kQuantZeroPoint},
    {kMs, "PagedAttention", 8, "float[9, 4]", kConstant},
    {kMs, "PagedAttention", 9, "float[9, 4]", kConstant},
    {kMs, "SparseAttention", 9, "float[9, 4]", kConstant},
    {kMs, "SparseAttention", 10, "float[9, 4]", kConstant},
    {kMs, "PagedAttention", 11, "float[8]", kParameter, kOperator},
    {kMs, "PagedAttention", 12, "float[8]", kNormScale, kOperator},
    {kMs, "PagedAttention", 13, "float[8]", kNormScale, kOperator},
    {kMs, "PagedAttention", 14, "float", kQuantScale},
    {kMs, "PagedAttention", 15, "float", kQuantScale},
    {kMs, "MatMulNBitsMlp", 2, "float[8]", kNormScale, kOperator},
    {kMs, "MatMulNBitsMlp", 3, "uint8[8, 1, 16]", kLinear, kOperator, kAnyFans},
    {kMs, "MatMulNBitsMlp", 4, "float", kQuantScale},
    {kMs, "MatMulNBitsMlp", 6, "uint8[8, 1, 16]", kLinear, kOperator, kAnyFans},
    {kMs, "MatMulNBitsMlp", 7, "float", kQuantScale},
    {kMs, "MatMulNBitsQkv", 2, "float[8]", kNormScale, kOperator},
    {kMs, "MatMulNBitsQkv", 3, "uint8[8, 1, 16]", kLinear, kOperator, kAnyFans},
    {kMs, "MatMulNBitsQkv", 4, "float", kQuantScale},
    {kMs, "MatMulNBitsQkv", 6, "uint8[8, 1, 16]", kLinear, kOperator, kAnyFans},
    {kMs, "MatMulNBitsQkv", 7, "float", kQuantScale},
    {kMs, "MatMulNBitsQkv", 9, "uint8[8, 1, 16]", kLinear, kOperator, kAnyFans},
    {kMs, "MatMulNBitsQkv", 10, "float", kQuantScale},
    {kMs, "MatMulBlockQuantizedFp4Weight", 1, "uint8[8, 1, 16]", kLinear, kOperator, kAnyFans},
    {kMs, "MatMulBlockQuantizedFp4Weight", 2, "float", kQuantScale},
    {kMs, "MatMulBlockQuantizedFp4Weight", 3, "float", kQuantScale},
    {kMs, "MatMulBlockQuantizedFp4Weight", 5, "float[8]", kBias, kOperator},
    {kMs, "MatMulBlockQuantizedFp8Weight", 1, "uint8[8, 1, 16]", kLinear, kOperator, kAnyFans},
    {kMs, "MatMulBlockQuantizedFp8Weight", 2, "float", kQuantScale},
    {kMs, "MatMulBlockQuantizedFp8Weight", 4, "float[8]", kBias, kOperator},
    {kMs, "SparseToDenseMatMul", 0, "float[8, 4]", kLinear, kOperator, "4 -> 8", "transA = 0"},
    {kMs, "SparseToDenseMatMul", 1, "float[8, 4]", kLinear, kOperator, "4 -> 8", "transB = 1"},
    {kMs, "AttnLSTM", 1, "float[1, 20, 4]", kRnnInput, kOperator, "4 -> 5", "", "", kLstm},
    {kMs, "AttnLSTM", 2, "float[1, 20, 5]", kRnnRecurrent, kOperator, "5 -> 5", "", "", kLstm},
    {kMs, "AttnLSTM", 3, "float[8]", kRnnBias, kOperator},
    {kMs, "AttnLSTM", 5, "float[1, 1, 8]", kParameter, kOpen},
    {kMs, "AttnLSTM", 6, "float[1, 1, 8]", kParameter, kOpen},
    {kMs, "AttnLSTM", 7, "float[8]", kRnnPeephole, kOperator},
    {kMs, "AttnLSTM", 8, "float[1, 5, 6]", kLinear, kOperator, "5 -> 6"},
    {kMs, "AttnLSTM", 9, "float[2, 7, 6]", kLinear, kOperator, "7 -> 6"},
    {kMs, "AttnLSTM", 10, "float[1, 6]", kLinear, kOperator, "6 -> 1"},
    {kMs, "AttnLSTM", 12, "int32[1]", kStructural},
    {kMs, "AttnLSTM", 13, "float[1, 12, 9]", kLinear, kOperator, "12 -> 9"},
    {kMs, "EngramGate", 3, "float[8]", kParameter, kOperator},
    {kMs, "EngramGate", 4, "float[8]", kParameter, kOperator},
    {kMs, "EngramGate", 5, "float[8]", kParameter, kOperator},
    {kMs, "LinearAttentionGate", 1, "float[8]", kParameter, kOperator},
    {kMs, "LinearAttentionGate", 2, "float[8]", kParameter, kOperator},
    {kMs, "GatedDeltaNet", 7, "float[8]", kParameter, kOperator},
    {kMs, "GatedDeltaNet", 8, "float[8]", kParameter, kOperator},
    {kNhwc, "QLinearConv", 1, "float", kQuantScale},
    {kNhwc, "QLinearConv", 4, "float", kQuantScale},
    {kNhwc, "QLinearConv", 6, "float", kQuantScale},
    {kNhwc, "QLinearConv", 2, "int8", kQuantZeroPoint},
    {kNhwc, "QLinearConv", 5, "int8", kQuantZeroPoint},
    {kNhwc, "QLinearConv", 7, "int8", kQuantZeroPoint},
    {kNhwc, "QLinearConv", 3, "int8[8, 3, 5, 5]", kConv, kOperator, "75 -> 200"},
    {kNhwc, "QLinearConv", 8, "float[8]", kBias, kOperator},
    {kBrevitas, "BipolarQuant", 1, "float", kQuantScale},
    {kBrevitas, "Quant", 1, "float", kQuantScale},
    {kBrevitas, "Quant", 2, "float", kQuantZeroPoint},
    {kBrevitas, "Quant", 3, "float", kStructural},
    {kBrevitas, "Trunc", 1, "float", kQuantScale},
    {kBrevitas, "Trunc", 2, "float", kQuantZeroPoint},
    {kBrevitas, "Trunc", 3, "float", kStructural},
    {kQonnx, "BipolarQuant", 1, "float", kQuantScale},
    {kQonnx, "IntQuant", 1, "float", kQuantScale},
    {kQonnx, "IntQuant", 2, "float", kQuantZeroPoint},
    {kQonnx, "IntQuant", 3, "float", kStructural},
    {kQonnx, "Quant", 1, "float", kQuantScale},
    {kQonnx, "Quant", 2, "float", kQuantZeroPoint},
    {kQonnx, "Quant", 3, "float", kStructural},
    {kQonnx, "Trunc", 1, "float", kQuantScale},
    {kQonnx, "Trunc", 2, "float", kQuantZeroPoint},
    {kQonnx, "Trunc", 3, "float", kStructural},
});

using SlotTest = ::testing::TestWithParam<Row>;

TEST_P(SlotTest, Holds) {
  const Row& row = GetParam();
  const Found found(row);
  ASSERT_TRUE(found.is_used);
  ASSERT_EQ(found.meaning.has_value(), row.role.has_value());
  if (!found.meaning) return;
  EXPECT_EQ(found.meaning->role, *row.role);
  EXPECT_EQ(found.meaning->evidence, row.evidence);
  if (row.fans != kAnyFans) {
    EXPECT_EQ(found.FansText(), row.fans);
  }
  EXPECT_EQ(found.PartsText(), row.parts);
}

INSTANTIATE_TEST_SUITE_P(Rows, SlotTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return NameOf(test.param); });

const Row* CaseOf(const SlotRow& row) {
  const auto* found = std::find_if(kRows.begin(), kRows.end(), [&](const Row& other) {
    return other.domain == row.domain && other.op_type == row.op_type &&
           (row.input < 0 || other.input == row.input);
  });
  return found == kRows.end() ? nullptr : found;
}

std::string Describe(const SlotRow& row) {
  return Text(row.domain, " ", row.op_type, " ", row.input);
}

TEST(SlotRows, EachHasACase) {
  for (const SlotRow& row : SlotRows()) EXPECT_NE(CaseOf(row), nullptr) << Describe(row);
}

TEST(SlotRows, SayWhatTheyHold) {
  for (const SlotRow& row : SlotRows()) {
    EXPECT_FALSE(row.holds.empty()) << Describe(row);
    const Row* row_case = CaseOf(row);
    if (row_case == nullptr || row_case->fans == kAnyFans) continue;
    EXPECT_EQ(row.fans.empty(), row_case->fans.empty()) << Describe(row);
  }
}

}  // namespace
}  // namespace onnx_reinit::infer
