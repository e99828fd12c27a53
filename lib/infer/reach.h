// From a stored tensor forward, through all that only moves or rescales it, to the operators that
// use it.
#ifndef ONNX_REINIT_INFER_REACH_H_
#define ONNX_REINIT_INFER_REACH_H_

#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "infer/facts.h"
#include "infer/slot.h"
#include "infer/view.h"

namespace onnx_reinit::infer {

struct Reached {
  graph::NodeId node = graph::kNone;
  int input = 0;
  View view;
  std::optional<SlotMeaning> meaning;  // nullopt: the operator holds nothing there that is known
  std::vector<graph::NodeId> path;     // operators looked through, in order
};

// Every use of `tensor`, in the order of the graph; at most kMaxUses of them. What stands behind
// more than kMaxPath operators is not looked through, and after kMaxStops values the walk ends:
// together, n tensors that share a way of n operators would make n * n of each. All tensors of a
// model share kMaxLooks, the inputs and outputs of the operators that are met on the way: where a
// tensor's part is used up, the walk ends, too. No part is less than kMinLooks.
std::vector<Reached> Reach(const SlotContext& context, const graph::StoredTensor& tensor);

inline constexpr size_t kMaxUses = 1024;
inline constexpr size_t kMaxPath = 100;
inline constexpr size_t kMaxStops = 4096;
inline constexpr size_t kMaxLooks = 10'000'000;
inline constexpr size_t kMinLooks = 2048;  // a stack of a thousand experts, and what is behind it

// The stored tensor that `value` is, moved or re-typed; nullptr where it is none.
const graph::StoredTensor* StoredBehind(const graph::Graph& graph, graph::ValueId value);

// "W -> Transpose -> MatMul of /fc1 (input 1)"
std::string PathText(const graph::Graph& graph, const graph::StoredTensor& tensor,
                     const Reached& reached);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_REACH_H_
