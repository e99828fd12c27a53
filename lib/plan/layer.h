// What a scheme draws for: one tensor, or one part of it, with the fans that count.
#ifndef ONNX_REINIT_PLAN_LAYER_H_
#define ONNX_REINIT_PLAN_LAYER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "infer/facts.h"
#include "onnx_reinit/options.h"
#include "onnx_reinit/vocabulary.h"
#include "plan/network.h"

namespace onnx_reinit::plan {

struct Layer {
  const infer::TensorFacts* facts = nullptr;
  const Network* network = nullptr;
  std::string label;  // of the part: "query", "forget gate"; empty: the whole tensor
  // The tensor's, but that a matrix whose rows are also looked up is a table first: drawn once, as
  // an embedding.
  Role role = Role::kConstant;
  BlockRole block_role = BlockRole::kNone;
  // Indices [begin, end) along `axis`; end -1: the whole tensor.
  int axis = 0;
  int64_t begin = 0;
  int64_t end = -1;
  // By the convention asked for; 0 where not known. A bias has the fan-in of its weight. Of a
  // matrix that is several layers of one size, but does not say which rows are whose, that of each.
  double fan_in = 0;
  double fan_out = 0;
  int stacked = 1;  // so many layers
};

// The parts that `facts` lists, or with a framework's fans, the whole tensor, as the framework sees
// it; the gates of a recurrent bias in any case.
absl::InlinedVector<Layer, 1> LayersOf(const infer::TensorFacts& facts, const Network& network,
                                       FanConvention convention);

// True where an operator of that type reads the tensor.
bool IsReadBy(const infer::TensorFacts& facts, std::string_view op_type);

// The role under which presets see a tensor; see Layer::role.
Role RoleOf(const infer::TensorFacts& facts);

// d of the transformer literature: the channels of the stream that a layer reads from, or for the
// outputs of a block, writes to. Of a table, the length of its entries; of a table of relative
// positions, that of the network.
double Width(const Layer& layer);

// Blocks of the layer's own stack; outside of all, of the network's longest.
int Blocks(const Layer& layer);

// True where every stored axis is known to be output, input, kernel or batch.
bool HasMatrix(const Layer& layer);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_LAYER_H_
