#include "plan/name_patterns.h"

#include <utility>

#include "absl/status/status.h"
#include "base/printable.h"
#include "base/text.h"

namespace onnx_reinit::plan {

absl::StatusOr<NamePatterns> NamePatterns::Compile(std::string_view flag,
                                                   const std::vector<std::string>& patterns) {
  NamePatterns compiled;
  compiled.flag_ = std::string(flag);
  for (const std::string& pattern : patterns) {
    auto re = std::make_unique<RE2>(pattern, RE2::Quiet);
    if (!re->ok()) {
      return absl::InvalidArgumentError(
          Text(flag, " ", Quote(pattern), " is no RE2 pattern: ", re->error()));
    }
    compiled.patterns_.push_back({std::move(re)});
  }
  return compiled;
}

bool NamePatterns::Match(const std::string& name) {
  bool is_match = false;
  for (Pattern& pattern : patterns_) {
    if (!RE2::PartialMatch(name, *pattern.re)) continue;
    pattern.has_matched = true;
    is_match = true;
  }
  return is_match;
}

void NamePatterns::AddUnmatched(std::vector<std::string>& warnings) const {
  for (const Pattern& pattern : patterns_) {
    if (pattern.has_matched) continue;
    warnings.push_back(Text(flag_, " ", Quote(pattern.re->pattern()), " is found in no name"));
  }
}

}  // namespace onnx_reinit::plan
