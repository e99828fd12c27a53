#include "onnx_reinit/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "infer/activation_forms.h"
#include "infer/attribute_slots.h"
#include "infer/normalizations.h"
#include "infer/see_through.h"
#include "infer/slot.h"

namespace onnx_reinit {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

TEST(ListRulesTest, HasEveryRowOfEveryTable) {
  const std::string text = ListText(Listing::kRules, {});
  for (const auto& row : infer::SlotRows()) EXPECT_THAT(text, HasSubstr(std::string(row.holds)));
  for (const auto& row : infer::SeeThroughRows()) {
    EXPECT_THAT(text, HasSubstr(std::string(row.effect)));
  }
  for (const auto& row : infer::AttributeRows()) {
    EXPECT_THAT(text, HasSubstr(std::string(row.attribute)));
  }
  for (const auto& form : infer::ActivationForms()) {
    EXPECT_THAT(text, HasSubstr(std::string(form.formula)));
  }
  for (const auto& form : infer::NormalizationForms()) {
    EXPECT_THAT(text, HasSubstr(std::string(form.formula)));
  }
}

TEST(ListRulesTest, HasTheVersionsOfOperators) {
  EXPECT_THAT(ListText(Listing::kRules, {}), ContainsRegex("\nGemm +1 6 7 9 11 13 +1 +"));
}

TEST(ListRulesTest, SaysWhereALayoutIsWrittenDown) {
  const std::string text = ListText(Listing::kRules, {});
  EXPECT_THAT(text, HasSubstr("onnx docs/Operators.md"));
  EXPECT_THAT(text, HasSubstr("onnxruntime docs/ContribOperators.md"));
  EXPECT_THAT(text, HasSubstr("onnx docs/Operators-ml.md"));
}

}  // namespace
}  // namespace onnx_reinit
