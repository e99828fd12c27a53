#include "support/memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <utility>

#include "gtest/gtest.h"

namespace onnx_reinit::test {

std::unique_ptr<wire::InputFile> MemoryFile(std::string_view bytes) {
  const int descriptor = memfd_create("onnx_reinit_test", MFD_CLOEXEC);
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written <= 0) break;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  auto file = wire::InputFile::Adopt("memory", descriptor);
  EXPECT_TRUE(bytes.empty() && file.ok()) << file.status();
  return file.ok() ? *std::move(file) : nullptr;
}

}  // namespace onnx_reinit::test
