// The grid on which the numbers of a quantised tensor lie.
#ifndef ONNX_REINIT_BASE_QUANTIZATION_H_
#define ONNX_REINIT_BASE_QUANTIZATION_H_

#include <cstdint>
#include <vector>

namespace onnx_reinit {

// How integers stand for real numbers: real = (stored - zero_point) * scale. Scales and zero points
// are the file's own and are not changed.
struct Quantization {
  // One entry per group of elements; an element's group is found with `axis` and `block_size`.
  std::vector<float> scale;
  std::vector<float> zero_point;  // one per group, or one for all of them
  int axis = -1;                  // -1: one group for the whole tensor
  // 0: one group per index of axis. Else blocks of this many indices of axis (the last one may be
  // shorter), and one group per block and index of the other axes: the scales have the tensor's
  // shape with axis cut to its number of blocks, row-major.
  int64_t block_size = 0;
};

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_BASE_QUANTIZATION_H_
