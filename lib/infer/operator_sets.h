// Sorted lists of operators, by what matters to inference. Names are "Op" for ai.onnx and
// "domain.Op" for others.
#ifndef ONNX_REINIT_INFER_OPERATOR_SETS_H_
#define ONNX_REINIT_INFER_OPERATOR_SETS_H_

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "absl/types/span.h"
#include "graph/graph.h"

namespace onnx_reinit::infer {

enum class OperatorSet {
  kLayer,          // computes what a network computes, even of stored tensors: products,
                   // normalisations, recurrences, softmax, random numbers
  kMove,           // its output holds elements of its first input, and no others
  kRetype,         // its output stands for its first input, on another grid of numbers
  kPool,           // averages or picks neighbours
  kNormalization,  // with its statistics computed or given, and its scale and bias inside
  kSoftmax,
  kRandom,
  kShape,        // reads the shape of its input only
  kElementwise,  // arithmetic of two or more operands with broadcasting
  kWeightless,  // of no other set or table: it computes from data alone, or has bodies, which stand
                // beside it in the flat graph; what is stored at its inputs is a setting
};

// The sets that one operator is in.
class OperatorSets {
 public:
  constexpr void Add(OperatorSet set) { bits_ |= BitOf(set); }
  constexpr bool Has(OperatorSet set) const { return (bits_ & BitOf(set)) != 0; }
  constexpr bool HasAny(std::initializer_list<OperatorSet> sets) const {
    OperatorSets wanted;
    for (const OperatorSet set : sets) wanted.Add(set);
    return (bits_ & wanted.bits_) != 0;
  }

 private:
  static constexpr uint32_t BitOf(OperatorSet set) { return 1U << static_cast<unsigned>(set); }
  uint32_t bits_ = 0;
};

// One look-up, for those who ask several times.
OperatorSets SetsOf(const graph::Node& node);

inline bool IsIn(OperatorSet set, const graph::Node& node) { return SetsOf(node).Has(set); }
inline bool IsInAny(std::initializer_list<OperatorSet> sets, const graph::Node& node) {
  return SetsOf(node).HasAny(sets);
}
// The input of a product that holds its right operand, or a convolution's weight; the left one, or
// the data, is the first. Quantised operators have the first one's scale and zero point between,
// and those on a symmetric grid (QOrderedMatMul) its scale alone.
int RightOperand(const graph::Node& product);
// The rows, for `list rules` and tests.
absl::Span<const std::string_view> Rows(OperatorSet set);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_OPERATOR_SETS_H_
