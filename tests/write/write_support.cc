#include "write/write_support.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/element_type.h"
#include "gtest/gtest.h"
#include "support/model_proto.h"
#include "wire/read_skeleton.h"

namespace onnx_reinit::write {
namespace {

uint8_t Salt(std::string_view name) {
  return static_cast<uint8_t>(std::hash<std::string_view>()(name));
}

uint8_t SaltedByte(uint8_t salt, uint64_t i) {
  return salt ^ static_cast<uint8_t>((i + 1) * 0x9E3779B97F4A7C15U >> 56);
}

class Pattern : public gen::Generator {
 public:
  Pattern(std::string_view name, int bits) : salt_(Salt(name)), bits_(bits) {}
  int Granularity() const override { return bits_ < 8 ? 8 / bits_ : 1; }
  void Write(uint64_t first, uint64_t count, absl::Span<uint8_t> out) const override {
    const auto bits = static_cast<uint64_t>(bits_);
    EXPECT_EQ(first % static_cast<uint64_t>(Granularity()), 0U);
    EXPECT_EQ(out.size(), (count * bits + 7) / 8) << "elements do not fill the bytes";
    for (size_t i = 0; i < out.size(); ++i) out[i] = SaltedByte(salt_, first * bits / 8 + i);
  }

 private:
  uint8_t salt_;
  int bits_;
};

}  // namespace

std::vector<std::string> Names(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

uint8_t PatternByte(std::string_view name, uint64_t i) { return SaltedByte(Salt(name), i); }

std::string PatternBytes(std::string_view name, uint64_t count) {
  std::string bytes;
  for (uint64_t i = 0; i < count; ++i) bytes.push_back(static_cast<char>(PatternByte(name, i)));
  return bytes;
}

std::unique_ptr<gen::Generator> PatternGenerator(std::string_view name, int bits) {
  return std::make_unique<Pattern>(name, bits);
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
  replacements.reserve(names.size());
  for (const std::string& name : names) {
    replacements.push_back(PatternFor(FindInitializer(model, name)));
  }
  return replacements;
}

std::vector<Replacement> PatternsForWeights(const OpenModel& model) {
  std::vector<Replacement> replacements;
  for (const wire::Tensor& tensor : model.skeleton.graph.initializers) {
    if (tensor.name[0] == 'w') replacements.push_back(PatternFor(tensor));
  }
  return replacements;
}

std::string ExpectedWeights(onnx::ModelProto model) {
  for (onnx::TensorProto& tensor : *model.mutable_graph()->mutable_initializer()) {
    if (tensor.name()[0] != 'w') continue;
    tensor.set_raw_data(PatternBytes(tensor.name(), tensor.raw_data().size()));
  }
  return model.SerializeAsString();
}

onnx::ModelProto SmallModel() {
  onnx::ModelProto model = test::EmptyModel();
  test::AddInput(*model.mutable_graph(), "x", {1});
  test::AddOutput(*model.mutable_graph(), "y", {1});
  test::AddNode(*model.mutable_graph(), "Identity", {"x"}, {"y"});
  return model;
}

std::string CountingBytes(uint64_t count, uint64_t first) {
  std::string bytes;
  for (uint64_t i = first; i < first + count; ++i) bytes.push_back(static_cast<char>(i % 251));
  return bytes;
}

onnx::TensorProto& AddRaw(onnx::ModelProto& model, const std::string& name, int64_t count) {
  return *model.mutable_graph()->add_initializer() =
             test::RawTensor(name, {count}, onnx::TensorProto::FLOAT,
                             CountingBytes(static_cast<uint64_t>(count) * 4));
}

onnx::TensorProto& AddExternal(onnx::ModelProto& model, const std::string& name, int64_t count,
                               const std::string& location, uint64_t offset) {
  onnx::TensorProto& tensor = *model.mutable_graph()->add_initializer() =
      test::ExternalTensor(name, {count}, onnx::TensorProto::FLOAT, location);
  test::AddEntry(tensor, "offset", std::to_string(offset));
  test::AddEntry(tensor, "length", std::to_string(count * 4));
  return tensor;
}

}  // namespace onnx_reinit::write
