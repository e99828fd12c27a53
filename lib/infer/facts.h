// What is known of each stored tensor: the result of inference, and all that `plan` builds on. Its
// views are of the graph that it was inferred from.
#ifndef ONNX_REINIT_INFER_FACTS_H_
#define ONNX_REINIT_INFER_FACTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "onnx_reinit/fill.h"
#include "onnx_reinit/plan.h"
#include "onnx_reinit/vocabulary.h"
#include "wire/skeleton.h"

namespace onnx_reinit::infer {

// An activation by its name in the plan's vocabulary ("relu", "gelu_tanh" ...; "none"), with its
// parameter.
struct Activation {
  std::string name = "none";
  double alpha = 0;  // slope, beta or limit, where the activation has one; else 0
};

// A part of one stored tensor that is a layer of its own: query in a fused QKV matrix, one gate of
// an LSTM. Parts tile the tensor along `axis`.
struct Part {
  std::string label;  // "query", "input gate", "forget gate" ...
  BlockRole block_role = BlockRole::kNone;
  int axis = 0;  // of the stored tensor
  int64_t begin = 0;
  int64_t end = 0;
  int64_t fan_in = 0;
  int64_t fan_out = 0;
};

// Where a quantised weight's scales and zero points are.
struct QuantizationFacts {
  const wire::Tensor* scale = nullptr;
  const wire::Tensor* zero_point =
      nullptr;    // nullptr: the type's default (0; 2^(bits-1) for packed blocks)
  int axis = -1;  // of the stored tensor; -1: per tensor
  int64_t block_size = 0;
  // MatMulNBits: this many bits a number, the first in the lowest bits, [N, blocks of K] row-major
  // whatever the stored dims are; 0: one number to an element of the stored type.
  int packed_bits = 0;
  int64_t packed_columns = 0;  // K, without what fills the last block
  std::string unsupported;     // why the grid cannot be filled; empty where it can
};

// What the plan calls Use.
struct UseFacts {
  std::string_view node;
  std::string_view op_type;
  std::string_view domain;
  int input = 0;
};

struct TensorFacts {
  const wire::Tensor* tensor = nullptr;  // in the skeleton
  std::string_view name;                 // identity, see README "Names and scopes"; of the graph
  std::string_view scope;                // likewise
  Source source = Source::kInitializer;

  Role role = Role::kConstant;
  bool learned = false;  // false for a weight-shaped tensor that is a constant of the program
  BlockRole block_role = BlockRole::kNone;
  std::vector<UseFacts> uses;  // the first few

  // Of the whole tensor (weights only; else 0). Per gate for recurrent tensors.
  int64_t fan_in = 0;
  int64_t fan_out = 0;
  MatrixAxes axes;          // which stored axis is what; all lists empty where the layout is opaque
  std::vector<Part> parts;  // empty: one part
  int64_t groups = 1;       // of a convolution

  Activation preceding;
  Activation following;
  // Its output is added to a residual stream with nothing nonlinear between. Of weights, and of
  // the norm_scale and layer_scale that stand last on such a branch.
  bool residual_output = false;
  int residual_branch_layers = 0;  // weight layers on that branch, this one included; 0 elsewhere
  bool branch_has_norm = false;    // a normalisation stands on that branch
  int block_index = -1;
  int block_count = 0;

  // Of a bias: fan-in of the weight whose output it is added to, as PyTorch counts it (a transposed
  // convolution's is its exact fan-out); 0 where unknown and elsewhere.
  int64_t weight_fan_in = 0;
  BlockRole weight_block_role = BlockRole::kNone;  // of that weight
  Activation sum_following;                        // of a bias: what the sum passes next

  // The stored value reaches its operator multiplied by this (1 where it is used as it is).
  double stored_scale = 1;
  bool is_exponentiated = false;  // e^x is used in place of the stored x
  bool rests_at_zero = false;     // a norm scale that the graph adds 1 to
  // Of a gain g of weight normalisation, W = g * v / ||v||: the tensor v. Else nullptr.
  const wire::Tensor* direction = nullptr;
  std::optional<QuantizationFacts> quantization;
  // Why no new values can be put into the stored form: packed for a kernel, padded blocks, fitted
  // trees. Empty where they can.
  std::string_view unfillable;
  // The operator that reads it where nothing is known of it: "Foo of domain 'vendor'". Else empty.
  std::string unknown_reader;
  // Recurrent layers: the operator ("LSTM", "GRU", "RNN") and its hidden size; empty and 0
  // elsewhere.
  std::string_view recurrent_operator;
  int64_t hidden_size = 0;

  bool is_explained = true;  // false: nobody will read uses or `reason`, which stays empty
  std::string reason;        // the decision as text, see AddStep
};

// One more step, made of `pieces`: "w -> MatMul of /fc1 (input 1); followed by relu".
template <typename... Pieces>
void AddStep(TensorFacts& facts, const Pieces&... pieces) {
  if (!facts.is_explained) return;
  if (!facts.reason.empty()) facts.reason.append("; ");
  AppendText(facts.reason, pieces...);
}

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_FACTS_H_
