#include "wire/parse_graph.h"

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
// of parsing them. Lists of some length get room for many more. What of it is not used costs
// addresses only, as it is many pages; short lists, of which a file can have millions, would take
// memory.
template <typename T>
std::vector<T>& WithRoom(std::vector<T>& items) {
  constexpr size_t kSome = 256;
  constexpr size_t kMany = 50'000;
  const size_t size = items.size();
  if (size == items.capacity() && size >= kSome && size < kMany) items.reserve(8 * size);
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
