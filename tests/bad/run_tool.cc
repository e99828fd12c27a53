#include "bad/run_tool.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "gtest/gtest.h"

namespace onnx_reinit::test {
namespace {

constexpr const char* kProgram = ONNX_REINIT_BINARY_DIR "/onnx-reinit";

[[noreturn]] void Become(std::vector<char*>& argv, int errors) {
  dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  execv(kProgram, argv.data());
  _exit(127);
}

std::string ReadAll(int descriptor) {
  std::string all;
  std::array<char, 4096> buffer{};
  for (ssize_t size = 0; (size = read(descriptor, buffer.data(), buffer.size())) > 0;) {
    all.append(buffer.data(), static_cast<size_t>(size));
  }
  return all;
}

}  // namespace

ToolRun RunTool(const std::vector<std::string>& arguments) {
  std::vector<char*> argv = {const_cast<char*>(kProgram)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  const pid_t child = fork();
  if (child == 0) Become(argv, ends[1]);
  close(ends[1]);
  ToolRun run;
  run.errors = ReadAll(ends[0]);
  close(ends[0]);
  int status = 0;
  rusage usage{};
  EXPECT_EQ(wait4(child, &status, 0, &usage), child);
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  run.peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  return run;
}

}  // namespace onnx_reinit::test
