// The counter-based generator under everything random: Philox4x32 with 7 rounds, the fewest that
// pass BigCrush. Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011,
// section 4.3 and table 2.
#ifndef ONNX_REINIT_GEN_PHILOX_H_
#define ONNX_REINIT_GEN_PHILOX_H_

#include <array>
#include <cstdint>

namespace onnx_reinit::gen {

inline constexpr uint32_t kPhiloxMultiplier0 = 0xD2511F53;
inline constexpr uint32_t kPhiloxMultiplier1 = 0xCD9E8D57;
inline constexpr uint32_t kPhiloxKeyStep0 = 0x9E3779B9;  // golden ratio
inline constexpr uint32_t kPhiloxKeyStep1 = 0xBB67AE85;  // sqrt(3) - 1
inline constexpr int kPhiloxRounds = 7;

using PhiloxWords = std::array<uint32_t, 4>;

// The four words of one counter under one key, low half first. Any number of rounds, so that the
// published vectors for 10 rounds can be checked too.
constexpr PhiloxWords Philox4x32(PhiloxWords counter, uint64_t key, int rounds = kPhiloxRounds) {
  auto key0 = static_cast<uint32_t>(key);
  auto key1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < rounds; ++round) {
    const uint64_t product0 = uint64_t{kPhiloxMultiplier0} * counter[0];
    const uint64_t product1 = uint64_t{kPhiloxMultiplier1} * counter[2];
    counter = {
        static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key0, static_cast<uint32_t>(product1),
        static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key1, static_cast<uint32_t>(product0)};
    key0 += kPhiloxKeyStep0;
    key1 += kPhiloxKeyStep1;
  }
  return counter;
}

// The words of one block of one part of a tensor. A part is a piece with its own numbers: a gate,
// an extra draw.
constexpr PhiloxWords BlockWords(uint64_t key, uint32_t part, uint64_t block) {
  return Philox4x32({static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32), part, 0},
                    key);
}

}  // namespace onnx_reinit::gen

#endif  // ONNX_REINIT_GEN_PHILOX_H_
