#include "write/old_data.h"

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <set>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "wire/read_skeleton.h"
#include "write/data_name.h"
#include "write/temporary_name.h"

namespace onnx_reinit::write {
namespace {

bool HasDataBeside(const std::string& model_path) {
  const std::string model = FileName(model_path);
  std::error_code error;
  for (std::filesystem::directory_iterator entry(DirectoryOf(model_path), error), end;
       !error && entry != end; entry.increment(error)) {
    if (IsDataName(model, entry->path().filename().string())) return true;
  }
  return static_cast<bool>(error);  // what cannot be listed may have some
}

}  // namespace

std::vector<std::string> FindOldData(const Input& input, const std::string& output_path) {
  const auto file = wire::InputFile::Open(output_path);
  // A model of many nodes takes as long to read as to write.
  if (!file.ok() || !HasDataBeside(output_path)) return {};
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
