// The distributions whose elements depend on one another, or on their place: computed whole.
#ifndef ONNX_REINIT_GEN_STRUCTURED_H_
#define ONNX_REINIT_GEN_STRUCTURED_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "gen/kernels.h"
#include "onnx_reinit/fill.h"

namespace onnx_reinit::gen {

// True for the distributions that MakeStructured makes; all others are draws (gen/draw.h).
bool IsStructured(Distribution distribution);

// The elements of a piece of shape `dims`, row-major. With R rows, C columns and K taps per matrix:
//   orthogonal        R x (C K), or its transpose, has orthonormal columns, times gain: Saxe,
//                     McClelland, Ganguli 2013; torch.nn.init.orthogonal_
//   delta-orthogonal  the same for the R x C matrix at the tap (size - 1) / 2 of each axis, 0 at
//   all
//                     others: Xiao et al. 2018, algorithm 1
//   dirac             gain at (i, i) of the tap size / 2 of each axis, else 0: torch.nn.init.dirac_
//   identity          gain at (i, i) of the R x (C K) matrix, else 0
//   sparse            normal(mean, std); in each column ceil(sparsity * R) rows are 0, chosen at
//                     random: Martens 2010; torch.nn.init.sparse_
//   log range         ln 1, ln 2, ... along the last axis: Gu, Dao 2023 (A_log)
//   inverse softplus  ln(e^d - 1) with ln d uniform on [ln low, ln high): Gu, Dao 2023 (dt bias)
// InvalidArgument where the piece's numbers or matrix do not fit the distribution,
// ResourceExhausted where it has more than 2^30 elements.
absl::StatusOr<std::vector<float>> MakeStructured(const Piece& piece,
                                                  absl::Span<const int64_t> dims, uint64_t key,
                                                  uint32_t part, const KernelRow& kernel);

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_STRUCTURED_H_
