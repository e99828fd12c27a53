// The data files of an output that is about to be replaced.
#ifndef ONNX_REINIT_WRITE_OLD_DATA_H_
#define ONNX_REINIT_WRITE_OLD_DATA_H_

#include <string>
#include <vector>

#include "write/input.h"

namespace onnx_reinit::write {

// Paths of the files beside `output_path` that the model there points to, that have the names which
// this program gives to its data files, and that are none of the input's. None where there is no
// readable model.
std::vector<std::string> FindOldData(const Input& input, const std::string& output_path);

// Once the new model has appeared: nothing points to them any more. Best effort.
void RemoveOldData(const std::vector<std::string>& paths);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_OLD_DATA_H_
