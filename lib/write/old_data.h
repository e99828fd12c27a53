// The data files of an output that is about to be replaced.
#ifndef ONNX_REINIT_WRITE_OLD_DATA_H_
#define ONNX_REINIT_WRITE_OLD_DATA_H_

#include <string>
#include <vector>

#include "write/input.h"

namespace onnx_reinit::write {

// By lstat: false where one of them is not there.
bool IsSameFile(const std::string& one, const std::string& other);

class OldData {
 public:
  // The files beside `output_path` that the model there points to, or that a killed run had yet to
  // remove, that have the names which this program gives to its data files, and that are none of
  // the input's. Of a model that cannot be read, none.
  static OldData Find(const Input& input, const std::string& output_path);
  // The names that Mark made go with it.
  ~OldData();
  OldData(OldData&& other) noexcept = default;
  OldData& operator=(OldData&&) = delete;
  OldData(const OldData&) = delete;
  OldData& operator=(const OldData&) = delete;

  // Gives them a second name, by which the next run finds them should this one be killed when its
  // model has appeared and they are still there. Best effort.
  void Mark(const std::string& run);
  // Once the new model has appeared: nothing points to them any more. Best effort.
  void Remove() const;

 private:
  OldData() = default;
  void Add(const InputFiles& inputs, const std::string& path);

  std::vector<std::string> paths_;
  std::vector<std::string> marks_;            // their second names
  std::vector<std::string> marks_of_others_;  // second names that killed runs have left
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_OLD_DATA_H_
