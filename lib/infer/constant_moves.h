// Operators that rearrange, repeat or make small arrays.
#ifndef ONNX_REINIT_INFER_CONSTANT_MOVES_H_
#define ONNX_REINIT_INFER_CONSTANT_MOVES_H_

#include <optional>

#include "infer/array.h"

namespace onnx_reinit::infer {

struct ConstantCall;

// The integers that an operator has as the attribute `name` in old opsets and as input `input` in
// new ones: empty where neither is there; nothing where one is not known.
std::optional<std::vector<int64_t>> ListOf(const ConstantCall& call, std::string_view name,
                                           size_t input);

namespace moves {

using Result = std::optional<Array>;

// The first input, unchanged.
Result First(const ConstantCall& call);
// What all inputs are; nothing where they differ.
Result Agreed(const ConstantCall& call);

Result Concat(const ConstantCall& call);
Result ConstantOfShape(const ConstantCall& call);
Result Expand(const ConstantCall& call);
Result Flatten(const ConstantCall& call);
Result Gather(const ConstantCall& call);
Result Range(const ConstantCall& call);
Result Reshape(const ConstantCall& call);
Result Slice(const ConstantCall& call);
Result Split(const ConstantCall& call);
Result Squeeze(const ConstantCall& call);
Result Tile(const ConstantCall& call);
Result Transpose(const ConstantCall& call);
Result Unsqueeze(const ConstantCall& call);

}  // namespace moves
}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_CONSTANT_MOVES_H_
