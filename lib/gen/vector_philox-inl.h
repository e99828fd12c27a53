// Philox4x32-7 on vectors. Included once per instruction set (Highway's foreach_target).
#if defined(ONNX_REINIT_GEN_VECTOR_PHILOX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ONNX_REINIT_GEN_VECTOR_PHILOX_INL_H_
#undef ONNX_REINIT_GEN_VECTOR_PHILOX_INL_H_
#else
#define ONNX_REINIT_GEN_VECTOR_PHILOX_INL_H_
#endif

#include <array>
#include <cstddef>
#include <cstdint>

#include "gen/philox.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace onnx_reinit::gen::HWY_NAMESPACE {
#if HWY_TARGET != HWY_SCALAR

namespace hn = hwy::HWY_NAMESPACE;

struct VecWords {
  hn::Vec<hn::ScalableTag<uint32_t>> word0, word1, word2, word3;
};

// The words of blocks that share the high half of their block number.
//
// The state lives in 64-bit lanes: each holds a 32-bit word in its low half and noise in its high
// half, which no operation carries downwards. So one widening multiplication gives both halves of a
// product, and no shuffle is needed between rounds.
//
// Neighbouring lanes hold blocks that are kStride apart: with 1, a vector holds consecutive blocks;
// with n, vector i of n holds every n-th block, from block i on.
template <size_t kStride>
class VecPhilox {
 public:
  using Tag = hn::ScalableTag<uint64_t>;
  using Tag32 = hn::ScalableTag<uint32_t>;
  using Vec = hn::Vec<Tag>;
  using Vec32 = hn::Vec<Tag32>;

  // From block `block` on, as long as its high half stays the same.
  VecPhilox(uint64_t key, uint32_t part, uint64_t block) {
    const Tag d;
    const Vec lane = hn::Iota(d, 0);
    const Vec in_order = hn::Add(lane, hn::AndNot(Broadcast(1), lane));  // 0 1, 4 5, 8 9 ...
    const Vec low = hn::Add(Broadcast(static_cast<uint32_t>(block)),
                            hn::MulEven(hn::BitCast(Tag32(), in_order), hn::Set(Tag32(), kStride)));
    first0_ = Multiply(low, kPhiloxMultiplier0);

    // What does not depend on the low half of the block number, product 1 in round 1 and product 0
    // in round 2, is computed here and added with the keys.
    const auto block_high = static_cast<uint32_t>(block >> 32);
    const uint64_t first1 = uint64_t{kPhiloxMultiplier1} * part;
    const uint32_t word0 = static_cast<uint32_t>(first1 >> 32) ^ block_high ^ RoundKey(key, 0, 1);
    const uint64_t second0 = uint64_t{kPhiloxMultiplier0} * word0;
    const std::array<uint64_t, 3> known = {second0 >> 32, first1 << 32, second0 << 32};
    for (int round = 1; round < kPhiloxRounds; ++round) {
      const int half = round % 2;
      // From the fourth on, rounds that add three words at once add their own.
      const bool is_last_here = kHasXor3 && round == 3;
      const uint64_t next = is_last_here ? 0 : RoundKey(key, half, round + 1);
      const uint64_t both = uint64_t{RoundKey(key, half, round)} << 32 | next;
      added_[round] = Broadcast(round <= 3 ? both ^ known[round - 1] : both);
    }
    for (int round = 4; round <= kPhiloxRounds; ++round) {
      key0_[round] = Broadcast(BothHalves(RoundKey(key, 0, round)));
      key1_[round] = Broadcast(BothHalves(RoundKey(key, 1, round)));
    }
  }

  // The words of the next kPairs * kBlocks blocks. More pairs hide more of the multiplications'
  // latency and take more registers.
  template <size_t kPairs>
  HWY_INLINE void Next(std::array<VecWords, kPairs>& words) {
    static_assert(kStride == 1 || kStride == kPairs);
    std::array<State, kPairs> states;
    for (size_t i = 0; i < kPairs; ++i) SecondRound(FirstProduct0(i), states[i]);
    for (State& state : states) ThirdRound(state);
    for (int round = 4; round < kPhiloxRounds; ++round) {
      for (State& state : states) Round(round, state);
    }
    for (size_t i = 0; i < kPairs; ++i) words[i] = LastRound(states[i]);
    first0_ = hn::Add(first0_, Broadcast(kPairs * kBlocks * kPhiloxMultiplier0));
  }

 private:
  static constexpr uint64_t kBlocks = HWY_LANES(uint32_t);  // of a pair
  static constexpr bool kHasXor3 = HWY_TARGET == HWY_AVX3;  // in one operation

  // Twice as many blocks as a vector has 64-bit lanes: of each four, `a` holds the first two.
  struct Pair {
    Vec a, b;
  };

  // After a round: words 0 and 2, and its products, whose low halves are words 3 and 1.
  struct State {
    Pair word0, word2, product0, product1;
  };

  // What round `round`, from 1 on, adds to word 0 (`half` 0) or to word 2 (`half` 1).
  static uint32_t RoundKey(uint64_t key, int half, int round) {
    const uint32_t step = half == 0 ? kPhiloxKeyStep0 : kPhiloxKeyStep1;
    return static_cast<uint32_t>(key >> (32 * half)) + static_cast<uint32_t>(round - 1) * step;
  }

  HWY_INLINE Pair FirstProduct0(size_t pair) const {
    const uint64_t block = kStride == 1 ? pair * kBlocks : pair;
    return {hn::Add(first0_, Broadcast(block * kPhiloxMultiplier0)),
            hn::Add(first0_, Broadcast((block + 2 * kStride) * kPhiloxMultiplier0))};
  }

  HWY_INLINE void SecondRound(Pair first0, State& state) const {
    state.word2 = Xor(first0, added_[1]);
    state.product1 = Xor(Multiply(High(state.word2), kPhiloxMultiplier1), added_[2]);
    state.word0 = High(state.product1);
  }

  HWY_INLINE void ThirdRound(State& state) const {
    const Pair low1 = state.product1;
    state.product0 = Xor(Multiply(state.word0, kPhiloxMultiplier0), added_[3]);
    state.product1 = Multiply(state.word2, kPhiloxMultiplier1);
    state.word0 = Xor(High(state.product1), low1);
    state.word2 = High(state.product0);
  }

  // A round adds its key to a high half and the low half of the product before. Where that takes
  // two operations, both halves of a product get theirs in one, which does for two rounds: those of
  // product 0 in odd rounds, of product 1 in even ones.
  HWY_INLINE void Round(int round, State& state) const {
    const Pair low0 = state.product0;
    const Pair low1 = state.product1;
    state.product0 = Multiply(state.word0, kPhiloxMultiplier0);
    state.product1 = Multiply(state.word2, kPhiloxMultiplier1);
    if constexpr (kHasXor3) {
      state.word0 = Xor3(High(state.product1), low1, key0_[round]);
      state.word2 = Xor3(High(state.product0), low0, key1_[round]);
    } else {
      Pair& product = round % 2 == 1 ? state.product0 : state.product1;
      product = Xor(product, added_[round]);
      state.word0 = Xor(High(state.product1), low1);
      state.word2 = Xor(High(state.product0), low0);
    }
  }

  // Packs the words, so that each operation works on both vectors of the pair at once.
  HWY_INLINE VecWords LastRound(const State& state) const {
    const Pair product0 = Multiply(state.word0, kPhiloxMultiplier0);
    const Pair product1 = Multiply(state.word2, kPhiloxMultiplier1);
    const Vec32 key0 = hn::BitCast(Tag32(), key0_[kPhiloxRounds]);
    const Vec32 key1 = hn::BitCast(Tag32(), key1_[kPhiloxRounds]);
    const Vec32 high0 = HighHalves(product0);
    const Vec32 high1 = HighHalves(product1);
    const Vec32 low0 = LowHalves(state.product0);
    const Vec32 low1 = LowHalves(state.product1);
    return {kHasXor3 ? hn::Xor3(high1, low1, key0) : hn::Xor(high1, low1), LowHalves(product1),
            hn::Xor3(high0, low0, key1), LowHalves(product0)};
  }

  static uint64_t BothHalves(uint32_t word) { return uint64_t{word} << 32 | word; }
  static Vec Broadcast(uint64_t word) { return hn::Set(Tag(), word); }

  static HWY_INLINE Vec Multiply(Vec words, uint32_t multiplier) {
    const Tag32 d32;
    return hn::MulEven(hn::BitCast(d32, words), hn::BitCast(d32, Broadcast(multiplier)));
  }
  static HWY_INLINE Pair Multiply(Pair words, uint32_t multiplier) {
    return {Multiply(words.a, multiplier), Multiply(words.b, multiplier)};
  }
  static HWY_INLINE Pair High(Pair product) {
    return {hn::ShiftRight<32>(product.a), hn::ShiftRight<32>(product.b)};
  }
  static HWY_INLINE Pair Xor(Pair words, Vec key) {
    return {hn::Xor(words.a, key), hn::Xor(words.b, key)};
  }
  static HWY_INLINE Pair Xor(Pair words, Pair others) {
    return {hn::Xor(words.a, others.a), hn::Xor(words.b, others.b)};
  }
  static HWY_INLINE Pair Xor3(Pair words, Pair others, Vec key) {
    return {hn::Xor3(words.a, others.a, key), hn::Xor3(words.b, others.b, key)};
  }

  // Halves of 64-bit lanes in the order of their blocks.
  static HWY_INLINE Vec32 LowHalves(Pair pair) { return Pack<0x88>(pair); }
  static HWY_INLINE Vec32 HighHalves(Pair pair) { return Pack<0xDD>(pair); }

  // Of each 128 bits two 32-bit lanes of `a`, then two of `b`, which Highway 1.0 has no name for.
  template <int kLanesOfBoth>
  static HWY_INLINE Vec32 Pack(Pair pair) {
    const hn::ScalableTag<float> f;
    const auto a = hn::BitCast(f, pair.a);
    const auto b = hn::BitCast(f, pair.b);
#if HWY_TARGET == HWY_AVX3
    return hn::BitCast(Tag32(),
                       hn::Vec<decltype(f)>{_mm512_shuffle_ps(a.raw, b.raw, kLanesOfBoth)});
#elif HWY_TARGET == HWY_AVX2
    return hn::BitCast(Tag32(),
                       hn::Vec<decltype(f)>{_mm256_shuffle_ps(a.raw, b.raw, kLanesOfBoth)});
#else
    return hn::BitCast(Tag32(),
                       kLanesOfBoth == 0x88 ? hn::ConcatEven(f, b, a) : hn::ConcatOdd(f, b, a));
#endif
  }

  Vec first0_;  // product 0 of round 1 for the next blocks: it grows by addition
  // By round, from 1 on: what both halves of a product get, before the last; and what is added to
  // words, from the fourth on.
  std::array<Vec, kPhiloxRounds> added_;
  std::array<Vec, kPhiloxRounds + 1> key0_, key1_;
};

#endif  // HWY_TARGET != HWY_SCALAR
}  // namespace onnx_reinit::gen::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // ONNX_REINIT_GEN_VECTOR_PHILOX_INL_H_
