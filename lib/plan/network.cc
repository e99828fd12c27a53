#include "plan/network.h"

#include <algorithm>

#include "plan/layer.h"

namespace onnx_reinit::plan {

namespace {

// Of a table [distances, heads], or of what an exporter made of it: scores [..., heads, q, k].
int64_t HeadsOf(absl::Span<const int64_t> dims) {
  if (dims.size() < 2) return 0;
  return dims.size() == 2 ? dims[1] : dims[dims.size() - 3];
}

}  // namespace

Network NetworkOf(const std::vector<infer::TensorFacts>& facts) {
  Network network;
  for (const infer::TensorFacts& tensor : facts) {
    network.blocks = std::max(network.blocks, tensor.block_count);
    const wire::Dims& dims = tensor.tensor->dims;
    if (RoleOf(tensor) == Role::kEmbedding && dims.size() == 2 && dims[0] > network.vocabulary) {
      network.vocabulary = dims[0];
      network.width = dims[1];
    }
    if (tensor.role == Role::kRelPosBias) network.heads = HeadsOf(dims);
  }
  return network;
}

}  // namespace onnx_reinit::plan
