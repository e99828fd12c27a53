// The vector kernels: this file is compiled once per instruction set (Highway's foreach_target).
#if defined(__GNUC__) && !defined(__clang__)
// The long chains of dependent operations want to be interleaved before registers are assigned,
// which GCC does not do by itself on x86: up to a quarter more speed. With sched-pressure, which
// saves registers, the uniform distribution would be a tenth slower on AVX2; a second pass after
// the registers are assigned helps none.
#pragma GCC optimize("schedule-insns,no-schedule-insns2")
#endif
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "gen/vector_kernels.cc"
// clang-format off: foreach_target comes first
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// clang-format on

#if HWY_ARCH_X86
#include <cpuid.h>
#endif

#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "gen/kernels.h"
#include "gen/vector_math-inl.h"
#include "gen/vector_matrix-inl.h"
#include "gen/vector_philox-inl.h"

HWY_BEFORE_NAMESPACE();
namespace onnx_reinit::gen::HWY_NAMESPACE {
#if HWY_TARGET != HWY_SCALAR

namespace hn = hwy::HWY_NAMESPACE;

constexpr size_t kLanes = HWY_LANES(float);
static_assert(kGroupBlocks % kLanes == 0);

// Pairs of vectors that go through Philox at once: two keep the multipliers busy.
constexpr size_t kPairs = 2;

// The values of kLanes blocks: row i holds those of their words i.
struct Rows {
  std::array<VecF, 4> row;
};

struct ConstantDraw {
  explicit ConstantDraw(const Draw& draw) : centre(hn::Set(TagF(), draw.centre)) {}
  HWY_INLINE Rows operator()(const VecWords&) const { return {{centre, centre, centre, centre}}; }
  VecF centre;
};

// About 0, the usual case, one operation less counts.
template <bool kAboutZero>
struct UniformDraw {
  explicit UniformDraw(const Draw& draw)
      : centre(hn::Set(TagF(), draw.centre)), scale(hn::Set(TagF(), draw.scale)) {}
  HWY_INLINE VecF One(VecU word) const {
    const VecF deviation = hn::Mul(SignedWord(word), scale);
    return kAboutZero ? deviation : hn::Add(deviation, centre);
  }
  HWY_INLINE Rows operator()(const VecWords& words) const {
    return {{One(words.word0), One(words.word1), One(words.word2), One(words.word3)}};
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
    Pair(words.word0, words.word1, rows.row[0], rows.row[1]);
    Pair(words.word2, words.word3, rows.row[2], rows.row[3]);
    return rows;
  }
  VecF centre, scale;
};

struct InnerNormalDraw {
  explicit InnerNormalDraw(const Draw& draw)
      : centre(hn::Set(TagF(), draw.centre)),
        half_width(hn::Set(TagF(), draw.half_width)),
        numerator(draw.numerator) {}
  HWY_INLINE VecF One(VecU word) const {
    return hn::Add(InverseNormalInner(hn::Mul(SignedWord(word), half_width), numerator), centre);
  }
  HWY_INLINE Rows operator()(const VecWords& words) const {
    return {{One(words.word0), One(words.word1), One(words.word2), One(words.word3)}};
  }
  VecF centre, half_width;
  std::array<float, 5> numerator;
};

struct CentralNormalDraw {
  explicit CentralNormalDraw(const Draw& draw)
      : centre(hn::Set(TagF(), draw.centre)),
        scale(hn::Set(TagF(), draw.scale)),
        half_width(hn::Set(TagF(), draw.half_width)) {}
  HWY_INLINE VecF One(VecU word) const {
    const VecF quantile = InverseNormalCentral(hn::Mul(SignedWord(word), half_width));
    return hn::Add(hn::Mul(quantile, scale), centre);
  }
  HWY_INLINE Rows operator()(const VecWords& words) const {
    return {{One(words.word0), One(words.word1), One(words.word2), One(words.word3)}};
  }
  VecF centre, scale, half_width;
};

struct TailedNormalDraw {
  explicit TailedNormalDraw(const Draw& draw)
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
    const auto is_central = hn::Le(hn::Abs(x), hn::Set(TagF(), kCentralLimit));
    const VecF quantile =
        hn::IfThenElse(is_central, InverseNormalCentral(x), TailQuantile(word, x));
    return hn::Max(hn::Min(hn::Add(hn::Mul(quantile, scale), centre), highest), lowest);
  }
  HWY_INLINE Rows operator()(const VecWords& words) const {
    return {{One(words.word0), One(words.word1), One(words.word2), One(words.word3)}};
  }
  VecF centre, scale, lowest, highest, middle, half_width, mass, lower_mass, upper_mass;
};

// What one call of Store gets.
enum class StoreOrder {
  kOneVector,
  kTwoRows,      // two vectors that fill a row each, and lie side by side
  kInterleaved,  // two vectors whose elements alternate
};

struct StoreFloat {
  using Element = float;
  static constexpr StoreOrder kOrder = StoreOrder::kOneVector;
  static HWY_INLINE void Store(VecF values, Element* out) { hn::StoreU(values, TagF(), out); }
};

using TagU16 = hn::Rebind<uint16_t, TagF>;

struct StoreBfloat16 {
  using Element = uint16_t;
  using Tag16 = hn::Repartition<uint16_t, TagF>;
  using Vec16 = hn::Vec<Tag16>;

  // Upper halves, rounded to nearest even.
#if HWY_TARGET == HWY_AVX3
  static_assert(kLanes == kGroupBlocks);
  static constexpr StoreOrder kOrder = StoreOrder::kTwoRows;
  static HWY_INLINE void Store(VecF values, VecF next, Element* out) {
    const VecU low = hn::BitCast(TagU(), values);
    const VecU high = hn::BitCast(TagU(), next);
    hn::StoreU(Rounded(Halves<1>(low, high), Halves<0>(low, high)), Tag16(), out);
  }
#else
  static constexpr StoreOrder kOrder = StoreOrder::kInterleaved;
  static HWY_INLINE void Store(VecF even, VecF odd, Element* out) {
    const Tag16 d;
    const VecU evens = hn::BitCast(TagU(), even);
    const VecU odds = hn::BitCast(TagU(), odd);
    const Vec16 upper =
        hn::OddEven(hn::BitCast(d, odds), hn::BitCast(d, hn::ShiftRight<16>(evens)));
    const Vec16 lower = hn::OddEven(hn::BitCast(d, hn::ShiftLeft<16>(odds)), hn::BitCast(d, evens));
    hn::StoreU(Rounded(upper, lower), d, out);
  }
#endif

 private:
  // Upper + carry of (lower + 0x7FFF + upper's last bit). The rounding average is half of that sum,
  // so its top bit is the carry.
  static HWY_INLINE Vec16 Rounded(Vec16 upper, Vec16 lower) {
    const Tag16 d;
    const Vec16 addend = hn::OrAnd(hn::Set(d, 0x7FFE), upper, hn::Set(d, 1));
    return hn::Add(upper, hn::ShiftRight<15>(hn::AverageRound(lower, addend)));
  }
#if HWY_TARGET == HWY_AVX3
  // The lower or upper halves of all lanes, in their order: Highway 1.0 has no permutation of two
  // vectors of 16-bit lanes.
  template <int kUpper>
  static HWY_INLINE Vec16 Halves(VecU low, VecU high) {
    HWY_ALIGN std::array<uint16_t, 2 * kLanes> order;
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<uint16_t>(2 * i + kUpper);
    const Vec16 indices = hn::Load(Tag16(), order.data());
    return Vec16{_mm512_permutex2var_epi16(low.raw, indices.raw, high.raw)};
  }
#endif
};

struct StoreFloat16 {
  using Element = uint16_t;
  static constexpr StoreOrder kOrder = StoreOrder::kOneVector;
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
using PhiloxFor = VecPhilox<Storage::kOrder == StoreOrder::kInterleaved ? kPairs : 1>;

// Stores the values of kCount * kLanes blocks, of which the first is block `lane` of the group at
// `out`.
template <class Storage, size_t kCount>
HWY_INLINE void StoreBlocks(const std::array<Rows, kCount>& rows, size_t lane,
                            typename Storage::Element* out) {
  const auto place = [&](size_t i, size_t row) HWY_ATTR {
    const size_t block = lane + i * kLanes;
    return out + block / kGroupBlocks * kGroupElements + row * kGroupBlocks + block % kGroupBlocks;
  };
  if constexpr (Storage::kOrder == StoreOrder::kInterleaved) {
    static_assert(kCount == 2);
    for (size_t row = 0; row < 4; ++row) {
      Storage::Store(rows[0].row[row], rows[1].row[row], place(0, row));
    }
  } else if constexpr (Storage::kOrder == StoreOrder::kTwoRows) {
    for (size_t i = 0; i < kCount; ++i) {
      Storage::Store(rows[i].row[0], rows[i].row[1], place(i, 0));
      Storage::Store(rows[i].row[2], rows[i].row[3], place(i, 2));
    }
  } else {
    for (size_t i = 0; i < kCount; ++i) {
      for (size_t row = 0; row < 4; ++row) Storage::Store(rows[i].row[row], place(i, row));
    }
  }
}

// Writes the next kCount * kLanes blocks, of which the first is block `lane` of the group at `out`.
template <size_t kCount, class Storage, class DrawCode>
HWY_INLINE void FillBlocks(const DrawCode& code, PhiloxFor<Storage>& philox, size_t lane,
                           typename Storage::Element* out) {
  std::array<VecWords, kCount> words;
  philox.Next(words);
  std::array<Rows, kCount> rows;
  for (size_t i = 0; i < kCount; ++i) rows[i] = code(words[i]);
  StoreBlocks<Storage>(rows, lane, out);
}

// `groups` groups whose block numbers have the same high half.
template <class Storage, class DrawCode>
HWY_INLINE void FillSegment(const DrawCode& code, PhiloxFor<Storage> philox, uint64_t groups,
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
  if constexpr (kGroupsPerStep > 1) {
    if (groups > 0) FillBlocks<1, Storage>(code, philox, 0, out);
  }
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
    const PhiloxFor<Storage> philox(draw.key, draw.part, group * kGroupBlocks);
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
      return draw.centre == 0
                 ? FillOutput<UniformDraw<true>>(draw, output, first_group, groups, out)
                 : FillOutput<UniformDraw<false>>(draw, output, first_group, groups, out);
    case DrawKind::kNormal:
      return FillOutput<NormalDraw>(draw, output, first_group, groups, out);
    case DrawKind::kInnerNormal:
      return FillOutput<InnerNormalDraw>(draw, output, first_group, groups, out);
    case DrawKind::kCentralNormal:
      return FillOutput<CentralNormalDraw>(draw, output, first_group, groups, out);
    case DrawKind::kTailedNormal:
      return FillOutput<TailedNormalDraw>(draw, output, first_group, groups, out);
  }
}

#endif  // HWY_TARGET != HWY_SCALAR
}  // namespace onnx_reinit::gen::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace onnx_reinit::gen {

namespace {

// What Highway demands of a processor for each of its targets. Its own SupportedTargets() is in a
// shared library whose initialisers time the clock: 2 ms at every start of the program.
#if HWY_ARCH_X86
bool HasSse4() {
  return __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("sse4.2") &&
         __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("aes");
}
// Clang's __builtin_cpu_supports knows neither F16C nor LZCNT. Intel SDM volume 2A, CPUID.
bool HasF16cAndLzcnt() {
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  const bool has_f16c = __get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0 && (ecx & bit_F16C) != 0;
  return has_f16c && __get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx) != 0 && (ecx & bit_LZCNT) != 0;
}
bool HasAvx2() {
  return HasSse4() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && HasF16cAndLzcnt();
}
bool HasAvx512() {
  return HasAvx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl");
}
#endif

}  // namespace

std::vector<KernelRow> AvailableVectorKernels() {
  std::vector<KernelRow> rows;
#if HWY_TARGETS & HWY_AVX3
  if (HasAvx512()) {
    rows.push_back({Kernel::kAvx512, "avx512", N_AVX3::FillVector, N_AVX3::ProductVector});
  }
#endif
#if HWY_TARGETS & HWY_AVX2
  if (HasAvx2()) rows.push_back({Kernel::kAvx2, "avx2", N_AVX2::FillVector, N_AVX2::ProductVector});
#endif
#if HWY_TARGETS & HWY_SSE4
  if (HasSse4()) rows.push_back({Kernel::kSse4, "sse4", N_SSE4::FillVector, N_SSE4::ProductVector});
#endif
#if HWY_TARGETS & HWY_NEON  // in the baseline where it is compiled at all
  rows.push_back({Kernel::kNeon, "neon", N_NEON::FillVector, N_NEON::ProductVector});
#endif
  return rows;
}

}  // namespace onnx_reinit::gen
#endif  // HWY_ONCE
