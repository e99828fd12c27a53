// What the tests of inference start from: a graph in ONNX's text syntax, and all that the stage
// works out before the facts.
#ifndef ONNX_REINIT_TESTS_INFER_INFER_SUPPORT_H_
#define ONNX_REINIT_TESTS_INFER_INFER_SUPPORT_H_

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "infer/activations.h"
#include "infer/constants.h"
#include "infer/exporters_words.h"
#include "infer/facts.h"
#include "infer/following.h"
#include "infer/frozen_norms.h"
#include "infer/layers.h"
#include "infer/levels.h"
#include "infer/normalizations.h"
#include "infer/slot.h"
#include "infer/view.h"
#include "support/text_model.h"
#include "wire/payload.h"

namespace onnx_reinit::test {

// The element of a tensor at `index`, an index in row-major order.
using ElementOf = std::function<double(size_t index)>;

// Values that a float tensor has instead of noise.
struct Filling {
  std::string name;
  ElementOf element;
};

struct ModelOptions {
  int opset = 17;
  int ir_version = 8;
  std::vector<Filling> fillings;
  std::string functions;   // model-local functions, in the text syntax
  bool has_values = true;  // false: nothing can be read, as when external data is missing
};

// `graph` with numbers in it: a value that is declared in angle brackets with dims that are all
// numbers, and that has no value there and no producer, becomes an initializer of small noise (of
// any type but int64, bool and string). Imports every domain that operators are known of.
//
//   agraph (float[N, 4] x) => (float[N, 2] y) <float[4, 2] w> { y = MatMul(x, w) }
std::string BytesOfNoisyText(std::string_view graph, const ModelOptions& options = {});

// A graph, and everything that is known of it before its tensors are judged.
class Analysis {
 public:
  explicit Analysis(std::string_view graph, const ModelOptions& options = {});
  // `bytes` are a model's.
  explicit Analysis(const std::string& bytes, bool has_values);
  Analysis(const Analysis&) = delete;
  Analysis& operator=(const Analysis&) = delete;

  // The test fails, and the result is kNone or empty, where there is none of that name; of several,
  // the first.
  graph::ValueId Value(std::string_view name) const;
  const graph::StoredTensor& Stored(std::string_view name) const;
  // The uses of all values that hold the stored tensor `name`.
  std::vector<graph::Use> UsesOf(std::string_view name) const;
  // The node that makes the value `name`.
  graph::NodeId Maker(std::string_view name) const;
  const graph::Node& MakerNode(std::string_view name) const { return graph_.node(Maker(name)); }
  // "x", or "nothing" for kNone.
  std::string NameOf(graph::ValueId value) const;

  const graph::Graph& graph() const { return graph_; }
  const infer::Levels& levels() const { return levels_; }
  infer::Constants& constants() { return constants_; }
  const wire::ValueReader* values() const { return has_values_ ? &reader_ : nullptr; }
  const infer::SlotContext& slots() const { return slots_; }
  const infer::Surroundings& surroundings() const { return surroundings_; }

 private:
  TestModel model_;
  wire::ExternalFiles external_;
  wire::ValueReader reader_;
  bool has_values_;
  graph::Graph graph_;
  infer::Constants constants_;
  infer::Levels levels_;
  infer::NormalizationMap normalizations_;
  infer::FrozenNorms frozen_norms_;
  infer::ActivationMap activations_;
  infer::ExportersWords words_;
  infer::SlotContext slots_;
  infer::Surroundings surroundings_;
};

// A model with the facts of its tensors.
class Inferred {
 public:
  explicit Inferred(std::string_view graph, const ModelOptions& options = {});

  // The test fails, and the result is empty, where no tensor has that name.
  const infer::TensorFacts& operator[](std::string_view name) const;
  const std::vector<infer::TensorFacts>& all() const { return facts_; }
  const Analysis& analysis() const { return analysis_; }

 private:
  Analysis analysis_;
  std::vector<infer::TensorFacts> facts_;
};

// A model with its weight layers.
class Layered {
 public:
  explicit Layered(std::string_view graph, const ModelOptions& options = {});

  const infer::Layers& layers() const { return layers_; }
  const Inferred& inferred() const { return inferred_; }
  const Analysis& analysis() const { return inferred_.analysis(); }
  // The weight of a layer; "nothing" for kNone.
  std::string NameOf(infer::LayerId layer) const;

 private:
  Inferred inferred_;
  infer::Layers layers_;
};

// "0:64 | 1:8 1:3/9 | x2 | -": four axes; the first is axis 0 of the tensor, the second its axis 1
// in two factors, the latter 3 of 9 that are stored; the third repeats, the last is new. Flags
// follow: "0:4 part", "opaque", "opaque x2 | x3", "0:4 * 2 + 1".
std::string Describe(const infer::View& view);

// "batch output input kernel", an axis a word.
std::string Describe(const std::vector<infer::AxisLabel>& labels);
// "query 8 | key 4": label and extent of each part.
std::string Describe(const std::vector<infer::Part>& parts);
// "batch 0 | output 1 2": the lists that are not empty.
std::string Describe(const MatrixAxes& axes);

std::string_view ToString(infer::Evidence evidence);

}  // namespace onnx_reinit::test

namespace onnx_reinit {
// For gtest.
void PrintTo(Role role, std::ostream* out);
void PrintTo(BlockRole role, std::ostream* out);
namespace infer {
void PrintTo(Evidence evidence, std::ostream* out);
}  // namespace infer
}  // namespace onnx_reinit

#endif  // ONNX_REINIT_TESTS_INFER_INFER_SUPPORT_H_
