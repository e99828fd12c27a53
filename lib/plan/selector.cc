#include "plan/selector.h"

#include <algorithm>

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;

bool Matches(const std::unique_ptr<RE2>& pattern, std::string_view text) {
  return pattern == nullptr ||
         RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern);
}

bool IsListed(const std::vector<std::string>& list, const std::string& entry) {
  return list.empty() || std::find(list.begin(), list.end(), entry) != list.end();
}

bool IsReadByOne(const std::vector<std::string>& op_types, const TensorFacts& facts) {
  return op_types.empty() ||
         std::any_of(op_types.begin(), op_types.end(),
                     [&](const std::string& op_type) { return IsReadBy(facts, op_type); });
}

bool HasShape(absl::Span<const int64_t> wanted, absl::Span<const int64_t> dims) {
  return wanted.empty() ||
         std::equal(wanted.begin(), wanted.end(), dims.begin(), dims.end(),
                    [](int64_t want, int64_t have) { return want == -1 || want == have; });
}

}  // namespace

bool Selects(const Selector& selector, const Layer& layer) {
  const TensorFacts& facts = *layer.facts;
  return Matches(selector.name, facts.name) && Matches(selector.scope, facts.scope) &&
         IsReadByOne(selector.op_types, facts) && HasShape(selector.dims, facts.tensor->dims) &&
         facts.block_index >= selector.first_block && facts.block_index <= selector.last_block &&
         selector.residual_output.value_or(facts.residual_output) == facts.residual_output &&
         IsListed(selector.following_activations, facts.following.name);
}

}  // namespace onnx_reinit::plan
