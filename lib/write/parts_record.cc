#include "write/parts_record.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "write/system_error.h"
#include "write/temporary_name.h"

namespace onnx_reinit::write {
namespace {

constexpr mode_t kModeOfNewDirectories = 0777;  // less the umask
constexpr mode_t kModeOfNewFiles = 0666;

int MakeEmptyFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kModeOfNewFiles);
  if (descriptor < 0) return errno;
  close(descriptor);
  return 0;
}

int CountNamesThatEndWith(const std::string& directory, const std::string& suffix) {
  int count = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (absl::EndsWith(entry->path().filename().string(), suffix)) ++count;
  }
  return count;
}

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

}  // namespace

PartsRecord::PartsRecord(const std::string& output_path)
    : output_path_(output_path),
      directory_(absl::StrCat(DirectoryOf(output_path), "/.", ShortName(FileName(output_path)),
                              ".onnx-reinit-parts")) {}

absl::Status PartsRecord::Create(const std::string& fingerprint) const {
  Remove();
  if (mkdir(directory_.c_str(), kModeOfNewDirectories) != 0) {
    return SystemError(errno, "create", directory_);
  }
  const std::string path = absl::StrCat(directory_, "/job-", fingerprint);
  const int error = MakeEmptyFile(path);
  return error == 0 ? absl::OkStatus() : SystemError(error, "create", path);
}

absl::Status PartsRecord::Check(const std::string& fingerprint) const {
  if (Exists(absl::StrCat(directory_, "/job-", fingerprint))) return absl::OkStatus();
  if (!Exists(directory_)) {
    return absl::FailedPreconditionError(
        absl::StrCat("'", output_path_, "' is no output that waits for parts: it is complete, or ",
                     "was never prepared; run --prepare first"));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("'", output_path_, "' was prepared for another plan or with other options; ",
                   "give the same to --prepare and to every --part"));
}

absl::Status PartsRecord::SetDone(int part, int parts) const {
  const std::string suffix = absl::StrCat("-of-", parts);
  const std::string path = absl::StrCat(directory_, "/", part, suffix);
  const int error = MakeEmptyFile(path);
  if (error == ENOENT) return absl::OkStatus();
  if (error != 0) return SystemError(error, "create", path);
  if (CountNamesThatEndWith(directory_, suffix) == parts) Remove();
  return absl::OkStatus();
}

void PartsRecord::Remove() const {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

}  // namespace onnx_reinit::write
