#include "infer/exporters_words.h"

#include <algorithm>

namespace onnx_reinit::infer {
namespace {

constexpr std::string_view kSignatureKey = "pkg.torch.export.ExportedProgram.graph_signature";
constexpr std::string_view kKindKey = "pkg.torch.export.graph_signature.InputSpec.kind";
constexpr std::string_view kSourcesKey = "pkg.onnxscript.optimizer.folded_from";

std::vector<std::string_view> Split(std::string_view text, char at) {
  std::vector<std::string_view> pieces;
  for (size_t end = text.find(at); end != std::string_view::npos; end = text.find(at)) {
    pieces.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  pieces.push_back(text);
  return pieces;
}

// A kind of torch.export's InputKind.
Word WordOf(std::string_view kind) {
  return kind == "PARAMETER" ? Word::kParameter : Word::kConstant;
}

// What stands in single quotes: "['a', 'b']" gives a and b.
std::vector<std::string_view> Quoted(std::string_view text) {
  const std::vector<std::string_view> pieces = Split(text, '\'');
  std::vector<std::string_view> quoted;
  for (size_t i = 1; i + 1 < pieces.size(); i += 2) quoted.push_back(pieces[i]);
  return quoted;
}

std::string_view ValueOf(const std::vector<wire::StringPair>& metadata, std::string_view key) {
  const auto found = std::find_if(metadata.begin(), metadata.end(),
                                  [&](const wire::StringPair& entry) { return entry.key == key; });
  return found == metadata.end() ? std::string_view() : found->value;
}

}  // namespace

// Lines of "p_fc_weight: PARAMETER target='fc.weight'"; outputs and the user's inputs have no
// target.
ExportersWords::ExportersWords(const graph::Graph& graph) : graph_(graph) {
  if (graph.skeleton == nullptr) return;
  const std::string_view signature = ValueOf(graph.skeleton->graph.metadata, kSignatureKey);
  for (const std::string_view line : Split(signature, '\n')) {
    const std::vector<std::string_view> words = Split(line, ' ');
    if (words.size() < 3 || !words[2].starts_with("target=")) continue;
    for (const std::string_view target : Quoted(words[2])) {
      signature_.emplace(target, WordOf(words[1]));
    }
  }
}

Word ExportersWords::Of(const graph::StoredTensor& tensor) const {
  Word word = Of(tensor.tensor->metadata);
  for (const graph::ValueId value : tensor.values) {
    const wire::ValueInfo* info = graph_.value(value).info;
    if (word == Word::kNone && info != nullptr) word = Of(info->metadata);
  }
  return word;
}

Word ExportersWords::Of(const std::vector<wire::StringPair>& metadata) const {
  if (metadata.empty()) return Word::kNone;
  const std::string_view kind = ValueOf(metadata, kKindKey);
  return kind.empty() ? OfSources(ValueOf(metadata, kSourcesKey)) : WordOf(kind);
}

// Sources that the signature does not have are numbers of the program, or computed themselves.
Word ExportersWords::OfSources(std::string_view names) const {
  Word word = Word::kNone;
  for (const std::string_view name : Quoted(names)) {
    const auto found = signature_.find(name);
    if (found == signature_.end()) continue;
    if (found->second == Word::kParameter) return Word::kOfParameter;
    word = found->second;
  }
  return word;
}

}  // namespace onnx_reinit::infer
