#include "gen/packed.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "base/element_type.h"

namespace onnx_reinit::gen {
namespace {

std::unique_ptr<Generator> FourBitNumbers() {
  Fill fill{.dims = {6, 16}, .data_type = static_cast<int32_t>(ElementType::kUint4)};
  fill.pieces.push_back({.values = {.distribution = Distribution::kNormal, .std = 1}});
  auto generator = Generator::Create(fill, 1, Kernel::kBest, Quantization{{0.5F}, {8}});
  EXPECT_TRUE(generator.ok()) << generator.status();
  return *std::move(generator);
}

TEST(PackedTest, BytesAreThoseOfTheNumbersInAnyWindow) {
  std::vector<uint8_t> numbers(48);
  FourBitNumbers()->Write(0, 96, absl::MakeSpan(numbers));
  const std::unique_ptr<Generator> bytes = AsBytes(FourBitNumbers(), 4);
  EXPECT_EQ(bytes->Granularity(), 1);
  for (const size_t first : {0, 1, 17}) {
    std::vector<uint8_t> window(48 - first);
    bytes->Write(first, window.size(), absl::MakeSpan(window));
    EXPECT_EQ(window,
              std::vector<uint8_t>(numbers.begin() + static_cast<ptrdiff_t>(first), numbers.end()));
  }
}

}  // namespace
}  // namespace onnx_reinit::gen
