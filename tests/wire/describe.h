// Two independent views of a model as the same text, for comparing them.
#ifndef ONNX_REINIT_TESTS_WIRE_DESCRIBE_H_
#define ONNX_REINIT_TESTS_WIRE_DESCRIBE_H_

#include <string>
#include <string_view>

#include "onnx/onnx_pb.h"
#include "wire/skeleton.h"

namespace onnx_reinit::test {

// Everything that a skeleton keeps and ONNX 1.12's messages know, one fact a line, payloads as
// hashes of their values.
std::string Describe(const onnx::ModelProto& model);
// `bytes` is the model's file.
std::string Describe(const wire::Skeleton& model, std::string_view bytes);

}  // namespace onnx_reinit::test

#endif  // ONNX_REINIT_TESTS_WIRE_DESCRIBE_H_
