#include "write/temporary_name.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "write/data_name.h"
#include "xxhash.h"

namespace onnx_reinit::write {
namespace {

constexpr char kMark[] = ".onnx-reinit-";
constexpr char kOldMark[] = ".onnx-reinit-old-";
constexpr size_t kRunLength = 8;

// Shards of names that were shortened are not recognised.
constexpr int kMostAttempts = 9;

std::string Make(const TemporaryName& name, absl::string_view mark) {
  return absl::StrCat(".", ShortName(name.target), mark, name.run);
}

std::optional<TemporaryName> Parse(const std::string& file_name, absl::string_view mark) {
  const size_t at = file_name.rfind(mark.data(), std::string::npos, mark.size());
  if (at == std::string::npos || at < 2 || file_name[0] != '.') return std::nullopt;
  std::string run = file_name.substr(at + mark.size());
  if (run.size() != kRunLength || !std::all_of(run.begin(), run.end(), absl::ascii_isxdigit)) {
    return std::nullopt;
  }
  return TemporaryName{.target = file_name.substr(1, at - 1), .run = std::move(run)};
}

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

std::string MakeTemporaryName(const TemporaryName& name) { return Make(name, kMark); }

std::string RunDigits(uint32_t run) { return absl::StrFormat("%08x", run); }

std::optional<TemporaryName> ParseTemporaryName(const std::string& file_name) {
  return Parse(file_name, kMark);
}

std::string MakeOldName(const TemporaryName& name) { return Make(name, kOldMark); }

std::optional<TemporaryName> ParseOldName(const std::string& file_name) {
  return Parse(file_name, kOldMark);
}

std::optional<std::string> TargetOf(const std::string& model, const std::string& short_name) {
  if (short_name == ShortName(model)) return model;
  if (IsDataName(model, short_name)) return short_name;
  for (int attempt = 1; attempt <= kMostAttempts; ++attempt) {
    std::string data = DataName(DataStem(model, attempt));
    if (short_name == ShortName(data)) return data;
  }
  return std::nullopt;
}

}  // namespace onnx_reinit::write
