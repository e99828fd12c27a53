#include "onnx_reinit/vocabulary.h"

#include <optional>
#include <set>
#include <string_view>

#include "gtest/gtest.h"

namespace onnx_reinit {
namespace {

// Calls visit(value) for the enumerators 0 to `last`.
template <typename Enum, typename Visit>
void ForEach(Enum last, Visit visit) {
  for (int i = 0; i <= static_cast<int>(last); ++i) visit(static_cast<Enum>(i));
}

// Every enumerator has a text of its own, and the text leads back to it.
template <typename Enum, typename Parse>
void ExpectWords(Enum last, Parse parse) {
  std::set<std::string_view> texts;
  ForEach(last, [&](Enum value) {
    const std::string_view text = ToString(value);
    EXPECT_TRUE(texts.insert(text).second) << text;
    EXPECT_EQ(parse(text), std::optional(value)) << text;
  });
  EXPECT_EQ(parse("no such word"), std::nullopt);
}

TEST(Vocabulary, EveryWordLeadsBack) {
  ExpectWords(Role::kConstant, ParseRole);
  ExpectWords(BlockRole::kPointwise, ParseBlockRole);
  ExpectWords(Source::kAttribute, ParseSource);
  ExpectWords(Action::kKeep, ParseAction);
}

TEST(Vocabulary, WordsAreSnakeCase) {
  EXPECT_EQ(ToString(Role::kConvTranspose), "conv_transpose");
  EXPECT_EQ(ToString(Role::kRelPosBias), "rel_pos_bias");
  EXPECT_EQ(ToString(BlockRole::kNone), "");
  EXPECT_EQ(ToString(BlockRole::kMlpGateUp), "mlp_gate_up");
  EXPECT_EQ(ToString(Source::kSparseInitializer), "sparse_initializer");
  EXPECT_EQ(ToString(Action::kReinitialize), "reinitialize");
}

TEST(Vocabulary, SixRolesAreWeights) {
  const std::set<Role> weights = {Role::kLinear,    Role::kConv,     Role::kConvTranspose,
                                  Role::kEmbedding, Role::kRnnInput, Role::kRnnRecurrent};
  ForEach(Role::kConstant,
          [&](Role role) { EXPECT_EQ(IsWeight(role), weights.contains(role)) << ToString(role); });
}

TEST(Vocabulary, StatisticsQuantisationAndConstantsAreNotLearned) {
  const std::set<Role> others = {Role::kNormMean,       Role::kNormVar,    Role::kQuantScale,
                                 Role::kQuantZeroPoint, Role::kStructural, Role::kConstant};
  ForEach(Role::kConstant,
          [&](Role role) { EXPECT_EQ(IsLearned(role), !others.contains(role)) << ToString(role); });
}

}  // namespace
}  // namespace onnx_reinit
