// The words a plan is written in. Each enumerator's text is its name in snake case; the tables in
// base/vocabulary.cc hold them once, and `list`, JSON, recipes and tests all read those tables.
#ifndef ONNX_REINIT_VOCABULARY_H_
#define ONNX_REINIT_VOCABULARY_H_

#include <optional>
#include <string_view>

namespace onnx_reinit {

// What a stored tensor is to the network.
enum class Role {
  // Weights: they multiply data, and fans are defined.
  kLinear,
  kConv,
  kConvTranspose,
  kEmbedding,
  kRnnInput,
  kRnnRecurrent,
  // Learned, beside the weights.
  kPositionEmbedding,
  kBias,
  kRnnBias,
  kRnnPeephole,
  kNormScale,
  kNormBias,
  kPreluSlope,
  kLayerScale,
  kLogitScale,
  kRelPosBias,
  kToken,
  kParameter,  // learned, none of the others
  // Running statistics: not trained, but reset with the network.
  kNormMean,
  kNormVar,
  // Never learned.
  kQuantScale,
  kQuantZeroPoint,
  kStructural,  // shapes, axes, indices
  kConstant,    // everything else that is not learned
};

// A weight's place in the block that holds it; kNone where the dataflow does not say.
enum class BlockRole {
  kNone,
  kQuery,
  kKey,
  kValue,
  kQkv,
  kKv,
  kAttentionOutput,
  kMlpIn,
  kMlpGate,
  kMlpGateUp,
  kMlpOutput,
  kRouter,
  kPatchEmbedding,
  kStem,
  kHead,
  kDepthwise,
  kPointwise,
};

// Where in the file a tensor is stored.
enum class Source { kInitializer, kSparseInitializer, kConstant, kAttribute };

// What a plan does with a tensor. Reset (norm scale to 1, bias to 0 ...) counts as reinitialize.
enum class Action { kReinitialize, kKeep };

std::string_view ToString(Role role);
std::string_view ToString(BlockRole role);  // kNone is the empty string
std::string_view ToString(Source source);
std::string_view ToString(Action action);
std::optional<Role> ParseRole(std::string_view text);
std::optional<BlockRole> ParseBlockRole(std::string_view text);
std::optional<Source> ParseSource(std::string_view text);
std::optional<Action> ParseAction(std::string_view text);

// True for the six roles for which fan-in and fan-out are defined.
bool IsWeight(Role role);
// True for every role that training changes (running statistics are not trained).
bool IsLearned(Role role);

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_VOCABULARY_H_
