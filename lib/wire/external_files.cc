#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/printable.h"
#include "wire/payload.h"

namespace onnx_reinit::wire {
namespace {

namespace fs = std::filesystem;

// Well below what any process may open: outputs, and a program around the library, need some too.
constexpr size_t kMostOpenFiles = 16;

// Both are canonical.
bool LiesUnder(const fs::path& path, const fs::path& directory) {
  const auto [end, rest] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return !directory.empty() && end == directory.end() && rest != path.end();
}

fs::path DirectoryOf(const fs::path& path) {
  const fs::path parent = path.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

absl::Status ErrorOfSearch(const fs::path& path, const std::error_code& error) {
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
    return absl::NotFoundError(absl::StrCat(
        Printable(path.string()), ": the model's external data is not there: ", error.message()));
  }
  return absl::UnavailableError(absl::StrCat(
      Printable(path.string()), ": the model's external data cannot be found: ", error.message()));
}

}  // namespace

struct ExternalFiles::State {
  using Files = absl::flat_hash_map<std::string, absl::StatusOr<std::unique_ptr<InputFile>>>;

  absl::StatusOr<std::unique_ptr<InputFile>> OpenUnder(const std::string& location);

  std::string model_path;
  DescriptorPool pool{kMostOpenFiles};
  absl::Mutex mutex;
  Files files ABSL_GUARDED_BY(mutex);
};

absl::StatusOr<std::unique_ptr<InputFile>> ExternalFiles::State::OpenUnder(
    const std::string& location) {
  const fs::path beside = DirectoryOf(model_path);
  const fs::path path = beside / location;
  std::error_code error;
  const fs::path target = fs::canonical(path, error);
  if (error) return ErrorOfSearch(path, error);
  const fs::path home = fs::canonical(beside, error);
  const fs::path linked_home = DirectoryOf(fs::canonical(model_path, error));
  if (LiesUnder(target, home) || LiesUnder(target, linked_home)) {
    return InputFile::OpenIn(pool, target.string());
  }
  return absl::DataLossError(absl::StrCat(Printable(path.string()),
                                          ": external data leads out of the model's folder, to ",
                                          Quote(target.string())));
}

ExternalFiles::ExternalFiles(std::string model_path) : state_(std::make_unique<State>()) {
  state_->model_path = std::move(model_path);
}

ExternalFiles::~ExternalFiles() = default;

absl::StatusOr<const InputFile*> ExternalFiles::Open(const std::string& location) {
  absl::MutexLock lock(&state_->mutex);
  auto [entry, is_new] = state_->files.try_emplace(location, nullptr);
  if (is_new) entry->second = state_->OpenUnder(location);
  if (!entry->second.ok()) return entry->second.status();
  return entry->second->get();
}

std::optional<FileId> ExternalFiles::Find(const std::string& location) const {
  return FindFile((DirectoryOf(state_->model_path) / location).string());
}

}  // namespace onnx_reinit::wire
