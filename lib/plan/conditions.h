// Which layers a row of a preset is for: sets of roles, and what must hold besides.
#ifndef ONNX_REINIT_PLAN_CONDITIONS_H_
#define ONNX_REINIT_PLAN_CONDITIONS_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "onnx_reinit/vocabulary.h"
#include "plan/layer.h"

namespace onnx_reinit::plan {

// A set of enumerators of Role or BlockRole.
template <typename Enum>
class EnumSet {
 public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<Enum> members) {
    for (const Enum member : members) bits_ |= Bit(member);
  }
  constexpr bool Has(Enum member) const { return (bits_ & Bit(member)) != 0; }
  constexpr bool IsEmpty() const { return bits_ == 0; }
  friend constexpr EnumSet operator|(EnumSet a, EnumSet b) {
    a.bits_ |= b.bits_;
    return a;
  }
  friend constexpr EnumSet operator&(EnumSet a, EnumSet b) {
    a.bits_ &= b.bits_;
    return a;
  }

 private:
  static constexpr uint32_t Bit(Enum member) { return 1U << static_cast<uint32_t>(member); }
  uint32_t bits_ = 0;
};
using Roles = EnumSet<Role>;
using BlockRoles = EnumSet<BlockRole>;

// "linear conv"; empty for the empty set.
std::string NamesOf(Roles roles);
std::string NamesOf(BlockRoles block_roles);

struct Condition {
  std::string_view text;  // for `list presets`
  bool (*holds)(const Layer& layer);
};

// Of the layer's surroundings.
bool Always(const Layer& layer);
bool IsBeforeRectifier(const Layer& layer);
bool IsBeforeSaturating(const Layer& layer);
bool IsResidualOutput(const Layer& layer);
bool WritesStream(const Layer& layer);
bool EndsPlainBranch(const Layer& layer);
bool EndsPlainBranchBeforeRectifier(const Layer& layer);
bool EndsPlainBranchBeforeSaturating(const Layer& layer);
bool IsOutsideBlocks(const Layer& layer);
bool IsVocabularyHead(const Layer& layer);
bool IsWithoutActivation(const Layer& layer);
bool IsOfFusedAttention(const Layer& layer);
// Of the tensor itself.
bool RestsAtZero(const Layer& layer);
bool IsForgetGate(const Layer& layer);
bool IsGrouped(const Layer& layer);
bool IsConvolutionBias(const Layer& layer);
bool IsMlpBias(const Layer& layer);
bool IsBiasBeforeSoftplus(const Layer& layer);
bool IsExponentiated(const Layer& layer);
bool IsVector(const Layer& layer);
bool IsNotOfWords(const Layer& layer);

inline constexpr Condition kAlways{"", Always};
inline constexpr Condition kBeforeRectifier{"before ReLU or a relative", IsBeforeRectifier};
inline constexpr Condition kBeforeSaturating{"before sigmoid, tanh or a relative",
                                             IsBeforeSaturating};
inline constexpr Condition kResidualOutput{"last of a residual branch", IsResidualOutput};
inline constexpr Condition kWritesStream{"output of attention, of an MLP or of a residual branch",
                                         WritesStream};
inline constexpr Condition kEndsPlainBranch{"last of a residual branch without normalisation",
                                            EndsPlainBranch};
inline constexpr Condition kEndsPlainBranchBeforeRectifier{
    "last of a residual branch without normalisation, before ReLU or a relative",
    EndsPlainBranchBeforeRectifier};
inline constexpr Condition kEndsPlainBranchBeforeSaturating{
    "last of a residual branch without normalisation, before sigmoid, tanh or a relative",
    EndsPlainBranchBeforeSaturating};
inline constexpr Condition kOutsideBlocks{"outside of all residual blocks", IsOutsideBlocks};
inline constexpr Condition kVocabularyHead{"as many outputs as the vocabulary", IsVocabularyHead};
inline constexpr Condition kWithoutActivation{"no activation after it", IsWithoutActivation};
inline constexpr Condition kFusedAttention{"query, key and value in one tensor",
                                           IsOfFusedAttention};
inline constexpr Condition kRestsAtZero{"the graph adds 1", RestsAtZero};
inline constexpr Condition kForgetGate{"forget gate of an LSTM, one of its two biases",
                                       IsForgetGate};
inline constexpr Condition kGrouped{"with groups", IsGrouped};
inline constexpr Condition kConvolutionBias{"of a convolution", IsConvolutionBias};
inline constexpr Condition kMlpBias{"of an MLP", IsMlpBias};
inline constexpr Condition kBiasBeforeSoftplus{"before softplus", IsBiasBeforeSoftplus};
inline constexpr Condition kExponentiated{"read by Exp", IsExponentiated};
inline constexpr Condition kNotOfWords{
    "its entries have another length than those of the vocabulary", IsNotOfWords};
inline constexpr Condition kVector{"one axis longer than 1", IsVector};

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_CONDITIONS_H_
