#include "wire/parse_graph.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
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
// of parsing them. Lists of some length get room for many more, but not for more than the rest of
// the message holds if its items are as long as those before. Short lists, of which a file can have
// millions, would take memory.
template <typename T>
std::vector<T>& WithRoom(const Cursor& in, std::vector<T>& items) {
  constexpr size_t kSome = 256;
  constexpr size_t kMany = 50'000;
  constexpr size_t kMore = 8;
  const size_t size = items.size();
  if (size < kSome || size != items.capacity() || size >= kMany) return items;
  const uint64_t length = std::max<uint64_t>((in.position() - items.front().offset) / size, 1);
  const uint64_t rest = in.left() / length + kSome;
  items.reserve(size + std::min<uint64_t>((kMore - 1) * size, rest));
  return items;
}

}  // namespace

void ParseGraph(Cursor& in, Graph& graph) {
  if (graph.offset == 0) graph.offset = in.position();
  while (in.Next()) {
    switch (in.key()) {
      case Length(1):
        in.Item(WithRoom(in, graph.nodes), ParseNode);
        break;
      case Length(2):
        in.Text(graph.name);
        break;
      case Length(5):
        TensorItem(in, WithRoom(in, graph.initializers));
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
