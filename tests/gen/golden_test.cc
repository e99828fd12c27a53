// Pins stream 1: the bytes of testdata/golden/stream1.txt must never change. See the README there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/element_type.h"
#include "gen/generator.h"
#include "gen/named_fills.h"

namespace onnx_reinit::gen {
namespace {

constexpr const char* kPath = ONNX_REINIT_SOURCE_DIR "/testdata/golden/stream1.txt";

std::string Hex(const std::vector<uint8_t>& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const uint8_t byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string BytesOf(const NamedFill& row) {
  uint64_t count = 1;
  for (const int64_t dim : row.fill.dims) count *= static_cast<uint64_t>(dim);
  const auto bits = static_cast<uint64_t>(FindElementType(row.fill.data_type)->bits);
  std::vector<uint8_t> bytes((count * bits + 7) / 8);
  const auto generator = Generator::Create(row.fill, TensorKey(42, "scope", row.name),
                                           Kernel::kBest, row.quantization);
  EXPECT_TRUE(generator.ok()) << row.name << ": " << generator.status();
  (*generator)->Write(0, count, absl::MakeSpan(bytes));
  return Hex(bytes);
}

std::map<std::string, std::string> ReadGolden() {
  std::map<std::string, std::string> rows;
  std::ifstream file(kPath);
  std::string name;
  std::string hex;
  while (file >> name >> hex) rows[name] = hex;
  return rows;
}

void WriteGolden() {
  std::ofstream file(kPath);
  for (const NamedFill& row : NamedFills()) file << row.name << ' ' << BytesOf(row) << '\n';
}

TEST(GoldenTest, EveryFillHasTheBytesOfStreamOne) {
  if (std::getenv("ONNX_REINIT_WRITE_GOLDEN") != nullptr) WriteGolden();
  const std::map<std::string, std::string> golden = ReadGolden();
  EXPECT_EQ(golden.size(), NamedFills().size());
  for (const NamedFill& row : NamedFills()) {
    const auto expected = golden.find(row.name);
    ASSERT_NE(expected, golden.end()) << row.name;
    EXPECT_TRUE(BytesOf(row) == expected->second) << row.name << " has changed";
  }
}

}  // namespace
}  // namespace onnx_reinit::gen
