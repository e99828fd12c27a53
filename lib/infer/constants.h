// What the fixed parts of a graph compute: the numbers of shapes, limits, scales and axes.
#ifndef ONNX_REINIT_INFER_CONSTANTS_H_
#define ONNX_REINIT_INFER_CONSTANTS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "graph/graph.h"
#include "wire/payload.h"

namespace onnx_reinit::infer {

// Row-major numbers. A dims list of {} is a scalar with one value.
struct Array {
  std::vector<int64_t> dims;
  std::vector<double> values;
};

// Evaluates on demand and remembers. Nothing larger than kMaxElements is read or made, and no
// expression deeper than kMaxDepth is followed, so the work is linear in the graph.
class Constants {
 public:
  static constexpr int64_t kMaxElements = 4096;
  static constexpr int kMaxDepth = 64;

  // Both outlive this. `values` may be nullptr: then only what the skeleton holds (integers of
  // attributes, shapes) is known.
  Constants(const graph::Graph& graph, const wire::ValueReader* values);

  // nullptr where `value` depends on data, is too large, uses an operator that is not known here,
  // or has bytes that cannot be read. kNone gives nullptr. The result lives as long as this.
  const Array* Find(graph::ValueId value);
  // The one number that all elements of `value` equal (at least one element).
  std::optional<double> Scalar(graph::ValueId value);
  // Rounded elements of an integer list; empty optional as for Find.
  std::optional<std::vector<int64_t>> Integers(graph::ValueId value);
  // The dims of `value` where they are all known: of a stored tensor, a declared shape with numbers
  // only, or what Find gives.
  std::optional<std::vector<int64_t>> Dims(graph::ValueId value);

 private:
  std::optional<Array> Evaluate(graph::ValueId value, int depth);
  const Array* FindAt(graph::ValueId value, int depth);

  const graph::Graph& graph_;
  const wire::ValueReader* values_;
  absl::flat_hash_map<graph::ValueId, std::optional<Array>> known_;
};

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_CONSTANTS_H_
