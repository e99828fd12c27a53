#include "wire/descriptor_pool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace onnx_reinit::wire {
namespace {

// O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
int OpenNumber(const std::string& path) {
  return open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

absl::Status ErrorOfOpen(const std::string& path, int error) {
  const std::string text = absl::StrCat(path, ": cannot be opened: ", std::strerror(error));
  if (error == ENOENT || error == ENOTDIR) {
    return absl::NotFoundError(absl::StrCat(path, ": there is no such file"));
  }
  if (error == EACCES || error == EPERM) return absl::PermissionDeniedError(text);
  return absl::UnavailableError(text);
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

absl::StatusOr<std::shared_ptr<const Descriptor>> OpenToRead(const std::string& path) {
  const int number = OpenNumber(path);
  if (number < 0) return ErrorOfOpen(path, errno);
  return std::make_shared<const Descriptor>(number);
}

absl::StatusOr<std::shared_ptr<const Descriptor>> DescriptorPool::Open(const std::string& path) {
  const absl::MutexLock lock(&mutex_);
  const auto known = std::find_if(files_.begin(), files_.end(),
                                  [&](const OpenFile& file) { return file.path == path; });
  if (known != files_.end()) {
    files_.splice(files_.begin(), files_, known);
    return known->descriptor;
  }
  if (files_.size() == capacity_) files_.pop_back();
  int number = OpenNumber(path);
  while (number < 0 && (errno == EMFILE || errno == ENFILE) && !files_.empty()) {
    files_.pop_back();
    number = OpenNumber(path);
  }
  if (number < 0) return ErrorOfOpen(path, errno);
  files_.push_front({path, std::make_shared<const Descriptor>(number)});
  return files_.front().descriptor;
}

}  // namespace onnx_reinit::wire
