#include "write/data_name.h"

#include "gtest/gtest.h"

namespace onnx_reinit::write {
namespace {

TEST(DataNameTest, NamesOfTheFirstAttemptAndTheNext) {
  EXPECT_EQ(DataName(DataStem("m.onnx", 1)), "m.onnx.data");
  EXPECT_EQ(DataName(DataStem("m.onnx", 2)), "m.onnx.2.data");
  EXPECT_EQ(ShardName(DataStem("m.onnx", 1), 0, 3), "m.onnx-00001-of-00003.data");
}

TEST(DataNameTest, StemsComeBack) {
  EXPECT_EQ(StemOf("m.onnx.data"), "m.onnx");
  EXPECT_EQ(StemOf("m.onnx.2-00001-of-00003.data"), "m.onnx.2");
  EXPECT_EQ(StemOf("m-of-00003.data"), "m-of-00003");
}

struct DataNameRow {
  const char* name;
  const char* file;
  bool is_data_name;
};

class IsDataNameTest : public testing::TestWithParam<DataNameRow> {};

TEST_P(IsDataNameTest, GoesByTheModelsName) {
  EXPECT_EQ(IsDataName("m", GetParam().file), GetParam().is_data_name);
}

INSTANTIATE_TEST_SUITE_P(Names, IsDataNameTest,
                         testing::Values(DataNameRow{"OneFile", "m.data", true},
                                         DataNameRow{"AnotherAttempt", "m.12.data", true},
                                         DataNameRow{"Shard", "m-00001-of-00002.data", true},
                                         DataNameRow{"ShardOfAnotherAttempt",
                                                     "m.2-00001-of-00002.data", true},
                                         DataNameRow{"TheModel", "m", false},
                                         DataNameRow{"OtherModel", "mm.data", false},
                                         DataNameRow{"OtherSuffix", "m.bin", false},
                                         DataNameRow{"NoNumber", "m.x.data", false},
                                         DataNameRow{"EmptyNumber", "m..data", false}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace onnx_reinit::write
