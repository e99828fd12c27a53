#include "write/leftovers.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <map>
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

// Of each run the targets of its temporary files.
using Runs = std::map<std::string, std::vector<std::string>>;

Runs FindRuns(const std::string& directory, const std::string& model) {
  Runs runs;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    std::optional<TemporaryName> name = ParseTemporaryName(entry->path().filename().string());
    if (!name) continue;
    if (const auto target = TargetOf(model, name->target)) runs[name->run].push_back(*target);
  }
  return runs;
}

bool IsSameFile(const std::string& a, const std::string& b) {
  struct stat first = {};
  struct stat second = {};
  return lstat(a.c_str(), &first) == 0 && lstat(b.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

// What became of a run, as the model's temporary file tells; while this lives, nobody else finds
// that the run has died.
class Fate {
 public:
  explicit Fate(const std::string& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)),
        model_has_appeared_(descriptor_ < 0 && errno == ENOENT),
        has_died_(descriptor_ >= 0 && flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {}
  ~Fate() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Fate(const Fate&) = delete;
  Fate& operator=(const Fate&) = delete;

  bool model_has_appeared() const { return model_has_appeared_; }
  bool has_died() const { return has_died_; }  // before that

 private:
  int descriptor_;
  bool model_has_appeared_;
  bool has_died_;
};

// The model's temporary file goes last: it tells that the data files have no model.
void RemoveRun(const std::string& directory, const std::string& model, const std::string& run,
               const std::vector<std::string>& targets) {
  const auto path_of = [&](const std::string& target) {
    return absl::StrCat(directory, "/", MakeTemporaryName({.target = target, .run = run}));
  };
  const Fate fate(path_of(model));
  if (!fate.has_died() && !fate.model_has_appeared()) return;
  for (const std::string& target : targets) {
    if (target == model) continue;
    const std::string published = absl::StrCat(directory, "/", target);
    if (fate.has_died() && IsSameFile(path_of(target), published)) unlink(published.c_str());
    unlink(path_of(target).c_str());
  }
  if (fate.has_died()) unlink(path_of(model).c_str());
}

}  // namespace

void RemoveLeftovers(const std::string& output_path) {
  const std::string directory = DirectoryOf(output_path);
  const std::string model = FileName(output_path);
  for (const auto& [run, targets] : FindRuns(directory, model)) {
    RemoveRun(directory, model, run, targets);
  }
}

}  // namespace onnx_reinit::write
