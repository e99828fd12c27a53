// A model that comes through a pipe: kept in a nameless temporary file, so that it can be read by
// position and more than once.
#ifndef ONNX_REINIT_TOOLS_PIPED_INPUT_H_
#define ONNX_REINIT_TOOLS_PIPED_INPUT_H_

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace onnx_reinit::tools {

class ModelInput {
 public:
  // "-" is the standard input. What is no pipe or socket is left to the library, errors included.
  // DataLoss where 2 GiB come and no end; Cancelled where `cancelled` becomes true meanwhile
  // (nullptr: never); others where reading or storing fails.
  static absl::StatusOr<ModelInput> Open(const std::string& path,
                                         const std::atomic<bool>* cancelled = nullptr);
  ~ModelInput();
  ModelInput(ModelInput&& other) noexcept;
  ModelInput& operator=(ModelInput&&) = delete;
  ModelInput(const ModelInput&) = delete;
  ModelInput& operator=(const ModelInput&) = delete;

  // What the library opens.
  const std::string& path() const { return path_; }
  // The status with the name that the user knows in place of path().
  absl::Status Explain(const absl::Status& status) const;
  // The same for a sentence. External data cannot be found beside a pipe, and it says so.
  std::string Explain(const std::string& sentence) const;

 private:
  explicit ModelInput(std::string name) : name_(name), path_(std::move(name)) {}
  std::string name_;
  std::string path_;
  int descriptor_ = -1;  // of the temporary file, where there is one
};

}  // namespace onnx_reinit::tools

#endif  // ONNX_REINIT_TOOLS_PIPED_INPUT_H_
