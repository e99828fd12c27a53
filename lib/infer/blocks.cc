#include "infer/blocks.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/text.h"
#include "infer/attention.h"
#include "infer/block_places.h"
#include "infer/channels.h"
#include "infer/experts.h"
#include "infer/joint_attention.h"
#include "infer/operator_sets.h"
#include "infer/residuals.h"
#include "infer/routers.h"
#include "infer/value_queue.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;

constexpr size_t kMaxVisited = 200;
constexpr size_t kMaxBetween = 4;  // a bias and a scale, from one product to the next
constexpr size_t kMaxGated = 16;   // values up to the product with a gate

// What a value meets on its way without passing a layer, an activation or a residual addition.
struct Ahead {
  bool is_added = false;                       // an addition of data
  bool is_residual = false;                    // an addition to a residual stream
  bool is_output = false;                      // an output of the model
  bool is_chosen = false;                      // softmax or top-k
  const ActivationSite* activation = nullptr;  // the nearest
  graph::Use gate;                             // the nearest product with other data
};

// The layer that takes an activation's output.
struct Activated {
  ValueId value = graph::kNone;  // the output, of the last activation where one follows another
  LayerId next = graph::kNone;
};

// Who takes a part of a fused layer's output.
struct Taker {
  LayerId layer = graph::kNone;
  BlockRole role = BlockRole::kNone;
  std::string_view label;
  ValueId value = graph::kNone;
};

class Blocks {
 public:
  Blocks(const SlotContext& context, const Layers& layers, std::vector<TensorFacts>& facts)
      : context_(context),
        layers_(layers),
        all_(layers.surroundings()),
        facts_(facts),
        has_choices_(HasChoices(all_.graph)) {}

  void Note(const std::vector<graph::Use>& uses) {
    const Residuals residuals = FindResiduals(layers_);
    for (const NodeId node : residuals.parallel) shortcut_of_[node] = graph::kNone;
    NoteShortcuts(residuals.additions);
    NoteShortcuts(residuals.inner);
    for (LayerId id = 0; id < layers_.count(); ++id) NoteAhead(id);
    for (size_t fact = 0; fact < facts_.size(); ++fact) NoteScale(uses[fact].node, facts_[fact]);
    for (const AttentionSite& site : FindAttention(layers_, facts_)) {
      for (const AttentionSite& stream : StreamsOf(layers_, site)) NoteAttention(stream);
    }
    NoteFusedAttention();
    for (LayerId id = 0; id < layers_.count(); ++id) NoteMlp(id);
    for (LayerId id = 0; id < layers_.count(); ++id) NoteEnds(id);
    const std::vector<BlockPlace> places = PlacesOf(residuals.additions);
    for (size_t i = 0; i < places.size(); ++i) NoteBranch(residuals.additions[i], places[i]);
    PlaceOthers(all_, residuals.additions, places, uses, facts_);
  }

 private:
  TensorFacts& FactsOf(LayerId id) { return facts_[layers_.at(id).fact]; }
  const TensorFacts& FactsOf(LayerId id) const { return facts_[layers_.at(id).fact]; }
  ValueId OutputOf(LayerId id) const { return all_.graph.node(layers_.at(id).node).Output(0); }
  void Give(LayerId id, BlockRole role, std::string_view why);
  Ahead LookAhead(ValueId value) const;
  void NoteShortcuts(const std::vector<Residual>& residuals);
  void NoteAhead(LayerId id);
  void NoteScale(NodeId node, TensorFacts& facts) const;
  bool AreOneTensor(LayerId a, LayerId b) const;
  std::optional<ChannelRun> RunOf(const Taker& taker, bool is_one_layer) const;
  bool NoteParts(const std::vector<Taker>& takers);
  void NoteAttention(const AttentionSite& site);
  void NoteFusedAttention();
  LayerId BeforeDepthwise(LayerId id) const;
  LayerId BeforeSumOfPlaces(LayerId id) const;
  LayerId Projection(graph::ValueId operand) const;
  Activated PastActivations(ValueId value) const;
  bool LeadsBack(LayerId id) const;
  bool IsMadeOf(ValueId value, ValueId source) const;
  ValueId GatedBy(ValueId value) const;
  void NoteMlp(LayerId id);
  void NoteEnds(LayerId id);
  bool IsFirst(LayerId id) const;
  bool IsSquashedOutput(const ActivationSite* activation) const;
  BlockRole ShapeRole(LayerId id);
  std::vector<BlockPlace> PlacesOf(const std::vector<Residual>& residuals) const;
  bool Place(LayerId id, const BlockPlace& place);
  void NoteBranch(const Residual& residual, const BlockPlace& place);

  const SlotContext& context_;
  const Layers& layers_;
  const Surroundings& all_;
  std::vector<TensorFacts>& facts_;
  bool has_choices_;  // among experts, perhaps
  std::vector<Ahead> ahead_;
  // Of each addition to a residual stream: the operand that is the stream, where one is.
  absl::flat_hash_map<NodeId, ValueId> shortcut_of_;
};

void Blocks::Give(LayerId id, BlockRole role, std::string_view why) {
  if (id == graph::kNone) return;
  TensorFacts& facts = FactsOf(id);
  if (facts.block_role != BlockRole::kNone) return;
  facts.block_role = role;
  AddStep(facts, ToString(role), ": ", why);
}

Ahead Blocks::LookAhead(ValueId value) const {
  Ahead ahead;
  ValueQueue queue;
  queue.Add(value);
  while (!queue.IsEmpty() && queue.taken() < kMaxVisited) {
    const ValueId now = queue.Take();
    ahead.is_output = ahead.is_output || all_.graph.value(now).is_output;
    for (const graph::Use& use : all_.graph.UsesOf(now)) {
      const Node& node = all_.graph.node(use.node);
      if (IsIn(OperatorSet::kSoftmax, node) || node.Is("TopK")) ahead.is_chosen = true;
      const NextStep next = After(all_, now, use);
      const bool is_gate = node.Is("Mul") && next.step == Step::kEnd && queue.taken() <= kMaxGated;
      if (is_gate && ahead.gate.node == graph::kNone) ahead.gate = use;
      if (next.step == Step::kResidual) ahead.is_added = true;
      const auto addition = shortcut_of_.find(use.node);
      if (addition != shortcut_of_.end() && addition->second != now) ahead.is_residual = true;
      if (next.step == Step::kActivation && ahead.activation == nullptr) {
        ahead.activation = next.activation;
      }
      if (next.step == Step::kPass) queue.AddAll(next.values);
    }
  }
  return ahead;
}

void Blocks::NoteShortcuts(const std::vector<Residual>& residuals) {
  for (const Residual& residual : residuals) {
    if (residual.shortcut_end == graph::kNone) continue;
    shortcut_of_[residual.node] = residual.shortcut_end;
  }
}

void Blocks::NoteAhead(LayerId id) {
  const BlockRole role = ExpertRole(all_.graph.node(layers_.at(id).node), layers_.at(id).input);
  const bool is_inside = role != BlockRole::kNone && role != BlockRole::kMlpOutput;
  ahead_.push_back(is_inside ? Ahead{} : LookAhead(OutputOf(id)));
  FactsOf(id).residual_output = ahead_.back().is_residual && ahead_.back().activation == nullptr;
  if (role != BlockRole::kNone) Give(id, role, "by the input of an operator with experts inside");
}

// Of a scale that nothing but moves separates from the addition.
void Blocks::NoteScale(NodeId node, TensorFacts& facts) const {
  const bool is_scale = facts.role == Role::kNormScale || facts.role == Role::kLayerScale;
  if (!is_scale || node == graph::kNone) return;
  const NormalizationSite* site = all_.normalizations.At(node);
  const Ahead ahead = LookAhead(site != nullptr ? site->output : all_.graph.node(node).Output(0));
  facts.residual_output = ahead.is_residual && ahead.activation == nullptr;
}

// The layer whose outputs a product sums along their places (Linformer): it gives, unmoved, another
// number of them than the product sums over; else `id`.
LayerId Blocks::BeforeSumOfPlaces(LayerId id) const {
  if (FactsOf(id).role != Role::kLinear) return id;
  NodeId at = layers_.at(id).node;
  for (size_t step = 0; step < kMaxBetween; ++step) {
    const graph::ValueIds data = layers_.DataOf(at);
    at = data.size() == 1 ? all_.graph.value(data[0]).producer : graph::kNone;
    if (at == graph::kNone) return id;
    if (const LayerId before = layers_.Of(at); before != graph::kNone) {
      const TensorFacts& facts = FactsOf(before);
      return facts.role == Role::kLinear && facts.fan_out != FactsOf(id).fan_in ? before : id;
    }
    const Node& node = all_.graph.node(at);
    if (!IsIn(OperatorSet::kElementwise, node) && !IsIn(OperatorSet::kRetype, node)) return id;
  }
  return id;
}

// The layer that makes an operand of attention; what it makes may be pooled, by a depthwise
// convolution or by a matrix along the places.
LayerId Blocks::Projection(ValueId operand) const {
  const LayerId layer = layers_.Before(operand);
  return layer == graph::kNone ? layer : BeforeSumOfPlaces(BeforeDepthwise(layer));
}

bool Blocks::AreOneTensor(LayerId a, LayerId b) const {
  return a != graph::kNone && b != graph::kNone && layers_.at(a).fact == layers_.at(b).fact;
}

// Of the outputs of one layer, or where the matrix is split before the products, of its rows.
std::optional<ChannelRun> Blocks::RunOf(const Taker& taker, bool is_one_layer) const {
  const TensorFacts& facts = FactsOf(taker.layer);
  if (facts.axes.output.size() != 1 || facts.groups > 1) return std::nullopt;
  const Layer& layer = layers_.at(taker.layer);
  const wire::Dims& dims = facts.tensor->dims;
  const int axis = facts.axes.output[0];
  const int64_t channels = dims[static_cast<size_t>(axis)];
  if (is_one_layer) {
    const int64_t place = facts.role == Role::kConv ? 1 : -1;
    return ChannelsOf(context_, taker.value, OutputOf(taker.layer), {place, 0, channels});
  }
  const graph::ValueIds& stored = all_.graph.tensors[layer.fact].values;
  if (stored.empty()) return std::nullopt;
  return ChannelsOf(context_, all_.graph.node(layer.node).Input(static_cast<size_t>(layer.input)),
                    stored[0], {axis, static_cast<int64_t>(dims.size()), channels});
}

// Of takers of one tensor: false where their runs do not tile it.
bool Blocks::NoteParts(const std::vector<Taker>& takers) {
  TensorFacts& facts = FactsOf(takers[0].layer);
  const bool is_one_layer =
      std::ranges::all_of(takers, [&](const Taker& t) { return t.layer == takers[0].layer; });
  std::vector<Part> parts;
  for (const Taker& taker : takers) {
    const std::optional<ChannelRun> run = RunOf(taker, is_one_layer);
    if (!run) return false;
    parts.push_back({std::string(taker.label), taker.role, facts.axes.output[0], run->begin,
                     run->end, facts.fan_in});
  }
  std::ranges::sort(parts, {}, &Part::begin);
  const int64_t channels = facts.tensor->dims[static_cast<size_t>(parts[0].axis)];
  int64_t covered = 0;
  for (Part& part : parts) {
    if (part.begin != covered) return false;
    covered = part.end;
    part.fan_out = facts.fan_out / channels * (part.end - part.begin);
  }
  if (covered != channels) return false;
  if (facts.parts.empty()) facts.parts = std::move(parts);
  return true;
}

void Blocks::NoteAttention(const AttentionSite& site) {
  const LayerId query = Projection(site.query);
  const LayerId key = Projection(site.key);
  const LayerId value = Projection(site.value);
  const Taker takes_query = {query, BlockRole::kQuery, "query", site.query};
  const Taker takes_key = {key, BlockRole::kKey, "key", site.key};
  const Taker takes_value = {value, BlockRole::kValue, "value", site.value};
  if (AreOneTensor(query, key) && AreOneTensor(key, value)) {
    const bool has_parts = NoteParts({takes_query, takes_key, takes_value});
    if (has_parts || (query == key && key == value)) {
      Give(query, BlockRole::kQkv, "query, key and value of one product pair");
    }
  } else if (AreOneTensor(key, value)) {
    const bool has_parts = NoteParts({takes_key, takes_value});
    if (has_parts || key == value) Give(key, BlockRole::kKv, "key and value of one product pair");
  }
  Give(query, BlockRole::kQuery, "the left operand of the scores");
  Give(key, BlockRole::kKey, "the right operand of the scores");
  Give(value, BlockRole::kValue, "what the softmax weighs");
  LayerId output = layers_.Next(site.output);
  if (output == graph::kNone) output = layers_.Next(site.output, true);
  Give(output, BlockRole::kAttentionOutput, "takes the weighed values");
}

// Operators that hold the input projections themselves.
void Blocks::NoteFusedAttention() {
  for (LayerId id = 0; id < layers_.count(); ++id) {
    const Node& node = all_.graph.node(layers_.at(id).node);
    if (node.domain != "com.microsoft" ||
        node.op_type.find("Attention") == std::string_view::npos) {
      continue;
    }
    if (node.op_type == "DecoderAttention") {
      Give(id, layers_.at(id).input == 2 ? BlockRole::kQuery : BlockRole::kKv, node.op_type);
    } else {
      Give(id, BlockRole::kQkv, node.op_type);
    }
    Give(layers_.Next(node.Output(0)), BlockRole::kAttentionOutput, "takes the weighed values");
  }
}

bool IsPointwise(const TensorFacts& facts) {
  if (facts.role == Role::kLinear) return true;
  if (facts.role != Role::kConv || facts.groups != 1) return false;
  const wire::Dims& dims = facts.tensor->dims;
  return std::all_of(facts.axes.kernel.begin(), facts.axes.kernel.end(),
                     [&](int axis) { return dims[static_cast<size_t>(axis)] == 1; });
}

// The layer whose output, not activated, a depthwise convolution mixes over places; else `id`.
LayerId Blocks::BeforeDepthwise(LayerId id) const {
  const TensorFacts& facts = FactsOf(id);
  if (facts.role != Role::kConv || facts.groups == 1) return id;
  for (const ValueId input : all_.graph.node(layers_.at(id).node).inputs) {
    if (!all_.levels.IsData(input)) continue;
    const LayerId before = layers_.Before(input);
    const bool is_first = before != graph::kNone && FactsOf(before).role == Role::kLinear &&
                          ahead_[static_cast<size_t>(before)].activation == nullptr;
    return is_first ? before : id;
  }
  return id;
}

// An activation may be activated again (a squared ReLU).
Activated Blocks::PastActivations(ValueId value) const {
  for (int step = 0; step < 3; ++step) {
    const LayerId next = layers_.Next(value);
    if (next != graph::kNone) return {value, next};
    const ActivationSite* again = LookAhead(value).activation;
    if (again == nullptr) break;
    value = again->output;
  }
  return {};
}

// To the residual stream; a linear layer's output may be gated by other data on the way.
bool Blocks::LeadsBack(LayerId id) const {
  const Ahead& ahead = ahead_[static_cast<size_t>(id)];
  if (ahead.is_added) return true;
  if (FactsOf(id).role != Role::kLinear || ahead.gate.node == graph::kNone) return false;
  return LookAhead(all_.graph.node(ahead.gate.node).Output(0)).is_added;
}

// With no layer between: an activation that is scaled by a norm of its own is no gated one.
bool Blocks::IsMadeOf(ValueId value, ValueId source) const {
  const auto is_source = [&](ValueId now) { return now == source; };
  return layers_.NearestBack(value, is_source) != graph::kNone;
}

// The other operand of a product of data that `value` enters after the activation.
ValueId Blocks::GatedBy(ValueId value) const {
  const graph::Use gate = LookAhead(value).gate;
  if (gate.node == graph::kNone) return graph::kNone;
  return all_.graph.node(gate.node).Input(gate.input == 0 ? 1 : 0);
}

void Blocks::NoteMlp(LayerId id) {
  const ActivationSite* activation = ahead_[static_cast<size_t>(id)].activation;
  if (activation == nullptr || FactsOf(id).block_role != BlockRole::kNone) return;
  const auto [after, output] = PastActivations(activation->output);
  const LayerId first = BeforeDepthwise(id);
  if (output == graph::kNone) return;
  if (!IsPointwise(FactsOf(first)) || !IsPointwise(FactsOf(output))) return;
  if (!LeadsBack(output)) return;
  ValueId gated = GatedBy(after);
  if (IsMadeOf(gated, after)) gated = graph::kNone;
  const LayerId other = gated == graph::kNone ? graph::kNone : layers_.Before(gated);
  const bool is_fused =
      AreOneTensor(other, id) && NoteParts({{id, BlockRole::kMlpGate, "gate", activation->input},
                                            {other, BlockRole::kMlpIn, "up", gated}});
  if (other == graph::kNone) {
    Give(first, BlockRole::kMlpIn, "before the activation of an MLP");
  } else if (other == id || is_fused) {
    Give(first, BlockRole::kMlpGateUp, "both factors of a gated MLP");
  } else {
    Give(first, BlockRole::kMlpGate, "before the activation of a gated MLP");
    Give(other, BlockRole::kMlpIn, "the factor without activation of a gated MLP");
  }
  Give(output, BlockRole::kMlpOutput, "leads back from an MLP");
}

// No layer lies between a graph input and this one.
bool Blocks::IsFirst(LayerId id) const {
  const Layer& layer = layers_.at(id);
  for (const ValueId input : all_.graph.node(layer.node).inputs) {
    if (!all_.levels.IsData(input)) continue;
    ValueId now = input;
    for (int step = 0; step < 64; ++step) {
      if (all_.graph.value(now).is_input) return true;
      const Node* node = all_.graph.Producer(now);
      if (node == nullptr ||
          (IsIn(OperatorSet::kLayer, *node) && !IsIn(OperatorSet::kNormalization, *node)))
        return false;
      const auto* const next =
          std::find_if(node->inputs.begin(), node->inputs.end(),
                       [&](ValueId value) { return all_.levels.IsData(value); });
      if (next == node->inputs.end()) return false;
      now = *next;
    }
    return false;
  }
  return false;
}

BlockRole Blocks::ShapeRole(LayerId id) {
  const TensorFacts& facts = FactsOf(id);
  if (facts.role != Role::kConv) return BlockRole::kNone;
  if (facts.groups > 1 && facts.axes.input.size() == 1 &&
      facts.tensor->dims[static_cast<size_t>(facts.axes.input[0])] == 1) {
    return BlockRole::kDepthwise;
  }
  return IsPointwise(facts) ? BlockRole::kPointwise : BlockRole::kNone;
}

// Scores that become probabilities, or are capped, and leave the model.
bool Blocks::IsSquashedOutput(const ActivationSite* activation) const {
  if (activation == nullptr) return false;
  const std::string_view name = activation->activation.name;
  return (name == "sigmoid" || name == "tanh") && LookAhead(activation->output).is_output;
}

void Blocks::NoteEnds(LayerId id) {
  TensorFacts& facts = FactsOf(id);
  if (facts.role != Role::kLinear && facts.role != Role::kConv) return;
  if (has_choices_ && facts.role == Role::kLinear && IsRouter(layers_, id)) {
    Give(id, BlockRole::kRouter, "its scores choose among experts");
  }
  const Ahead& ahead = ahead_[static_cast<size_t>(id)];
  const bool is_last = ahead.is_output || IsSquashedOutput(ahead.activation) ||
                       (ahead.is_chosen && ahead.activation == nullptr &&
                        layers_.Next(OutputOf(id)) == graph::kNone);
  if (facts.role == Role::kConv && IsFirst(id)) {
    const Node& node = all_.graph.node(layers_.at(id).node);
    const absl::Span<const int64_t> kernel = node.IntsAttribute("kernel_shape");
    const bool is_patches =
        !kernel.empty() && kernel[0] > 1 && kernel == node.IntsAttribute("strides");
    Give(id, is_patches ? BlockRole::kPatchEmbedding : BlockRole::kStem,
         is_patches ? "the first convolution, stride = kernel" : "the first convolution");
  }
  if (is_last) Give(id, BlockRole::kHead, "the last layer before an output");
  if (const BlockRole shape = ShapeRole(id); shape != BlockRole::kNone) {
    Give(id, shape, "by its groups and its kernel");
  }
}

// False where an inner branch holds it.
bool Blocks::Place(LayerId id, const BlockPlace& place) {
  if (FactsOf(id).block_index >= 0) return false;
  FactsOf(id).block_index = place.index;
  FactsOf(id).block_count = place.count;
  return true;
}

bool IsAttentionRole(BlockRole role) {
  return role == BlockRole::kAttentionOutput || role == BlockRole::kValue ||
         role == BlockRole::kQkv;
}

void Blocks::NoteBranch(const Residual& residual, const BlockPlace& place) {
  std::vector<LayerId> on_branch;
  bool has_norm = false;
  for (const NodeId node : residual.branch) {
    has_norm = has_norm || all_.normalizations.At(node) != nullptr ||
               IsIn(OperatorSet::kNormalization, all_.graph.node(node));
    const std::vector<LayerId> here = layers_.AllOf(node);
    on_branch.insert(on_branch.end(), here.begin(), here.end());
  }
  const bool is_branch = residual.shortcut_end != graph::kNone;
  for (const LayerId id : on_branch) {
    if (!Place(id, place) || !is_branch) continue;
    FactsOf(id).residual_branch_layers = static_cast<int>(on_branch.size());
    FactsOf(id).branch_has_norm = has_norm;
  }
  for (const NodeId node : residual.shortcut) {
    for (const LayerId id : layers_.AllOf(node)) Place(id, place);
  }
}

// A block of a transformer has one addition for attention and one for its MLP, or one for both; any
// other block has one.
std::vector<BlockPlace> Blocks::PlacesOf(const std::vector<Residual>& residuals) const {
  std::vector<int> additions;
  std::vector<int> attentions;
  std::vector<int> index(residuals.size());
  std::vector<bool> is_attention(residuals.size());
  for (size_t i = 0; i < residuals.size(); ++i) {
    const auto stream = static_cast<size_t>(residuals[i].stream);
    if (stream >= additions.size()) {
      additions.resize(stream + 1);
      attentions.resize(stream + 1);
    }
    is_attention[i] =
        std::any_of(residuals[i].branch.begin(), residuals[i].branch.end(), [&](NodeId node) {
          const LayerId id = layers_.Of(node);
          return id != graph::kNone && IsAttentionRole(FactsOf(id).block_role);
        });
    additions[stream] += 1;
    attentions[stream] += is_attention[i] ? 1 : 0;
    index[i] = (attentions[stream] > 0 ? attentions[stream] : additions[stream]) - 1;
  }
  std::vector<BlockPlace> places;
  for (size_t i = 0; i < residuals.size(); ++i) {
    const auto stream = static_cast<size_t>(residuals[i].stream);
    const int count = attentions[stream] > 0 ? attentions[stream] : additions[stream];
    places.push_back({std::min(index[i], count - 1), count});
  }
  return places;
}

}  // namespace

void NoteBlocks(const SlotContext& context, const Layers& layers,
                const std::vector<graph::Use>& uses, std::vector<TensorFacts>& facts) {
  Blocks(context, layers, facts).Note(uses);
}

}  // namespace onnx_reinit::infer
