// Attention over several streams at once, as MM-DiT has it: each stream makes queries, keys and
// values by layers of its own, all are joined along the sequence, and the output is split again.
//
//   Concat(q0, q1), Concat(k0, k1), Concat(v0, v1) -> attention -> Split -> o0, o1
#ifndef ONNX_REINIT_INFER_JOINT_ATTENTION_H_
#define ONNX_REINIT_INFER_JOINT_ATTENTION_H_

#include <vector>

#include "infer/attention.h"
#include "infer/layers.h"

namespace onnx_reinit::infer {

// One site for each stream, or `site` alone where its query, key and value are not all joined, each
// by a Concat of its own, from as many layers. The streams' outputs are the parts that the output
// is split into, in the order of the graph, or all of it where it is not split into as many.
std::vector<AttentionSite> StreamsOf(const Layers& layers, const AttentionSite& site);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_JOINT_ATTENTION_H_
