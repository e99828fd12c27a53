#include "write_flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace onnx_reinit::tools {
namespace {

using testing::HasSubstr;

struct SizeCase {
  const char* name;
  const char* text;
  std::optional<uint64_t> expected;
};

class ParseSizeTest : public testing::TestWithParam<SizeCase> {};

TEST_P(ParseSizeTest, Parses) { EXPECT_EQ(ParseSize(GetParam().text), GetParam().expected); }

INSTANTIATE_TEST_SUITE_P(
    Cases, ParseSizeTest,
    testing::Values(SizeCase{"Bytes", "4096", 4096}, SizeCase{"BytesWithUnit", "1B", 1},
                    SizeCase{"Decimal", "2GB", 2'000'000'000}, SizeCase{"Binary", "64KiB", 65536},
                    SizeCase{"LargestUnit", "1TiB", uint64_t{1} << 40U},
                    SizeCase{"ZeroIsNoSize", "0", std::nullopt},
                    SizeCase{"NothingIsNoSize", "", std::nullopt},
                    SizeCase{"UnitAloneIsNoSize", "GB", std::nullopt},
                    SizeCase{"NegativeIsNoSize", "-1", std::nullopt},
                    SizeCase{"FractionIsNoSize", "1.5GB", std::nullopt},
                    SizeCase{"UnknownUnitIsNoSize", "5gb", std::nullopt},
                    SizeCase{"BeyondSixtyFourBitsIsNoSize", "16777216TiB", std::nullopt},
                    SizeCase{"LongNumberIsNoSize", "99999999999999999999", std::nullopt}),
    [](const auto& test) { return test.param.name; });

struct PartCase {
  const char* name;
  const char* text;
  int part;  // 0: none
  int parts;
};

class ParsePartTest : public testing::TestWithParam<PartCase> {};

TEST_P(ParsePartTest, Parses) {
  const std::optional<Part> found = ParsePart(GetParam().text);
  EXPECT_EQ(found ? found->part : 0, GetParam().part);
  EXPECT_EQ(found ? found->parts : 0, GetParam().parts);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ParsePartTest,
    testing::Values(PartCase{"Only", "1/1", 1, 1}, PartCase{"Middle", "2/4", 2, 4},
                    PartCase{"Last", "4/4", 4, 4}, PartCase{"CountsFromOne", "0/4", 0, 0},
                    PartCase{"BeyondTheLast", "5/4", 0, 0}, PartCase{"Negative", "-1/4", 0, 0},
                    PartCase{"NoSlash", "1", 0, 0}, PartCase{"NoPart", "/4", 0, 0},
                    PartCase{"NoParts", "1/", 0, 0}, PartCase{"Words", "one/two", 0, 0},
                    PartCase{"TwoSlashes", "1/2/3", 0, 0},
                    PartCase{"TooLarge", "1/99999999999", 0, 0}),
    [](const auto& test) { return test.param.name; });

TEST(SetExternalDataTest, TakesEachName) {
  WriteOptions options;
  EXPECT_EQ(SetExternalData("inline", options), "");
  EXPECT_EQ(options.external_data, ExternalData::kInline);
  EXPECT_EQ(SetExternalData("one-file", options), "");
  EXPECT_EQ(options.external_data, ExternalData::kOneFile);
  EXPECT_EQ(SetExternalData("auto", options), "");
  EXPECT_EQ(options.external_data, ExternalData::kAuto);
}

TEST(SetExternalDataTest, ShardsHaveASize) {
  WriteOptions options;
  EXPECT_EQ(SetExternalData("shards=2GB", options), "");
  EXPECT_EQ(options.external_data, ExternalData::kShards);
  EXPECT_EQ(options.shard_size, 2'000'000'000U);
}

TEST(SetExternalDataTest, SaysWhatIsWrongAndChangesNothing) {
  WriteOptions options;
  EXPECT_THAT(SetExternalData("two-files", options), HasSubstr("'two-files' is none of auto"));
  EXPECT_THAT(SetExternalData("shards=", options), HasSubstr("'shards=' is no size"));
  EXPECT_THAT(SetExternalData("shards", options), HasSubstr("is none of"));
  EXPECT_EQ(options.external_data, ExternalData::kAuto);
}

}  // namespace
}  // namespace onnx_reinit::tools
