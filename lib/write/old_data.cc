#include "write/old_data.h"

#include <unistd.h>

#include <memory>
#include <optional>
#include <set>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "wire/read_skeleton.h"
#include "write/data_name.h"
#include "write/temporary_name.h"

namespace onnx_reinit::write {

std::vector<std::string> FindOldData(const Input& input, const std::string& output_path) {
  const auto file = wire::InputFile::Open(output_path);
  if (!file.ok()) return {};
  const absl::StatusOr<wire::Skeleton> skeleton = wire::ReadSkeleton(**file);
  if (!skeleton.ok()) return {};
  const InputFiles inputs(input);
  std::vector<std::string> paths;
  for (const std::string& location : Locations(*skeleton)) {
    if (FileName(location) != location || !IsDataName(FileName(output_path), location)) continue;
    std::string path = absl::StrCat(DirectoryOf(output_path), "/", location);
    const std::optional<wire::FileId> id = wire::FindFile(path);
    if (id && !inputs.Contains(*id)) paths.push_back(std::move(path));
  }
  return paths;
}

void RemoveOldData(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) unlink(path.c_str());
}

}  // namespace onnx_reinit::write
