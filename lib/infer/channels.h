// Which channels of a layer a value holds, where a split, a slice or a choice after the layer takes
// a run of them.
//
//   W [3 d, d] -> MatMul -> Reshape [., ., 3, heads, d / heads] -> Gather(axis 2, index 1): [d, 2
//   d)
#ifndef ONNX_REINIT_INFER_CHANNELS_H_
#define ONNX_REINIT_INFER_CHANNELS_H_

#include <cstdint>
#include <optional>

#include "graph/graph.h"
#include "infer/slot.h"

namespace onnx_reinit::infer {

// An axis of channels.
struct ChannelAxis {
  int64_t axis = -1;     // from the end where negative
  int64_t rank = 0;      // of the value; 0 where not known
  int64_t channels = 0;  // along it
};

struct ChannelRun {
  int64_t begin = 0;
  int64_t end = 0;
};

// The run of the channels of `from` that reaches `value`, which is computed from it; nullopt where
// all of them do, or where they cannot be followed (heads that hold a part of each).
std::optional<ChannelRun> ChannelsOf(const SlotContext& context, graph::ValueId value,
                                     graph::ValueId from, const ChannelAxis& axis);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_CHANNELS_H_
