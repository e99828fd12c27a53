// Bytes that hold several numbers each.
#ifndef ONNX_REINIT_GEN_PACKED_H_
#define ONNX_REINIT_GEN_PACKED_H_

#include <memory>

#include "gen/generator.h"

namespace onnx_reinit::gen {

// The bytes of `numbers`, whose elements have `bits` each (2, 4 or 8), as elements of one byte.
std::unique_ptr<Generator> AsBytes(std::unique_ptr<Generator> numbers, int bits);

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_PACKED_H_
