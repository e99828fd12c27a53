// What is known of an output that several processes make.
#ifndef ONNX_REINIT_WRITE_PARTS_RECORD_H_
#define ONNX_REINIT_WRITE_PARTS_RECORD_H_

#include <string>

#include "absl/status/status.h"

namespace onnx_reinit::write {

// The directory ".OUT.onnx-reinit-parts" beside an output: made when the output is prepared, gone
// when its last part is done. It holds an empty file named "job-FINGERPRINT", and one named
// "2-of-4" for each part that is done. Files are only made and removed, never changed, so that
// processes on several machines need no lock.
class PartsRecord {
 public:
  explicit PartsRecord(const std::string& output_path);

  // In place of any older record. `fingerprint` is a file name: it says what the output is made of.
  absl::Status Create(const std::string& fingerprint) const;
  // FailedPrecondition where there is no record, or one of another fingerprint.
  absl::Status Check(const std::string& fingerprint) const;
  // The last of `parts` removes the record. One that is done again after that changes nothing.
  absl::Status SetDone(int part, int parts) const;
  // Best effort.
  void Remove() const;

 private:
  std::string output_path_;
  std::string directory_;
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_PARTS_RECORD_H_
