// What nonlinearities compute, as formulas: arithmetic that computes the same is one of them,
// however it is written.
#ifndef ONNX_REINIT_INFER_ACTIVATION_FORMS_H_
#define ONNX_REINIT_INFER_ACTIVATION_FORMS_H_

#include <optional>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "infer/evaluation.h"
#include "infer/facts.h"
#include "infer/formula.h"
#include "infer/region.h"

namespace onnx_reinit::infer {

struct ActivationForm {
  std::string_view name;     // as the plan's vocabulary has it
  std::string_view formula;  // see formula.h
  // Where the formula has a parameter: its value, from what the arithmetic makes of a few numbers,
  // and the values between which it may lie.
  std::string_view fit;
  double low = 0;
  double high = 0;
  std::string_view source;
};

// In the order in which they are tried: of two that fit, the first is meant.
absl::Span<const ActivationForm> ActivationForms();

struct FormMatch {
  Activation activation;
  // A fixed vector is multiplied into the result. Mostly it stands after the activation; but
  // optimisers fold a batch normalisation's into the numbers of the form.
  bool is_scaled = false;
};

// The forms, parsed.
class FormMatcher {
 public:
  FormMatcher();

  // What `region` computes; nullopt where that is none of the forms.
  std::optional<FormMatch> Match(const RegionContext& context, const Regions& region) const;

 private:
  struct Parsed {
    const ActivationForm* form;
    Formula formula;
    std::optional<Formula> fit;
    Grid values{};  // without a parameter: at the samples
    Grid slack{};
  };
  static std::optional<double> Parameter(const Parsed& parsed, const Grid& fitted);
  std::optional<FormMatch> MatchWithParameter(const RegionContext& context, const Regions& region,
                                              const Outcome& made) const;

  std::vector<Parsed> forms_;
};

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_ACTIVATION_FORMS_H_
