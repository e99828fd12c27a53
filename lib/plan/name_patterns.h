// The patterns of --keep and --only.
#ifndef ONNX_REINIT_PLAN_NAME_PATTERNS_H_
#define ONNX_REINIT_PLAN_NAME_PATTERNS_H_

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "re2/re2.h"

namespace onnx_reinit::plan {

class NamePatterns {
 public:
  NamePatterns() = default;
  // InvalidArgument names the flag and the pattern that RE2 does not take.
  static absl::StatusOr<NamePatterns> Compile(std::string_view flag,
                                              const std::vector<std::string>& patterns);

  bool empty() const { return patterns_.empty(); }
  // True where one of them is found anywhere in `name`. Thread-safe.
  bool Match(std::string_view name) const;
  // A sentence for each pattern that Match has found in no name.
  void AddUnmatched(std::vector<std::string>& warnings) const;

 private:
  struct Pattern {
    explicit Pattern(const std::string& text) : re(text, RE2::Quiet) {}

    RE2 re;
    mutable std::atomic<bool> has_matched = false;
  };
  std::string flag_;
  std::vector<std::unique_ptr<Pattern>> patterns_;
};

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_NAME_PATTERNS_H_
