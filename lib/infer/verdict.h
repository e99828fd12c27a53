// What one tensor is, from all its uses, the exporter's word and its values.
#ifndef ONNX_REINIT_INFER_VERDICT_H_
#define ONNX_REINIT_INFER_VERDICT_H_

#include <string>
#include <vector>

#include "infer/facts.h"
#include "infer/reach.h"
#include "infer/slot.h"
#include "wire/payload.h"

namespace onnx_reinit::infer {

struct Verdict {
  // The use that decided, as an index into `reached`; -1 where none did.
  int decisive = -1;
  // Training information or the exporter says whether it is learned.
  bool is_told = false;
  // It stands where a weight does, and its values say that a program made the layer.
  bool is_fixed_kernel = false;
};

// Fills in `facts`, which are new, all but activations and blocks. The text of the use that decides
// is moved into its reason.
//
// Order of evidence: training information, the exporter's metadata, the operator's input, the place
// in the graph, the values. With no evidence either way the tensor is kept, and the chain says so.
Verdict Decide(const SlotContext& context, const graph::StoredTensor& tensor,
               std::vector<Reached>& reached, const wire::ValueReader* values, TensorFacts& facts);

// What is decided is withdrawn: kConstant (kStructural, of integers), for the reason `why`.
void MakeConstant(TensorFacts& facts, std::string_view why);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_VERDICT_H_
