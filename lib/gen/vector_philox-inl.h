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

// The words of consecutive blocks that share the high half of their block number.
//
// The state lives in 64-bit lanes: each holds a 32-bit word in its low half and noise in its high
// half, which no operation carries downwards. So one widening multiplication gives both halves of a
// product, and no shuffle is needed between rounds. What does not depend on the low half of the
// block number (half of round 1, a quarter of rounds 2 and 3) is done once, in scalar code.
class VecPhilox {
 public:
  using Tag = hn::ScalableTag<uint64_t>;
  using Tag32 = hn::ScalableTag<uint32_t>;
  using Vec = hn::Vec<Tag>;
  using Vec32 = hn::Vec<Tag32>;

  // From block `block` on, as long as its high half stays the same.
  VecPhilox(uint64_t key, uint32_t part, uint64_t block) {
    const Tag d;
    const auto block_high = static_cast<uint32_t>(block >> 32);
    const Vec low = hn::Add(Broadcast(static_cast<uint32_t>(block)), hn::Iota(d, 0));
    first0_ = Multiply(low, kPhiloxMultiplier0);
    half_step_ = Broadcast(hn::Lanes(d) * kPhiloxMultiplier0);

    auto key0 = static_cast<uint32_t>(key);
    auto key1 = static_cast<uint32_t>(key >> 32);
    for (int round = 0; round < kPhiloxRounds; ++round) {
      key0_[round] = Broadcast(BothHalves(key0));
      key1_[round] = Broadcast(BothHalves(key1));
      key0 += kPhiloxKeyStep0;
      key1 += kPhiloxKeyStep1;
    }
    key0 = static_cast<uint32_t>(key);
    key1 = static_cast<uint32_t>(key >> 32);
    const uint64_t product1 = uint64_t{kPhiloxMultiplier1} * part;
    const uint32_t first0 = static_cast<uint32_t>(product1 >> 32) ^ block_high ^ key0;
    const uint64_t product0 = uint64_t{kPhiloxMultiplier0} * first0;
    second0_ = Broadcast(static_cast<uint32_t>(product1) ^ (key0 + kPhiloxKeyStep0));
    second2_ = Broadcast(static_cast<uint32_t>(product0 >> 32) ^ (key1 + kPhiloxKeyStep1));
    third2_ = Broadcast(static_cast<uint32_t>(product0) ^ (key1 + 2 * kPhiloxKeyStep1));
  }

  // The words of the next kPairs * Lanes(Tag32) blocks, in order. More pairs hide more of the
  // multiplications' latency and take more registers.
  template <size_t kPairs>
  HWY_INLINE void Next(std::array<VecWords, kPairs>& words) {
    using Pairs = std::array<Pair, kPairs>;
    Pairs word0;
    Pairs word1;
    Pairs word2;
    Pairs word3;
    Pairs product0;
    Pairs product1;
    for (size_t i = 0; i < kPairs; ++i) {  // rounds 1 and 2
      const Pair first0 = NextFirstProduct();
      word1[i] = Multiply(Xor(High(first0), key1_[0]), kPhiloxMultiplier1);
      word0[i] = Xor(High(word1[i]), second0_);
      word2[i] = Xor(first0, second2_);
    }
    for (size_t i = 0; i < kPairs; ++i) {  // round 3
      product0[i] = Multiply(word0[i], kPhiloxMultiplier0);
      product1[i] = Multiply(word2[i], kPhiloxMultiplier1);
      word0[i] = Xor3(High(product1[i]), word1[i], key0_[2]);
      word2[i] = Xor(High(product0[i]), third2_);
    }
    for (int round = 3; round < kPhiloxRounds - 1; ++round) {
      for (size_t i = 0; i < kPairs; ++i) {
        word1[i] = product1[i];
        word3[i] = product0[i];
        product0[i] = Multiply(word0[i], kPhiloxMultiplier0);
        product1[i] = Multiply(word2[i], kPhiloxMultiplier1);
        word0[i] = Xor3(High(product1[i]), word1[i], key0_[round]);
        word2[i] = Xor3(High(product0[i]), word3[i], key1_[round]);
      }
    }
    for (size_t i = 0; i < kPairs; ++i) {
      words[i] = LastRound(product1[i], product0[i], Multiply(word0[i], kPhiloxMultiplier0),
                           Multiply(word2[i], kPhiloxMultiplier1));
    }
  }

 private:
  // The state of twice as many blocks as a vector has 64-bit lanes: `a` holds the first ones.
  struct Pair {
    Vec a, b;
  };

  HWY_INLINE Pair NextFirstProduct() {
    const Pair first0 = {first0_, hn::Add(first0_, half_step_)};
    first0_ = hn::Add(first0.b, half_step_);
    return first0;
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
  static HWY_INLINE Pair Xor3(Pair words, Pair others, Vec key) {
    return {hn::Xor3(words.a, others.a, key), hn::Xor3(words.b, others.b, key)};
  }

  // Halves of 64-bit lanes side by side.
  static HWY_INLINE Vec32 LowHalves(Pair pair) {
    return hn::ConcatEven(Tag32(), hn::BitCast(Tag32(), pair.b), hn::BitCast(Tag32(), pair.a));
  }
  static HWY_INLINE Vec32 HighHalves(Pair pair) {
    return hn::ConcatOdd(Tag32(), hn::BitCast(Tag32(), pair.b), hn::BitCast(Tag32(), pair.a));
  }

  // Packs the words, so that each operation works on both vectors of the pair at once.
  HWY_INLINE VecWords LastRound(Pair word1, Pair word3, Pair product0, Pair product1) const {
    const Vec32 key0 = hn::BitCast(Tag32(), key0_[kPhiloxRounds - 1]);
    const Vec32 key1 = hn::BitCast(Tag32(), key1_[kPhiloxRounds - 1]);
    return {hn::Xor3(HighHalves(product1), LowHalves(word1), key0), LowHalves(product1),
            hn::Xor3(HighHalves(product0), LowHalves(word3), key1), LowHalves(product0)};
  }

  Vec first0_;     // product of multiplier 0 in round 1 for the next blocks: it grows by addition
  Vec half_step_;  // its growth over the blocks of one vector of 64-bit lanes
  std::array<Vec, kPhiloxRounds> key0_;
  std::array<Vec, kPhiloxRounds> key1_;
  Vec second0_;  // what round 2 adds to word 0, and to word 2
  Vec second2_;
  Vec third2_;  // what round 3 adds to word 2
};

#endif  // HWY_TARGET != HWY_SCALAR
}  // namespace onnx_reinit::gen::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // ONNX_REINIT_GEN_VECTOR_PHILOX_INL_H_
