// Copies of weights that nothing computes with: a quantiser that leaves the float tensor in the file
// because the graph still asks for its shape.
#ifndef ONNX_REINIT_INFER_COPIES_H_
#define ONNX_REINIT_INFER_COPIES_H_

#include <vector>

#include "infer/facts.h"
#include "wire/payload.h"

namespace onnx_reinit::infer {

// A float tensor whose shape is all that the graph uses, and whose numbers are those of a quantised
// weight of the same shape up to the rounding to its grid, becomes what that weight is: trained
// values are not to survive in it. Compares a bounded number of elements and candidates for each.
void NoteCopies(const wire::ValueReader* values, std::vector<TensorFacts>& facts);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_COPIES_H_
