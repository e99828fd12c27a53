// What killed runs have left behind.
#ifndef ONNX_REINIT_WRITE_LEFTOVERS_H_
#define ONNX_REINIT_WRITE_LEFTOVERS_H_

#include <string>

namespace onnx_reinit::write {

// Removes what killed runs that wrote `output_path` have left beside it: temporary files of
// runs that no longer hold the lock on their model's, and data files that were published but whose
// model never appeared. Best effort.
void RemoveLeftovers(const std::string& output_path);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_LEFTOVERS_H_
