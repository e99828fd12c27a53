// One element-wise distribution with its numbers in float32, and the scalar code that defines
// stream 1: which value each element gets. Every vector kernel equals it bit for bit.
#ifndef ONNX_REINIT_GEN_DRAW_H_
#define ONNX_REINIT_GEN_DRAW_H_

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "onnx_reinit/fill.h"

namespace onnx_reinit::gen {

enum class DrawKind { kConstant, kUniform, kNormal, kTruncatedNormal };

// Bounds of a truncated normal further out than this many standard deviations are taken as this
// many: the mass beyond is 2e-9.
inline constexpr double kFurthestBound = 6.0;

// Element e takes word e % 4 of Philox block e / 4; `kind` says how words become values:
//   uniform           min(signed word * scale + centre, highest); scale is half the width * 2^-31
//   normal            the words of a block in pairs (a, b), Box and Muller:
//                     r = sqrt(-2 ln(open fraction a)) * scale; r cos(2 pi b) + centre,
//                     r sin(2 pi b) + centre
//   truncated normal  inverse of the normal distribution between the bounds; * scale + centre, kept
//                     within [lowest, highest]
struct Draw {
  DrawKind kind = DrawKind::kConstant;
  uint64_t key = 0;
  uint32_t part = 0;
  float centre = 0;
  float scale = 0;
  float lowest = 0;   // no value is below; not used by constant and normal
  float highest = 0;  // no value is above; likewise
  // Truncated normal, in units of its parent: with x = middle + signed word * half_width, the
  // value lies below with probability (1 + x) / 2. Beyond kCentralLimit the distance to the nearer
  // end counts, so that tails stay exact: upper_mass (lower_mass) lies above (below) the bounds,
  // and half a word step is tail_step.
  float middle = 0;
  float half_width = 0;
  float lower_mass = 0;
  float upper_mass = 0;
  float tail_step = 0;
  bool reaches_tail = false;
};

// The draw that `values` asks for. InvalidArgument where its numbers are not finite, a width is
// negative, or a truncated normal's bounds leave nothing. Only for the distributions of DrawKind.
absl::StatusOr<Draw> MakeDraw(const Values& values, uint64_t key, uint32_t part);

// Elements 4 * block to 4 * block + 3.
std::array<float, 4> DrawBlock(const Draw& draw, uint64_t block);

// Elements [first, first + out.size()).
void DrawScalar(const Draw& draw, uint64_t first, absl::Span<float> out);

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_DRAW_H_
