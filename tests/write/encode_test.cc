#include "write/encode.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace onnx_reinit::write {
namespace {

struct VarintRow {
  const char* name;
  uint64_t value;
  std::string bytes;
};

class VarintTest : public testing::TestWithParam<VarintRow> {};

TEST_P(VarintTest, IsShortest) {
  EXPECT_EQ(Varint(GetParam().value), GetParam().bytes);
  EXPECT_EQ(VarintSize(GetParam().value), static_cast<int>(GetParam().bytes.size()));
}

INSTANTIATE_TEST_SUITE_P(Values, VarintTest,
                         testing::Values(VarintRow{"Zero", 0, std::string(1, '\0')},
                                         VarintRow{"LargestOfOne", 127, "\x7F"},
                                         VarintRow{"SmallestOfTwo", 128, "\x80\x01"},
                                         VarintRow{"LargestInt32", 0x7FFFFFFF,
                                                   "\xFF\xFF\xFF\xFF\x07"},
                                         VarintRow{"LargestOfAll", UINT64_MAX,
                                                   "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"}),
                         [](const auto& row) { return row.param.name; });

TEST(PaddedVarintTest, KeepsTheValueInMoreBytes) {
  EXPECT_EQ(PaddedVarint(37, 1), "\x25");
  EXPECT_EQ(PaddedVarint(37, 3), std::string("\xA5\x80\x00", 3));
}

TEST(FieldTest, HasTagLengthAndBody) {
  EXPECT_EQ(BytesField(kTensorRawData, "ab"),
            "\x4A\x02"
            "ab");
  EXPECT_EQ(FieldHeader(kTensorExternalData, 300), "\x6A\xAC\x02");
}

}  // namespace
}  // namespace onnx_reinit::write
