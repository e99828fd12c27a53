// What each value of a graph depends on.
#ifndef ONNX_REINIT_INFER_LEVELS_H_
#define ONNX_REINIT_INFER_LEVELS_H_

#include <vector>

#include "graph/graph.h"
#include "infer/compositions.h"

namespace onnx_reinit::infer {

// In ascending order: a value has the highest level of what it is made of.
enum class Level : uint8_t {
  kFixed,  // stored tensors only
  kShape,  // besides, the shape of data
  kData,   // what the network computes: inputs, random numbers, and products of weights
};

class Levels {
 public:
  explicit Levels(const graph::Graph& graph);

  Level of(graph::ValueId value) const {
    return value == graph::kNone ? Level::kFixed : level_[static_cast<size_t>(value)];
  }
  bool IsData(graph::ValueId value) const { return of(value) == Level::kData; }
  // Whether it depends on what comes from outside: an input, a random number, or a value that
  // enters a body. Products of stored tensors alone are data, but not fed.
  bool IsFed(graph::ValueId value) const {
    return value != graph::kNone && is_fed_[static_cast<size_t>(value)];
  }
  // What is one is fixed, too.
  Composition composition(graph::ValueId value) const {
    return value == graph::kNone ? Composition::kNone : composition_[static_cast<size_t>(value)];
  }
  // How many inputs of `node` are data.
  int CountData(const graph::Node& node) const;
  // At least one of them is.
  bool HasDataInput(const graph::Node& node) const;
  // The one input of `node` that is data; kNone where there is none, or several.
  graph::ValueId OnlyData(const graph::Node& node) const;

 private:
  std::vector<Level> level_;
  std::vector<bool> is_fed_;
  std::vector<Composition> composition_;
};

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_LEVELS_H_
