#include "google/protobuf/io/coded_stream.h"
#include "wire/describe.h"
#include "wire/describe_text.h"

namespace onnx_reinit::test {
namespace {

using google::protobuf::io::CodedInputStream;
using wire::Storage;
using wire::Tensor;

// Appends the value that stands next in the stream, as libprotobuf holds it in memory; false where
// it is malformed.
bool AppendValue(CodedInputStream& in, Storage storage, std::string& out) {
  std::string fixed;
  uint64_t value = 0;
  switch (storage) {
    case Storage::kFloatData:
    case Storage::kFloats:
      if (!in.ReadString(&fixed, 4)) return false;
      out += fixed;
      return true;
    case Storage::kDoubleData:
      if (!in.ReadString(&fixed, 8)) return false;
      out += fixed;
      return true;
    case Storage::kStringData:
      if (!in.ReadVarint64(&value) || !in.ReadString(&fixed, static_cast<int>(value))) return false;
      absl::StrAppend(&out, value, ":", fixed);
      return true;
    default:
      if (!in.ReadVarint64(&value)) return false;
      out.append(reinterpret_cast<const char*>(&value), storage == Storage::kInt32Data ? 4 : 8);
      return true;
  }
}

std::string Values(const Tensor& tensor, std::string_view bytes) {
  std::string values;
  for (const wire::Chunk& chunk : tensor.chunks) {
    const std::string_view part = bytes.substr(chunk.bytes.begin, chunk.bytes.size());
    if (tensor.storage == Storage::kRaw) {
      values += part;
      continue;
    }
    CodedInputStream in(reinterpret_cast<const uint8_t*>(part.data()),
                        static_cast<int>(part.size()));
    while (in.CurrentPosition() < static_cast<int>(part.size())) {
      if (!in.Skip(chunk.tag_size) || !AppendValue(in, tensor.storage, values)) return "malformed";
    }
  }
  return values;
}

void DescribePayload(Description& out, const Tensor& tensor, std::string_view bytes) {
  out.Number("other", tensor.has_other_payload ? 1 : 0);
  if (tensor.storage == Storage::kExternal) return out.Text("payload", "external");
  out.Text("payload", tensor.storage == Storage::kRaw    ? "raw"
                      : tensor.storage == Storage::kNone ? "none"
                                                         : "typed");
  out.Bytes("values", Values(tensor, bytes));
}

void DescribeEntries(Description& out, const char* what,
                     const std::vector<wire::StringPair>& entries) {
  for (const wire::StringPair& entry : entries) {
    out.Text(what, entry.key);
    out.Text(what, entry.value);
  }
}

void DescribeTensor(Description& out, const Tensor& tensor, std::string_view bytes) {
  out.Begin("tensor");
  out.Text("name", tensor.name);
  out.List("dims", tensor.dims);
  out.Number("type", tensor.data_type);
  out.Number("segment", tensor.has_segment ? 1 : 0);
  DescribeEntries(out, "external", tensor.external_data);
  DescribePayload(out, tensor, bytes);
  out.End();
}

void DescribeSparse(Description& out, const wire::SparseTensor& tensor, std::string_view bytes) {
  out.Begin("sparse");
  DescribeTensor(out, tensor.values, bytes);
  DescribeTensor(out, tensor.indices, bytes);
  out.List("dims", tensor.dims);
  out.End();
}

void DescribeGraph(Description& out, const wire::Graph& graph, std::string_view bytes);

void DescribeLists(Description& out, const wire::Attribute& attribute, std::string_view bytes) {
  out.Number("ints", static_cast<int64_t>(attribute.int_count));
  out.List("first", attribute.ints);
  for (const std::string& text : attribute.strings) out.Text("string", text);
  out.Number("floats", attribute.floats.dims.empty() ? 0 : attribute.floats.dims[0]);
  out.Bytes("values", Values(attribute.floats, bytes));
}

void DescribeAttribute(Description& out, const wire::Attribute& attribute, std::string_view bytes) {
  out.Begin("attribute");
  out.Text("name", attribute.name);
  out.Text("reference", attribute.ref_attr_name);
  out.Number("type", static_cast<int>(attribute.type));
  const bool has_f = attribute.f_bytes.size() == 4;
  out.Bytes("f",
            has_f ? std::string(bytes.substr(attribute.f_bytes.begin, 4)) : std::string(4, '\0'));
  out.Number("has f", has_f ? 1 : 0);
  out.Number("i", attribute.i);
  out.Text("s", attribute.s);
  DescribeLists(out, attribute, bytes);
  for (const auto& tensor : attribute.tensors) DescribeTensor(out, tensor, bytes);
  for (const auto& tensor : attribute.sparse_tensors) DescribeSparse(out, tensor, bytes);
  for (const auto& graph : attribute.graphs) DescribeGraph(out, *graph, bytes);
  out.End();
}

void DescribeNode(Description& out, const wire::Node& node, std::string_view bytes) {
  out.Begin("node");
  out.Text("name", node.name);
  out.Text("operator", node.op_type);
  out.Text("domain", node.domain);
  for (const auto& input : node.inputs) out.Text("input", input);
  for (const auto& output : node.outputs) out.Text("output", output);
  for (const auto& attribute : node.attributes) DescribeAttribute(out, attribute, bytes);
  out.End();
}

void DescribeValue(Description& out, const char* what, const wire::ValueInfo& value) {
  out.Begin(what);
  out.Text("name", value.name);
  out.Number("type", value.element_type);
  out.Number("has shape", value.has_shape ? 1 : 0);
  for (const wire::Dimension& dim : value.shape) {
    out.Number("dim", dim.value);
    out.Text("symbol", dim.symbol);
  }
  out.End();
}

void DescribeGraph(Description& out, const wire::Graph& graph, std::string_view bytes) {
  out.Begin("graph");
  out.Text("name", graph.name);
  for (const auto& node : graph.nodes) DescribeNode(out, node, bytes);
  for (const auto& tensor : graph.initializers) DescribeTensor(out, tensor, bytes);
  for (const auto& tensor : graph.sparse_initializers) DescribeSparse(out, tensor, bytes);
  for (const auto& value : graph.inputs) DescribeValue(out, "input", value);
  for (const auto& value : graph.outputs) DescribeValue(out, "output", value);
  for (const auto& value : graph.value_info) DescribeValue(out, "value", value);
  for (const auto& annotation : graph.quantization) {
    out.Text("quantized", annotation.tensor_name);
    DescribeEntries(out, "parameter", annotation.parameters);
  }
  out.End();
}

void DescribeOpsets(Description& out, const std::vector<wire::OpsetImport>& opsets) {
  for (const wire::OpsetImport& opset : opsets) {
    out.Text("opset", opset.domain);
    out.Number("version", opset.version);
  }
}

void DescribeFunction(Description& out, const wire::Function& function, std::string_view bytes) {
  out.Begin("function");
  out.Text("name", function.name);
  out.Text("domain", function.domain);
  for (const auto& input : function.inputs) out.Text("input", input);
  for (const auto& output : function.outputs) out.Text("output", output);
  for (const auto& attribute : function.attributes) out.Text("attribute", attribute);
  for (const auto& node : function.nodes) DescribeNode(out, node, bytes);
  DescribeOpsets(out, function.opsets);
  out.End();
}

}  // namespace

std::string Describe(const wire::Skeleton& model, std::string_view bytes) {
  Description out;
  out.Number("ir_version", model.ir_version);
  out.Text("producer", model.producer_name);
  out.Text("producer version", model.producer_version);
  DescribeOpsets(out, model.opsets);
  DescribeEntries(out, "metadata", model.metadata);
  DescribeGraph(out, model.graph, bytes);
  for (const auto& function : model.functions) DescribeFunction(out, function, bytes);
  for (const auto& training : model.training) {
    DescribeGraph(out, training.initialization, bytes);
    DescribeGraph(out, training.algorithm, bytes);
    DescribeEntries(out, "initialization", training.initialization_binding);
    DescribeEntries(out, "update", training.update_binding);
  }
  return std::move(out).text();
}

}  // namespace onnx_reinit::test
