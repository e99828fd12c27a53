// Bytes as an InputFile, without a name in any directory.
#ifndef ONNX_REINIT_TESTS_SUPPORT_MEMORY_FILE_H_
#define ONNX_REINIT_TESTS_SUPPORT_MEMORY_FILE_H_

#include <memory>
#include <string_view>

#include "wire/file.h"

namespace onnx_reinit::test {

// The path is "memory". The test fails, and the result is null, where there is no memory for it.
std::unique_ptr<wire::InputFile> MemoryFile(std::string_view bytes);

}  // namespace onnx_reinit::test

#endif  // ONNX_REINIT_TESTS_SUPPORT_MEMORY_FILE_H_
