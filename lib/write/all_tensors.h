// Every tensor of a model, wherever it hides.
#ifndef ONNX_REINIT_WRITE_ALL_TENSORS_H_
#define ONNX_REINIT_WRITE_ALL_TENSORS_H_

#include <vector>

#include "wire/skeleton.h"

namespace onnx_reinit::write {

struct StoredTensor {
  const wire::Tensor* tensor = nullptr;
  // A dense initializer of the main graph or of a subgraph: what every reader takes from a file
  // beside the model. Attributes, sparse tensors and training graphs are not.
  bool is_initializer = false;
};

// In the order of the skeleton: main graph (initializers, sparse ones, then attributes node by
// node, subgraphs in place), functions, training graphs.
std::vector<StoredTensor> AllTensors(const wire::Skeleton& skeleton);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_ALL_TENSORS_H_
