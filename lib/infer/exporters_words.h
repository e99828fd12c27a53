// What torch's exporter says of the tensors that it wrote: which of them are the module's
// parameters, and which its buffers. Metadata of torch.onnx and onnxscript; other exporters say
// nothing.
#ifndef ONNX_REINIT_INFER_EXPORTERS_WORDS_H_
#define ONNX_REINIT_INFER_EXPORTERS_WORDS_H_

#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "graph/graph.h"

namespace onnx_reinit::infer {

enum class Word {
  kNone,
  kParameter,
  kOfParameter,  // the exporter computed it from a parameter, and perhaps from other tensors
  kConstant,     // a buffer, or computed from buffers and from no parameter
};

class ExportersWords {
 public:
  // `graph` outlives this.
  explicit ExportersWords(const graph::Graph& graph);

  Word Of(const graph::StoredTensor& tensor) const;

 private:
  Word Of(const std::vector<wire::StringPair>& metadata) const;
  Word OfSources(std::string_view names) const;

  const graph::Graph& graph_;
  absl::flat_hash_map<std::string_view, Word> signature_;  // by the module's own names
};

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_EXPORTERS_WORDS_H_
