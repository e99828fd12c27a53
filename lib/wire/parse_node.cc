#include "wire/parse_node.h"

#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "base/element_type.h"
#include "wire/parse_graph.h"
#include "wire/parse_tensor.h"
#include "wire/parse_type.h"

namespace onnx_reinit::wire {
namespace {

// What there is of an attribute beside its own fields. The singular fields `t`, `g` and
// `sparse_tensor` are merged where they appear twice, and stand before the repeated ones.
struct AttributeParts {
  Attribute& attribute;
  std::optional<TensorParts> tensor = {};
  std::optional<SparseTensorParts> sparse_tensor = {};
  std::unique_ptr<Graph> graph = nullptr;
  bool has_i = false;
  bool has_s = false;
  bool has_type_proto = false;
  bool has_type_protos = false;
};

void ParseType(Cursor& in, Attribute& attribute) {
  const auto value = static_cast<int32_t>(in.Integer());
  if (value >= 0 && value <= static_cast<int32_t>(AttributeType::kTypeProtos)) {
    attribute.type = static_cast<AttributeType>(value);
  }
}

void ParseFloat(Cursor& in, Attribute& attribute) {
  const uint64_t begin = in.position();
  attribute.f = in.Float();
  attribute.f_bytes = {begin, begin + 4};
}

void FloatsItem(Cursor& in, Tensor& floats) {
  const Chunk chunk = FixedChunk(in, 4);
  if (chunk.bytes.size() == 0) return;
  floats.storage = Storage::kFloats;
  AddChunk(in, floats.chunks, chunk);
}

void IntsItem(Cursor& in, Attribute& attribute) {
  in.Integers([&](int64_t value) {
    if (attribute.int_count++ >= kMaxKeptNumbers) return;
    in.Charge(sizeof(value));
    attribute.ints.push_back(value);
  });
}

void StringsItem(Cursor& in, Attribute& attribute) {
  if (attribute.strings.size() < kMaxKeptNumbers) {
    in.Charge(sizeof(std::string));
    in.CutText(attribute.strings.emplace_back());
  } else {
    in.Skip();
  }
}

template <typename Parts>
Parts& Existing(Cursor& in, std::optional<Parts>& parts) {
  if (parts) return *parts;
  in.Charge(sizeof(Parts));
  return parts.emplace();
}

void SingleGraph(Cursor& in, std::unique_ptr<Graph>& graph) {
  if (graph == nullptr) {
    in.Charge(sizeof(Graph));
    graph = std::make_unique<Graph>();
  }
  in.Message([&] { ParseGraph(in, *graph); });
}

void GraphsItem(Cursor& in, std::vector<std::unique_ptr<Graph>>& graphs) {
  in.Charge(sizeof(Graph));
  Graph& graph = *graphs.emplace_back(std::make_unique<Graph>());
  in.Message([&] { ParseGraph(in, graph); });
}

// Numbers and lists of them. Like the two that follow, false where the field is of another kind.
bool ParseNumbers(Cursor& in, AttributeParts& parts) {
  switch (in.key()) {
    case Fixed32(2):
      ParseFloat(in, parts.attribute);
      return true;
    case Varint(3):
      parts.attribute.i = in.Integer();
      parts.has_i = true;
      return true;
    case Fixed32(7):
    case Length(7):
      FloatsItem(in, parts.attribute.floats);
      return true;
    case Varint(8):
    case Length(8):
      IntsItem(in, parts.attribute);
      return true;
    default:
      return false;
  }
}

bool ParseTextsAndTypes(Cursor& in, AttributeParts& parts) {
  switch (in.key()) {
    case Length(4):
      in.CutText(parts.attribute.s);
      parts.has_s = true;
      return true;
    case Length(9):
      StringsItem(in, parts.attribute);
      return true;
    case Length(14):
      in.Message([&] { ParseUnusedType(in); });
      parts.has_type_proto = true;
      return true;
    case Length(15):
      in.Message([&] { ParseUnusedType(in); });
      parts.has_type_protos = true;
      return true;
    default:
      return false;
  }
}

bool ParseTensorsAndGraphs(Cursor& in, AttributeParts& parts) {
  switch (in.key()) {
    case Length(5):
      in.Message([&] {
        TensorParts& tensor = Existing(in, parts.tensor);
        ParseTensor(in, tensor.tensor, tensor.payloads);
      });
      return true;
    case Length(6):
      SingleGraph(in, parts.graph);
      return true;
    case Length(10):
      TensorItem(in, parts.attribute.tensors);
      return true;
    case Length(11):
      GraphsItem(in, parts.attribute.graphs);
      return true;
    case Length(22):
      in.Message([&] { ParseSparseTensor(in, Existing(in, parts.sparse_tensor)); });
      return true;
    case Length(23):
      SparseTensorItem(in, parts.attribute.sparse_tensors);
      return true;
    default:
      return false;
  }
}

void ParseLabel(Cursor& in, Attribute& attribute) {
  switch (in.key()) {
    case Length(1):
      return in.Text(attribute.name);
    case Varint(20):
      return ParseType(in, attribute);
    case Length(21):
      return in.Text(attribute.ref_attr_name);
    default:
      in.Skip();
  }
}

void ParseField(Cursor& in, AttributeParts& parts) {
  const bool is_value =
      ParseNumbers(in, parts) || ParseTextsAndTypes(in, parts) || ParseTensorsAndGraphs(in, parts);
  if (!is_value) ParseLabel(in, parts.attribute);
}

// The type of the field that is set; of several, the first in the order of AttributeType.
AttributeType InferType(const AttributeParts& parts) {
  using enum AttributeType;
  const Attribute& attribute = parts.attribute;
  const auto fields = std::to_array<std::pair<bool, AttributeType>>({
      {attribute.f_bytes.size() > 0, kFloat},
      {parts.has_i, kInt},
      {parts.has_s, kString},
      {parts.tensor.has_value(), kTensor},
      {parts.graph != nullptr, kGraph},
      {!attribute.floats.chunks.empty(), kFloats},
      {attribute.int_count > 0, kInts},
      {!attribute.strings.empty(), kStrings},
      {!attribute.tensors.empty(), kTensors},
      {!attribute.graphs.empty(), kGraphs},
      {parts.sparse_tensor.has_value(), kSparseTensor},
      {!attribute.sparse_tensors.empty(), kSparseTensors},
      {parts.has_type_proto, kTypeProto},
      {parts.has_type_protos, kTypeProtos},
  });
  for (const auto& [is_set, type] : fields) {
    if (is_set) return type;
  }
  return kUndefined;
}

void FinishFloats(Tensor& floats, uint64_t offset) {
  if (floats.chunks.empty()) return;
  int64_t count = 0;
  for (const Chunk& chunk : floats.chunks) {
    count += static_cast<int64_t>(chunk.bytes.size()) / (4 + chunk.tag_size);
  }
  floats.data_type = static_cast<int32_t>(ElementType::kFloat);
  floats.dims = {count};
  floats.offset = offset;
}

void FinishAttribute(AttributeParts& parts) {
  Attribute& attribute = parts.attribute;
  if (attribute.type == AttributeType::kUndefined) attribute.type = InferType(parts);
  if (parts.tensor) {
    FinishTensor(parts.tensor->payloads, parts.tensor->tensor);
    attribute.tensors.insert(attribute.tensors.begin(), std::move(parts.tensor->tensor));
  }
  if (parts.sparse_tensor) {
    FinishSparseTensor(*parts.sparse_tensor);
    attribute.sparse_tensors.insert(attribute.sparse_tensors.begin(),
                                    std::move(parts.sparse_tensor->tensor));
  }
  if (parts.graph) attribute.graphs.insert(attribute.graphs.begin(), std::move(parts.graph));
}

}  // namespace

void ParseAttribute(Cursor& in, Attribute& attribute) {
  const uint64_t offset = in.position();
  AttributeParts parts{attribute};
  while (in.Next()) ParseField(in, parts);
  FinishAttribute(parts);
  FinishFloats(attribute.floats, offset);
}

void ParseNode(Cursor& in, Node& node) {
  node.offset = in.position();
  while (in.Next()) {
    switch (in.key()) {
      case Length(1):
        in.TextItem(node.inputs);
        break;
      case Length(2):
        in.TextItem(node.outputs);
        break;
      case Length(3):
        in.Text(node.name);
        break;
      case Length(4):
        in.Text(node.op_type);
        break;
      case Length(5):
        in.Item(node.attributes, ParseAttribute);
        break;
      case Length(7):
        in.Text(node.domain);
        break;
      case Length(8):
        in.Text(node.overload);
        break;
      case Length(9):
        StringPairItem(in, node.metadata);
        break;
      default:
        in.Skip();
    }
  }
}

}  // namespace onnx_reinit::wire
