#include "write/temporary_name.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "xxhash.h"

namespace onnx_reinit::write {
namespace {

constexpr char kMark[] = ".onnx-reinit-";
constexpr size_t kMarkLength = sizeof(kMark) - 1;
constexpr size_t kRunLength = 8;

}  // namespace

std::string DirectoryOf(const std::string& path) {
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  return directory.empty() ? "." : directory.string();
}

std::string FileName(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

std::string ShortName(const std::string& file_name) {
  if (file_name.size() <= kLongestTarget) return file_name;
  const uint64_t hash = XXH3_64bits(file_name.data(), file_name.size());
  const std::string end = absl::StrCat("~", absl::Hex(hash, absl::kZeroPad16));
  return absl::StrCat(file_name.substr(0, kLongestTarget - end.size()), end);
}

std::string MakeTemporaryName(const TemporaryName& name) {
  return absl::StrCat(".", ShortName(name.target), kMark, name.run);
}

std::string RunDigits(uint32_t run) { return absl::StrFormat("%08x", run); }

std::optional<TemporaryName> ParseTemporaryName(const std::string& file_name) {
  const size_t mark = file_name.rfind(kMark);
  if (mark == std::string::npos || mark < 2 || file_name[0] != '.') return std::nullopt;
  std::string run = file_name.substr(mark + kMarkLength);
  if (run.size() != kRunLength || !std::all_of(run.begin(), run.end(), absl::ascii_isxdigit)) {
    return std::nullopt;
  }
  return TemporaryName{.target = file_name.substr(1, mark - 1), .run = std::move(run)};
}

}  // namespace onnx_reinit::write
