#include "write/leftovers.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "write/data_name.h"
#include "write/temporary_name.h"

namespace onnx_reinit::write {
namespace {

// Shards of names that were shortened are not recognised.
constexpr int kMostAttempts = 9;

// The file that a temporary name stands for, where it is one of the model's.
std::optional<std::string> TargetOf(const std::string& model, const std::string& short_name) {
  if (short_name == ShortName(model)) return model;
  if (IsDataName(model, short_name)) return short_name;
  for (int attempt = 1; attempt <= kMostAttempts; ++attempt) {
    std::string data = DataName(DataStem(model, attempt));
    if (short_name == ShortName(data)) return data;
  }
  return std::nullopt;
}

// Data files before the model: the model's temporary file tells that it never appeared.
std::vector<TemporaryName> TemporaryFilesOf(const std::string& directory,
                                            const std::string& model) {
  std::vector<TemporaryName> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    std::optional<TemporaryName> name = ParseTemporaryName(entry->path().filename().string());
    if (!name) continue;
    if (const auto target = TargetOf(model, name->target)) {
      names.push_back({.target = *target, .run = name->run});
    }
  }
  std::stable_partition(names.begin(), names.end(),
                        [&](const TemporaryName& name) { return name.target != model; });
  return names;
}

bool IsSameFile(int descriptor, const std::string& path) {
  struct stat ours = {};
  struct stat theirs = {};
  return fstat(descriptor, &ours) == 0 && lstat(path.c_str(), &theirs) == 0 &&
         ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

void RemoveLeftover(const std::string& directory, const std::string& model,
                    const TemporaryName& name) {
  const std::string path = absl::StrCat(directory, "/", MakeTemporaryName(name));
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0) return;
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
    const std::string target = absl::StrCat(directory, "/", name.target);
    const TemporaryName model_name = {.target = model, .run = name.run};
    const std::string model_path = absl::StrCat(directory, "/", MakeTemporaryName(model_name));
    const bool model_never_appeared = access(model_path.c_str(), F_OK) == 0;
    if (name.target != model && model_never_appeared && IsSameFile(descriptor, target)) {
      unlink(target.c_str());
    }
    unlink(path.c_str());
  }
  close(descriptor);
}

}  // namespace

void RemoveLeftovers(const std::string& output_path) {
  const std::string directory = DirectoryOf(output_path);
  const std::string model = FileName(output_path);
  for (const TemporaryName& name : TemporaryFilesOf(directory, model)) {
    RemoveLeftover(directory, model, name);
  }
}

}  // namespace onnx_reinit::write
