#include "graph/calls.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"

namespace onnx_reinit::graph {
namespace {

struct Call {
  const wire::Function* callee;
  int depth;  // how many subgraphs of the caller the calling node stands in
};

// A body as a caller sees it: what it holds itself, and what it calls.
struct Extent {
  int64_t size = 0;  // nodes, names and attributes
  int depth = 0;     // of the subgraphs
  std::vector<Call> calls;
};

int64_t SizeOf(const wire::Node& node) {
  return static_cast<int64_t>(1 + node.inputs.size() + node.outputs.size() +
                              node.attributes.size());
}

// Without its nodes.
int64_t SizeOf(const wire::Graph& graph) {
  return static_cast<int64_t>(1 + graph.inputs.size() + graph.outputs.size() +
                              graph.initializers.size() + graph.sparse_initializers.size() +
                              graph.value_info.size());
}

int64_t SizeOf(const wire::Function& function) {
  return static_cast<int64_t>(1 + function.inputs.size() + function.outputs.size() +
                              function.default_attributes.size() + function.value_info.size());
}

void Measure(const std::vector<wire::Node>& nodes, const Functions& functions, int depth,
             Extent& extent) {
  extent.depth = std::max(extent.depth, depth);
  for (const wire::Node& node : nodes) {
    extent.size += SizeOf(node);
    if (const wire::Function* callee = functions.Find(node))
      extent.calls.push_back({callee, depth});
    for (const wire::Attribute& attribute : node.attributes) {
      for (const auto& graph : attribute.graphs) {
        extent.size += SizeOf(*graph);
        Measure(graph->nodes, functions, depth + 1, extent);
      }
    }
  }
}

Extent MeasureFunction(const wire::Function& function, const Functions& functions) {
  Extent extent{.size = SizeOf(function)};
  Measure(function.nodes, functions, 0, extent);
  return extent;
}

// Adds up functions from those that call nothing to those that call the others.
class CallChecker {
 public:
  CallChecker(const wire::Skeleton& skeleton, const Functions& functions);
  absl::Status CheckFunctions();
  absl::Status CheckMain();

 private:
  struct Entry {
    Extent extent;  // with everything that it calls, once it is done
    size_t waiting = 0;
    std::vector<size_t> callers;
  };

  absl::Status AddCalls(Extent& extent, std::string_view name, uint64_t offset) const;
  absl::Status RecursionError() const;
  size_t IndexOf(const wire::Function* function) const {
    return static_cast<size_t>(function - skeleton_.functions.data());
  }

  const wire::Skeleton& skeleton_;
  const Functions& functions_;
  std::vector<Entry> entries_;
};

CallChecker::CallChecker(const wire::Skeleton& skeleton, const Functions& functions)
    : skeleton_(skeleton), functions_(functions), entries_(skeleton.functions.size()) {
  for (size_t i = 0; i < entries_.size(); ++i) {
    entries_[i].extent = MeasureFunction(skeleton.functions[i], functions);
    entries_[i].waiting = entries_[i].extent.calls.size();
    for (const Call& call : entries_[i].extent.calls) {
      entries_[IndexOf(call.callee)].callers.push_back(i);
    }
  }
}

absl::Status CallChecker::AddCalls(Extent& extent, std::string_view name, uint64_t offset) const {
  for (const Call& call : extent.calls) {
    const Extent& callee = entries_[IndexOf(call.callee)].extent;
    extent.size += callee.size;
    extent.depth = std::max(extent.depth, call.depth + 1 + callee.depth);
    if (extent.size > kMaxCallSize) {
      return absl::DataLossError(Text("at byte ", offset, ": the calls in ", name,
                                      ", laid out one by one, make more than ", kMaxCallSize,
                                      " nodes, names and attributes"));
    }
  }
  if (extent.depth <= kMaxBodyDepth) return absl::OkStatus();
  return absl::DataLossError(Text("at byte ", offset, ": the calls and subgraphs in ", name,
                                  " nest more than ", kMaxBodyDepth, " deep"));
}

absl::Status CallChecker::CheckFunctions() {
  std::vector<size_t> ready;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].waiting == 0) ready.push_back(i);
  }
  size_t done = 0;
  for (; !ready.empty(); ++done) {
    const size_t at = ready.back();
    ready.pop_back();
    const wire::Function& function = skeleton_.functions[at];
    RETURN_IF_ERROR(AddCalls(entries_[at].extent, Text("the function ", Quote(function.name)),
                             function.offset));
    for (const size_t caller : entries_[at].callers) {
      if (--entries_[caller].waiting == 0) ready.push_back(caller);
    }
  }
  return done == entries_.size() ? absl::OkStatus() : RecursionError();
}

absl::Status CallChecker::CheckMain() {
  Extent main;
  Measure(skeleton_.graph.nodes, functions_, 0, main);
  main.size = 0;  // the main graph is there once
  return AddCalls(main, "the main graph", skeleton_.graph.offset);
}

// Every function that still waits calls one that waits too: following those leads into a circle.
absl::Status CallChecker::RecursionError() const {
  const auto waits = [](const Entry& entry) { return entry.waiting > 0; };
  auto at =
      static_cast<size_t>(std::find_if(entries_.begin(), entries_.end(), waits) - entries_.begin());
  absl::flat_hash_set<size_t> seen;
  while (seen.insert(at).second) {
    for (const Call& call : entries_[at].extent.calls) {
      if (!waits(entries_[IndexOf(call.callee)])) continue;
      at = IndexOf(call.callee);
      break;
    }
  }
  const wire::Function& function = skeleton_.functions[at];
  return absl::DataLossError(Text("at byte ", function.offset, ": the function ",
                                  Quote(function.name),
                                  " calls itself, directly or through others"));
}

}  // namespace

std::string FunctionScope(const wire::Function& function) {
  return Text("fn:", function.domain, ".", function.name, function.overload.empty() ? "" : ":",
              function.overload);
}

absl::StatusOr<Functions> Functions::Index(const wire::Skeleton& skeleton) {
  Functions index;
  for (const wire::Function& function : skeleton.functions) {
    const Key key(NormalDomain(function.domain), function.name, function.overload);
    if (index.functions_.emplace(key, &function).second) continue;
    return absl::DataLossError(Text("at byte ", function.offset, ": the function ",
                                    Quote(function.name), " of domain ", Quote(function.domain),
                                    " is defined twice"));
  }
  return index;
}

const wire::Function* Functions::Find(const wire::Node& node) const {
  if (functions_.empty()) return nullptr;
  const auto found = functions_.find(Key(NormalDomain(node.domain), node.op_type, node.overload));
  return found == functions_.end() ? nullptr : found->second;
}

absl::Status CheckCalls(const wire::Skeleton& skeleton, const Functions& functions) {
  CallChecker checker(skeleton, functions);
  RETURN_IF_ERROR(checker.CheckFunctions());
  return checker.CheckMain();
}

}  // namespace onnx_reinit::graph
