#include "write/old_data.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "wire/read_skeleton.h"
#include "write/data_name.h"
#include "write/temporary_name.h"

namespace onnx_reinit::write {
namespace {

void Unlink(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) unlink(path.c_str());
}

// Under their own names, or only under second ones.
bool HasDataBeside(const std::string& model_path) {
  const std::string model = FileName(model_path);
  std::error_code error;
  for (std::filesystem::directory_iterator entry(DirectoryOf(model_path), error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (IsDataName(model, name) || ParseOldName(name)) return true;
  }
  return static_cast<bool>(error);  // what cannot be listed may have some
}

}  // namespace

bool IsSameFile(const std::string& one, const std::string& other) {
  struct stat first = {};
  struct stat second = {};
  return lstat(one.c_str(), &first) == 0 && lstat(other.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

void OldData::Add(const InputFiles& inputs, const std::string& path) {
  const std::optional<wire::FileId> id = wire::FindFile(path);
  if (id && !inputs.Contains(*id)) paths_.push_back(path);
}

void OldData::AddOfKilledRuns(const InputFiles& inputs, const std::string& output_path) {
  const std::string directory = DirectoryOf(output_path);
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string file_name = entry->path().filename().string();
    const std::optional<TemporaryName> name = ParseOldName(file_name);
    const auto target = name ? TargetOf(FileName(output_path), name->target) : std::nullopt;
    if (!target) continue;
    const std::string mark = absl::StrCat(directory, "/", file_name);
    const std::string path = absl::StrCat(directory, "/", *target);
    if (IsSameFile(mark, path)) Add(inputs, path);
    marks_of_others_.push_back(mark);
  }
}

OldData OldData::Find(const Input& input, const std::string& output_path) {
  OldData old;
  // A model of many nodes takes as long to read as to write.
  if (!HasDataBeside(output_path)) return old;
  const InputFiles inputs(input);
  old.AddOfKilledRuns(inputs, output_path);
  const auto file = wire::InputFile::Open(output_path);
  if (!file.ok()) return old;
  const absl::StatusOr<wire::Skeleton> skeleton = wire::ReadSkeleton(**file);
  if (!skeleton.ok()) return old;
  for (const std::string& location : Locations(*skeleton)) {
    if (FileName(location) != location || !IsDataName(FileName(output_path), location)) continue;
    old.Add(inputs, absl::StrCat(DirectoryOf(output_path), "/", location));
  }
  return old;
}

OldData::~OldData() { Unlink(marks_); }

void OldData::Mark(const std::string& run) {
  for (const std::string& path : paths_) {
    const TemporaryName name = {.target = FileName(path), .run = run};
    std::string mark = absl::StrCat(DirectoryOf(path), "/", MakeOldName(name));
    if (link(path.c_str(), mark.c_str()) == 0) marks_.push_back(std::move(mark));
  }
}

void OldData::Remove() const {
  Unlink(paths_);
  Unlink(marks_of_others_);
}

}  // namespace onnx_reinit::write
