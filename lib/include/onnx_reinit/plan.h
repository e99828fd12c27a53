// A plan: for every stored tensor, what it is, what it gets, and why. Plain data; proto/plan.proto
// is its form on disk and as JSON.
#ifndef ONNX_REINIT_PLAN_H_
#define ONNX_REINIT_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "onnx_reinit/fill.h"
#include "onnx_reinit/vocabulary.h"

namespace onnx_reinit {

// One operator input that reads the tensor, directly or through operators that only move values.
struct Use {
  std::string node;  // the node's name, or "#INDEX" in its graph where it has none
  std::string op_type;
  std::string domain;
  int input = 0;
};

// The grid of a quantised tensor: real = (stored - zero_point) * scale. The scales and zero points
// are other tensors of the model, and stay as they are.
struct Grid {
  std::string scale_scope;  // identity of the tensor of scales
  std::string scale_name;
  std::string zero_point_scope;
  std::string zero_point_name;  // empty: none, and the type's default counts
  int axis = -1;                // along which the scales lie; -1: there is one for all
  int64_t block_size = 0;       // so many indices of axis share a scale; 0: each has its own
  int packed_bits = 0;  // bytes that hold numbers of so many bits, in rows of blocks; 0: no such
};

struct TensorPlan {
  // Identity: (scope, name) names a tensor once in a model. Scopes: see README, "Names and scopes".
  std::string name;
  std::string scope;
  Source source = Source::kInitializer;
  int32_t data_type = 0;
  std::vector<int64_t> dims;
  // What it is.
  Role role = Role::kConstant;
  BlockRole block_role = BlockRole::kNone;
  std::vector<Use> uses;  // the first few; empty where PlanOptions::reasons is false
  int64_t fan_in = 0;     // 0 where fans are not defined
  int64_t fan_out = 0;
  std::string
      preceding_activation;  // "none", or the name of the activation; empty where not a weight
  std::string following_activation;
  bool residual_output = false;
  int block_index = -1;  // -1: not in a counted block
  int block_count = 0;
  // What it gets.
  Action action = Action::kKeep;
  std::string scheme;  // row of the scheme table; empty when kept
  // Set exactly when action is kReinitialize. Of packed bytes it has the numbers' shape and type.
  std::optional<Fill> fill;
  std::optional<Grid> grid;  // where the tensor is quantised; `fill` is of the real numbers
  // Whole-tensor summary of `fill`, over all pieces; 0 when kept.
  std::string distribution;
  double gain = 0;
  double mean = 0;
  double std = 0;
  double bound = 0;
  // One line: how the role was found, then why these values. PlanOptions::reasons may leave it out.
  std::string reason;
};

struct Plan {
  uint64_t seed = 0;
  int stream = 1;  // version of bits -> values
  std::string preset;
  std::string preset_reason;          // why `native` chose it; else empty
  std::vector<TensorPlan> tensors;    // in the order of the file
  std::vector<std::string> warnings;  // sentences for the user
};

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_PLAN_H_
