// What becomes of one tensor, and why.
#ifndef ONNX_REINIT_PLAN_DECIDER_H_
#define ONNX_REINIT_PLAN_DECIDER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "infer/facts.h"
#include "onnx_reinit/plan.h"
#include "plan/fill_maker.h"
#include "plan/name_patterns.h"
#include "plan/network.h"
#include "plan/quantization.h"
#include "plan/rules.h"
#include "wire/payload.h"

namespace onnx_reinit::plan {

// Finds the tensors that facts point to. The facts outlive it.
class TensorIndex {
 public:
  explicit TensorIndex(const std::vector<infer::TensorFacts>& facts);

  // `tensor` is a scale, a zero point or a direction of the facts.
  const infer::TensorFacts& Find(const wire::Tensor* tensor) const;

 private:
  // Empty where no facts point to a tensor.
  absl::flat_hash_map<const wire::Tensor*, const infer::TensorFacts*> by_tensor_;
};

// What decides for all tensors alike.
struct Grounds {
  const Network& network;
  const TensorIndex& tensors;
  const RuleSet& rules;
  const NamePatterns& keep;
  const NamePatterns& only;
  FanConvention convention;                   // of the fans that the plan lists
  const wire::ValueReader* values = nullptr;  // quantisation scales; nullptr: none can be read
};

// What is noticed on the way, for what is said of all tensors.
struct Notices {
  std::vector<RuleUse> uses;               // one for each source of rules
  std::vector<infer::TensorFacts*> gains;  // that wait for their directions
  int misfits = 0;                         // on a grid that does not suit the values
  std::string first_misfit;
  int unknown = 0;  // that only operators read of which nothing is known
  const infer::TensorFacts* first_unknown = nullptr;

  // Those of later tensors.
  void Add(const Notices& later);
};

// Decides for one tensor after the other. Several can work side by side.
class Decider {
 public:
  // `grounds` outlive it.
  explicit Decider(const Grounds& grounds) : grounds_(grounds) {
    notices_.uses.resize(grounds.rules.sources.size());
  }

  // `planned` is a new one: it takes the uses and the reason over. InvalidArgument where a rule of
  // the user cannot be carried out.
  absl::Status Decide(infer::TensorFacts& tensor, TensorPlan& planned);
  const Notices& notices() const { return notices_; }

 private:
  absl::Status Choose(infer::TensorFacts& tensor, TensorPlan& planned);
  absl::StatusOr<GridRange> RangeOf(const infer::QuantizationFacts& grid,
                                    const TensorPlan& planned) const;
  Grid FindGrid(const infer::QuantizationFacts& facts) const;
  void NoteRange(const GridRange& range, const TensorPlan& planned);

  const Grounds& grounds_;
  Notices notices_;
};

// Puts the values that were chosen into the plan of the tensor, and the reason, which it takes over
// from `tensor`.
void Carry(infer::TensorFacts& tensor, FillChoice&& choice, std::optional<Grid>&& grid,
           TensorPlan& planned);
// Puts the reason why a tensor stays as it is, likewise. What is no state needs none of its own.
void KeepState(infer::TensorFacts& tensor, std::string_view why, TensorPlan& planned);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_DECIDER_H_
