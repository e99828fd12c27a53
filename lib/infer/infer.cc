#include "infer/infer.h"

#include <deque>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "base/threads.h"
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
#include "infer/region.h"
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

// Where a tensor stands in a layer, for what is said of layers later.
enum class Place { kNone, kWeight, kFixedKernel, kBias };

struct TensorPlace {
  Place place = Place::kNone;
  absl::InlinedVector<graph::Use, 1> uses;  // all that it has there
};

Place PlaceOf(const Verdict& verdict, Role role) {
  if (verdict.decisive < 0) return Place::kNone;
  if (verdict.is_fixed_kernel) return Place::kFixedKernel;
  if (IsProductWeight(role)) return Place::kWeight;
  const bool is_open = role == Role::kBias && !verdict.is_told;
  return is_open ? Place::kBias : Place::kNone;
}

bool IsUsedAs(Place place, const Reached& use) {
  if (!use.meaning || place == Place::kNone) return false;
  const Role role = use.meaning->role;
  return place == Place::kBias ? role == Role::kBias : IsProductWeight(role);
}

// A weight that several products share is one in each.
TensorPlace PlaceWithUses(Place place, const std::vector<Reached>& reached) {
  TensorPlace found = {place, {}};
  for (const Reached& use : reached) {
    if (IsUsedAs(found.place, use)) found.uses.push_back({use.node, use.input});
  }
  return found;
}

// Each list has an entry for each of the graph's tensors.
struct Findings {
  explicit Findings(size_t tensors) : facts(tensors), decisive(tensors), places(tensors) {}

  std::vector<TensorFacts> facts;    // but for what layers say of each other
  std::vector<graph::Use> decisive;  // of node kNone where no use was
  std::vector<TensorPlace> places;
};

void Examine(const Surroundings& surroundings, const SlotContext& context,
             const wire::ValueReader* values, size_t i, Findings& findings) {
  const graph::StoredTensor& tensor = context.graph.tensors[i];
  TensorFacts& facts = findings.facts[i];
  std::vector<Reached> reached = Reach(context, tensor);
  const Verdict verdict = Decide(context, tensor, reached, values, facts);
  if (verdict.decisive >= 0) {
    const Reached& use = reached[static_cast<size_t>(verdict.decisive)];
    findings.decisive[i] = {use.node, use.input};
    NoteUse(surroundings, use, facts);
  }
  findings.places[i] = PlaceWithUses(PlaceOf(verdict, facts.role), reached);
}

// Several threads can do it, as each tensor is examined by itself. Each thread remembers the
// constants that it asked for: no answer depends on what was asked before.
Findings ExamineAll(const Surroundings& surroundings, const SlotContext& context,
                    const wire::ValueReader* values, int threads) {
  const size_t count = context.graph.tensors.size();
  Findings findings(count);
  std::deque<Constants> remembered;  // by all threads but this one, which has the context's
  for (size_t i = 1; i < SharingThreads(threads, count); ++i) {
    remembered.emplace_back(context.graph, values);
  }
  ForEachShare(threads, count, [&](const Share& share) {
    const SlotContext own =
        share.thread == 0 ? context : context.With(remembered[share.thread - 1]);
    for (size_t i = share.begin; i < share.end; ++i)
      Examine(surroundings, own, values, i, findings);
  });
  return findings;
}

// What `make` makes of each use of the tensors at `place`.
template <typename T>
std::vector<T> UsesOf(const Findings& findings, Place place, T (*make)(size_t, const graph::Use&)) {
  std::vector<T> made;
  for (size_t i = 0; i < findings.places.size(); ++i) {
    if (findings.places[i].place != place) continue;
    for (const graph::Use& use : findings.places[i].uses) made.push_back(make(i, use));
  }
  return made;
}

Layer LayerOf(size_t fact, const graph::Use& use) { return {fact, use.node, use.input}; }
BiasUse BiasUseOf(size_t fact, const graph::Use& use) { return {fact, use.node}; }

}  // namespace

std::vector<TensorFacts> Infer(const graph::Graph& graph, const wire::ValueReader* values,
                               int threads, bool reasons) {
  Constants constants(graph, values);
  const Levels levels(graph);
  const RegionContext arithmetic(graph, levels, constants);
  const NormalizationMap normalizations = NormalizationMap::Find(arithmetic);
  const ActivationMap activations = ActivationMap::Find(arithmetic, normalizations);
  const FrozenNorms frozen_norms = FindFrozenNorms(graph, levels);
  const ExportersWords words(graph);
  const SlotContext context{graph,         levels,       constants, normalizations,
                            &frozen_norms, &activations, &words,    reasons};
  const Surroundings surroundings{graph, levels, activations, normalizations};
  Findings findings = ExamineAll(surroundings, context, values, threads);
  std::vector<TensorFacts>& facts = findings.facts;
  const Layers layers(surroundings, UsesOf(findings, Place::kWeight, LayerOf));
  KeepBiasesOfFixedKernels(context, layers, UsesOf(findings, Place::kFixedKernel, LayerOf),
                           UsesOf(findings, Place::kBias, BiasUseOf), facts);
  NoteBlocks(context, layers, findings.decisive, facts);
  NoteBiases(context, layers, findings.decisive, facts);
  NoteCopies(context, layers, facts);
  return std::move(facts);
}

}  // namespace onnx_reinit::infer
