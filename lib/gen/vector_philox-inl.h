// Philox4x32-7 on vectors. Included once per instruction set (Highway's foreach_target).
#if defined(ONNX_REINIT_GEN_VECTOR_PHILOX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ONNX_REINIT_GEN_VECTOR_PHILOX_INL_H_
#undef ONNX_REINIT_GEN_VECTOR_PHILOX_INL_H_
#else
#define ONNX_REINIT_GEN_VECTOR_PHILOX_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include "gen/philox.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace onnx_reinit::gen {
namespace HWY_NAMESPACE {

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

  VecPhilox(uint64_t key, uint32_t part, uint32_t block_high) {
    auto key0 = static_cast<uint32_t>(key);
    auto key1 = static_cast<uint32_t>(key >> 32);
    for (int round = 0; round < kPhiloxRounds; ++round) {
      key0_[round] = Broadcast(key0);
      key1_[round] = Broadcast(key1);
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

  // Lane i: the words of block block_low + i. The block numbers stay below 2^32.
  HWY_INLINE VecWords operator()(uint32_t block_low) const {
    const Tag d;
    const Vec even = hn::Add(hn::Set(d, block_low), hn::Add(hn::Iota(d, 0), hn::Iota(d, 0)));
    const State a = Rounds(even);
    const State b = Rounds(hn::Add(even, hn::Set(d, 1)));
    return {Merge(a.word0, b.word0), Merge(a.word1, b.word1), Merge(a.word2, b.word2),
            Merge(a.word3, b.word3)};
  }

 private:
  struct State {
    Vec word0, word1, word2, word3;
  };

  static Vec Broadcast(uint32_t word) { return hn::Set(Tag(), word); }

  static HWY_INLINE Vec Multiply(Vec words, uint32_t multiplier) {
    const Tag32 d32;
    return hn::MulEven(hn::BitCast(d32, words), hn::BitCast(d32, Broadcast(multiplier)));
  }

  static HWY_INLINE Vec High(Vec product) { return hn::ShiftRight<32>(product); }

  static HWY_INLINE hn::Vec<Tag32> Merge(Vec even, Vec odd) {
    const Tag32 d32;
    return hn::OddEven(hn::BitCast(d32, hn::ShiftLeft<32>(odd)), hn::BitCast(d32, even));
  }

  HWY_INLINE State Rounds(Vec block_low) const {
    Vec product0 = Multiply(block_low, kPhiloxMultiplier0);                          // round 1
    Vec product1 = Multiply(hn::Xor(High(product0), key1_[0]), kPhiloxMultiplier1);  // round 2
    Vec word0 = hn::Xor(High(product1), second0_);
    Vec word2 = hn::Xor(product0, second2_);
    Vec word1 = product1;
    product0 = Multiply(word0, kPhiloxMultiplier0);  // round 3
    product1 = Multiply(word2, kPhiloxMultiplier1);
    word0 = hn::Xor3(High(product1), word1, key0_[2]);
    word2 = hn::Xor(High(product0), third2_);
    for (int round = 3; round < kPhiloxRounds; ++round) {
      word1 = product1;
      const Vec word3 = product0;
      product0 = Multiply(word0, kPhiloxMultiplier0);
      product1 = Multiply(word2, kPhiloxMultiplier1);
      word0 = hn::Xor3(High(product1), word1, key0_[round]);
      word2 = hn::Xor3(High(product0), word3, key1_[round]);
    }
    return {word0, product1, word2, product0};
  }

  Vec key0_[kPhiloxRounds];
  Vec key1_[kPhiloxRounds];
  Vec second0_;  // what round 2 adds to word 0, and to word 2
  Vec second2_;
  Vec third2_;  // what round 3 adds to word 2
};

}  // namespace HWY_NAMESPACE
}  // namespace onnx_reinit::gen
HWY_AFTER_NAMESPACE();

#endif  // ONNX_REINIT_GEN_VECTOR_PHILOX_INL_H_
