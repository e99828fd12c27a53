#include "write/system_error.h"

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "base/text.h"

namespace onnx_reinit::write {
namespace {

absl::StatusCode CodeOf(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return absl::StatusCode::kResourceExhausted;
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::StatusCode::kPermissionDenied;
    case ENOENT:
    case ENOTDIR:
      return absl::StatusCode::kNotFound;
    default:
      return absl::StatusCode::kUnavailable;
  }
}

// What the user can do; empty where the system's own words say it.
std::string_view AdviceFor(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "; free some space, or write elsewhere";
    case EFBIG:
      return "; write smaller files, as shards of external data";
    case EACCES:
    case EPERM:
    case EROFS:
      return "; choose a place where you may write";
    case EMFILE:
      return "; use fewer threads, or raise the limit (ulimit -n)";
    default:
      return "";
  }
}

}  // namespace

absl::Status SystemError(int error, const std::string& what, const std::string& path) {
  return {CodeOf(error), Text("cannot ", what, " '", path,
                              "': ", std::generic_category().message(error), AdviceFor(error))};
}

}  // namespace onnx_reinit::write
