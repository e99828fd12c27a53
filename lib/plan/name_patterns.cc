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
  for (const std::string& text : patterns) {
    auto pattern = std::make_unique<Pattern>(text);
    if (!pattern->re.ok()) {
      return absl::InvalidArgumentError(
          Text(flag, " ", Quote(text), " is no RE2 pattern: ", pattern->re.error()));
    }
    compiled.patterns_.push_back(std::move(pattern));
  }
  return compiled;
}

bool NamePatterns::Match(std::string_view name) const {
  bool is_match = false;
  for (const auto& pattern : patterns_) {
    if (!RE2::PartialMatch(re2::StringPiece(name.data(), name.size()), pattern->re)) continue;
    pattern->has_matched = true;
    is_match = true;
  }
  return is_match;
}

void NamePatterns::AddUnmatched(std::vector<std::string>& warnings) const {
  for (const auto& pattern : patterns_) {
    if (pattern->has_matched) continue;
    warnings.push_back(Text(flag_, " ", Quote(pattern->re.pattern()), " is found in no name"));
  }
}

}  // namespace onnx_reinit::plan
