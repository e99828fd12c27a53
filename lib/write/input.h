// What a rewrite reads, and must never write to.
#ifndef ONNX_REINIT_WRITE_INPUT_H_
#define ONNX_REINIT_WRITE_INPUT_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "wire/file.h"
#include "wire/payload.h"
#include "wire/skeleton.h"
#include "write/replacement.h"

namespace onnx_reinit::write {

// Locations of all external tensors that have a well-formed one.
absl::flat_hash_set<std::string> Locations(const wire::Skeleton& skeleton);

struct Input {
  const wire::InputFile& file;
  const wire::Skeleton& skeleton;
  wire::ExternalFiles& external;
  const std::vector<Replacement>& replacements;
};

// The model file and every external file that it names, whatever link or name leads there.
class InputFiles {
 public:
  explicit InputFiles(const Input& input);

  bool IsModel(const wire::FileId& id) const { return id == model_; }
  // The location that leads to this file, as the model has it; nullptr where none does.
  const std::string* FindLocation(const wire::FileId& id) const;
  bool Contains(const wire::FileId& id) const { return IsModel(id) || FindLocation(id) != nullptr; }

 private:
  wire::FileId model_;
  absl::flat_hash_map<wire::FileId, std::string> locations_;
};

// FailedPrecondition where `output_path` is the input, or one of its external files, by any name or
// link. `in_place` allows the model file itself.
absl::Status CheckOutput(const Input& input, const std::string& output_path, bool in_place);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_INPUT_H_
