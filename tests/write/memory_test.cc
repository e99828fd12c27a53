// Memory does not grow with the weights.
#include <filesystem>
#include <string>

#include "gtest/gtest.h"
#include "support/model_proto.h"
#include "support/temp_file.h"
#include "write/child.h"
#include "write/encode.h"
#include "write/write_support.h"

namespace onnx_reinit::write {
namespace {

constexpr int kMaxKib = 64 << 10;

// One weight of `bytes` bytes, almost all of them a hole.
std::string WriteSparseModel(const test::TempDirectory& directory, uint64_t bytes) {
  onnx::TensorProto tensor;
  tensor.set_name("w");
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.add_dims(static_cast<int64_t>(bytes / 4));
  const std::string head = tensor.SerializeAsString() + FieldHeader(kTensorRawData, bytes);
  const std::string initializer = FieldHeader(5, head.size() + bytes) + head;
  const std::string graph = FieldHeader(7, initializer.size() + bytes) + initializer;
  const std::string path = directory.Write("in", SmallModel().SerializeAsString() + graph);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) + bytes);
  return path;
}

class MemoryTest : public testing::TestWithParam<uint64_t> {};

TEST_P(MemoryTest, StaysBelow64MiB) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer takes memory of its own";
#endif
  test::TempDirectory directory;
  const uint64_t bytes = GetParam();
  if (std::filesystem::space(directory.path()).available < 2 * bytes) {
    GTEST_SKIP() << "no space for the output";
  }
  const std::string in = WriteSparseModel(directory, bytes);
  Child child({"rewrite", in, directory.Path("out")});
  EXPECT_EQ(child.ReadLine(), "started");
  EXPECT_LT(std::stoi(child.ReadLine()), kMaxKib);
  EXPECT_EQ(child.Wait(), 0);
  EXPECT_EQ(std::filesystem::file_size(directory.Path("out")), std::filesystem::file_size(in));
}

INSTANTIATE_TEST_SUITE_P(Bytes, MemoryTest, testing::Values(1 << 20, 1 << 30),
                         [](const auto& row) { return std::to_string(row.param); });

}  // namespace
}  // namespace onnx_reinit::write
