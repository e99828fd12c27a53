#include "infer/infer.h"

#include <utility>

#include "infer/activations.h"
#include "infer/biases.h"
#include "infer/blocks.h"
#include "infer/constants.h"
#include "infer/copies.h"
#include "infer/fixed_kernels.h"
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

void NoteBiasUses(const std::vector<Reached>& reached, size_t fact, std::vector<BiasUse>& uses) {
  for (const Reached& use : reached) {
    if (use.meaning && use.meaning->role == Role::kBias) uses.push_back({fact, use.node});
  }
}

// A weight that several products share is a layer in each.
void NoteLayers(const std::vector<Reached>& reached, size_t fact, std::vector<Layer>& layers) {
  for (const Reached& use : reached) {
    if (use.meaning && IsProductWeight(use.meaning->role)) {
      layers.push_back({fact, use.node, use.input});
    }
  }
}

// What the tensors are used for, by their place in the facts.
struct Uses {
  std::vector<graph::Use> decisive;  // one for each
  std::vector<Layer> weights;
  std::vector<Layer> kernels;   // as KeepBiasesOfFixedKernels wants them
  std::vector<BiasUse> biases;  // likewise
};

void NoteUses(const std::vector<Reached>& reached, const Verdict& verdict, Uses& uses) {
  const size_t fact = uses.decisive.size();
  uses.decisive.emplace_back();
  if (verdict.decisive < 0) return;
  const Reached& use = reached[static_cast<size_t>(verdict.decisive)];
  uses.decisive.back() = {use.node, use.input};
  const Role role = verdict.facts.role;
  if (IsProductWeight(role)) NoteLayers(reached, fact, uses.weights);
  if (verdict.is_fixed_kernel) NoteLayers(reached, fact, uses.kernels);
  if (role == Role::kBias && !verdict.is_told) NoteBiasUses(reached, fact, uses.biases);
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
  Uses uses;
  facts.reserve(graph.tensors.size());
  uses.decisive.reserve(graph.tensors.size());
  for (const graph::StoredTensor& tensor : graph.tensors) {
    const std::vector<Reached> reached = Reach(context, tensor);
    Verdict verdict = Decide(context, tensor, reached, values);
    if (verdict.decisive >= 0) {
      NoteUse(surroundings, reached[static_cast<size_t>(verdict.decisive)], verdict.facts);
    }
    NoteUses(reached, verdict, uses);
    facts.push_back(std::move(verdict.facts));
  }
  const Layers layers(surroundings, std::move(uses.weights));
  KeepBiasesOfFixedKernels(context, layers, uses.kernels, uses.biases, facts);
  NoteBlocks(context, layers, uses.decisive, facts);
  NoteBiases(context, layers, uses.decisive, facts);
  NoteCopies(context, layers, facts);
  return facts;
}

}  // namespace onnx_reinit::infer
