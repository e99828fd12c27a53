// Rules + facts -> the fill of one tensor.
#ifndef ONNX_REINIT_PLAN_FILL_MAKER_H_
#define ONNX_REINIT_PLAN_FILL_MAKER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "infer/facts.h"
#include "onnx_reinit/fill.h"
#include "onnx_reinit/plan.h"
#include "plan/network.h"
#include "plan/rules.h"

namespace onnx_reinit::plan {

// What became of the rules of one source.
struct RuleUse {
  int fits = 0;         // parts of tensors that they fit
  int decides = 0;      // parts that they decide for
  std::string failure;  // why the first one could not be carried out; empty: all could
};

struct FillChoice {
  std::optional<Fill> fill;  // nullopt: keep
  std::string scheme;        // name of the scheme, of the first part where they differ
  double gain = 0;           // likewise
  std::string reason;        // why these values, or why none
  bool is_users = false;     // a rule of the user keeps it
};

// True for what training changes, and for the statistics that are reset with it.
bool IsState(const infer::TensorFacts& facts);

// What the first rule that fits gives each part of the tensor. Of tensors that are no state, only
// rules of the user that name their role decide. `uses` has an entry for each source, `choice` is
// a new one.
// InvalidArgument where a rule keeps a part of a tensor whose other parts get new values.
absl::Status ChooseFill(const infer::TensorFacts& facts, const Network& network, const RuleSet& set,
                        const std::optional<Grid>& grid, std::vector<RuleUse>& uses,
                        FillChoice& choice);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_FILL_MAKER_H_
