#include "gen/philox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace onnx_reinit::gen {
namespace {

struct KnownAnswer {
  std::string name;
  int rounds;
  PhiloxWords counter;
  uint64_t key;
  PhiloxWords words;
};

// Random123, tests/kat_vectors, lines "philox4x32 7" and "philox4x32 10".
const KnownAnswer kKnownAnswers[] = {
    {"SevenRoundsOfZeros", 7, {0, 0, 0, 0}, 0, {0x5f6fb709, 0x0d893f64, 0x4f121f81, 0x4f730a48}},
    {"SevenRoundsOfOnes",
     7,
     {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     0xffffffffffffffff,
     {0x5207ddc2, 0x45165e59, 0x4d8ee751, 0x8c52f662}},
    {"SevenRoundsOfPi",
     7,
     {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     0x299f31d0a4093822,
     {0x4dfccaba, 0x190a87f0, 0xc47362ba, 0xb6b5242a}},
    {"TenRoundsOfZeros", 10, {0, 0, 0, 0}, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {"TenRoundsOfOnes",
     10,
     {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     0xffffffffffffffff,
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {"TenRoundsOfPi",
     10,
     {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     0x299f31d0a4093822,
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

class PhiloxTest : public testing::TestWithParam<KnownAnswer> {};

TEST_P(PhiloxTest, GivesThePublishedWords) {
  const KnownAnswer& row = GetParam();
  EXPECT_EQ(Philox4x32(row.counter, row.key, row.rounds), row.words);
}

INSTANTIATE_TEST_SUITE_P(Random123, PhiloxTest, testing::ValuesIn(kKnownAnswers),
                         [](const auto& row) { return row.param.name; });

TEST(BlockWordsTest, CountsBlocksBeyondThirtyTwoBitsAndKeepsPartsApart) {
  EXPECT_EQ(BlockWords(5, 3, 0x100000002), Philox4x32({2, 1, 3, 0}, 5));
  EXPECT_NE(BlockWords(5, 3, 7), BlockWords(5, 4, 7));
  EXPECT_NE(BlockWords(5, 3, 7), BlockWords(6, 3, 7));
}

}  // namespace
}  // namespace onnx_reinit::gen
