// What the fixed parts of a graph compute: the numbers of shapes, limits, scales and axes.
#ifndef ONNX_REINIT_INFER_CONSTANTS_H_
#define ONNX_REINIT_INFER_CONSTANTS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "graph/graph.h"
#include "infer/array.h"
#include "wire/payload.h"

namespace onnx_reinit::infer {

// Evaluates on demand and remembers: each value at most once, so the work is linear in the graph
// and no answer depends on what was asked before. Nothing larger than kMaxArrayElements is read or
// made.
class Constants {
 public:
  // Both outlive this. `values` may be nullptr: then only what the skeleton holds (integers of
  // attributes, shapes) is known.
  Constants(const graph::Graph& graph, const wire::ValueReader* values);

  // nullptr where `value` depends on data, is too large, uses an operator that is not known here,
  // has a NaN, or has bytes that cannot be read. kNone gives nullptr. The result lives as long as
  // this.
  const Array* Find(graph::ValueId value);
  // The one number that all elements of `value` equal (at least one element).
  std::optional<double> Scalar(graph::ValueId value);
  // Rounded elements of an integer list; empty optional as for Find.
  std::optional<std::vector<int64_t>> Integers(graph::ValueId value);
  // The same, without those that only data decides; empty where nothing is known.
  std::vector<std::optional<int64_t>> SomeIntegers(graph::ValueId value);
  // The elements of an attribute that is a tensor or a list of floats; nullopt where there is none
  // or it cannot be read.
  std::optional<std::vector<double>> Numbers(const graph::Node& node,
                                             std::string_view attribute) const;
  // The integers that an operator has as the attribute `name` in old opsets and as input `input` in
  // new ones: empty where neither is there; nothing where one is not known.
  std::optional<std::vector<int64_t>> List(const graph::Node& node, std::string_view name,
                                           size_t input);
  // The dims of `value` where they are all known: of a stored tensor, a declared shape with numbers
  // only, what follows from the dims of the values that it is made of, whatever their size, or what
  // Find gives.
  std::optional<std::vector<int64_t>> Dims(graph::ValueId value);

 private:
  // A NaN stands for a number that is not known: a dimension that only the data decides. So the
  // third dimension of a shape is known even where the first is not.
  struct Known {
    std::optional<Array> array;
    bool is_complete = false;  // no NaN
  };

  const Known& Settle(graph::ValueId value);
  std::vector<graph::ValueId> Needs(graph::ValueId value) const;
  std::optional<Array> Evaluate(graph::ValueId value) const;
  std::optional<Array> EvaluateShape(const graph::Node& node) const;
  std::optional<std::vector<double>> DeclaredDims(graph::ValueId value) const;
  std::optional<Array> ReadStored(const graph::StoredTensor& stored) const;
  bool IsMissing(graph::ValueId value) const;
  bool HasDims(graph::ValueId value) const;
  std::optional<std::vector<int64_t>> WholeDims(graph::ValueId value) const;
  std::optional<std::vector<int64_t>> FollowedDims(graph::ValueId value);

  const graph::Graph& graph_;
  const wire::ValueReader* values_;
  absl::node_hash_map<graph::ValueId, Known> known_;
  absl::flat_hash_map<graph::ValueId, std::optional<double>> stored_scalars_;
  // Of values that no dims are declared of.
  absl::flat_hash_map<graph::ValueId, std::optional<std::vector<int64_t>>> dims_;
};

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_CONSTANTS_H_
