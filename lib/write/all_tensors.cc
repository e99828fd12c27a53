#include "write/all_tensors.h"

namespace onnx_reinit::write {
namespace {

class Collector {
 public:
  // Nesting is bounded by the reader of the file.
  void AddGraph(const wire::Graph& graph, bool has_initializers) {
    for (const wire::Tensor& tensor : graph.initializers) {
      tensors_.push_back({&tensor, has_initializers});
    }
    AddSparse(graph.sparse_initializers);
    AddNodes(graph.nodes, has_initializers);
  }

  void AddNodes(const std::vector<wire::Node>& nodes, bool has_initializers) {
    for (const wire::Node& node : nodes) AddAttributes(node.attributes, has_initializers);
  }

  void AddAttributes(const std::vector<wire::Attribute>& attributes, bool has_initializers) {
    for (const wire::Attribute& attribute : attributes) {
      if (!attribute.floats.chunks.empty()) tensors_.push_back({&attribute.floats, false});
      for (const wire::Tensor& tensor : attribute.tensors) tensors_.push_back({&tensor, false});
      AddSparse(attribute.sparse_tensors);
      for (const auto& graph : attribute.graphs) AddGraph(*graph, has_initializers);
    }
  }

  std::vector<StoredTensor> Take() { return std::move(tensors_); }

 private:
  void AddSparse(const std::vector<wire::SparseTensor>& tensors) {
    for (const wire::SparseTensor& tensor : tensors) {
      tensors_.push_back({&tensor.values, false});
      tensors_.push_back({&tensor.indices, false});
    }
  }

  std::vector<StoredTensor> tensors_;
};

}  // namespace

std::vector<StoredTensor> AllTensors(const wire::Skeleton& skeleton) {
  Collector collector;
  collector.AddGraph(skeleton.graph, true);
  for (const wire::Function& function : skeleton.functions) {
    collector.AddAttributes(function.default_attributes, false);
    collector.AddNodes(function.nodes, false);
  }
  for (const wire::TrainingInfo& training : skeleton.training) {
    collector.AddGraph(training.initialization, false);
    collector.AddGraph(training.algorithm, false);
  }
  return collector.Take();
}

}  // namespace onnx_reinit::write
