#include "infer/known_operators.h"

#include <algorithm>

#include "infer/activation_operators.h"
#include "infer/attribute_slots.h"
#include "infer/operator_sets.h"
#include "infer/see_through.h"
#include "infer/slot.h"

namespace onnx_reinit::infer {
namespace {

template <typename Row>
bool HasRow(absl::Span<const Row> rows, const graph::Node& node) {
  return std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
    return row.op_type == node.op_type && row.domain == node.domain;
  });
}

}  // namespace

bool IsKnownOperator(const graph::Node& node) {
  using enum OperatorSet;
  if (node.domain == graph::kBorderDomain) return true;
  return IsInAny({kLayer, kMove, kRetype, kPool, kNormalization, kSoftmax, kRandom, kShape,
                  kElementwise, kWeightless},
                 node) ||
         HasRow(SlotRows(), node) || HasRow(SeeThroughRows(), node) ||
         HasRow(ActivationOperators(), node) || HasRow(AttributeRows(), node);
}

}  // namespace onnx_reinit::infer
