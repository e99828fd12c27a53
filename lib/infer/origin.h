// What a data value is made by, seen through moves, pools, casts and arithmetic with fixed values.
#ifndef ONNX_REINIT_INFER_ORIGIN_H_
#define ONNX_REINIT_INFER_ORIGIN_H_

#include <cstdint>
#include <optional>

#include "graph/graph.h"
#include "infer/slot.h"

namespace onnx_reinit::infer {

enum class OriginKind {
  kInput,          // a graph input
  kProduct,        // a product of data with a weight
  kDataProduct,    // a product of data with data
  kNormalization,  // of an operator or of pieces
  kSoftmax,
  kOther,
};

struct Origin {
  OriginKind kind = OriginKind::kOther;
  const graph::Node* node = nullptr;  // nullptr for kInput
  // On the way from there to the value: a fixed vector (more than one element, but no table) was
  // added, resp. a vector or a table multiplied.
  bool is_shifted = false;
  bool is_scaled = false;
  bool has_table = false;  // a table was added: to a scaled normalisation of images, it is the bias
};

// Follows at most a bounded number of nodes.
Origin OriginOf(const SlotContext& context, graph::ValueId value);

// Whether `node` is a product of data with a weight.
bool IsWeightProduct(const Levels& levels, const graph::Node& node);
// Whether `value` is a product of integers made real, Cast(MatMulInteger(...)): a scale that it is
// multiplied with next only undoes a quantisation.
bool IsCastProduct(const graph::Graph& graph, graph::ValueId value);
// Elements that a product of data with a weight gives at each place: rows of a Linear, channels of
// a convolution. nullopt where the weight's dims are not known.
std::optional<int64_t> ProductOutputs(const SlotContext& context, const graph::Node& product);
// Matrices that the weight of a product is a stack of, along its first axis (experts, heads); 1 for
// one matrix, and where its dims are not known.
int64_t StackedMatrices(const SlotContext& context, const graph::Node& product);
// Whether `value` reaches a softmax through arithmetic and moves: attention scores.
bool ReachesSoftmax(const SlotContext& context, graph::ValueId value);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_ORIGIN_H_
