#include "support/text_model.h"

#include <utility>

#include "gtest/gtest.h"
#include "onnx/defs/parser.h"
#include "support/model_proto.h"
#include "wire/read_skeleton.h"

namespace onnx_reinit::test {

std::string BytesOfText(std::string_view text) {
  onnx::ModelProto model;
  const std::string terminated(text);  // the parser keeps pointing into it
  onnx::OnnxParser parser(terminated.c_str());
  const auto status = parser.Parse(model);
  if (!status.IsOK()) {
    ADD_FAILURE() << status.ErrorMessage() << "\n" << text;
    return {};
  }
  return Serialize(model);
}

std::string BytesOfGraphText(std::string_view graph, int opset) {
  return BytesOfText("<ir_version: 8, opset_import: [\"\" : " + std::to_string(opset) + "]>\n" +
                     std::string(graph));
}

TestModel ReadModelBytes(std::string_view bytes) {
  TestModel model;
  model.file = std::make_unique<TempFile>(bytes);
  auto input = wire::InputFile::Open(model.file->path());
  if (!input.ok()) {
    ADD_FAILURE() << input.status();
    return model;
  }
  model.input = *std::move(input);
  auto skeleton = wire::ReadSkeleton(*model.input);
  if (skeleton.ok()) {
    model.skeleton = *std::move(skeleton);
  } else {
    ADD_FAILURE() << skeleton.status();
  }
  return model;
}

TestModel ReadModelText(std::string_view text) { return ReadModelBytes(BytesOfText(text)); }

TestModel ReadGraphText(std::string_view graph, int opset) {
  return ReadModelBytes(BytesOfGraphText(graph, opset));
}

}  // namespace onnx_reinit::test
