#include "wire/parse_graph.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "wire/parse_node.h"
#include "wire/parse_tensor.h"
#include "wire/parse_type.h"

namespace onnx_reinit::wire {
namespace {

void ParseQuantization(Cursor& in, QuantizationAnnotation& annotation) {
  while (in.Next()) {
    switch (in.key()) {
      case Length(1):
        in.Text(annotation.tensor_name);
        break;
      case Length(2):
        StringPairItem(in, annotation.parameters);
        break;
      default:
        in.Skip();
    }
  }
}

// Nodes and tensors are large: moving them, each time a vector doubles, takes a third of the time
// of parsing them. While they are few, they get room for more; what is not used costs addresses
// only.
template <typename T>
std::vector<T>& WithRoom(std::vector<T>& items) {
  constexpr size_t kFew = 50'000;
  if (items.size() == items.capacity() && items.size() < kFew) {
    items.reserve(std::max<size_t>(4, 8 * items.size()));
  }
  return items;
}

}  // namespace

void ParseGraph(Cursor& in, Graph& graph) {
  if (graph.offset == 0) graph.offset = in.position();
  while (in.Next()) {
    switch (in.key()) {
      case Length(1):
        in.Item(WithRoom(graph.nodes), ParseNode);
        break;
      case Length(2):
        in.Text(graph.name);
        break;
      case Length(5):
        TensorItem(in, WithRoom(graph.initializers));
        break;
      case Length(11):
        in.Item(graph.inputs, ParseValueInfo);
        break;
      case Length(12):
        in.Item(graph.outputs, ParseValueInfo);
        break;
      case Length(13):
        in.Item(graph.value_info, ParseValueInfo);
        break;
      case Length(14):
        in.Item(graph.quantization, ParseQuantization);
        break;
      case Length(15):
        SparseTensorItem(in, graph.sparse_initializers);
        break;
      case Length(16):
        StringPairItem(in, graph.metadata);
        break;
      default:
        in.Skip();
    }
  }
}

}  // namespace onnx_reinit::wire
