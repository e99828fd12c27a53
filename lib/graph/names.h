// Which value a name means, innermost scope first.
#ifndef ONNX_REINIT_GRAPH_NAMES_H_
#define ONNX_REINIT_GRAPH_NAMES_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "base/text.h"
#include "graph/graph.h"

namespace onnx_reinit::graph {

// Debian's Abseil knows its own string_view only; std::hash, which it takes for the standard one,
// is slower.
struct NameHash {
  size_t operator()(std::string_view name) const { return absl::HashOf(TextPiece(name)); }
};

// The names that one graph or function body defines. Keeps views of them.
class Names {
 public:
  // A subgraph sees the names around it, `outer`, which outlives it; a function's body sees none.
  explicit Names(const Names* outer = nullptr) : outer_(outer) {}

  void Reserve(size_t names) { values_.reserve(names); }
  // False where the name is defined here already. kNone is the value of an absent formal input.
  bool Define(std::string_view name, ValueId value) { return values_.emplace(name, value).second; }
  std::optional<ValueId> FindHere(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<ValueId> Find(std::string_view name) const {
    for (const Names* scope = this; scope != nullptr; scope = scope->outer_) {
      if (const std::optional<ValueId> found = scope->FindHere(name)) return found;
    }
    return std::nullopt;
  }

 private:
  absl::flat_hash_map<std::string_view, ValueId, NameHash> values_;
  const Names* outer_;
};

}  // namespace onnx_reinit::graph

#endif  // ONNX_REINIT_GRAPH_NAMES_H_
