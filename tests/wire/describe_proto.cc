#include <algorithm>
#include <array>
#include <iterator>

#include "wire/describe.h"
#include "wire/describe_text.h"
#include "wire/skeleton.h"

namespace onnx_reinit::test {
namespace {

using onnx::AttributeProto;
using onnx::TensorProto;

// The values' memory, side by side.
template <typename Field>
std::string Packed(const Field& field) {
  return {reinterpret_cast<const char*>(field.data()), sizeof(*field.data()) * field.size()};
}

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) absl::StrAppend(&joined, text.size(), ":", text);
  return joined;
}

// The typed field that onnx.proto gives for the tensor's type, by its comments there.
std::string Typed(const TensorProto& tensor) {
  switch (tensor.data_type()) {
    case TensorProto::FLOAT:
    case TensorProto::COMPLEX64:
      return Packed(tensor.float_data());
    case TensorProto::DOUBLE:
    case TensorProto::COMPLEX128:
      return Packed(tensor.double_data());
    case TensorProto::INT64:
      return Packed(tensor.int64_data());
    case TensorProto::UINT32:
    case TensorProto::UINT64:
      return Packed(tensor.uint64_data());
    case TensorProto::STRING:
      return Joined(tensor.string_data());
    default:
      return tensor.data_type() > 0 && tensor.data_type() <= 26 ? Packed(tensor.int32_data()) : "";
  }
}

bool HasOther(const TensorProto& tensor, bool raw_is_effective, const std::string& effective) {
  const bool external = tensor.data_location() == TensorProto::EXTERNAL;
  const size_t typed = 4 * tensor.float_data_size() + 4 * tensor.int32_data_size() +
                       8 * tensor.int64_data_size() + 8 * tensor.double_data_size() +
                       8 * tensor.uint64_data_size() + Joined(tensor.string_data()).size();
  if (raw_is_effective) return typed > 0;
  if (external) return typed > 0 || !tensor.raw_data().empty();
  return typed > effective.size();
}

void DescribePayload(Description& out, const TensorProto& tensor) {
  if (tensor.data_location() == TensorProto::EXTERNAL) {
    out.Number("other", HasOther(tensor, false, "") ? 1 : 0);
    return out.Text("payload", "external");
  }
  const std::string payload = tensor.has_raw_data() ? tensor.raw_data() : Typed(tensor);
  out.Number("other", HasOther(tensor, tensor.has_raw_data(), payload) ? 1 : 0);
  out.Text("payload", tensor.has_raw_data() ? "raw" : payload.empty() ? "none" : "typed");
  out.Bytes("values", payload);
}

template <typename Entries>
void DescribeEntries(Description& out, const char* what, const Entries& entries) {
  for (const auto& entry : entries) {
    out.Text(what, entry.key());
    out.Text(what, entry.value());
  }
}

void DescribeTensor(Description& out, const TensorProto& tensor) {
  out.Begin("tensor");
  out.Text("name", tensor.name());
  out.List("dims", tensor.dims());
  out.Number("type", tensor.data_type());
  out.Number("segment", tensor.has_segment() ? 1 : 0);
  DescribeEntries(out, "external", tensor.external_data());
  DescribePayload(out, tensor);
  out.End();
}

void DescribeSparse(Description& out, const onnx::SparseTensorProto& tensor) {
  out.Begin("sparse");
  DescribeTensor(out, tensor.values());
  DescribeTensor(out, tensor.indices());
  out.List("dims", tensor.dims());
  out.End();
}

void DescribeGraph(Description& out, const onnx::GraphProto& graph);

int TypeOf(const AttributeProto& attribute) {
  if (attribute.type() != AttributeProto::UNDEFINED) return attribute.type();
  const std::array<bool, 15> present = {false,
                                        attribute.has_f(),
                                        attribute.has_i(),
                                        attribute.has_s(),
                                        attribute.has_t(),
                                        attribute.has_g(),
                                        attribute.floats_size() > 0,
                                        attribute.ints_size() > 0,
                                        attribute.strings_size() > 0,
                                        attribute.tensors_size() > 0,
                                        attribute.graphs_size() > 0,
                                        attribute.has_sparse_tensor(),
                                        attribute.sparse_tensors_size() > 0,
                                        attribute.has_tp(),
                                        attribute.type_protos_size() > 0};
  const auto* first = std::find(present.begin(), present.end(), true);
  return first == present.end() ? 0 : static_cast<int>(first - present.begin());
}

void DescribeLists(Description& out, const AttributeProto& attribute) {
  const auto kept = std::min<int>(attribute.ints_size(), wire::kMaxKeptNumbers);
  out.Number("ints", attribute.ints_size());
  out.List("first",
           std::vector<int64_t>(attribute.ints().begin(), attribute.ints().begin() + kept));
  const auto strings = std::min<int>(attribute.strings_size(), wire::kMaxKeptNumbers);
  for (int i = 0; i < strings; ++i) {
    out.Text("string", attribute.strings(i).substr(0, wire::kMaxKeptText));
  }
  out.Number("floats", attribute.floats_size());
  out.Bytes("values", Packed(attribute.floats()));
}

void DescribeAttribute(Description& out, const AttributeProto& attribute) {
  out.Begin("attribute");
  out.Text("name", attribute.name());
  out.Text("reference", attribute.ref_attr_name());
  out.Number("type", TypeOf(attribute));
  const float f = attribute.f();
  out.Bytes("f", std::string(reinterpret_cast<const char*>(&f), sizeof f));
  out.Number("has f", attribute.has_f() ? 1 : 0);
  out.Number("i", attribute.i());
  out.Text("s", attribute.s().substr(0, wire::kMaxKeptText));
  DescribeLists(out, attribute);
  if (attribute.has_t()) DescribeTensor(out, attribute.t());
  for (const auto& tensor : attribute.tensors()) DescribeTensor(out, tensor);
  if (attribute.has_sparse_tensor()) DescribeSparse(out, attribute.sparse_tensor());
  for (const auto& tensor : attribute.sparse_tensors()) DescribeSparse(out, tensor);
  if (attribute.has_g()) DescribeGraph(out, attribute.g());
  for (const auto& graph : attribute.graphs()) DescribeGraph(out, graph);
  out.End();
}

void DescribeNode(Description& out, const onnx::NodeProto& node) {
  out.Begin("node");
  out.Text("name", node.name());
  out.Text("operator", node.op_type());
  out.Text("domain", node.domain());
  for (const auto& input : node.input()) out.Text("input", input);
  for (const auto& output : node.output()) out.Text("output", output);
  for (const auto& attribute : node.attribute()) DescribeAttribute(out, attribute);
  out.End();
}

void DescribeValue(Description& out, const char* what, const onnx::ValueInfoProto& value) {
  out.Begin(what);
  out.Text("name", value.name());
  const auto& type = value.type().tensor_type();
  out.Number("type", type.elem_type());
  out.Number("has shape", type.has_shape() ? 1 : 0);
  for (const auto& dim : type.shape().dim()) {
    out.Number("dim", dim.has_dim_value() ? dim.dim_value() : -1);
    out.Text("symbol", dim.dim_param());
  }
  out.End();
}

void DescribeGraph(Description& out, const onnx::GraphProto& graph) {
  out.Begin("graph");
  out.Text("name", graph.name());
  for (const auto& node : graph.node()) DescribeNode(out, node);
  for (const auto& tensor : graph.initializer()) DescribeTensor(out, tensor);
  for (const auto& tensor : graph.sparse_initializer()) DescribeSparse(out, tensor);
  for (const auto& value : graph.input()) DescribeValue(out, "input", value);
  for (const auto& value : graph.output()) DescribeValue(out, "output", value);
  for (const auto& value : graph.value_info()) DescribeValue(out, "value", value);
  for (const auto& annotation : graph.quantization_annotation()) {
    out.Text("quantized", annotation.tensor_name());
    DescribeEntries(out, "parameter", annotation.quant_parameter_tensor_names());
  }
  out.End();
}

template <typename Opsets>
void DescribeOpsets(Description& out, const Opsets& opsets) {
  for (const auto& opset : opsets) {
    out.Text("opset", opset.domain());
    out.Number("version", opset.version());
  }
}

void DescribeFunction(Description& out, const onnx::FunctionProto& function) {
  out.Begin("function");
  out.Text("name", function.name());
  out.Text("domain", function.domain());
  for (const auto& input : function.input()) out.Text("input", input);
  for (const auto& output : function.output()) out.Text("output", output);
  for (const auto& attribute : function.attribute()) out.Text("attribute", attribute);
  for (const auto& node : function.node()) DescribeNode(out, node);
  DescribeOpsets(out, function.opset_import());
  out.End();
}

}  // namespace

std::string Describe(const onnx::ModelProto& model) {
  Description out;
  out.Number("ir_version", model.ir_version());
  out.Text("producer", model.producer_name());
  out.Text("producer version", model.producer_version());
  DescribeOpsets(out, model.opset_import());
  DescribeEntries(out, "metadata", model.metadata_props());
  DescribeGraph(out, model.graph());
  for (const auto& function : model.functions()) DescribeFunction(out, function);
  for (const auto& training : model.training_info()) {
    DescribeGraph(out, training.initialization());
    DescribeGraph(out, training.algorithm());
    DescribeEntries(out, "initialization", training.initialization_binding());
    DescribeEntries(out, "update", training.update_binding());
  }
  return std::move(out).text();
}

}  // namespace onnx_reinit::test
