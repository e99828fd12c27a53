#include "write/write_support.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/element_type.h"
#include "gtest/gtest.h"
#include "wire/read_skeleton.h"

namespace onnx_reinit::write {
namespace {

class Pattern : public gen::Generator {
 public:
  Pattern(std::string name, int bits) : name_(std::move(name)), bits_(bits) {}
  int Granularity() const override { return bits_ < 8 ? 8 / bits_ : 1; }
  void Write(uint64_t first, uint64_t count, absl::Span<uint8_t> out) const override {
    const auto bits = static_cast<uint64_t>(bits_);
    EXPECT_EQ(first % static_cast<uint64_t>(Granularity()), 0U);
    EXPECT_EQ(out.size(), (count * bits + 7) / 8) << "elements do not fill the bytes";
    for (size_t i = 0; i < out.size(); ++i) out[i] = PatternByte(name_, first * bits / 8 + i);
  }

 private:
  std::string name_;
  int bits_;
};

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string path = std::filesystem::temp_directory_path() / "onnx_reinit_test_XXXXXX";
  path_ = mkdtemp(path.data());
}

TemporaryDirectory::~TemporaryDirectory() { std::filesystem::remove_all(path_); }

std::vector<std::string> TemporaryDirectory::Names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void WriteFile(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<int64_t>(bytes.size()));
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

uint8_t PatternByte(std::string_view name, uint64_t i) {
  return static_cast<uint8_t>((i + 1) * 0x9E3779B97F4A7C15U >> 56) ^
         static_cast<uint8_t>(std::hash<std::string_view>()(name));
}

std::string PatternBytes(std::string_view name, uint64_t count) {
  std::string bytes;
  for (uint64_t i = 0; i < count; ++i) bytes.push_back(static_cast<char>(PatternByte(name, i)));
  return bytes;
}

std::unique_ptr<gen::Generator> PatternGenerator(std::string name, int bits) {
  return std::make_unique<Pattern>(std::move(name), bits);
}

OpenModel Open(const std::string& path) {
  OpenModel model;
  absl::StatusOr<std::unique_ptr<wire::InputFile>> file = wire::InputFile::Open(path);
  EXPECT_TRUE(file.ok()) << file.status();
  model.file = *std::move(file);
  absl::StatusOr<wire::Skeleton> skeleton = wire::ReadSkeleton(*model.file);
  EXPECT_TRUE(skeleton.ok()) << skeleton.status();
  model.skeleton = *std::move(skeleton);
  model.external = std::make_unique<wire::ExternalFiles>(path);
  return model;
}

const wire::Tensor& FindInitializer(const OpenModel& model, std::string_view name) {
  for (const wire::Tensor& tensor : model.skeleton.graph.initializers) {
    if (tensor.name == name) return tensor;
  }
  ADD_FAILURE() << "no initializer " << name;
  return model.skeleton.graph.initializers.front();
}

Replacement PatternFor(const wire::Tensor& tensor) {
  return {.tensor = &tensor, .make_generator = [&tensor] {
            return PatternGenerator(tensor.name, FindElementType(tensor.data_type)->bits);
          }};
}

std::vector<Replacement> PatternsFor(const OpenModel& model,
                                     const std::vector<std::string>& names) {
  std::vector<Replacement> replacements;
  for (const std::string& name : names) {
    replacements.push_back(PatternFor(FindInitializer(model, name)));
  }
  return replacements;
}

onnx::ModelProto SmallModel() {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(17);
  onnx::GraphProto& graph = *model.mutable_graph();
  graph.set_name("graph");
  graph.add_input()->set_name("x");
  graph.add_output()->set_name("y");
  onnx::NodeProto& node = *graph.add_node();
  node.set_op_type("Identity");
  node.add_input("x");
  node.add_output("y");
  return model;
}

onnx::TensorProto* AddRaw(onnx::ModelProto& model, const std::string& name, int64_t count) {
  onnx::TensorProto* tensor = model.mutable_graph()->add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(onnx::TensorProto::FLOAT);
  tensor->add_dims(count);
  std::string& raw = *tensor->mutable_raw_data();
  for (int64_t i = 0; i < count * 4; ++i) raw.push_back(static_cast<char>(i % 251));
  return tensor;
}

}  // namespace onnx_reinit::write
