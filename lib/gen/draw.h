// One element-wise distribution with its numbers in float32, and the scalar code that defines
// stream 1: which value each element gets. Every vector kernel equals it bit for bit.
#ifndef ONNX_REINIT_GEN_DRAW_H_
#define ONNX_REINIT_GEN_DRAW_H_

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "onnx_reinit/fill.h"

namespace onnx_reinit::gen {

enum class DrawKind {
  kConstant,
  kUniform,
  kNormal,
  // Truncated normal, by the approximation that its bounds need. The first two are symmetric.
  kInnerNormal,    // both bounds within kInnerLimit
  kCentralNormal,  // both bounds within kCentralLimit
  kTailedNormal,   // any bounds
};

// Bounds of a truncated normal further out than this many standard deviations are taken as this
// many: the mass beyond is 2e-9.
inline constexpr double kFurthestBound = 6.0;

// Elements go in groups of 64, that is, 16 Philox blocks: element 64 g + 16 i + l takes word i of
// block 16 g + l, so that vectors of 4, 8 or 16 lanes yield consecutive elements.
inline constexpr uint64_t kGroupBlocks = 16;
inline constexpr uint64_t kGroupElements = 64;

// How words become values, all in float32:
//   uniform           signed word * scale + centre
//   normal            words 0 and 1, then 2 and 3 of a block, as pairs (a, b); Box and Muller:
//                     r = sqrt(-2 ln(open fraction a)) * scale; first value r cos(2 pi b) + centre,
//                     second r sin(2 pi b) + centre
//   truncated normal  x = signed word * half_width; the value lies below with probability (1 + x) /
//                     2: its standard normal quantile * scale + centre. The bounds are taken a
//                     little closer, so that no rounding leads beyond them.
//     ... tailed      x = signed word * half_width + middle. Beyond kCentralLimit the distance to
//                     the nearer end counts, so that tails stay exact: open fraction of the word's
//                     distance from that end * mass + lower_mass (upper_mass). The value is kept
//                     within [lowest, highest].
struct Draw {
  DrawKind kind = DrawKind::kConstant;
  uint64_t key = 0;
  uint32_t part = 0;
  float centre = 0;
  float scale = 0;      // normal: std; uniform: half the width, per unit of a signed word
  float magnitude = 0;  // no value is further from 0
  // Truncated normal only.
  float half_width = 0;                 // per unit of a signed word
  std::array<float, 5> numerator = {};  // kInnerNormal: kInnerNumerator * scale
  // kTailedNormal only.
  float middle = 0;
  float mass = 0;        // probability between the bounds
  float lower_mass = 0;  // below them
  float upper_mass = 0;  // above them
  float lowest = 0;
  float highest = 0;
};

// The draw that `values` asks for. InvalidArgument where its numbers are not finite, a width is
// negative, or a truncated normal's bounds leave nothing. Only for the distributions of DrawKind.
absl::StatusOr<Draw> MakeDraw(const Values& values, uint64_t key, uint32_t part);

// The value of one word, for the kinds where each word stands alone: not kConstant, not kNormal.
float DrawWord(const Draw& draw, uint32_t word);

// Elements [64 * group, 64 * group + 64).
std::array<float, kGroupElements> DrawGroup(const Draw& draw, uint64_t group);

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_DRAW_H_
