// The vector kernels: this file is compiled once per instruction set (Highway's foreach_target).
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "gen/vector_kernels.cc"
// clang-format off: foreach_target comes first
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// clang-format on

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "gen/kernels.h"
#include "gen/vector_math-inl.h"
#include "gen/vector_matrix-inl.h"
#include "gen/vector_philox-inl.h"

HWY_BEFORE_NAMESPACE();
namespace onnx_reinit::gen {
namespace HWY_NAMESPACE {
#if HWY_TARGET != HWY_SCALAR

namespace hn = hwy::HWY_NAMESPACE;

constexpr size_t kLanes = HWY_LANES(float);
static_assert(kGroupBlocks % kLanes == 0);

// Pairs of vectors that go through Philox at once: two keep the multipliers busy.
constexpr size_t kPairs = 2;

// The values of kLanes blocks: row i holds those of their words i.
struct Rows {
  VecF row0, row1, row2, row3;
};

struct ConstantDraw {
  explicit ConstantDraw(const Draw& draw) : centre(hn::Set(TagF(), draw.centre)) {}
  HWY_INLINE Rows operator()(const VecWords&) const { return {centre, centre, centre, centre}; }
  VecF centre;
};

struct UniformDraw {
  explicit UniformDraw(const Draw& draw)
      : centre(hn::Set(TagF(), draw.centre)), scale(hn::Set(TagF(), draw.scale)) {}
  HWY_INLINE VecF One(VecU word) const { return hn::Add(hn::Mul(SignedWord(word), scale), centre); }
  HWY_INLINE Rows operator()(const VecWords& words) const {
    return {One(words.word0), One(words.word1), One(words.word2), One(words.word3)};
  }
  VecF centre, scale;
};

struct NormalDraw {
  explicit NormalDraw(const Draw& draw)
      : centre(hn::Set(TagF(), draw.centre)), scale(hn::Set(TagF(), draw.scale)) {}
  HWY_INLINE void Pair(VecU radius_word, VecU angle_word, VecF& first, VecF& second) const {
    const VecF squared = hn::Mul(Log(OpenFraction(radius_word)), hn::Set(TagF(), -2.0f));
    const VecF radius = hn::Mul(hn::Sqrt(squared), scale);
    const VecSinCos angle = SinCosOfTurn(angle_word);
    first = hn::Add(hn::Mul(radius, angle.cos), centre);
    second = hn::Add(hn::Mul(radius, angle.sin), centre);
  }
  HWY_INLINE Rows operator()(const VecWords& words) const {
    Rows rows;
    Pair(words.word0, words.word1, rows.row0, rows.row1);
    Pair(words.word2, words.word3, rows.row2, rows.row3);
    return rows;
  }
  VecF centre, scale;
};

template <bool kReachesTail>
struct TruncatedDraw {
  explicit TruncatedDraw(const Draw& draw)
      : centre(hn::Set(TagF(), draw.centre)),
        scale(hn::Set(TagF(), draw.scale)),
        lowest(hn::Set(TagF(), draw.lowest)),
        highest(hn::Set(TagF(), draw.highest)),
        middle(hn::Set(TagF(), draw.middle)),
        half_width(hn::Set(TagF(), draw.half_width)),
        mass(hn::Set(TagF(), draw.mass)),
        lower_mass(hn::Set(TagF(), draw.lower_mass)),
        upper_mass(hn::Set(TagF(), draw.upper_mass)) {}

  HWY_INLINE VecF TailQuantile(VecU word, VecF x) const {
    const auto upper = hn::Gt(x, hn::Zero(TagF()));
    const VecU from_lower_end = hn::Xor(word, hn::Set(TagU(), 0x80000000u));
    const VecU all_if_upper = hn::BitCast(TagU(), hn::VecFromMask(TagF(), upper));
    const VecF outside = hn::IfThenElse(upper, upper_mass, lower_mass);
    const VecF q =
        hn::Add(hn::Mul(OpenFraction(hn::Xor(from_lower_end, all_if_upper)), mass), outside);
    return hn::CopySign(InverseNormalTail(q), x);
  }

  HWY_INLINE VecF One(VecU word) const {
    const VecF x = hn::Add(hn::Mul(SignedWord(word), half_width), middle);
    VecF quantile = InverseNormalCentral(x);
    if constexpr (kReachesTail) {
      const auto central = hn::Le(hn::Abs(x), hn::Set(TagF(), kCentralLimit));
      quantile = hn::IfThenElse(central, quantile, TailQuantile(word, x));
    }
    return hn::Max(hn::Min(hn::Add(hn::Mul(quantile, scale), centre), highest), lowest);
  }
  HWY_INLINE Rows operator()(const VecWords& words) const {
    return {One(words.word0), One(words.word1), One(words.word2), One(words.word3)};
  }
  VecF centre, scale, lowest, highest, middle, half_width, mass, lower_mass, upper_mass;
};

struct StoreFloat {
  using Element = float;
  static HWY_INLINE void Store(VecF values, Element* out) { hn::StoreU(values, TagF(), out); }
};

using TagU16 = hn::Rebind<uint16_t, TagF>;

struct StoreBfloat16 {
  using Element = uint16_t;
  // Upper halves, rounded to nearest even.
  static HWY_INLINE void Store(VecF values, Element* out) {
    const TagU u;
    const VecU bits = hn::BitCast(u, values);
    const VecU odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(u, 1));
    const VecU rounded = hn::Add(hn::Add(bits, hn::Set(u, 0x7FFF)), odd);
    hn::StoreU(hn::TruncateTo(TagU16(), hn::ShiftRight<16>(rounded)), TagU16(), out);
  }
  // The same for two vectors at once: upper + carry of (lower + 0x7FFF + upper's last bit). The
  // rounding average is half of that sum, so its top bit is the carry.
  static HWY_INLINE void Store(VecF values, VecF next, Element* out) {
    const hn::Repartition<uint16_t, TagF> d;
    const auto low = hn::BitCast(d, values);
    const auto high = hn::BitCast(d, next);
    const auto upper = hn::ConcatOdd(d, high, low);
    const auto lower = hn::ConcatEven(d, high, low);
    const auto addend = hn::And(hn::Or(upper, hn::Set(d, 0x7FFE)), hn::Set(d, 0x7FFF));
    const auto carry = hn::ShiftRight<15>(hn::AverageRound(lower, addend));
    hn::StoreU(hn::Add(upper, carry), d, out);
  }
};

struct StoreFloat16 {
  using Element = uint16_t;
#if HWY_TARGET == HWY_SSE4 || HWY_ARCH_ARM_V7
  // No instruction converts: normal numbers round as integers, subnormal ones by adding a number
  // whose last place is theirs.
  static HWY_INLINE void Store(VecF values, Element* out) {
    const TagU u;
    const TagF f;
    const VecU bits = hn::BitCast(u, values);
    const VecU sign = hn::And(bits, hn::Set(u, 0x80000000u));
    const VecU magnitude = hn::Xor(bits, sign);
    const VecU odd = hn::And(hn::ShiftRight<13>(magnitude), hn::Set(u, 1));
    const VecU rebased = hn::Sub(magnitude, hn::Set(u, (112u << 23) - 0xFFF));
    const VecU normal = hn::ShiftRight<13>(hn::Add(rebased, odd));
    const VecF half = hn::Set(f, 0.5f);
    const VecU subnormal =
        hn::Sub(hn::BitCast(u, hn::Add(hn::BitCast(f, magnitude), half)), hn::BitCast(u, half));
    const auto is_normal = hn::Ge(hn::BitCast(f, magnitude), hn::Set(f, 0x1p-14f));
    const VecU narrow = hn::IfThenElse(hn::RebindMask(u, is_normal), normal, subnormal);
    const VecU with_sign = hn::Or(narrow, hn::ShiftRight<16>(sign));
    hn::StoreU(hn::TruncateTo(TagU16(), with_sign), TagU16(), out);
  }
#else
  static HWY_INLINE void Store(VecF values, Element* out) {
    const hn::Rebind<hwy::float16_t, TagF> d16;
    hn::StoreU(hn::BitCast(TagU16(), hn::DemoteTo(d16, values)), TagU16(), out);
  }
#endif
};

template <class Storage>
HWY_INLINE void StoreRows(const Rows& rows, typename Storage::Element* out) {
  if constexpr (std::is_same_v<Storage, StoreBfloat16> && kLanes == kGroupBlocks) {
    StoreBfloat16::Store(rows.row0, rows.row1, out);  // one permutation for two rows
    StoreBfloat16::Store(rows.row2, rows.row3, out + 2 * kGroupBlocks);
  } else {
    Storage::Store(rows.row0, out);
    Storage::Store(rows.row1, out + kGroupBlocks);
    Storage::Store(rows.row2, out + 2 * kGroupBlocks);
    Storage::Store(rows.row3, out + 3 * kGroupBlocks);
  }
}

// Writes the next kCount * kLanes blocks, of which the first is block `lane` of the group at `out`.
template <size_t kCount, class Storage, class DrawCode>
HWY_INLINE void FillBlocks(const DrawCode& code, VecPhilox& philox, size_t lane,
                           typename Storage::Element* out) {
  VecWords words[kCount];
  philox.Next(words);
  for (size_t i = 0; i < kCount; ++i, lane += kLanes) {
    auto* to = out + lane / kGroupBlocks * kGroupElements + lane % kGroupBlocks;
    StoreRows<Storage>(code(words[i]), to);
  }
}

// `groups` groups whose block numbers have the same high half.
template <class Storage, class DrawCode>
HWY_INLINE void FillSegment(const DrawCode& code, VecPhilox philox, uint64_t groups,
                            typename Storage::Element* out) {
  constexpr size_t kAtOnce = kPairs * kLanes;  // blocks
  constexpr size_t kStep = std::max<size_t>(kAtOnce, kGroupBlocks);
  constexpr size_t kGroupsPerStep = kStep / kGroupBlocks;
  for (; groups >= kGroupsPerStep; groups -= kGroupsPerStep) {
    for (size_t lane = 0; lane < kStep; lane += kAtOnce) {
      FillBlocks<kPairs, Storage>(code, philox, lane, out);
    }
    out += kGroupsPerStep * kGroupElements;
  }
  if (groups > 0) FillBlocks<1, Storage>(code, philox, 0, out);  // only where a step is two groups
}

template <class DrawCode, class Storage>
void FillGroups(const Draw& draw, uint64_t first_group, uint64_t groups, uint8_t* out) {
  constexpr uint64_t kGroupsPerHighWord = (uint64_t{1} << 32) / kGroupBlocks;
  const DrawCode code(draw);
  auto* to = reinterpret_cast<typename Storage::Element*>(out);
  const uint64_t end = first_group + groups;
  for (uint64_t group = first_group; group < end;) {
    const uint64_t segment_end =
        std::min(end, (group / kGroupsPerHighWord + 1) * kGroupsPerHighWord);
    const VecPhilox philox(draw.key, draw.part, group * kGroupBlocks);
    FillSegment<Storage>(code, philox, segment_end - group, to);
    to += (segment_end - group) * kGroupElements;
    group = segment_end;
  }
}

template <class DrawCode>
void FillOutput(const Draw& draw, KernelOutput output, uint64_t first_group, uint64_t groups,
                uint8_t* out) {
  switch (output) {
    case KernelOutput::kFloat:
      return FillGroups<DrawCode, StoreFloat>(draw, first_group, groups, out);
    case KernelOutput::kFloat16:
      return FillGroups<DrawCode, StoreFloat16>(draw, first_group, groups, out);
    case KernelOutput::kBfloat16:
      return FillGroups<DrawCode, StoreBfloat16>(draw, first_group, groups, out);
  }
}

void FillVector(const Draw& draw, KernelOutput output, uint64_t first_group, uint64_t groups,
                uint8_t* out) {
  switch (draw.kind) {
    case DrawKind::kConstant:
      return FillOutput<ConstantDraw>(draw, output, first_group, groups, out);
    case DrawKind::kUniform:
      return FillOutput<UniformDraw>(draw, output, first_group, groups, out);
    case DrawKind::kNormal:
      return FillOutput<NormalDraw>(draw, output, first_group, groups, out);
    case DrawKind::kTruncatedNormal:
      return draw.reaches_tail
                 ? FillOutput<TruncatedDraw<true>>(draw, output, first_group, groups, out)
                 : FillOutput<TruncatedDraw<false>>(draw, output, first_group, groups, out);
  }
}

#endif  // HWY_TARGET != HWY_SCALAR
}  // namespace HWY_NAMESPACE
}  // namespace onnx_reinit::gen
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace onnx_reinit::gen {

std::vector<KernelRow> AvailableVectorKernels() {
  const int64_t supported = hwy::SupportedTargets();
  std::vector<KernelRow> rows;
#if HWY_TARGETS & HWY_AVX3
  if (supported & HWY_AVX3)
    rows.push_back({Kernel::kAvx512, "avx512", N_AVX3::FillVector, N_AVX3::ProductVector});
#endif
#if HWY_TARGETS & HWY_AVX2
  if (supported & HWY_AVX2)
    rows.push_back({Kernel::kAvx2, "avx2", N_AVX2::FillVector, N_AVX2::ProductVector});
#endif
#if HWY_TARGETS & HWY_SSE4
  if (supported & HWY_SSE4)
    rows.push_back({Kernel::kSse4, "sse4", N_SSE4::FillVector, N_SSE4::ProductVector});
#endif
#if HWY_TARGETS & HWY_NEON
  if (supported & HWY_NEON)
    rows.push_back({Kernel::kNeon, "neon", N_NEON::FillVector, N_NEON::ProductVector});
#endif
  return rows;
}

}  // namespace onnx_reinit::gen
#endif  // HWY_ONCE
