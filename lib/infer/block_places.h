// The block of what is no layer: biases, scales of normalisations, layer scales, learned offsets.
#ifndef ONNX_REINIT_INFER_BLOCK_PLACES_H_
#define ONNX_REINIT_INFER_BLOCK_PLACES_H_

#include <vector>

#include "infer/facts.h"
#include "infer/following.h"
#include "infer/residuals.h"

namespace onnx_reinit::infer {

struct BlockPlace {
  int index = -1;
  int count = 0;
};

// Fills block_index and block_count of the learned tensors that have none and whose deciding use
// stands on the branch or the shortcut of a residual addition, or scales and shifts the normalised
// sum in a network whose next branch starts from that (post-norm). `places` has one for each of
// `additions`; `uses` as in NoteBlocks.
void PlaceOthers(const Surroundings& surroundings, const std::vector<Residual>& additions,
                 const std::vector<BlockPlace>& places, const std::vector<graph::Use>& uses,
                 std::vector<TensorFacts>& facts);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_BLOCK_PLACES_H_
