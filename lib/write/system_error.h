// errno -> a sentence for the user.
#ifndef ONNX_REINIT_WRITE_SYSTEM_ERROR_H_
#define ONNX_REINIT_WRITE_SYSTEM_ERROR_H_

#include <string>

#include "absl/status/status.h"

namespace onnx_reinit::write {

// "cannot WHAT 'PATH': REASON", with advice where there is some. ResourceExhausted for a full disk
// or quota, PermissionDenied and NotFound for what they say, Unavailable for the rest.
absl::Status SystemError(int error, const std::string& what, const std::string& path);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_SYSTEM_ERROR_H_
