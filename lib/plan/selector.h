// Which tensors a rule of the user is for, besides their roles.
#ifndef ONNX_REINIT_PLAN_SELECTOR_H_
#define ONNX_REINIT_PLAN_SELECTOR_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plan/layer.h"
#include "re2/re2.h"

namespace onnx_reinit::plan {

// All that is given must hold; of each list, one entry.
struct Selector {
  std::unique_ptr<RE2> name;   // found anywhere in it; nullptr: any
  std::unique_ptr<RE2> scope;  // likewise
  std::vector<std::string> op_types;
  std::vector<int64_t> dims;  // -1: any extent; empty: any shape
  int first_block = -1;
  int last_block = std::numeric_limits<int>::max();
  std::optional<bool> residual_output;
  std::vector<std::string> following_activations;
};

bool Selects(const Selector& selector, const Layer& layer);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_SELECTOR_H_
