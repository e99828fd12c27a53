// Models for tests, built message by message where the text syntax cannot say it.
#ifndef ONNX_REINIT_TESTS_SUPPORT_MODEL_PROTO_H_
#define ONNX_REINIT_TESTS_SUPPORT_MODEL_PROTO_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "onnx/onnx_pb.h"
#include "support/text_model.h"

namespace onnx_reinit::test {

// IR 8 with one opset of the default domain, and a graph named "g" with nothing in it.
onnx::ModelProto EmptyModel(int opset = 17);

onnx::NodeProto& AddNode(onnx::GraphProto& graph, std::string_view op_type,
                         const std::vector<std::string>& inputs,
                         const std::vector<std::string>& outputs, std::string_view name = "");
// Each gives a tensor with that name and shape; the payload is raw_data or the typed field.
onnx::TensorProto RawTensor(std::string_view name, const std::vector<int64_t>& dims, int data_type,
                            std::string_view bytes);
onnx::TensorProto FloatTensor(std::string_view name, const std::vector<int64_t>& dims,
                              const std::vector<float>& values);
onnx::TensorProto Int64Tensor(std::string_view name, const std::vector<int64_t>& dims,
                              const std::vector<int64_t>& values);
// External data in `location`, without offset and length.
onnx::TensorProto ExternalTensor(std::string_view name, const std::vector<int64_t>& dims,
                                 int data_type, std::string_view location);
void AddEntry(onnx::TensorProto& tensor, std::string_view key, std::string_view value);

// A tensor-typed graph input or output. A negative dimension means an unknown one.
void AddInput(onnx::GraphProto& graph, std::string_view name, const std::vector<int64_t>& dims);
void AddOutput(onnx::GraphProto& graph, std::string_view name, const std::vector<int64_t>& dims);

// The same bytes every time.
std::string Serialize(const google::protobuf::MessageLite& message);
TestModel ReadModelProto(const onnx::ModelProto& model);

}  // namespace onnx_reinit::test

#endif  // ONNX_REINIT_TESTS_SUPPORT_MODEL_PROTO_H_
