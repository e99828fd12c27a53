#include "infer/verdict.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "base/checked_math.h"
#include "base/element_type.h"
#include "base/printable.h"
#include "base/text.h"
#include "infer/attribute_slots.h"
#include "infer/fans.h"
#include "infer/fingerprint.h"
#include "infer/known_operators.h"
#include "infer/operator_sets.h"
#include "infer/padded_blocks.h"
#include "infer/quantization.h"
#include "infer/rotary.h"
#include "infer/sample.h"

namespace onnx_reinit::infer {
namespace {

using graph::Graph;
using graph::Node;
using graph::StoredTensor;

bool IsInteger(int32_t data_type) {
  switch (static_cast<ElementType>(data_type)) {
    case ElementType::kInt64:
    case ElementType::kBool:
    case ElementType::kString:
    case ElementType::kUint64:
    case ElementType::kUint32:
      return true;
    default:
      return false;
  }
}

bool IsSmallInteger(int32_t data_type) {
  switch (static_cast<ElementType>(data_type)) {
    case ElementType::kUint8:
    case ElementType::kInt8:
    case ElementType::kUint16:
    case ElementType::kInt16:
    case ElementType::kInt32:
    case ElementType::kUint4:
    case ElementType::kInt4:
    case ElementType::kUint2:
    case ElementType::kInt2:
      return true;
    default:
      return false;
  }
}

// Integers that an operator of quantised numbers reads are weights; all others are indices.
bool IsQuantizedUse(const Graph& graph, const Reached& reached) {
  for (const graph::NodeId id : reached.path) {
    if (graph.node(id).op_type == "DequantizeLinear") return true;
  }
  const Node& node = graph.node(reached.node);
  if (node.op_type.starts_with("Q") || node.op_type.find("Quantize") != std::string_view::npos) {
    return true;
  }
  if (node.op_type.find("Integer") != std::string_view::npos) return true;
  if (node.op_type.starts_with("MatMulNBits") || node.op_type.starts_with("MatMulBnb4"))
    return true;
  if (reached.meaning && !reached.meaning->unfillable.empty()) return true;
  if (reached.meaning && IsWeight(reached.meaning->role) &&
      ScaleInPieces(graph, reached) != graph::kNone) {
    return true;
  }
  if (reached.meaning && (reached.meaning->role == Role::kQuantZeroPoint ||
                          reached.meaning->role == Role::kQuantScale)) {
    return true;
  }
  return node.op_type.starts_with("Gather") && QuantizedUseAfter(graph, node).has_value();
}

int Rank(const SlotMeaning& meaning) {
  const int weight = IsWeight(meaning.role) ? 4 : 0;
  switch (meaning.evidence) {
    case Evidence::kOperator:
      return weight + 3;
    case Evidence::kStructure:
      return weight + 2;
    case Evidence::kOpen:
      return weight + 1;
    case Evidence::kNot:
      return 0;
  }
  return 0;
}

// The strongest use: weights before parameters, sure before open; the first of equals.
int Strongest(const StoredTensor& tensor, const Graph& graph, const std::vector<Reached>& reached) {
  int best = -1;
  for (size_t i = 0; i < reached.size(); ++i) {
    if (!reached[i].meaning) continue;
    if (IsSmallInteger(tensor.tensor->data_type) && !IsQuantizedUse(graph, reached[i])) continue;
    if (best < 0 || Rank(*reached[i].meaning) > Rank(*reached[static_cast<size_t>(best)].meaning)) {
      best = static_cast<int>(i);
    }
  }
  return best;
}

// Nothing where there is none, or it cannot be read.
std::optional<double> FirstNumber(const wire::Tensor& tensor, const wire::ValueReader* values) {
  if (values == nullptr) return std::nullopt;
  const auto first = values->Read(tensor, 0, 1);
  return first.ok() && first->size() == 1 ? std::optional((*first)[0]) : std::nullopt;
}

bool IsZero(const StoredTensor& tensor, const wire::ValueReader* values) {
  return FirstNumber(*tensor.tensor, values) == 0;
}

bool IsOne(const StoredTensor& tensor, const wire::ValueReader* values) {
  return FirstNumber(*tensor.tensor, values) == 1;
}

// Zeros for a batch of one: what a recurrence of products starts from. Convolutions with one
// output, and recurrent layers with one direction, have that shape too.
bool IsState(const StoredTensor& tensor, Role role) {
  return role == Role::kLinear && tensor.tensor->dims.size() >= 3 && tensor.tensor->dims[0] == 1;
}

// Of a weight of equal numbers: they are 1 / fan-in.
bool IsMean(const StoredTensor& tensor, const TensorFacts& facts, const wire::ValueReader* values) {
  const std::optional<double> first = FirstNumber(*tensor.tensor, values);
  return first && std::fabs(*first * static_cast<double>(facts.fan_in) - 1) < 1e-2;
}

// A weight of equal numbers sums or averages: into one output, or with 1 / fan-in. What does
// neither was filled by a program that had no better values. Zeros for a batch of one are a state.
bool IsAverage(const StoredTensor& tensor, const TensorFacts& facts,
               const wire::ValueReader* values) {
  if (IsZero(tensor, values)) return IsState(tensor, facts.role);
  return IsMean(tensor, facts, values) || facts.fan_out == 1 || facts.groups > 1;
}

// The values tell of the bias beside the weight, too. Zeros do not, nor do sums, which a layer may
// start from, nor one number.
bool IsFixedKernel(Pattern pattern, const StoredTensor& tensor, const TensorFacts& facts,
                   const wire::ValueReader* values) {
  if (!IsWeight(facts.role)) return false;
  if (pattern != Pattern::kUniform) return true;
  if (ElementCount(tensor.tensor->dims) == 1 || IsZero(tensor, values)) return false;
  return facts.groups > 1 || IsMean(tensor, facts, values);
}

constexpr int64_t kFewElements = 64;

// The values speak against training.
bool IsMade(Pattern pattern, const SlotMeaning& meaning, const StoredTensor& tensor,
            const TensorFacts& facts, const wire::ValueReader* values) {
  switch (pattern) {
    case Pattern::kUnknown:
    case Pattern::kNoise:
      return false;
    case Pattern::kUniform:
      // A mask that lets everything pass.
      if (meaning.role == Role::kLayerScale) return IsOne(tensor, values);
      return IsWeight(meaning.role) && IsAverage(tensor, facts, values);
    case Pattern::kFewValues:
      // Trained weights of binary and ternary networks have few values too, but many elements.
      return meaning.evidence == Evidence::kOpen ||
             ElementCount(tensor.tensor->dims).value_or(0) <= kFewElements;
    default:
      return true;
  }
}

bool IsOpenOrWeight(const SlotMeaning& meaning) {
  return meaning.evidence == Evidence::kOpen || IsWeight(meaning.role);
}

void NoteUses(const Graph& graph, const std::vector<Reached>& reached, TensorFacts& facts) {
  constexpr size_t kMaxListed = 16;
  for (const Reached& use : reached) {
    if (facts.uses.size() == kMaxListed) break;
    const Node& node = graph.node(use.node);
    facts.uses.push_back({node.label, node.op_type, node.domain, use.input});
  }
}

// Vectors of the hidden size that stand one after another in a bias or in peepholes.
int64_t BlocksOf(const TensorFacts& facts) {
  if (facts.role == Role::kRnnPeephole) return 3;
  if (facts.recurrent_operator == "LSTM") return 8;
  return facts.recurrent_operator == "GRU" ? 6 : 2;
}

void NoteRecurrence(const Node& node, const StoredTensor& tensor, TensorFacts& facts) {
  const bool is_recurrent = facts.role == Role::kRnnInput || facts.role == Role::kRnnRecurrent ||
                            facts.role == Role::kRnnBias || facts.role == Role::kRnnPeephole;
  if (!is_recurrent) return;
  facts.recurrent_operator = node.op_type == "DynamicQuantizeLSTM" ? "LSTM" : node.op_type;
  facts.hidden_size = node.IntAttribute("hidden_size", 0);
  if (facts.hidden_size > 0) return;
  const bool is_vector = !IsWeight(facts.role) && !tensor.tensor->dims.empty();
  facts.hidden_size = is_vector ? tensor.tensor->dims.back() / BlocksOf(facts) : facts.fan_out;
}

// Parts lie along the one stored axis that is the output axis.
void NoteParts(const SlotMeaning& meaning, TensorFacts& facts) {
  if (meaning.parts.empty() || facts.axes.output.size() != 1) return;
  const int axis = facts.axes.output[0];
  const int64_t extent = facts.tensor->dims[static_cast<size_t>(axis)];
  int64_t begin = 0;
  for (const OutputPart& part : meaning.parts) {
    if (part.extent < 0 || part.extent > extent - begin) break;
    facts.parts.push_back({std::string(part.label), part.block_role, axis, begin,
                           begin + part.extent, facts.fan_in, part.extent});
    begin += part.extent;
  }
  if (begin != extent || facts.parts.size() != meaning.parts.size()) facts.parts.clear();
}

constexpr size_t kUsualReason = 192;  // bytes of a weight's, with what `plan` says

void TakeMeaning(const SlotContext& context, const StoredTensor& tensor, Reached& use,
                 TensorFacts& facts) {
  SlotMeaning& meaning = *use.meaning;
  facts.role = meaning.role;
  facts.learned = meaning.evidence != Evidence::kNot && IsLearned(meaning.role);
  // Of what a norm or a function of its own is taken of first, no factor says how large it is.
  facts.stored_scale = use.view.is_computed ? 1 : use.view.scale;
  facts.rests_at_zero = meaning.role == Role::kNormScale && use.view.shift == 1;
  if (facts.is_explained) {
    facts.reason.reserve(kUsualReason);
    AddStep(facts, PathText(context.graph, tensor, use));
    if (!meaning.text.empty()) AddStep(facts, meaning.text);
  }
  if (IsWeight(meaning.role)) {
    Fans fans = FansOf(meaning, use.view, tensor.dims());
    facts.fan_in = fans.fan_in;
    facts.fan_out = fans.fan_out;
    facts.axes = std::move(fans.axes);
    facts.groups = meaning.groups;
    NoteParts(meaning, facts);
  }
  NoteRecurrence(context.graph.node(use.node), tensor, facts);
  facts.unfillable = meaning.unfillable;
  facts.direction = meaning.direction;
  if (facts.learned) facts.quantization = QuantizationOf(context, tensor, use);
}

// What no rule says anything of is kept. That nothing is known of the operator is no more than
// that.
void NothingKnown(const Graph& graph, const StoredTensor& tensor,
                  const std::vector<Reached>& reached, TensorFacts& facts) {
  if (reached.empty()) return MakeConstant(facts, "nothing uses it");
  const auto unknown = std::find_if(reached.begin(), reached.end(), [&](const Reached& use) {
    return !IsKnownOperator(graph.node(use.node));
  });
  if (unknown == reached.end()) {
    return MakeConstant(
        facts, Text(PathText(graph, tensor, reached[0]), ": no weights are known to stand there"));
  }
  const Node& node = graph.node(unknown->node);
  MakeConstant(facts, PathText(graph, tensor, *unknown));
  if (ElementCount(tensor.tensor->dims) == 1) return;
  facts.unknown_reader = Text(node.op_type, " of domain ", Quote(node.domain));
  AddStep(facts, facts.unknown_reader, " is not known: kept");
}

// Blocks that onnxruntime's own layout fills up with zeros, which must stay.
void NotePadding(const Node& node, const StoredTensor& tensor, const wire::ValueReader* values,
                 TensorFacts& facts) {
  if (node.domain != "com.microsoft.nchwc" || !IsWeight(facts.role)) return;
  if (IsPadded(*tensor.tensor, values)) {
    facts.unfillable = "channels of zeros fill up its last block, and must stay zeros";
  }
}

const Role* FrozenRole(const SlotContext& context, const StoredTensor& tensor) {
  if (context.frozen_norms == nullptr) return nullptr;
  const auto id = static_cast<graph::TensorId>(&tensor - context.graph.tensors.data());
  const auto found = context.frozen_norms->find(id);
  return found == context.frozen_norms->end() ? nullptr : &found->second;
}

// What is turned into sines and cosines: frequencies of positions or times, and the random ones of
// Fourier features, which are drawn once and kept. No bias stands between.
bool IsFrequency(const SlotContext& context, const Reached& use) {
  if (use.view.is_angle) return true;
  const Node& node = context.graph.node(use.node);
  return IsAngle(context, node.Output(0));
}

// Exporters write an absent bias or scale as one number, expanded. A layer's own is never a scalar.
bool IsRepeatedNumber(const StoredTensor& tensor, const Reached& use) {
  if (use.meaning->evidence == Evidence::kOpen || IsWeight(use.meaning->role)) return false;
  if (use.meaning->direction != nullptr) return false;
  const wire::Dims& dims = tensor.tensor->dims;
  return dims.empty() || (ElementCount(dims) == 1 && !use.view.IsSingle());
}

// A layer's bias has one axis. What is [1, N] and all zero is a buffer that nothing was written to;
// if it is a bias after all, it rests where a reset would put it.
bool IsEmptyBuffer(const StoredTensor& tensor, Role role, const wire::ValueReader* values) {
  const wire::Dims& dims = tensor.tensor->dims;
  if (role != Role::kBias || dims.size() != 2 || dims[0] != 1 || dims[1] == 1) return false;
  if (Fingerprint(*tensor.tensor, values) != Pattern::kUniform) return false;
  return IsZero(tensor, values) || IsSmallInteger(tensor.tensor->data_type);
}

// One number that was computed from a parameter is no parameter: e^x of a logit scale.
bool IsParameter(Word word, const StoredTensor& tensor) {
  return word == Word::kParameter ||
         (word == Word::kOfParameter && ElementCount(tensor.tensor->dims) != 1);
}

// A module may use a parameter where programs have constants.
void MakeParameter(TensorFacts& facts) {
  if (!IsFloatingType(facts.tensor->data_type)) return;
  facts.role = Role::kParameter;
  facts.learned = true;
  AddStep(facts, "the exporter says that it is a parameter");
}

// Roles whose initial values are all the same number: a logit scale is one.
bool RestsUniform(Role role) { return role == Role::kLayerScale || role == Role::kLogitScale; }

// The numbers of `tensor`, or `absent` where there is no tensor; nothing where they cannot be read.
std::optional<std::vector<double>> NumbersOf(const wire::Tensor* tensor, double absent,
                                             const wire::ValueReader* values) {
  if (tensor == nullptr) return std::vector<double>{absent};
  const int64_t count = ElementCount(tensor->dims).value_or(0);
  if (values == nullptr || count == 0 || count > kMaxSampled) return std::nullopt;
  const auto read = values->Read(*tensor, 0, static_cast<uint64_t>(count));
  if (!read.ok()) return std::nullopt;
  return std::vector<double>(read->begin(), read->end());
}

// Nothing where it is not known. A scale that the graph multiplies with later is one number, or one
// for each output: what the rows of a weight look like does not depend on it.
std::optional<QuantizationGrid> GridOf(const QuantizationFacts& facts, bool is_weight,
                                       const wire::ValueReader* values) {
  if (facts.packed_bits != 0 || facts.block_size != 0) return std::nullopt;
  if (facts.scale == nullptr && !is_weight) return std::nullopt;
  const auto steps = NumbersOf(facts.scale, 1, values);
  auto zeros = NumbersOf(facts.zero_point, 0, values);
  if (!steps || !zeros) return std::nullopt;
  if (zeros->size() == 1) zeros->resize(steps->size(), zeros->front());
  if (zeros->size() != steps->size()) return std::nullopt;
  return QuantizationGrid{static_cast<size_t>(std::max(facts.axis, 0)), *steps, *std::move(zeros),
                          is_weight};
}

// Quantised numbers look like what they stand for.
Pattern PatternOf(const wire::Tensor& tensor, const SlotMeaning& meaning,
                  const std::optional<QuantizationFacts>& quantization,
                  const wire::ValueReader* values) {
  if (!quantization) return Fingerprint(tensor, values);
  const auto grid = GridOf(*quantization, IsWeight(meaning.role), values);
  return Fingerprint(tensor, values, grid ? &*grid : nullptr);
}

// The values may contradict what the place suggests; the exporter's word may confirm it.
void WeighValues(const StoredTensor& tensor, const SlotMeaning& meaning, Word word,
                 const wire::ValueReader* values, Verdict& verdict, TensorFacts& facts) {
  if (!IsOpenOrWeight(meaning)) return;
  const Pattern pattern = PatternOf(*tensor.tensor, meaning, facts.quantization, values);
  // PyTorch calls a parameter what is never trained, too (requires_grad=False): position tables.
  const bool is_table = pattern == Pattern::kSinusoid && meaning.role == Role::kPositionEmbedding;
  if (word == Word::kParameter && !is_table) return;
  if (IsMade(pattern, meaning, tensor, facts, values)) {
    verdict.is_fixed_kernel = IsFixedKernel(pattern, tensor, facts, values);
    MakeConstant(facts, Text("its values are ", Describe(pattern), ": not learned"));
  } else if (pattern == Pattern::kUniform && meaning.evidence == Evidence::kOpen &&
             !IsWeight(meaning.role) && !RestsUniform(meaning.role)) {
    MakeConstant(facts, "all its elements are equal, and its place is one of constants too: kept");
  } else if (pattern == Pattern::kUnknown && meaning.evidence == Evidence::kOpen &&
             !IsWeight(meaning.role)) {
    MakeConstant(facts, "its values are missing, and its place is one of constants too: kept");
  }
}

void NoteIdentity(const Graph& graph, const StoredTensor& tensor,
                  const std::vector<Reached>& reached, TensorFacts& facts) {
  facts.tensor = tensor.tensor;
  facts.name = tensor.name;
  facts.scope = tensor.scope;
  facts.source = tensor.source;
  NoteUses(graph, reached, facts);
}

// False where what the tensor is depends on its uses.
bool DecideWithoutUses(const Graph& graph, const StoredTensor& tensor, TensorFacts& facts) {
  if (tensor.source == Source::kAttribute) {
    DecideAttribute(graph, tensor, facts);
    return true;
  }
  if (tensor.is_training_state) {
    MakeConstant(facts, "belongs to the training algorithm, not to the network");
    return true;
  }
  if (IsInteger(tensor.tensor->data_type)) {
    MakeConstant(facts, "integers, truth values and text are not trained");
    return true;
  }
  return false;
}

// False where it is no part of a batch normalisation that the graph computes itself.
bool DecideFrozen(const SlotContext& context, const StoredTensor& tensor, TensorFacts& facts) {
  const Role* role = FrozenRole(context, tensor);
  if (role == nullptr) return false;
  facts.role = *role;
  facts.learned = IsLearned(*role);
  AddStep(facts, "a part of a batch normalisation that the graph computes itself");
  return true;
}

// Why a tensor is not learned although its operator's input is one of learned ones; empty where
// nothing says so.
std::string_view WhyNotLearned(const SlotContext& context, const StoredTensor& tensor,
                               const Reached& use, const wire::ValueReader* values,
                               const TensorFacts& facts) {
  if (IsFrequency(context, use)) {
    return "its sines and cosines are taken: frequencies or angles of positions";
  }
  if (IsRepeatedNumber(tensor, use)) return "one number, repeated: not trained";
  if (IsEmptyBuffer(tensor, facts.role, values)) {
    return "all zeros, in a shape that no layer's bias has: a buffer";
  }
  return "";
}

// What else speaks for or against learning, in the order of docs/inference.md. False where it shows
// that the place misleads: no use is decisive then.
bool Weigh(const SlotContext& context, const StoredTensor& tensor, const Reached& use,
           const wire::ValueReader* values, Verdict& verdict, TensorFacts& facts) {
  if (tensor.is_trained && facts.learned) {
    AddStep(facts, "the training information updates it");
    verdict.is_told = true;
    return true;
  }
  const Word word = context.words == nullptr ? Word::kNone : context.words->Of(tensor);
  verdict.is_told = word != Word::kNone;
  if (word == Word::kConstant && IsLearned(facts.role)) {
    MakeConstant(facts, "the exporter says that it is a buffer, not a parameter");
    return false;
  }
  if (facts.role == Role::kConstant && IsParameter(word, tensor)) MakeParameter(facts);
  if (!facts.learned) return true;
  if (const auto why = WhyNotLearned(context, tensor, use, values, facts); !why.empty()) {
    MakeConstant(facts, why);
    return false;
  }
  WeighValues(tensor, *use.meaning, word, values, verdict, facts);
  return true;
}

}  // namespace

void MakeConstant(TensorFacts& facts, std::string_view why) {
  facts.role = IsInteger(facts.tensor->data_type) || IsSmallInteger(facts.tensor->data_type)
                   ? Role::kStructural
                   : Role::kConstant;
  facts.learned = false;
  AddStep(facts, why);
}

Verdict Decide(const SlotContext& context, const StoredTensor& tensor,
               std::vector<Reached>& reached, const wire::ValueReader* values, TensorFacts& facts) {
  Verdict verdict;
  facts.is_explained = context.explains;
  NoteIdentity(context.graph, tensor, reached, facts);
  if (DecideWithoutUses(context.graph, tensor, facts)) return verdict;
  const int best = Strongest(tensor, context.graph, reached);
  if (best < 0) {
    NothingKnown(context.graph, tensor, reached, facts);
    return verdict;
  }
  if (DecideFrozen(context, tensor, facts)) return verdict;
  Reached& use = reached[static_cast<size_t>(best)];
  TakeMeaning(context, tensor, use, facts);
  NotePadding(context.graph.node(use.node), tensor, values, facts);
  if (Weigh(context, tensor, use, values, verdict, facts)) verdict.decisive = best;
  return verdict;
}

}  // namespace onnx_reinit::infer
