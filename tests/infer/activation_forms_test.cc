#include "infer/activation_forms.h"

#include <algorithm>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "infer/activation_operators.h"
#include "infer/formula.h"
#include "infer/normalizations.h"

namespace onnx_reinit::infer {
namespace {

TEST(ActivationForms, AreParsed) {
  for (const ActivationForm& form : ActivationForms()) {
    const Formula formula(form.formula);
    EXPECT_FALSE(std::isnan(formula.Evaluate(Filled(1), 0.5)[0])) << form.formula;
    if (!form.fit.empty()) {
      EXPECT_LT(form.low, form.high) << form.name;
      EXPECT_FALSE(std::isnan(Formula(form.fit).Fit([](double) { return 0.75; }))) << form.fit;
    }
  }
}

// A parameter found in a form's own values is the one that they were made with.
TEST(ActivationForms, FitFindsTheParameter) {
  for (const ActivationForm& form : ActivationForms()) {
    if (form.fit.empty()) continue;
    const Formula formula(form.formula);
    for (const double a : {0.125, 0.5}) {
      const double fitted = Formula(form.fit).Fit(
          [&](double point) { return formula.Evaluate(Filled(point), a)[0]; });
      EXPECT_NEAR(fitted, a, 1e-6) << form.formula;
    }
  }
}

TEST(ActivationForms, NameTheirSources) {
  for (const ActivationForm& form : ActivationForms()) EXPECT_NE(form.source, "") << form.name;
  for (const NormalizationForm& form : NormalizationForms()) EXPECT_NE(form.source, "");
}

// No two forms without a parameter compute the same.
TEST(ActivationForms, Differ) {
  std::set<Grid> seen;
  const Grid samples = {-7, -4, -2, -1.5, -0.7, -0.4, -0.1, 0.1, 0.4, 0.7, 1.5, 2, 3, 5, 7, 11};
  for (const ActivationForm& form : ActivationForms()) {
    if (!form.fit.empty()) continue;
    EXPECT_TRUE(seen.insert(Formula(form.formula).Evaluate(samples, 0)).second) << form.name;
  }
}

}  // namespace
}  // namespace onnx_reinit::infer
