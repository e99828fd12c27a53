// What an operator input means for the tensor that it reads: the fan rules.
//
// Every weight-bearing operator is a sum of products. Name its index letters as Einsum does: those
// of the weight that are summed over are inputs, those that stay and belong to the weight alone are
// outputs, those that stay and belong to both operands are batch (experts, groups, heads) and count
// in neither fan; a convolution's kernel counts in both.
#ifndef ONNX_REINIT_INFER_SLOT_H_
#define ONNX_REINIT_INFER_SLOT_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "graph/graph.h"
#include "infer/activations.h"
#include "infer/constants.h"
#include "infer/exporters_words.h"
#include "infer/frozen_norms.h"
#include "infer/levels.h"
#include "infer/normalizations.h"
#include "infer/view.h"
#include "onnx_reinit/vocabulary.h"

namespace onnx_reinit::infer {

enum class AxisLabel { kInput, kOutput, kBatch, kKernel };

// How sure a slot is that its tensor is learned.
enum class Evidence {
  kOperator,   // the operator's definition: a convolution's weight, a normalisation's scale
  kStructure,  // the place in the graph: added after a product, multiplied into a branch
  kOpen,       // learned tensors and constants of the program both stand here
  kNot,        // the operator's definition says it is none: a shape, a limit, a grid
};

// Consecutive shares of the output axis that are layers of their own.
struct OutputPart {
  std::string_view label;  // "query", "forget gate"
  BlockRole block_role = BlockRole::kNone;
  int64_t extent = 0;  // along the output axis
};

struct SlotMeaning {
  Role role = Role::kConstant;
  Evidence evidence = Evidence::kNot;
  std::vector<AxisLabel> labels;  // one for each axis of the view; empty: no fans by axes
  int64_t groups = 1;             // the first axis is a stack of so many
  int64_t gates = 1;              // the output axis is a stack of so many
  std::vector<OutputPart> parts;  // empty: one
  // Where the stored layout is opaque (packed 4-bit blocks) the operator's attributes say the fans.
  std::optional<std::pair<int64_t, int64_t>> fans;
  std::string text;                         // "fan_in = axis 1 of the weight", for reasons
  std::string_view unfillable;              // as TensorFacts has it
  const wire::Tensor* direction = nullptr;  // likewise
};

struct SlotContext {
  const graph::Graph& graph;
  const Levels& levels;
  Constants& constants;
  const NormalizationMap& normalizations;
  const FrozenNorms* frozen_norms = nullptr;
  const ActivationMap* activations = nullptr;
  const ExportersWords* words = nullptr;
  bool explains = true;  // reasons are wanted

  // The same of another thread, which has constants of its own.
  SlotContext With(Constants& own) const {
    return {graph, levels, own, normalizations, frozen_norms, activations, words, explains};
  }
};

// One use of a fixed value.
struct Slot {
  const graph::Node& node;
  int input = 0;
  const View& view;
};

struct SlotRow {
  std::string_view domain;
  std::string_view op_type;
  int input;  // -1: any other
  std::optional<SlotMeaning> (*rule)(const SlotContext&, const Slot&);
  std::string_view holds;  // for `list rules`: "weight [M, C/group, k...]"
  std::string_view fans;   // formula, or empty
};

// Sorted by domain, operator and input.
absl::Span<const SlotRow> SlotRows();
// Those of the node's operator.
absl::Span<const SlotRow> SlotRowsOf(const graph::Node& node);

// nullopt: the operator is not known to hold anything at that input, or its rule declines.
std::optional<SlotMeaning> Meaning(const SlotContext& context, const Slot& slot);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_SLOT_H_
