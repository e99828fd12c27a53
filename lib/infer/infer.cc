#include "infer/infer.h"

#include <utility>

#include "infer/activations.h"
#include "infer/biases.h"
#include "infer/blocks.h"
#include "infer/constants.h"
#include "infer/copies.h"
#include "infer/following.h"
#include "infer/frozen_norms.h"
#include "infer/layers.h"
#include "infer/levels.h"
#include "infer/normalizations.h"
#include "infer/reach.h"
#include "infer/slot.h"
#include "infer/verdict.h"

namespace onnx_reinit::infer {
namespace {

// A table that is looked up multiplies nothing.
bool IsProductWeight(Role role) { return IsWeight(role) && role != Role::kEmbedding; }

// What the use that decides a tensor's role tells besides.
void NoteUse(const Surroundings& surroundings, const Reached& use, TensorFacts& facts) {
  facts.is_exponentiated = use.view.is_exponential;
  if (IsWeight(facts.role)) NoteActivations(surroundings, use, facts);
  if (facts.role != Role::kBias) return;
  const ActivationSite* following = FollowingOf(surroundings, use);
  if (following != nullptr) facts.sum_following = following->activation;
}

// A weight that several products share is a layer in each.
void NoteLayers(const std::vector<Reached>& reached, size_t fact, std::vector<Layer>& layers) {
  for (const Reached& use : reached) {
    if (use.meaning && IsProductWeight(use.meaning->role)) {
      layers.push_back({fact, use.node, use.input});
    }
  }
}

}  // namespace

std::vector<TensorFacts> Infer(const graph::Graph& graph, const wire::ValueReader* values) {
  Constants constants(graph, values);
  const Levels levels(graph);
  const NormalizationMap normalizations = NormalizationMap::Find(graph, levels, constants);
  const ActivationMap activations = ActivationMap::Find(graph, levels, constants, normalizations);
  const FrozenNorms frozen_norms = FindFrozenNorms(graph, levels);
  const SlotContext context{graph, levels, constants, normalizations, &frozen_norms, &activations};
  const Surroundings surroundings{graph, levels, activations, normalizations};
  std::vector<TensorFacts> facts;
  std::vector<graph::Use> uses;
  std::vector<Layer> weights;
  facts.reserve(graph.tensors.size());
  uses.reserve(graph.tensors.size());
  for (const graph::StoredTensor& tensor : graph.tensors) {
    const std::vector<Reached> reached = Reach(context, tensor);
    Verdict verdict = Decide(context, tensor, reached, values);
    uses.emplace_back();
    if (verdict.decisive >= 0) {
      const Reached& use = reached[static_cast<size_t>(verdict.decisive)];
      uses.back() = {use.node, use.input};
      NoteUse(surroundings, use, verdict.facts);
      if (IsProductWeight(verdict.facts.role)) NoteLayers(reached, facts.size(), weights);
    }
    facts.push_back(std::move(verdict.facts));
  }
  const Layers layers(surroundings, std::move(weights));
  NoteBlocks(context, layers, uses, facts);
  NoteBiases(context, layers, uses, facts);
  NoteCopies(context, layers, facts);
  return facts;
}

}  // namespace onnx_reinit::infer
