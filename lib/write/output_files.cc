#include "write/output_files.h"

#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "write/temporary_name.h"

namespace onnx_reinit::write {
namespace {

constexpr int kAttempts = 100;

struct FirstFile {
  std::unique_ptr<TemporaryFile> file;
  uint32_t run = 0;
};

// The model's file claims the run's number.
absl::StatusOr<FirstFile> StartRun(const std::string& model_path) {
  std::random_device random;
  absl::StatusOr<std::unique_ptr<TemporaryFile>> file;
  for (int i = 0; i < kAttempts; ++i) {
    const uint32_t run = random();
    file = TemporaryFile::Create(model_path, model_path, run);
    if (file.ok()) return FirstFile{*std::move(file), run};
    if (!absl::IsAlreadyExists(file.status())) break;
  }
  return file.status();
}

}  // namespace

absl::StatusOr<OutputFiles> OutputFiles::Create(const Layout& layout,
                                                const std::string& model_path) {
  ASSIGN_OR_RETURN(FirstFile first, StartRun(model_path));
  OutputFiles output;
  output.model_ = std::move(first.file);
  output.run_ = RunDigits(first.run);
  for (const OutputFile& file : layout.files) {
    TemporaryFile* target = output.model_.get();
    if (!file.name.empty()) {
      const std::string path = absl::StrCat(DirectoryOf(model_path), "/", file.name);
      ASSIGN_OR_RETURN(std::unique_ptr<TemporaryFile> data,
                       TemporaryFile::Create(path, model_path, first.run));
      target = output.data_.emplace_back(std::move(data)).get();
    }
    RETURN_IF_ERROR(target->Reserve(file.content.size()));
    if (target != output.model_.get()) target->Close();
  }
  return output;
}

std::vector<Target> OutputFiles::Targets() const {
  std::vector<Target> targets;
  targets.reserve(data_.size() + 1);
  for (const auto& file : data_) targets.emplace_back(file->path(), file->target());
  targets.emplace_back(model_->path(), model_->target());
  return targets;
}

void OutputFiles::StayWritable() {
  model_->StayWritable();
  for (const auto& file : data_) file->StayWritable();
}

absl::Status OutputFiles::Commit(bool sync) {
  for (const auto& file : data_) RETURN_IF_ERROR(file->Publish());
  if (sync && !data_.empty()) RETURN_IF_ERROR(SyncDirectoryOf(model_->target()));
  RETURN_IF_ERROR(model_->Replace());
  for (const auto& file : data_) file->Keep();
  return sync ? SyncDirectoryOf(model_->target()) : absl::OkStatus();
}

}  // namespace onnx_reinit::write
