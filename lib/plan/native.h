// Preset `native`: the family whose own code a network was most likely made with.
#ifndef ONNX_REINIT_PLAN_NATIVE_H_
#define ONNX_REINIT_PLAN_NATIVE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "infer/facts.h"

namespace onnx_reinit::plan {

inline constexpr std::string_view kNativePreset = "native";

// What a network is made of, counted over its learned tensors.
struct Architecture {
  int convolutions = 0;
  int depthwise = 0;
  int transposed = 0;
  int attentions = 0;  // outputs of attention
  int fused = 0;       // matrices of query, key and value
  int gates = 0;       // MLPs with a gate
  int mlps = 0;        // outputs of MLPs
  int residuals = 0;   // ends of residual branches
  int patches = 0;     // patch embeddings
  int embeddings = 0;
  int positions = 0;  // learned tables of positions
  int relative_biases = 0;
  int layer_scales = 0;
  int batch_statistics = 0;
  int state_matrices = 0;   // parameters that Exp reads
  int softplus_biases = 0;  // biases before softplus
  int sines = 0;
  int biases = 0;  // of linear layers and convolutions
  int linears = 0;
  int growing = 0;     // convolutions whose inputs are one more layer's outputs than another's
  int gelu_gates = 0;  // MLPs whose gate, a GELU, shares a matrix with what it multiplies
  int squares = 0;     // convolutions with a kernel of 3 by 3
  bool has_silu = false;
  bool has_hard_swish = false;
  bool has_relu6 = false;
  bool has_one_axis_stem = false;  // its first convolution runs over one axis
  bool has_tanh_output = false;
};

Architecture ArchitectureOf(const std::vector<infer::TensorFacts>& facts);

struct NativeRow {
  std::string_view preset;
  std::string_view why;
  bool (*fits)(const Architecture& architecture);
};

// The first that fits decides; the last one fits everything.
absl::Span<const NativeRow> NativeRows();

// Name of a preset; `reason` says why. `producer` is the program that wrote the model, as the file
// says: Keras shares its architectures with others, but not their exporters.
std::string NativePreset(const std::vector<infer::TensorFacts>& facts, std::string_view producer,
                         std::string& reason);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_NATIVE_H_
