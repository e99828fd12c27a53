#include "support/model_proto.h"

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace onnx_reinit::test {
namespace {

onnx::TensorProto Shaped(std::string_view name, const std::vector<int64_t>& dims, int data_type) {
  onnx::TensorProto tensor;
  tensor.set_name(std::string(name));
  tensor.set_data_type(data_type);
  for (const int64_t dim : dims) tensor.add_dims(dim);
  return tensor;
}

void SetType(onnx::ValueInfoProto& value, std::string_view name, const std::vector<int64_t>& dims) {
  value.set_name(std::string(name));
  auto& type = *value.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  auto& shape = *type.mutable_shape();
  for (const int64_t dim : dims) {
    auto& added = *shape.add_dim();
    if (dim >= 0) added.set_dim_value(dim);
  }
}

}  // namespace

onnx::ModelProto EmptyModel(int opset) {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(opset);
  model.mutable_graph()->set_name("g");
  return model;
}

onnx::NodeProto& AddNode(onnx::GraphProto& graph, std::string_view op_type,
                         const std::vector<std::string>& inputs,
                         const std::vector<std::string>& outputs, std::string_view name) {
  onnx::NodeProto& node = *graph.add_node();
  node.set_op_type(std::string(op_type));
  node.set_name(std::string(name));
  for (const std::string& input : inputs) node.add_input(input);
  for (const std::string& output : outputs) node.add_output(output);
  return node;
}

onnx::TensorProto RawTensor(std::string_view name, const std::vector<int64_t>& dims, int data_type,
                            std::string_view bytes) {
  onnx::TensorProto tensor = Shaped(name, dims, data_type);
  tensor.set_raw_data(std::string(bytes));
  return tensor;
}

onnx::TensorProto FloatTensor(std::string_view name, const std::vector<int64_t>& dims,
                              const std::vector<float>& values) {
  onnx::TensorProto tensor = Shaped(name, dims, onnx::TensorProto::FLOAT);
  tensor.mutable_float_data()->Assign(values.begin(), values.end());
  return tensor;
}

onnx::TensorProto Int64Tensor(std::string_view name, const std::vector<int64_t>& dims,
                              const std::vector<int64_t>& values) {
  onnx::TensorProto tensor = Shaped(name, dims, onnx::TensorProto::INT64);
  tensor.mutable_int64_data()->Assign(values.begin(), values.end());
  return tensor;
}

onnx::TensorProto ExternalTensor(std::string_view name, const std::vector<int64_t>& dims,
                                 int data_type, std::string_view location) {
  onnx::TensorProto tensor = Shaped(name, dims, data_type);
  tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  AddEntry(tensor, "location", location);
  return tensor;
}

void AddEntry(onnx::TensorProto& tensor, std::string_view key, std::string_view value) {
  auto& entry = *tensor.add_external_data();
  entry.set_key(std::string(key));
  entry.set_value(std::string(value));
}

void AddInput(onnx::GraphProto& graph, std::string_view name, const std::vector<int64_t>& dims) {
  SetType(*graph.add_input(), name, dims);
}

void AddOutput(onnx::GraphProto& graph, std::string_view name, const std::vector<int64_t>& dims) {
  SetType(*graph.add_output(), name, dims);
}

std::string Serialize(const google::protobuf::MessageLite& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    message.SerializePartialToCodedStream(&out);
  }
  return bytes;
}

TestModel ReadModelProto(const onnx::ModelProto& model) { return ReadModelBytes(Serialize(model)); }

}  // namespace onnx_reinit::test
