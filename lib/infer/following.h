// The nonlinearity after a weight, and the one before it.
#ifndef ONNX_REINIT_INFER_FOLLOWING_H_
#define ONNX_REINIT_INFER_FOLLOWING_H_

#include "graph/graph.h"
#include "infer/activations.h"
#include "infer/facts.h"
#include "infer/levels.h"
#include "infer/normalizations.h"
#include "infer/reach.h"

namespace onnx_reinit::infer {

struct Surroundings {
  const graph::Graph& graph;
  const Levels& levels;
  const ActivationMap& activations;
  const NormalizationMap& normalizations;
};

// What the data meets next after `value`, on one use of it.
enum class Step {
  kPass,      // it goes on: moved, pooled, normalised, shifted or scaled by fixed values
  kResidual,  // it goes on, added to other data
  kActivation,
  kEnd,  // another weight, a product with data, a softmax, or what is not known
};

struct NextStep {
  Step step = Step::kEnd;
  graph::ValueIds values;                      // where it goes on
  const ActivationSite* activation = nullptr;  // for kActivation
};

NextStep After(const Surroundings& all, graph::ValueId value, const graph::Use& use);

// The first activation that what `reached` describes meets; nullptr where there is none.
const ActivationSite* FollowingOf(const Surroundings& all, const Reached& reached);

// Fills `preceding` and `following` of `facts` for the weight that `reached` describes.
//
// Forward: breadth first until every path has met an end; an activation that is met before any
// residual addition wins over one met after, then the nearest. Backward: along the data operand to
// the first activation, or to a normalisation, whose output has unit scale whatever came before.
void NoteActivations(const Surroundings& all, const Reached& reached, TensorFacts& facts);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_FOLLOWING_H_
