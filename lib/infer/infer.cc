#include "infer/infer.h"

#include <utility>

#include "infer/activations.h"
#include "infer/blocks.h"
#include "infer/constants.h"
#include "infer/copies.h"
#include "infer/following.h"
#include "infer/layers.h"
#include "infer/levels.h"
#include "infer/normalizations.h"
#include "infer/reach.h"
#include "infer/slot.h"
#include "infer/verdict.h"

namespace onnx_reinit::infer {

std::vector<TensorFacts> Infer(const graph::Graph& graph, const wire::ValueReader* values) {
  Constants constants(graph, values);
  const Levels levels(graph);
  const NormalizationMap normalizations = NormalizationMap::Find(graph, levels, constants);
  const ActivationMap activations = 
      ActivationMap::Find(graph, levels, constants, normalizations);
  const SlotContext context{graph, levels, constants, normalizations};
  const Surroundings surroundings{graph, levels, activations, normalizations};
  std::vector<TensorFacts> facts;
  std::vector<Layer> layers;
  facts.reserve(graph.tensors.size());
  for (const graph::StoredTensor& tensor : graph.tensors) {
    const std::vector<Reached> reached = Reach(context, tensor);
    Verdict verdict = Decide(context, tensor, reached, values);
    if (verdict.decisive >= 0 && IsWeight(verdict.facts.role)) {
      const Reached& use = reached[static_cast<size_t>(verdict.decisive)];
      if (verdict.facts.role != Role::kEmbedding)
        layers.push_back({facts.size(), use.node, use.input});
      NoteActivations(surroundings, use, verdict.facts);
    }
    facts.push_back(std::move(verdict.facts));
  }
  const Layers all_layers(surroundings, std::move(layers));
  NoteBlocks(all_layers, facts);
  NoteCopies(context, all_layers, facts);
  return facts;
}

}  // namespace onnx_reinit::infer
