#include "plan/network.h"

#include <algorithm>

namespace onnx_reinit::plan {

Network NetworkOf(const std::vector<infer::TensorFacts>& facts) {
  Network network;
  for (const infer::TensorFacts& tensor : facts) {
    network.blocks = std::max(network.blocks, tensor.block_count);
    const std::vector<int64_t>& dims = tensor.tensor->dims;
    if (tensor.role == Role::kEmbedding && tensor.fan_in > network.vocabulary) {
      network.vocabulary = tensor.fan_in;
      network.width = tensor.fan_out;
    }
    if (tensor.role == Role::kRelPosBias && dims.size() == 2) network.heads = dims[1];
  }
  return network;
}

}  // namespace onnx_reinit::plan
