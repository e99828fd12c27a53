#include "write/input.h"

#include <sys/stat.h>

#include <cerrno>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "write/all_tensors.h"
#include "write/system_error.h"

namespace onnx_reinit::write {
namespace {

bool IsDirectory(const std::string& path) {
  struct stat info = {};
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

absl::flat_hash_set<std::string> Locations(const wire::Skeleton& skeleton) {
  absl::flat_hash_set<std::string> locations;
  for (const StoredTensor& stored : AllTensors(skeleton)) {
    if (stored.tensor->storage != wire::Storage::kExternal) continue;
    const absl::StatusOr<wire::ExternalRange> range = wire::ParseExternal(*stored.tensor);
    if (range.ok()) locations.insert(range->location);
  }
  return locations;
}

InputFiles::InputFiles(const Input& input) : model_(input.file.id()) {
  for (const std::string& location : Locations(input.skeleton)) {
    const std::optional<wire::FileId> id = input.external.Find(location);
    if (id) locations_.try_emplace(*id, location);
  }
}

const std::string* InputFiles::FindLocation(const wire::FileId& id) const {
  const auto found = locations_.find(id);
  return found == locations_.end() ? nullptr : &found->second;
}

absl::Status CheckOutput(const Input& input, const std::string& output_path, bool in_place) {
  const std::optional<wire::FileId> output = wire::FindFile(output_path);
  if (!output) return absl::OkStatus();
  if (IsDirectory(output_path)) return SystemError(EISDIR, "write", output_path);
  const InputFiles files(input);
  if (!in_place && files.IsModel(*output)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the output '", output_path, "' is the input '", input.file.path(),
                     "'; name another file, or replace it with --in-place"));
  }
  if (const std::string* location = files.FindLocation(*output); location != nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("the output '", output_path, "' holds external data of the input ('",
                     absl::CHexEscape(*location), "'); name another file"));
  }
  return absl::OkStatus();
}

}  // namespace onnx_reinit::write
