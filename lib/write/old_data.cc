#include "write/old_data.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

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

// The second name of a data file, and the first, in the same folder.
struct OldName {
  std::string mark;
  std::string target;
};

// What stands beside a model.
struct Beside {
  bool may_have_data = false;  // under their own names, or only under second ones
  std::vector<OldName> old_names;
};

Beside LookBeside(const std::string& model_path) {
  const std::string model = FileName(model_path);
  Beside beside;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(DirectoryOf(model_path), error), end;
       !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename().string();
    const std::optional<TemporaryName> old_name = ParseOldName(name);
    auto target = old_name ? TargetOf(model, old_name->target) : std::nullopt;
    beside.may_have_data = beside.may_have_data || target || IsDataName(model, name);
    if (target) beside.old_names.push_back({std::move(name), *std::move(target)});
  }
  // What cannot be listed may have some.
  beside.may_have_data = beside.may_have_data || error;
  return beside;
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

OldData OldData::Find(const Input& input, const std::string& output_path) {
  OldData old;
  const Beside beside = LookBeside(output_path);
  // A model of many nodes takes as long to read as to write.
  if (!beside.may_have_data) return old;
  const InputFiles inputs(input);
  const std::string directory = DirectoryOf(output_path);
  for (const auto& [mark, target] : beside.old_names) {
    old.marks_of_others_.push_back(absl::StrCat(directory, "/", mark));
    const std::string path = absl::StrCat(directory, "/", target);
    if (IsSameFile(old.marks_of_others_.back(), path)) old.Add(inputs, path);
  }
  const auto file = wire::InputFile::Open(output_path);
  if (!file.ok()) return old;
  const absl::StatusOr<wire::Skeleton> skeleton = wire::ReadSkeleton(**file);
  if (!skeleton.ok()) return old;
  for (const std::string& location : Locations(*skeleton)) {
    if (FileName(location) != location || !IsDataName(FileName(output_path), location)) continue;
    old.Add(inputs, absl::StrCat(directory, "/", location));
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
