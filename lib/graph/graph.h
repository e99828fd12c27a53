// A model as one flat dataflow graph: nodes, values, uses, over all scopes.
//
// Scopes are resolved away. A subgraph's nodes stand beside their parent's; a captured name is
// simply the outer value; a function's body is laid out once per call, with its formal inputs bound
// to the call's values and its attribute references resolved. What happens at the border of a body
// is said by small nodes of the domain kBorderDomain:
//
//   Alias(x)          x itself: a Loop's invariant state, a Scan's last state, a call's result
//   Merge(x, y, ...)  one of them: an If's output, a Loop's varying state after the last iteration
//   State(x)          x in the first iteration, later what the body made of it (no edge back)
//   ScanInput(x)      one slice of x, without its axis `scan_axis`
//   ScanOutput(x)     slices x stacked along a new axis
//   Border(...)       what an operator hands to its body, or takes from it, by rules of its own
//
//   If(cond) {then: y = MatMul(x, W)} {else: y = x}  ->  y1 = MatMul(x, W); y = Merge(y1, x);
//   If(cond)
//
// The graph keeps pointers into the Skeleton it was built from, which must outlive it; it can be
// moved, but not copied.
#ifndef ONNX_REINIT_GRAPH_GRAPH_H_
#define ONNX_REINIT_GRAPH_GRAPH_H_

#include <cassert>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "onnx_reinit/vocabulary.h"
#include "wire/skeleton.h"

namespace onnx_reinit::graph {

using NodeId = int32_t;
using ValueId = int32_t;
using TensorId = int32_t;
inline constexpr int32_t kNone = -1;

inline constexpr std::string_view kBorderDomain = "border";

struct Use {
  NodeId node = kNone;
  int input = 0;
};

// As large as a std::vector, with its elements beside the rest of a node or value.
using ValueIds = absl::InlinedVector<ValueId, 4>;
using Uses = absl::InlinedVector<Use, 2>;

// A tensor of the file, by its identity. A Constant in a function that is called twice is one
// stored tensor held by two values.
struct StoredTensor {
  const wire::Tensor* tensor = nullptr;  // for a sparse one: its values
  const wire::SparseTensor* sparse = nullptr;
  std::string name;
  std::string scope;
  Source source = Source::kInitializer;
  ValueIds values;
  // An attribute's tensor belongs to a node, not to a value.
  NodeId owner = kNone;
  std::string_view attribute;
  bool is_graph_input = false;     // an overridable default (or any initializer of an IR 3 model)
  bool is_trained = false;         // a training_info update binding names it
  bool is_training_state = false;  // it belongs to a training algorithm's graph
  // Set where the skeleton holds the values themselves: value_int, value_ints, value_string(s), and
  // a value_float of 0, which proto3 writers leave out. `tensor` then has type and shape only.
  const wire::Attribute* literal = nullptr;

  const wire::Dims& dims() const { return sparse != nullptr ? sparse->dims : tensor->dims; }
};

struct Value {
  std::string_view name;
  NodeId producer = kNone;
  int output = 0;                         // of the producer
  TensorId tensor = kNone;                // the stored tensor it holds
  bool is_input = false;                  // fed from outside, with no stored default
  bool is_output = false;                 // an output of the model
  Uses uses;                              // in node order
  const wire::ValueInfo* info = nullptr;  // declared type and shape, if any
};

struct Node {
  std::string_view op_type;
  std::string_view domain;  // "" for ai.onnx
  int64_t version = 0;      // opset of the domain in force; 0 where none is declared
  std::string_view name;    // as in the file; may be empty
  std::string_view label;   // its name, or "#INDEX" in its graph
  int32_t scope = 0;        // index into Graph::scope_names
  ValueIds inputs;          // kNone for an absent optional
  ValueIds outputs;
  // Resolved attributes by name; a reference to an attribute that the call does not give is left
  // out.
  std::vector<std::pair<std::string_view, const wire::Attribute*>> attributes;
  const wire::Node* source = nullptr;  // a border node's: the one that has the body
  int64_t scan_axis = 0;               // border node ScanInput only

  const wire::Attribute* FindAttribute(std::string_view attribute_name) const;
  int64_t IntAttribute(std::string_view attribute_name, int64_t otherwise) const;
  float FloatAttribute(std::string_view attribute_name, float otherwise) const;
  std::string_view StringAttribute(std::string_view attribute_name,
                                   std::string_view otherwise) const;
  // Empty where absent or longer than the skeleton keeps.
  absl::Span<const int64_t> IntsAttribute(std::string_view attribute_name) const;
  bool Is(std::string_view type) const { return domain.empty() && op_type == type; }
  bool IsBorder(std::string_view type) const { return domain == kBorderDomain && op_type == type; }
  ValueId Input(size_t i) const { return i < inputs.size() ? inputs[i] : kNone; }
  ValueId Output(size_t i) const { return i < outputs.size() ? outputs[i] : kNone; }
};

struct Graph {
  Graph() = default;
  Graph(Graph&&) = default;
  Graph& operator=(Graph&&) = default;

  const wire::Skeleton* skeleton = nullptr;
  std::vector<Node> nodes;  // every node after the producers of its inputs
  std::vector<Value> values;
  std::vector<StoredTensor> tensors;  // main graph, functions, training; each in file order
  std::vector<std::string> scope_names;
  std::deque<std::string> numbers;   // what the "#INDEX" of Node::label point into
  std::deque<wire::Tensor> scalars;  // stand-ins for value_float, value_int ...

  const Node& node(NodeId id) const { return At(nodes, id); }
  const Value& value(ValueId id) const { return At(values, id); }
  const StoredTensor& tensor(TensorId id) const { return At(tensors, id); }
  // Those of kNone are none.
  absl::Span<const Use> UsesOf(ValueId id) const;
  // The node that makes the value; nullptr for inputs, stored tensors and kNone.
  const Node* Producer(ValueId id) const;
  // The stored tensor that the value holds, or nullptr.
  const StoredTensor* Stored(ValueId id) const;
  // "MatMul of /layer/0/fc1" or "MatMul of #12", for reasons and errors.
  std::string Describe(const Node& node) const;

 private:
  template <typename T>
  static const T& At(const std::vector<T>& items, int32_t id) {
    assert(id >= 0 && static_cast<size_t>(id) < items.size());
    return items[static_cast<size_t>(id)];
  }
};

// DataLoss, with the byte offset and the name, for: a name that nothing defines or that is defined
// twice in one scope, a node that depends on its own output, and all that MakeCatalogue
// (catalogue.h) and CheckCalls (calls.h) refuse.
absl::StatusOr<Graph> Build(const wire::Skeleton& skeleton);

}  // namespace onnx_reinit::graph

#endif  // ONNX_REINIT_GRAPH_GRAPH_H_
