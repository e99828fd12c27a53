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
#include "support/temp_file.h"
#include "wire/file.h"
#include "wire/payload.h"
#include "wire/skeleton.h"
#include "write/replacement.h"

namespace onnx_reinit::write {

// Names of all that is in a directory, sorted.
std::vector<std::string> Names(const std::string& directory);

// Raw byte i of a tensor: a function of the tensor's name and i only.
uint8_t PatternByte(std::string_view name, uint64_t i);
std::string PatternBytes(std::string_view name, uint64_t count);
std::unique_ptr<gen::Generator> PatternGenerator(std::string_view name, int bits);

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

// For every initializer whose name begins with "w".
std::vector<Replacement> PatternsForWeights(const OpenModel& model);
// The same model with the patterns of its weights inside, as libprotobuf writes it.
std::string ExpectedWeights(onnx::ModelProto model);

// A model with one Identity node; tests add their tensors.
onnx::ModelProto SmallModel();
// Runs of bytes 0, 1, ..., 250, starting at `first`.
std::string CountingBytes(uint64_t count, uint64_t first = 0);
// Adds a FLOAT initializer with raw_data of `count` elements.
onnx::TensorProto& AddRaw(onnx::ModelProto& model, const std::string& name, int64_t count);
// Adds a FLOAT initializer whose bytes are in a file beside the model.
onnx::TensorProto& AddExternal(onnx::ModelProto& model, const std::string& name, int64_t count,
                               const std::string& location, uint64_t offset);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_TESTS_WRITE_WRITE_SUPPORT_H_
