// Models for tests, written in ONNX's text syntax (onnx/docs/Syntax.md) or given as bytes.
#ifndef ONNX_REINIT_TESTS_SUPPORT_TEXT_MODEL_H_
#define ONNX_REINIT_TESTS_SUPPORT_TEXT_MODEL_H_

#include <memory>
#include <string>
#include <string_view>

#include "support/temp_file.h"
#include "wire/file.h"
#include "wire/skeleton.h"

namespace onnx_reinit::test {

// A model file and what ReadSkeleton says of it.
struct TestModel {
  std::unique_ptr<TempFile> file;
  std::unique_ptr<wire::InputFile> input;
  wire::Skeleton skeleton;
};

// The serialized ModelProto. The test fails, and the result is empty, where the text is wrong.
//
//   <ir_version: 8, opset_import: ["" : 17]>
//   agraph (float[N, 4] x) => (float[N, 2] y) <float[4, 2] w = {1, 2, 3, 4, 5, 6, 7, 8}> {
//     y = MatMul(x, w)
//   }
std::string BytesOfText(std::string_view text);

// The same, with the header above put before `graph`, for models of which it says nothing new.
std::string BytesOfGraphText(std::string_view graph, int opset = 17);

// The test fails, and the skeleton is empty, where the bytes are no model.
TestModel ReadModelBytes(std::string_view bytes);
TestModel ReadModelText(std::string_view text);
TestModel ReadGraphText(std::string_view graph, int opset = 17);

}  // namespace onnx_reinit::test

#endif  // ONNX_REINIT_TESTS_SUPPORT_TEXT_MODEL_H_
