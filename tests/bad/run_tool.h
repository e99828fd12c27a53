// The program as a child process, with what it cost.
#ifndef ONNX_REINIT_TESTS_BAD_RUN_TOOL_H_
#define ONNX_REINIT_TESTS_BAD_RUN_TOOL_H_

#include <cstdint>
#include <string>
#include <vector>

namespace onnx_reinit::test {

struct ToolRun {
  int exit_code = -1;  // minus the signal that ended it
  std::string errors;  // what it wrote to stderr
  uint64_t peak_bytes = 0;
};

ToolRun RunTool(const std::vector<std::string>& arguments);

}  // namespace onnx_reinit::test

#endif  // ONNX_REINIT_TESTS_BAD_RUN_TOOL_H_
