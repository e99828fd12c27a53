#include "write/leftovers.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "write/old_data.h"
#include "write/temporary_name.h"

namespace onnx_reinit::write {
namespace {

// The targets of a run's temporary files, and of its names of old data.
struct Names {
  std::vector<std::string> temporary;
  std::vector<std::string> old;
};
using Runs = std::map<std::string, Names>;

// Adds the target of a name to those that `list` chooses.
void Add(const std::string& model, const std::optional<TemporaryName>& name,
         std::vector<std::string> Names::*list, Runs& runs) {
  if (!name) return;
  if (const auto target = TargetOf(model, name->target)) {
    (runs[name->run].*list).push_back(*target);
  }
}

Runs FindRuns(const std::string& directory, const std::string& model) {
  Runs runs;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    Add(model, ParseTemporaryName(name), &Names::temporary, runs);
    Add(model, ParseOldName(name), &Names::old, runs);
  }
  return runs;
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

// The model's temporary file goes last: it tells that the data files have no model, and that what
// was to be old is not.
void RemoveRun(const std::string& directory, const std::string& model, const std::string& run,
               const Names& names) {
  const auto path_of = [&](const std::string& target) {
    return absl::StrCat(directory, "/", MakeTemporaryName({.target = target, .run = run}));
  };
  const Fate fate(path_of(model));
  if (!fate.has_died() && !fate.model_has_appeared()) return;
  for (const std::string& target : names.temporary) {
    if (target == model) continue;
    const std::string published = absl::StrCat(directory, "/", target);
    if (fate.has_died() && IsSameFile(path_of(target), published)) unlink(published.c_str());
    unlink(path_of(target).c_str());
  }
  if (!fate.has_died()) return;
  for (const std::string& target : names.old) {
    unlink(absl::StrCat(directory, "/", MakeOldName({.target = target, .run = run})).c_str());
  }
  unlink(path_of(model).c_str());
}

}  // namespace

void RemoveLeftovers(const std::string& output_path) {
  const std::string directory = DirectoryOf(output_path);
  const std::string model = FileName(output_path);
  for (const auto& [run, names] : FindRuns(directory, model)) {
    RemoveRun(directory, model, run, names);
  }
}

}  // namespace onnx_reinit::write
