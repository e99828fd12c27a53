// What a scheme draws for: one tensor, or one part of it, with the fans that count.
#ifndef ONNX_REINIT_PLAN_LAYER_H_
#define ONNX_REINIT_PLAN_LAYER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "infer/facts.h"
#include "onnx_reinit/options.h"
#include "onnx_reinit/vocabulary.h"

namespace onnx_reinit::plan {

struct Layer {
  const infer::TensorFacts* facts = nullptr;
  std::string label;  // of the part: "query", "forget gate"; empty: the whole tensor
  BlockRole block_role = BlockRole::kNone;
  // Indices [begin, end) along `axis`; end -1: the whole tensor.
  int axis = 0;
  int64_t begin = 0;
  int64_t end = -1;
  double fan_in = 0;  // by the convention asked for; 0 where fans are not defined
  double fan_out = 0;
};

// The parts that `facts` lists; the gates of a recurrent bias; else the whole tensor as one.
std::vector<Layer> LayersOf(const infer::TensorFacts& facts, FanConvention convention);

// The whole tensor as one layer, whatever its parts.
Layer WholeLayer(const infer::TensorFacts& facts, FanConvention convention);

// Channels of the stream that the layer reads from, or for the outputs of a block, writes to: d of
// the transformer literature. Of a table, the length of its entries.
double Width(const Layer& layer);

// True where every stored axis is known to be output, input, kernel or batch.
bool HasMatrix(const Layer& layer);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_LAYER_H_
