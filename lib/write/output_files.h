// All files of one output, which appear together.
#ifndef ONNX_REINIT_WRITE_OUTPUT_FILES_H_
#define ONNX_REINIT_WRITE_OUTPUT_FILES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "write/layout.h"
#include "write/target.h"
#include "write/temporary_file.h"

namespace onnx_reinit::write {

// Temporary files until Commit; gone with this object when that is not reached.
class OutputFiles {
 public:
  // Makes them, with all the space they need: a full disk is found here.
  static absl::StatusOr<OutputFiles> Create(const Layout& layout, const std::string& model_path);

  // The digits in their names.
  const std::string& run() const { return run_; }

  // One for each file of the layout.
  std::vector<Target> Targets() const;

  // For those who fill them later.
  void StayWritable();

  // The data files get their names; last the model takes the place of what was there, and with that
  // the new output is complete. `sync`: each step is on the disk before the next is made, as the
  // contents are already.
  absl::Status Commit(bool sync);

 private:
  std::unique_ptr<TemporaryFile> model_;  // goes last: it tells that the data files are no output
  std::vector<std::unique_ptr<TemporaryFile>> data_;
  std::string run_;
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_OUTPUT_FILES_H_
