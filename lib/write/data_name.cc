#include "write/data_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace onnx_reinit::write {
namespace {

constexpr char kSuffix[] = ".data";
constexpr size_t kSuffixLength = sizeof(kSuffix) - 1;
constexpr char kShardPattern[] = "-00001-of-00003";
constexpr size_t kShardLength = sizeof(kShardPattern) - 1;

// Digits stand for digits.
bool EndsInShard(const std::string& stem) {
  if (stem.size() < kShardLength) return false;
  const char* end = stem.data() + (stem.size() - kShardLength);
  return std::equal(kShardPattern, kShardPattern + kShardLength, end, [](char pattern, char c) {
    return absl::ascii_isdigit(pattern) ? absl::ascii_isdigit(c) : pattern == c;
  });
}

}  // namespace

std::string DataStem(const std::string& model_name, int attempt) {
  return attempt == 1 ? model_name : absl::StrCat(model_name, ".", attempt);
}

std::string DataName(const std::string& stem) { return absl::StrCat(stem, kSuffix); }

std::string ShardName(const std::string& stem, size_t shard, size_t shards) {
  return absl::StrFormat("%s-%05d-of-%05d%s", stem, shard + 1, shards, kSuffix);
}

std::string StemOf(const std::string& data_name) {
  std::string stem = data_name.substr(0, data_name.size() - kSuffixLength);
  if (EndsInShard(stem)) stem.resize(stem.size() - kShardLength);
  return stem;
}

bool IsDataName(const std::string& model_name, const std::string& name) {
  if (!absl::EndsWith(name, kSuffix)) return false;
  const std::string stem = StemOf(name);
  if (!absl::StartsWith(stem, model_name)) return false;
  const std::string attempt = stem.substr(model_name.size());
  return attempt.empty() || (attempt.size() > 1 && attempt[0] == '.' &&
                             std::all_of(attempt.begin() + 1, attempt.end(), absl::ascii_isdigit));
}

}  // namespace onnx_reinit::write
