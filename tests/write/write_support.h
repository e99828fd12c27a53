// What the tests of lib/write share: a generator with a known pattern, and models on disk.
#ifndef ONNX_REINIT_TESTS_WRITE_WRITE_SUPPORT_H_
#define ONNX_REINIT_TESTS_WRITE_WRITE_SUPPORT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gen/generator.h"
#include "onnx/onnx_pb.h"
#include "wire/file.h"
#include "wire/payload.h"
#include "wire/skeleton.h"
#include "write/replacement.h"

namespace onnx_reinit::write {

// A directory that is gone with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  std::string File(std::string_view name) const { return path_ + "/" + std::string(name); }
  const std::string& path() const { return path_; }
  // Names of all that is in it, sorted.
  std::vector<std::string> Names() const;

 private:
  std::string path_;
};

void WriteFile(const std::string& path, std::string_view bytes);
std::string ReadFile(const std::string& path);

// Raw byte i of a tensor: a function of the tensor's name and i only.
uint8_t PatternByte(std::string_view name, uint64_t i);
std::string PatternBytes(std::string_view name, uint64_t count);
std::unique_ptr<gen::Generator> PatternGenerator(std::string name, int bits);

// A model file with all that a rewrite needs.
struct OpenModel {
  std::unique_ptr<wire::InputFile> file;
  wire::Skeleton skeleton;
  std::unique_ptr<wire::ExternalFiles> external;
};

OpenModel Open(const std::string& path);
// The tensor of that name in the main graph's initializers; it must be there.
const wire::Tensor& FindInitializer(const OpenModel& model, std::string_view name);
Replacement PatternFor(const wire::Tensor& tensor);
std::vector<Replacement> PatternsFor(const OpenModel& model, const std::vector<std::string>& names);

// A model whose graph has an input, an Identity node and an output; tests add their tensors.
onnx::ModelProto SmallModel();
// Adds a FLOAT initializer with raw_data of `count` elements 0, 1, 2, ... (as bytes mod 251).
onnx::TensorProto* AddRaw(onnx::ModelProto& model, const std::string& name, int64_t count);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_TESTS_WRITE_WRITE_SUPPORT_H_
