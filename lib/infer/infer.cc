#include "infer/infer.h"

#include <utility>

#include "infer/activations.h"
#include "infer/constants.h"
#include "infer/following.h"
#include "infer/levels.h"
#include "infer/normalizations.h"
#include "infer/reach.h"
#include "infer/slot.h"
#include "infer/verdict.h"

namespace onnx_reinit::infer {

std::vector<TensorFacts> Infer(const graph::Graph& graph, const wire::ValueReader* values) {
  Constants constants(graph, values);
  const Levels levels(graph);
  const NormalizationMap normalizations = NormalizationMap::Find(graph, constants);
  const ActivationMap activations = ActivationMap::Find(graph, constants);
  const SlotContext context{graph, levels, constants, normalizations};
  const Surroundings surroundings{graph, levels, activations, normalizations};
  std::vector<TensorFacts> facts;
  facts.reserve(graph.tensors.size());
  for (const graph::StoredTensor& tensor : graph.tensors) {
    const std::vector<Reached> reached = Reach(context, tensor);
    Verdict verdict = Decide(context, tensor, reached, values);
    if (verdict.decisive >= 0 && IsWeight(verdict.facts.role)) {
      NoteActivations(surroundings, reached[static_cast<size_t>(verdict.decisive)], verdict.facts);
    }
    facts.push_back(std::move(verdict.facts));
  }
  return facts;
}

}  // namespace onnx_reinit::infer
